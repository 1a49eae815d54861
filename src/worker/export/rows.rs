//! An answer as text, row by row.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::{Map, Value, ser::Formatter};

use super::{Heading, cell::plain};
use crate::domain::{SafeText, defused, defused_flat, is_unsafe};

/// A form that programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tabs between cells, with a line of names or without. What spreadsheets would take for a formula is
    /// defused.
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

/// Writes rows one after the other.
#[derive(Debug)]
pub struct Rows<'a, W: Write> {
    form: Form,
    columns: &'a [Heading],
    out: W,
    begun: bool,
}

impl<'a, W: Write> Rows<'a, W> {
    /// Writes what stands before the rows.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn begin(form: Form, columns: &'a [Heading], out: W) -> io::Result<Self> {
        let mut rows = Self { form, columns, out, begun: false };
        let names = columns.iter().map(|column| column.name.as_str());
        match form {
            Form::Csv => rows.record(names.map(defused))?,
            Form::Tsv { names: true } => rows.line("\t", names.map(defused_flat))?,
            Form::Markdown => {
                rows.table_line(names.map(piped))?;
                let rules = columns.iter().map(|column| if column.numeric { "---:" } else { "---" });
                rows.table_line(rules.map(str::to_owned))?;
            }
            Form::Json => rows.out.write_all(b"[")?,
            Form::Ndjson | Form::Tsv { names: false } => {}
        }
        Ok(rows)
    }

    /// Writes one row, with a value for each column.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let first = !std::mem::replace(&mut self.begun, true);
        match self.form {
            Form::Csv => self.record(row.iter().map(|value| match value {
                Value::Number(number) => number.to_string(),
                other => defused(&plain(other)),
            })),
            Form::Tsv { .. } => self.line(
                "\t",
                row.iter().map(|value| match value {
                    Value::Number(number) => number.to_string(),
                    other => defused_flat(&plain(other)),
                }),
            ),
            Form::Markdown => self.table_line(row.iter().map(|value| piped(&plain(value)))),
            Form::Json => {
                self.out.write_all(if first { b"\n" } else { b",\n" })?;
                self.object(row)
            }
            Form::Ndjson => {
                self.object(row)?;
                self.out.write_all(b"\n")
            }
        }
    }

    /// Writes what stands behind the rows, and gives `out` back.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn end(mut self) -> io::Result<W> {
        if self.form == Form::Json {
            self.out.write_all(if self.begun { b"\n]\n" } else { b"]\n" })?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn record(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(256).from_writer(&mut self.out);
        writer.write_record(cells)?;
        writer.flush()
    }

    fn line(&mut self, between: &str, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let cells: Vec<String> = cells.collect();
        writeln!(self.out, "{}", cells.join(between))
    }

    fn table_line(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let cells: Vec<String> = cells.collect();
        writeln!(self.out, "| {} |", cells.join(" | "))
    }

    fn object(&mut self, row: &[Value]) -> io::Result<()> {
        let names = self.columns.iter().map(|column| column.name.clone());
        let object: Map<String, Value> = names.zip(row.iter().cloned()).collect();
        let mut writer = serde_json::Serializer::with_formatter(&mut self.out, Spelled);
        Ok(object.serialize(&mut writer)?)
    }
}

/// A cell of a Markdown table.
fn piped(text: &str) -> String {
    let lines: Vec<String> = SafeText::lines(text).iter().map(ToString::to_string).collect();
    lines.join("<br>").replace('|', "\\|")
}

/// JSON on one line in which characters that could speak to a terminal are spelled by their numbers, so that
/// nothing is lost.
struct Spelled;

