//! Records out of the file of a bulk read: a ZIP archive with one CSV file, read piece by piece.

use std::io::{BufReader, Read, Seek};

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Number, Value, json};
use zip::ZipArchive;

use crate::{
    domain::{Schema, Shape},
    tables::Record,
};

/// What stands between several values in one cell.
const SEPARATOR: char = ';';

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SheetError {
    /// Not an archive with one file.
    #[error("the export is not readable: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Not rows of as many cells.
    #[error("the export is not readable: {0}")]
    Rows(#[from] csv::Error),
    /// The records cannot be told apart.
    #[error("the export has no ids")]
    NoId,
}

/// A column, as records have it.
struct Column {
    name: String,
    shape: Shape,
}

/// Hands the records of a file to `take`, `piece` at a time, after passing over the first `skip`. Ends early
/// when `take` says that it wants no more.
///
/// # Errors
/// When the file is damaged; what was handed over before is sound.
pub(super) fn read(
    file: impl Read + Seek,
    schema: &Schema,
    skip: u64,
    piece: usize,
    mut take: impl FnMut(Vec<Record>) -> bool,
) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let packed = BufReader::with_capacity(1 << 16, archive.by_index(0)?);
    let mut rows = ReaderBuilder::new().from_reader(packed);
    let columns: Vec<Column> = rows.byte_headers()?.iter().map(|name| column(schema, name)).collect();
    if !columns.iter().any(|column| column.name == "id") {
        return Err(SheetError::NoId);
    }
    let (mut row, mut number, mut records) = (ByteRecord::new(), 0, Vec::with_capacity(piece));
    while rows.read_byte_record(&mut row)? {
        number += 1;
        if number <= skip {
            continue;
        }
        let cells = columns.iter().zip(&row);
        records.push(cells.map(|(column, cell)| (column.name.clone(), value(column, cell))).collect());
        if records.len() == piece && !take(std::mem::replace(&mut records, Vec::with_capacity(piece))) {
            return Ok(());
        }
    }
    if !records.is_empty() {
        take(records);
    }
    Ok(())
}

fn column(schema: &Schema, name: &[u8]) -> Column {
    let name = String::from_utf8_lossy(name).trim_start_matches('\u{feff}').to_owned();
    let known = |name: &str| name.eq_ignore_ascii_case("id").then(|| "id".to_owned());
    let shape = match schema.fields.iter().find(|field| field.api_name == name) {
        Some(field) => field.shape(),
        None => Shape::Text,
    };
    Column { name: known(&name).unwrap_or(name), shape }
}

/// A cell as the JSON of a record has it.
fn value(column: &Column, cell: &[u8]) -> Value {
    let text = String::from_utf8_lossy(cell);
    if text.is_empty() {
        return Value::Null;
    }
    match column.shape {
        Shape::Reference => json!({ "id": text }),
        Shape::Flag => match &*text {
            "true" => true.into(),
            "false" => false.into(),
            _ => text.into_owned().into(),
        },
        Shape::Whole | Shape::Number | Shape::Opaque => match text.parse::<Number>() {
            Ok(number) => number.into(),
            Err(_) => text.into_owned().into(),
        },
        Shape::List if column.name == "Tag" => {
            text.split(SEPARATOR).map(|name| json!({ "name": name.trim() })).collect()
        }
        Shape::List => text.split(SEPARATOR).map(|item| Value::from(item.trim())).collect(),
        Shape::Text | Shape::Digits | Shape::Date | Shape::Instant => text.into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;
    use crate::domain::{Field, FieldKind};

    fn packed(text: &str) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("1.csv", SimpleFileOptions::default()).expect("a file");
        writer.write_all(text.as_bytes()).expect("written");
        writer.finish().expect("an archive").into_inner()
    }

    fn deals() -> Schema {
        let mut company = Field::plain("Account_Name", FieldKind::Lookup);
        company.lookup = Some("Accounts".to_owned());
        let fields = vec![
            Field::plain("Deal_Name", FieldKind::Text),
            Field::plain("Amount", FieldKind::Currency),
            Field::plain("Leasing", FieldKind::Boolean),
            Field::plain("Quote", FieldKind::BigInt),
            Field::plain("Interested_In", FieldKind::MultiSelectPickList),
            company,
        ];
        Schema { module: "Pipelines".to_owned(), fields }
    }

    fn all(text: &str, skip: u64, piece: usize) -> Vec<Vec<Record>> {
        let mut pieces = Vec::new();
        read(Cursor::new(packed(text)), &deals(), skip, piece, |records| {
            pieces.push(records);
            true
        })
        .expect("readable");
        pieces
    }

    #[test]
    fn cells_become_what_lists_would_have_brought() {
        let text = "Id,Deal_Name,Amount,Leasing,Quote,Interested_In,Account_Name,Tag\n\
            5210437000000398041,\"Oak, \"\"quoted\"\"\n2\",18250.50,true,007,Filter;Water,77,\n";
        let record = all(text, 0, 10).concat().remove(0);
        let expected = json!({
            "id": "5210437000000398041", "Deal_Name": "Oak, \"quoted\"\n2", "Amount": 18250.5, "Leasing": true,
            "Quote": "007", "Interested_In": ["Filter", "Water"], "Account_Name": {"id": "77"}, "Tag": null,
        });
        assert_eq!(Value::Object(record), expected);
    }

    #[test]
    fn a_file_goes_on_where_it_was_left() {
        let text = format!("id,Deal_Name\n{}", (0..7).map(|n| format!("{n},deal {n}\n")).collect::<String>());
        let pieces = all(&text, 3, 2);
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(pieces[0][0]["Deal_Name"], "deal 3");
        let mut first = Vec::new();
        read(Cursor::new(packed(&text)), &deals(), 0, 2, |records| {
            first = records;
            false
        })
        .expect("readable");
        assert_eq!(first.len(), 2, "nobody wants more");
    }

    #[test]
    fn what_is_no_export_is_said() {
        let refused = |file: &[u8]| {
            read(Cursor::new(file), &deals(), 0, 2, |_| true).expect_err("no export").to_string()
        };
        assert!(refused(b"PK\x03\x04 nothing").contains("not readable"));
        assert!(refused(&packed("Deal_Name\nx\n")).contains("no ids"));
        assert!(refused(&packed("id,Deal_Name\n1\n")).contains("not readable"), "a row is too short");
    }
}
