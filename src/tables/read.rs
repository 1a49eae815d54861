//! Records out of tables.

use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, types::ValueRef};
use serde_json::Value as Json;

use super::{
    Error, Record, Result,
    codec::{decode, string},
    layout::{NAMES, ROW, columns, quoted},
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

    fn schema(&self, module: &str) -> Result<&'a Schema> {
        self.schemas.get(module).ok_or_else(|| Error::NoModule(module.to_owned()))
    }

    /// What the record named in `column` is called.
    fn named(&self, field: &Field, column: &str) -> String {
        let targets: Vec<&Schema> = match field.target() {
            Some(module) => self.schemas.get(module).into_iter().collect(),
            None => RELATED.iter().filter_map(|module| self.schemas.get(module)).collect(),
        };
        let choices = targets.iter().filter_map(|schema| lookup(schema, schema.name_field(), column));
        coalesced(column, "name", choices.collect())
    }

    fn shown<'f>(&self, fields: impl Iterator<Item = &'f Field>) -> Shown {
        let mut shown = Shown { sql: "t.\"id\"".to_owned(), columns: Vec::new() };
        for field in fields {
            let column = format!("t.{}", quoted(&field.api_name));
            let user = field.target() == Some(USERS);
            let shape = field.shape();
            shown.sql.push_str(&format!(", {column}"));
            if shape == Shape::Reference {
                shown.sql.push_str(&self.named(field, &column));
                if user {
                    let users = self.schemas.get(USERS);
                    let email = users.and_then(|users| lookup(users, "email", &column));
                    shown.sql.push_str(&coalesced(&column, "email", email.into_iter().collect()));
                }
            }
            shown.columns.push(ShownColumn { key: field.api_name.clone(), shape, user });
        }
        shown
    }
}

/// Modules that a lookup to several modules may mean. Ids are unique in an org: only one can answer.
const RELATED: [&str; 4] = ["Pipelines", "Contacts", "Accounts", "Products"];

/// `field` of the record that `column` names, if its module has that field.
fn lookup(schema: &Schema, field: &str, column: &str) -> Option<String> {
    let (field, module) = (quoted(&schema.field(field)?.api_name), quoted(&schema.module));
    Some(format!("(SELECT {field} FROM {module} WHERE \"id\" = {column})"))
}

/// The first of `choices` with a value, else what the record in `column` was last seen with.
fn coalesced(column: &str, remembered: &str, mut choices: Vec<String>) -> String {
    choices.push(format!("(SELECT {remembered} FROM {} WHERE id = {column})", quoted(NAMES)));
    if choices.len() == 1 {
        format!(", {}", choices[0])
    } else {
        format!(", coalesce({})", choices.join(", "))
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