impl Formatter for Spelled {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some((at, wrong)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in wrong.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + wrong.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::worker::export::Grid;

    fn written(form: Form) -> String {
        let rows = vec![
            vec![json!("=1+1"), json!(-5.5), json!({"name": "a|b", "id": "7"}), json!(["x", "y"])],
            vec![json!("+49 30 1\u{1b}[2J"), json!(1200), json!(null), json!("two\nlines\tand a tab")],
            vec![json!("+49 (30) 12-3"), json!(null), json!({"id": "8"}), json!("-2+cmd")],
        ];
        let names = ["Name", "Amount", "Owner", "Name"].map(str::to_owned);
        text(form, &Grid::new(names.into_iter().zip([false, true, false, false]), rows))
    }

    fn text(form: Form, answer: &Grid) -> String {
        let mut rows = Rows::begin(form, &answer.columns, Vec::new()).expect("begun");
        answer.rows.iter().for_each(|row| rows.row(row).expect("written"));
        String::from_utf8(rows.end().expect("ended")).expect("text")
    }

    #[test]
    fn spreadsheets_get_no_formulas_and_terminals_no_orders() {
        assert_eq!(
            written(Form::Csv),
            "Name,Amount,Owner,Name_2\n\
             '=1+1,-5.5,a|b,x; y\n\
             '+49 30 1␛[2J,1200,,\"two\nlines␉and a tab\"\n\
             +49 (30) 12-3,,8,'-2+cmd\n"
        );
        assert_eq!(
            written(Form::Tsv { names: false }),
            "'=1+1\t-5.5\ta|b\tx; y\n'+49 30 1␛[2J\t1200\t\ttwo lines and a tab\n+49 (30) 12-3\t\t8\t'-2+cmd\n"
        );
        assert!(written(Form::Tsv { names: true }).starts_with("Name\tAmount\tOwner\tName_2\n"));
    }

    #[test]
    fn programs_get_values_as_they_are() {
        let lines = written(Form::Ndjson);
        let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
        assert_eq!(
            first,
            json!({"Name": "=1+1", "Amount": -5.5, "Owner": {"name": "a|b", "id": "7"}, "Name_2": ["x", "y"]})
        );
        let all: Value = serde_json::from_str(&written(Form::Json)).expect("JSON");
        assert_eq!(all.as_array().map(Vec::len), Some(3));
        assert_eq!(text(Form::Json, &Grid::default()), "[]\n");
    }

    #[test]
    fn people_get_columns() {
        assert_eq!(
            written(Form::Markdown),
            "| Name | Amount | Owner | Name_2 |\n| --- | ---: | --- | --- |\n| =1+1 | -5.5 | a\\|b | x; y |\n\
             | +49 30 1␛[2J | 1200 |  | two<br>lines␉and a tab |\n| +49 (30) 12-3 |  | 8 | -2+cmd |\n"
        );
    }

    #[test]
    fn names_that_differ_by_case_only_are_told_apart() {
        let answer = Grid::new(["a", "A", "a"].map(|name| (name.to_owned(), false)), Vec::new());
        let names: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["a", "A_2", "a_3"]);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back_and_holds_no_orders(cells in prop::collection::vec("[=+@\\-\t\r\n,\"'|a0 \u{1b}\u{202e}\u{9b}＝é]{0,8}", 1..6)) {
            let names = (0..cells.len()).map(|at| (format!("c{at}"), false));
            let answer = Grid::new(names, vec![cells.iter().map(|cell| json!(cell)).collect()]);
            let csv = text(Form::Csv, &answer);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let record = reader.records().next().expect("a row").expect("CSV");
            prop_assert_eq!(record.len(), cells.len());
            for (read, cell) in record.iter().zip(&cells) {
                prop_assert_eq!(read, defused(cell));
                let formula = read.starts_with(['=', '@', '\t', '\r', '＝']);
                let signed = read.starts_with(['+', '-']) && read.chars().any(char::is_alphabetic);
                prop_assert!(!formula && !signed, "{:?}", read);
            }
            let tsv = text(Form::Tsv { names: false }, &answer);
            prop_assert_eq!(tsv.lines().count(), 1);
            prop_assert_eq!(tsv.trim_end_matches('\n').split('\t').count(), cells.len());
            let json = text(Form::Ndjson, &answer);
            let read: Value = serde_json::from_str(&json).expect("JSON");
            for (at, cell) in cells.iter().enumerate() {
                prop_assert_eq!(&read[format!("c{at}")], cell);
            }
            for text in [csv, tsv, json, text(Form::Markdown, &answer)] {
                prop_assert!(!text.chars().any(|c| is_unsafe(c) && c != '\n' && c != '\t'), "{:?}", text);
            }
        }
    }
}
