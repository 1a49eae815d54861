//! An answer as a table for people.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::{
    cli::tui::needs_ascii,
    domain::SafeText,
    worker::export::{Grid, plain},
};

/// Characters of one cell of a table for people.
const LONGEST: usize = 200;

/// Prints the answer on the terminal, as wide as that is.
///
/// # Errors
/// Whatever the terminal refuses.
pub fn table(answer: &Grid) -> io::Result<()> {
    // A terminal that does not know its size says 0.
    let width = crossterm::terminal::size().ok().map(|(width, _)| width).filter(|width| *width > 0);
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(answer, width.unwrap_or(80), needs_ascii(), &mut out)?;
    out.flush()
}

fn write(answer: &Grid, width: u16, ascii: bool, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new();
    let mut style = if ascii { presets::ASCII_HORIZONTAL_ONLY } else { presets::UTF8_HORIZONTAL_ONLY };
    let none = presets::NOTHING;
    (style.top_border, style.row_separator, style.bottom_border) =
        (none.top_border, none.row_separator, none.bottom_border);
    table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width);
    table.set_header(answer.columns.iter().map(|column| SafeText::new(&column.name).to_string()));
    for row in &answer.rows {
        table.add_row(row.iter().map(|value| {
            let text = plain(value);
            let short = match text.char_indices().nth(LONGEST) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            };
            SafeText::new(&short).to_string()
        }));
    }
    for (at, column) in answer.columns.iter().enumerate() {
        if let Some(own) = table.column_mut(at).filter(|_| column.numeric) {
            own.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_get_columns_that_fit_and_hold_no_orders() {
        let rows = vec![
            vec![json!("+49 30 1\u{1b}[2J"), json!(1200), json!(null)],
            vec![
                json!("a name that is longer than the terminal is wide, by far"),
                json!(-5.5),
                json!(["x", "y"]),
            ],
        ];
        let names = [("Name", false), ("Amount", true), ("Tags", false)];
        let answer = Grid::new(names.map(|(name, numeric)| (name.to_owned(), numeric)), rows);
        let mut out = Vec::new();
        write(&answer, 60, true, &mut out).expect("written");
        let table = String::from_utf8(out).expect("text");
        assert!(table.lines().all(|line| line.len() <= 62), "{table}");
        assert!(table.contains("Amount") && table.contains("1200") && !table.contains('\u{1b}'), "{table}");
    }
}
