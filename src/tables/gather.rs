//! Rows of an answer that was fetched in parts, and what SQLite computes over them.

use jiff::tz::TimeZone;
use rusqlite::{Connection, params_from_iter, types::Value, types::ValueRef};
use serde_json::Value as Json;

use super::{
    Error, Record, Result,
    codec::{decode, encode, string},
    guard,
    layout::declared,
};
use crate::{
    coql::{Fetch, Local},
    domain::Shape,
};

/// The answer to a statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// In the statement's order.
    pub rows: Vec<SheetRow>,
}

/// One row, with a value for each of [`Local::columns`].
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// The record that it is of; none where rows are groups.
    pub id: Option<String>,
    /// As the API writes them; a reference is an object with `id` and, where it is known, `name`.
    pub values: Vec<Json>,
}

/// Tables in memory for the rows of a plan's fetches.
#[derive(Debug)]
pub struct Gathered {
    conn: Connection,
}

impl Gathered {
    /// Empty tables for what `fetches` bring.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn new(fetches: &[Fetch]) -> Result<Self> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        let mut made = 0;
        for fetch in fetches {
            if fetch.table < made {
                continue;
            }
            let own = fetch.columns.iter().enumerate().skip(1);
            let own: String = own.map(|(at, column)| format!(", c{at} {}", declared(column.shape))).collect();
            conn.execute_batch(&format!(
                "CREATE TABLE r{} (id INTEGER PRIMARY KEY, n INTEGER{own})",
                fetch.table
            ))?;
            made = fetch.table + 1;
        }
        Ok(Self { conn })
    }

    /// Takes in one page of `fetch`, whose first row is the one at `first` among all rows of the fetch. A
    /// record that came before is taken once.
    ///
    /// # Errors
    /// [`Error::NoId`] and [`Error::BadId`]; whatever SQLite refuses.
    pub fn add(&self, fetch: &Fetch, first: u64, page: &[Record]) -> Result<()> {
        let marks = vec!["?"; fetch.columns.len() + 1].join(", ");
        let sql = format!("INSERT OR IGNORE INTO r{} VALUES ({marks})", fetch.table);
        let transaction = self.conn.unchecked_transaction()?;
        {
            let mut insert = transaction.prepare_cached(&sql)?;
            for (place, record) in (first..).zip(page) {
                let module = || fetch.module.clone();
                let id = record
                    .get("id")
                    .and_then(Json::as_str)
                    .ok_or_else(|| Error::NoId { module: module() })?;
                let row: i64 =
                    id.parse().map_err(|_| Error::BadId { module: module(), id: id.to_owned() })?;
                let lead = [Value::Integer(row), Value::Integer(i64::try_from(place).unwrap_or(i64::MAX))];
                let own = fetch.columns.iter().skip(1);
                let own =
                    own.map(|column| encode(column.shape, record.get(&column.path).unwrap_or(&Json::Null)));
                insert.execute(params_from_iter(lead.into_iter().chain(own)))?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The answer over all rows that were taken in. Instants are written in the offset of `zone`.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn answer(&self, local: &Local, zone: &TimeZone) -> Result<Sheet> {
        compute(&self.conn, local, zone)
    }
}

/// Runs the local part of a plan over `conn`, which holds the tables that it names. It can only read.
///
/// # Errors
/// [`Error::TooLong`], or whatever SQLite refuses.
pub fn compute(conn: &Connection, local: &Local, zone: &TimeZone) -> Result<Sheet> {
    compute_while(conn, local, zone, || true)
}

/// The same for as long as `go_on`, which is asked every so often, says yes.
///
/// # Errors
/// [`Error::Stopped`] once it does not, or as [`compute`].
pub fn compute_while(
    conn: &Connection,
    local: &Local,
    zone: &TimeZone,
    go_on: impl FnMut() -> bool + Send + 'static,
) -> Result<Sheet> {
    guard::reading(conn, go_on, || sheet(conn, local, zone))
}

fn sheet(conn: &Connection, local: &Local, zone: &TimeZone) -> Result<Sheet> {
    let mut statement = conn.prepare_cached(&local.sql)?;
    let mut found = statement.query(params_from_iter(&local.params))?;
    let mut sheet = Sheet::default();
    while let Some(row) = found.next()? {
        let mut values = Vec::with_capacity(local.columns.len());
        for (at, column) in local.columns.iter().enumerate() {
            let value = row.get_ref(at)?;
            values.push(match (column.shape, value) {
                (Some(Shape::Reference), ValueRef::Text(id)) => {
                    let name = column.named.map(|named| row.get_ref(named)).transpose()?;
                    reference(id, name)
                }
                (shape, value) => decode(shape.unwrap_or(Shape::Text), value, zone),
            });
        }
        let id = match local.id.map(|at| row.get_ref(at)).transpose()? {
            Some(ValueRef::Integer(id)) => Some(id.to_string()),
            _ => None,
        };
        sheet.rows.push(SheetRow { id, values });
    }
    Ok(sheet)
}

fn reference(id: &[u8], name: Option<ValueRef<'_>>) -> Json {
    let mut object = Record::new();
    if let Some(ValueRef::Text(name)) = name {
        object.insert("name".to_owned(), string(name));
    }
    object.insert("id".to_owned(), string(id));
    Json::Object(object)
}
