//! An answer as text: a table for people, and formats that programs read.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Map, Value};

use crate::domain::SafeText;

/// Characters of one cell of a table for people.
const LONGEST: usize = 200;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Columns side by side, as wide as the terminal.
    Table {
        /// Columns of the terminal.
        width: u16,
        /// Only ASCII lines.
        ascii: bool,
    },
    /// Tabs between cells, with a line of names or without.
    Tsv {
        /// The first line names the columns.
        names: bool,
    },
    /// As spreadsheets read it; what they would take for a formula is defused.
    Csv,
    /// One list of objects.
    Json,
    /// One object a line.
    Ndjson,
    /// A table of Markdown.
    Markdown,
}

/// Rows with the names of their columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Each name once.
    pub columns: Vec<Heading>,
    /// As the API writes values.
    pub rows: Vec<Vec<Value>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What it is called.
    pub name: String,
    /// It holds numbers.
    pub numeric: bool,
}

impl Answer {
    /// Columns with these names; the same name twice gets a number.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = (String, bool)>, rows: Vec<Vec<Value>>) -> Self {
        let mut columns: Vec<Heading> = Vec::new();
        for (name, numeric) in names {
            let known = |name: &str| columns.iter().any(|column| column.name == name);
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let name =
                std::iter::once(name.clone()).chain(numbered).find(|name| !known(name)).unwrap_or(name);
            columns.push(Heading { name, numeric });
        }
        Self { columns, rows }
    }

    /// Writes the answer.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn write(&self, format: Format, out: &mut impl Write) -> io::Result<()> {
        match format {
            Format::Table { width, ascii } => self.table(width, ascii, out),
            Format::Tsv { names } => self.tsv(names, out),
            Format::Csv => self.csv(out),
            Format::Json => {
                out.write_all(b"[")?;
                for (index, row) in self.rows.iter().enumerate() {
                    out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
                    serde_json::to_writer(&mut *out, &self.object(row))?;
                }
                out.write_all(if self.rows.is_empty() { b"]\n" } else { b"\n]\n" })
            }
            Format::Ndjson => self.rows.iter().try_for_each(|row| {
                serde_json::to_writer(&mut *out, &self.object(row))?;
                out.write_all(b"\n")
            }),
            Format::Markdown => self.markdown(out),
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    fn object(&self, row: &[Value]) -> Map<String, Value> {
        self.names().map(str::to_owned).zip(row.iter().cloned()).collect()
    }

    fn table(&self, width: u16, ascii: bool, out: &mut impl Write) -> io::Result<()> {
        let mut table = Table::new();
        let mut style = if ascii { presets::ASCII_HORIZONTAL_ONLY } else { presets::UTF8_HORIZONTAL_ONLY };
        let none = presets::NOTHING;
        (style.top_border, style.row_separator, style.bottom_border) =
            (none.top_border, none.row_separator, none.bottom_border);
        table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
        table.set_header(self.names().map(|name| SafeText::new(name).to_string()));
        for row in &self.rows {
            table.add_row(row.iter().map(|value| {
                let text = plain(value);
                let short = match text.char_indices().nth(LONGEST) {
                    Some((end, _)) => format!("{}…", &text[..end]),
                    None => text,
                };
                SafeText::new(&short).to_string()
            }));
        }
        for (at, column) in self.columns.iter().enumerate() {
            if let Some(own) = table.column_mut(at).filter(|_| column.numeric) {
                own.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn tsv(&self, names: bool, out: &mut impl Write) -> io::Result<()> {
        let line = |cells: Vec<String>| cells.join("\t") + "\n";
        if names {
            let names = self.names().map(|name| SafeText::new(name).to_string());
            out.write_all(line(names.collect()).as_bytes())?;
        }
        let cell = |value: &Value| {
            let text = plain(value).replace(['\t', '\n', '\r'], " ");
            SafeText::new(&text).to_string()
        };
        self.rows.iter().try_for_each(|row| out.write_all(line(row.iter().map(cell).collect()).as_bytes()))
    }

    fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.names().map(defused))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| match value {
                Value::Number(number) => number.to_string(),
                other => defused(&plain(other)),
            }))?;
        }
        writer.flush()
    }

    fn markdown(&self, out: &mut impl Write) -> io::Result<()> {
        let cell = |text: &str| {
            let lines: Vec<String> = SafeText::lines(text).iter().map(ToString::to_string).collect();
            lines.join("<br>").replace('|', "\\|")
        };
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        out.write_all(line(self.names().map(cell).collect()).as_bytes())?;
        let rules = self.columns.iter().map(|column| if column.numeric { "---:" } else { "---" }.to_owned());
        out.write_all(line(rules.collect()).as_bytes())?;
        let cells = |row: &Vec<Value>| row.iter().map(|value| cell(&plain(value))).collect();
        self.rows.iter().try_for_each(|row| out.write_all(line(cells(row)).as_bytes()))
    }
}

