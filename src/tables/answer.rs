//! COQL on the tables.

use jiff::tz::TimeZone;
use rusqlite::{
    Connection, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use serde_json::Value as Json;

use super::{
    Record, Result,
    codec::{decode, string},
};
use crate::{
    coql::{Lowered, Param},
    domain::Shape,
};

/// The rows of an answer as Bigin writes them: a lookup is an object with its `id` alone, a dotted column
/// goes by its path.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// In the query's order.
    pub rows: Vec<Record>,
    /// Whether there are records beyond the last row.
    pub more_records: bool,
}

/// Runs a checked and lowered query. Instants are written in the offset of `zone`. Modules without a table
/// make it fail: [`migrate`](super::migrate) every schema that the query was checked against.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn run(conn: &Connection, query: &Lowered, zone: &TimeZone) -> Result<Answer> {
    let mut answer = Answer::default();
    let mut statement = conn.prepare_cached(&query.sql)?;
    let mut found = statement.query(params_from_iter(&query.params))?;
    while let Some(row) = found.next()? {
        if answer.rows.len() as u64 == query.limit {
            answer.more_records = true;
            break;
        }
        let mut record = Record::with_capacity(query.columns.len());
        for (at, (key, shape)) in query.columns.iter().enumerate() {
            record.insert(key.clone(), shown(*shape, row.get_ref(at)?, zone));
        }
        answer.rows.push(record);
    }
    Ok(answer)
}

fn shown(shape: Shape, value: ValueRef<'_>, zone: &TimeZone) -> Json {
    match (shape, value) {
        (Shape::Reference, ValueRef::Text(id)) => {
            Json::Object(Record::from_iter([("id".to_owned(), string(id))]))
        }
        (shape, value) => decode(shape, value, zone),
    }
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
        }))
    }
}
