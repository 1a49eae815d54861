//! Records into tables.

use std::{
    borrow::{Borrow, Cow},
    collections::HashMap,
    fmt::Write as _,
};

use rusqlite::{Connection, params};
use serde_json::Value as Json;

use super::{
    Error, Record, Result,
    codec::cell,
    layout::{NAMES, ROW, columns, quoted},
};
use crate::domain::{Field, Schema, Shape};

/// Inserts `records`, or changes the fields that they have in the records that are there: what a record
/// does not mention stays as it is. Keys without a column are passed over. All or none, in one
/// transaction if the connection is not in one.
///
/// Names that come with references are remembered, so that they can be shown when the record that they
/// name is not here.
///
/// # Errors
/// [`Error::NoId`], [`Error::BadId`], or whatever SQLite refuses.
pub fn upsert(conn: &Connection, schema: &Schema, records: &[impl Borrow<Record>]) -> Result<()> {
    atomically(conn, || {
        let fields: HashMap<&str, (&Field, Shape)> =
            columns(schema).map(|field| (field.api_name.as_str(), (field, field.shape()))).collect();
        let mut names = HashMap::new();
        // Records of one answer have the same keys in the same order.
        let (mut keys, mut present, mut statement) = (Vec::new(), Vec::new(), None);
        for record in records {
            let record = record.borrow();
            let id = id_of(schema, record)?;
            let row = row_of(schema, &id)?;
            if !record.keys().eq(keys.iter().copied()) {
                keys = record.keys().collect();
                present = keys.iter().map(|key| fields.get(key.as_str())).collect();
                statement = None;
            }
            let statement = match &mut statement {
                Some(statement) => statement,
                empty => {
                    let held = present.iter().flatten().map(|(field, _)| *field);
                    empty.insert(conn.prepare_cached(&upsert_sql(schema, held))?)
                }
            };
            statement.raw_bind_parameter(1, row)?;
            statement.raw_bind_parameter(2, id.as_ref())?;
            let mut place = 2;
            for (held, json) in present.iter().zip(record.values()) {
                let Some((_, shape)) = held else { continue };
                place += 1;
                statement.raw_bind_parameter(place, cell(*shape, json))?;
                if let (Shape::Reference, Json::Object(object)) = (shape, json)
                    && let (Some(id), Some(name)) = (text(object, "id"), text(object, "name"))
                {
                    names.insert(id, (name, text(object, "email")));
                }
            }
            statement.raw_execute()?;
        }
        remember(conn, &names)
    })
}

fn upsert_sql<'a>(schema: &Schema, fields: impl Iterator<Item = &'a Field>) -> String {
    let (mut names, mut marks, mut sets) = (String::new(), String::new(), String::new());
    for field in fields {
        let name = quoted(&field.api_name);
        // Writing to a String cannot fail.
        let _ = write!(names, ", {name}");
        marks.push_str(", ?");
        let _ = write!(sets, "{}{name} = excluded.{name}", if sets.is_empty() { "" } else { ", " });
    }
    let act = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {sets}") };
    let (table, row) = (quoted(&schema.module), quoted(ROW));
    format!("INSERT INTO {table} ({row}, \"id\"{names}) VALUES (?, ?{marks}) ON CONFLICT ({row}) DO {act}")
}

fn remember(conn: &Connection, names: &HashMap<&str, (&str, Option<&str>)>) -> Result<()> {
    let mut statement = conn.prepare_cached(&format!(
        "INSERT INTO {} (id, name, email) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, email = coalesce(excluded.email, email)
         WHERE name IS NOT excluded.name OR email IS NOT coalesce(excluded.email, email)",
        quoted(NAMES)
    ))?;
    for (id, (name, email)) in names {
        statement.execute(params![id, name, email])?;
    }
    Ok(())
}

/// Changes the fields that `changes` has in one record. False when there is no such record.
///
/// # Errors
/// [`Error::BadId`], or whatever SQLite refuses.
pub fn update_fields(conn: &Connection, schema: &Schema, id: &str, changes: &Record) -> Result<bool> {
    let row = row_of(schema, id)?;
    let known = conn
        .prepare_cached(&format!("SELECT 1 FROM {} WHERE {} = ?1", quoted(&schema.module), quoted(ROW)))?
        .exists([row])?;
    if known {
        let mut record = changes.clone();
        record.insert("id".to_owned(), Json::String(id.to_owned()));
        upsert(conn, schema, &[record])?;
    }
    Ok(known)
}

/// Deletes the records with these ids and says how many there were.
///
/// # Errors
/// [`Error::BadId`], or whatever SQLite refuses.
pub fn delete<I: AsRef<str>>(conn: &Connection, schema: &Schema, ids: &[I]) -> Result<usize> {
    let sql = format!("DELETE FROM {} WHERE {} = ?1", quoted(&schema.module), quoted(ROW));
    atomically(conn, || {
        let mut gone = 0;
        for id in ids {
            gone += conn.prepare_cached(&sql)?.execute([row_of(schema, id.as_ref())?])?;
        }
        Ok(gone)
    })
}

/// The row of the record with this id.
pub(super) fn row_of(schema: &Schema, id: &str) -> Result<i64> {
    id.parse().map_err(|_| Error::BadId { module: schema.module.clone(), id: id.to_owned() })
}

fn id_of<'a>(schema: &Schema, record: &'a Record) -> Result<Cow<'a, str>> {
    match record.get("id") {
        Some(Json::String(id)) => Ok(id.into()),
        Some(Json::Number(id)) => Ok(id.to_string().into()),
        _ => Err(Error::NoId { module: schema.module.clone() }),
    }
}

fn text<'a>(object: &'a Record, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Json::as_str)
}

/// Does all of `work` or nothing, unless the connection is in a transaction already: then its owner decides.
pub(super) fn atomically<T>(conn: &Connection, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if !conn.is_autocommit() {
        return work();
    }
    let transaction = conn.unchecked_transaction()?;
    let done = work()?;
    transaction.commit()?;
    Ok(done)
}
