//! Records out of tables.

use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter, types::ValueRef};
use serde_json::Value as Json;

use super::{
    Error, Record, Result,
    codec::{decode, string},
    filter::{Clause, Filter},
    layout::{NAMES, ROW, column, columns, quoted},
    write::row_of,
};
use crate::domain::{Field, Schema, Schemas, Shape, USERS};

/// What reading takes besides a table: the other modules, whose records references name, and the time
/// zone in which instants are written.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The database.
    pub conn: &'a Connection,
    /// Every module that has a table.
    pub schemas: &'a Schemas,
    /// The zone of the user or org.
    pub zone: &'a TimeZone,
}

impl<'a> Reader<'a> {
    /// The record of `module` with this id, with every field.
    ///
    /// # Errors
    /// [`Error::NoModule`], [`Error::BadId`], or whatever SQLite refuses.
    pub fn get(&self, module: &str, id: &str) -> Result<Option<Record>> {
        let schema = self.schema(module)?;
        let shown = self.shown(columns(schema));
        let sql = format!("SELECT {} FROM {} AS t WHERE t.{} = ?1", shown.sql, quoted(module), quoted(ROW));
        let row = row_of(schema, id)?;
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([row], |row| shown.record(row, 0, self.zone))
            .optional()?)
    }

    /// Records that pass `filter`.
    ///
    /// # Errors
    /// [`Error::NoModule`], [`Error::NoField`], or whatever SQLite refuses.
    pub fn count(&self, module: &str, filter: &Filter) -> Result<u64> {
        let schema = self.schema(module)?;
        let mut clause = Clause {
            sql: format!("SELECT count(*) FROM {} AS t WHERE ", quoted(module)),
            ..Clause::default()
        };
        filter.write(schema, &mut clause)?;
        Ok(self.conn.prepare_cached(&clause.sql)?.query_row(params_from_iter(clause.params), count)?)
    }

    pub(super) fn schema(&self, module: &str) -> Result<&'a Schema> {
        self.schemas.get(module).ok_or_else(|| Error::NoModule(module.to_owned()))
    }

    /// The select list that shows the named fields; `id` is always there and need not be named.
    pub(super) fn shown_by_name(&self, schema: &'a Schema, names: &[&str]) -> Result<Shown> {
        let mut fields = Vec::new();
        for name in names.iter().filter(|name| **name != "id") {
            fields.push(column(schema, name)?);
        }
        Ok(self.shown(fields.into_iter()))
    }

    fn shown<'f>(&self, fields: impl Iterator<Item = &'f Field>) -> Shown {
        let mut shown = Shown { sql: "t.\"id\"".to_owned(), columns: Vec::new() };
        for field in fields {
            let column = format!("t.{}", quoted(&field.api_name));
            let user = field.target() == Some(USERS);
            let shape = field.shape();
            shown.sql.push_str(&format!(", {column}"));
            if shape == Shape::Reference {
                let target = self.schemas.target(field);
                shown.sql.push_str(&reference(
                    target,
                    target.map_or("", Schema::name_field),
                    &column,
                    "name",
                ));
                if user {
                    shown.sql.push_str(&reference(target, "email", &column, "email"));
                }
            }
            shown.columns.push(ShownColumn { key: field.api_name.clone(), shape, user });
        }
        shown
    }
}

/// A count in the first column.
pub(super) fn count(row: &Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(i64::unsigned_abs)
}

/// What the record named in `column` is called: as its table says, else as it was last seen.
fn reference(target: Option<&Schema>, field: &str, column: &str, remembered: &str) -> String {
    let seen = format!("(SELECT {remembered} FROM {} WHERE id = {column})", quoted(NAMES));
    match target {
        Some(schema) => format!(
            ", coalesce((SELECT {} FROM {} WHERE \"id\" = {column}), {seen})",
            quoted(field),
            quoted(&schema.module)
        ),
        None => format!(", {seen}"),
    }
}

/// A select list and how to read it back.
pub(super) struct Shown {
    pub sql: String,
    columns: Vec<ShownColumn>,
}

struct ShownColumn {
    key: String,
    shape: Shape,
    user: bool,
}

impl Shown {
    /// The record in `row`, whose select list begins at column `at`.
    pub fn record(&self, row: &Row<'_>, mut at: usize, zone: &TimeZone) -> rusqlite::Result<Record> {
        let mut record = Record::with_capacity(self.columns.len() + 1);
        let mut next = || {
            at += 1;
            row.get_ref(at - 1)
        };
        record.insert("id".to_owned(), decode(Shape::Text, next()?, zone));
        for column in &self.columns {
            let value = next()?;
            let json = if column.shape == Shape::Reference {
                let name = next()?;
                let email = if column.user { Some(next()?) } else { None };
                named(value, name, email)
            } else {
                decode(column.shape, value, zone)
            };
            record.insert(column.key.clone(), json);
        }
        Ok(record)
    }
}

fn named(id: ValueRef<'_>, name: ValueRef<'_>, email: Option<ValueRef<'_>>) -> Json {
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Text(text) => string(text),
        _ => Json::Null,
    };
    let ValueRef::Text(id) = id else { return Json::Null };
    let mut object = Record::new();
    object.insert("name".to_owned(), text(name));
    object.insert("id".to_owned(), string(id));
    if let Some(email) = email {
        object.insert("email".to_owned(), text(email));
    }
    Json::Object(object)
}
