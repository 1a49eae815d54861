//! Tables and columns of a schema.

use std::collections::HashSet;

use rusqlite::Connection;

use super::{Error, Result};
use crate::domain::{Field, Schema, Shape};

/// The integer key of every table: the number that the id spells.
pub(super) const ROW: &str = "$row";

/// Names that records were last seen with, for references to records that are not in their table.
pub(super) const NAMES: &str = "$names";

/// `name` as an SQL identifier.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The declared type of a column. Numbers kept as digits and lists have no affinity or text affinity, so
/// that SQLite never turns digits into a floating-point number.
pub(super) const fn declared(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "TEXT COLLATE NOCASE",
        Shape::Date | Shape::Reference | Shape::List | Shape::Opaque => "TEXT",
        Shape::Flag | Shape::Whole | Shape::Instant => "INTEGER",
        Shape::Digits => "BLOB",
        Shape::Number => "REAL",
    }
}

/// Fields that have a column. SQLite compares column names without case: of two fields that differ in
/// case only, the first has it.
pub(super) fn columns(schema: &Schema) -> impl Iterator<Item = &Field> {
    let mut seen = HashSet::from(["id".to_owned(), ROW.to_owned()]);
    schema.fields.iter().filter(move |field| seen.insert(field.api_name.to_ascii_lowercase()))
}

/// The field with a column of this name.
///
/// # Errors
/// [`Error::NoField`].
pub(super) fn column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    columns(schema)
        .find(|field| field.api_name == name)
        .ok_or_else(|| Error::NoField { module: schema.module.clone(), field: name.to_owned() })
}

/// Creates the table of `schema`, or adds the columns of fields that it did not have before. Columns of
/// fields that are gone stay, with what they hold.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn migrate(conn: &Connection, schema: &Schema) -> Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    let table = quoted(&schema.module);
    let mut known = HashSet::new();
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let mut rows = statement.query([&schema.module])?;
    while let Some(row) = rows.next()? {
        known.insert(row.get::<_, String>(0)?.to_ascii_lowercase());
    }
    let mut sql = String::new();
    if known.is_empty() {
        sql = format!(
            "CREATE TABLE {table} ({row} INTEGER PRIMARY KEY, \"id\" TEXT NOT NULL UNIQUE",
            row = quoted(ROW)
        );
        for field in columns(schema) {
            sql.push_str(&format!(", {} {}", quoted(&field.api_name), declared(field.shape())));
        }
        sql.push_str(");");
        sql.push_str(&format!(
            "CREATE TABLE IF NOT EXISTS {} (id TEXT PRIMARY KEY, name TEXT, email TEXT) WITHOUT ROWID;",
            quoted(NAMES)
        ));
    } else {
        for field in columns(schema).filter(|field| !known.contains(&field.api_name.to_ascii_lowercase())) {
            let (name, kind) = (quoted(&field.api_name), declared(field.shape()));
            sql.push_str(&format!("ALTER TABLE {table} ADD COLUMN {name} {kind};"));
        }
    }
    Ok(conn.execute_batch(&sql)?)
}

/// Makes an index on `columns` of the module, unless it is there. It serves every window that is
/// filtered by equality on the first columns and sorted by the last.
///
/// # Errors
/// [`Error::NoField`], or whatever SQLite refuses.
pub fn ensure_index(conn: &Connection, schema: &Schema, columns: &[&str]) -> Result<()> {
    let mut list = Vec::new();
    for name in columns.iter().filter(|name| **name != "id") {
        list.push(quoted(&column(schema, name)?.api_name));
    }
    if list.is_empty() {
        return Ok(());
    }
    let name = quoted(&format!("{}.{}", schema.module, columns.join(",")));
    let sql =
        format!("CREATE INDEX IF NOT EXISTS {name} ON {} ({})", quoted(&schema.module), list.join(", "));
    Ok(conn.execute_batch(&sql)?)
}

/// Lets SQLite look at what the tables hold where that changed much, so that it chooses indexes well. Due
/// after a load of many records; it looks at samples and takes tens of milliseconds.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn optimize(conn: &Connection) -> Result<()> {
    const EVERY_TABLE: &str = "PRAGMA optimize(0x10002)";
    Ok(conn.execute_batch(EVERY_TABLE)?)
}