/// A value as people read it; a reference by its name, where that is known.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(object) => {
            let shown = ["name", "id"].iter().find_map(|key| object.get(*key).and_then(Value::as_str));
            shown.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula. Numbers and phone numbers stay as they are.
///
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn defused(text: &str) -> String {
    let safe: Vec<String> = SafeText::lines(text).iter().map(ToString::to_string).collect();
    let safe = safe.join("\n");
    let first = text.chars().next();
    let signed = matches!(first, Some('+' | '-'));
    let harmless = signed && text[1..].chars().all(|c| c.is_ascii_digit() || " ().,/-".contains(c));
    let formula = matches!(first, Some('=' | '@' | '\t' | '\r')) || signed && !harmless;
    if formula { format!("'{safe}") } else { safe }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(format: Format) -> String {
        let rows = vec![
            vec![json!("=1+1"), json!(-5.5), json!({"name": "a|b", "id": "7"}), json!(["x", "y"])],
            vec![json!("+49 30 1\u{1b}[2J"), json!(1200), json!(null), json!("two\nlines\tand a tab")],
            vec![json!("+49 (30) 12-3"), json!(null), json!({"id": "8"}), json!("-2+cmd")],
        ];
        let names = ["Name", "Amount", "Owner", "Name"].map(str::to_owned);
        let answer = Answer::new(names.into_iter().zip([false, true, false, false]), rows);
        let mut out = Vec::new();
        answer.write(format, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn spreadsheets_get_no_formulas_and_terminals_no_orders() {
        assert_eq!(
            written(Format::Csv),
            "Name,Amount,Owner,Name_2\n\
             '=1+1,-5.5,a|b,x; y\n\
             '+49 30 1␛[2J,1200,,\"two\nlines␉and a tab\"\n\
             +49 (30) 12-3,,8,'-2+cmd\n"
        );
        assert_eq!(
            written(Format::Tsv { names: false }),
            "=1+1\t-5.5\ta|b\tx; y\n+49 30 1␛[2J\t1200\t\ttwo lines and a tab\n+49 (30) 12-3\t\t8\t-2+cmd\n"
        );
        assert!(written(Format::Tsv { names: true }).starts_with("Name\tAmount\tOwner\tName_2\n"));
    }

    #[test]
    fn programs_get_values_as_they_are() {
        let lines = written(Format::Ndjson);
        let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
        assert_eq!(
            first,
            json!({"Name": "=1+1", "Amount": -5.5, "Owner": {"name": "a|b", "id": "7"}, "Name_2": ["x", "y"]})
        );
        let all: Value = serde_json::from_str(&written(Format::Json)).expect("JSON");
        assert_eq!(all.as_array().map(Vec::len), Some(3));
        let mut out = Vec::new();
        Answer::default().write(Format::Json, &mut out).expect("written");
        assert_eq!(out, b"[]\n");
    }

    #[test]
    fn people_get_columns() {
        assert_eq!(
            written(Format::Markdown),
            "| Name | Amount | Owner | Name_2 |\n| --- | ---: | --- | --- |\n| =1+1 | -5.5 | a\\|b | x; y |\n\
             | +49 30 1␛[2J | 1200 |  | two<br>lines␉and a tab |\n| +49 (30) 12-3 |  | 8 | -2+cmd |\n"
        );
        let table = written(Format::Table { width: 60, ascii: true });
        assert!(table.lines().all(|line| line.len() <= 60), "{table}");
        assert!(table.contains("Amount") && table.contains("1200") && !table.contains('\u{1b}'), "{table}");
    }
}
