//! Every change that was made here or seen by a sync, with what was there before.
//!
//! A line is written in the same commit as the outbox row that carries the change, or before the mirror takes
//! in the page that brought it. What never left the outbox, or was refused, is no history: its lines leave
//! with their row.

mod course;
mod own;

pub use course::Arrival;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{
    Keep, StoreError, WriteBody,
    draft::{moment, named},
};
use crate::domain::Link;

/// How far back the journal reaches: a year and the month that it is compared with.
const REACH: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Lines kept at most; the oldest leave first.
const MOST: i64 = 200_000;

/// The table of changes. `person` is null for the user who signed in; `sent` is the outbox row that carried a change made
/// here.
pub(super) const SCHEMA: &str = "
CREATE TABLE change(
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    module TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL, field TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL,
    at INTEGER NOT NULL, person TEXT, here INTEGER NOT NULL, sent INTEGER);
CREATE INDEX change_record ON change(record, field, no);
CREATE INDEX change_field ON change(module, field, record, no);
CREATE INDEX change_at ON change(at);
CREATE INDEX change_sent ON change(sent) WHERE sent IS NOT NULL;
CREATE TRIGGER change_cancelled AFTER DELETE ON outbox WHEN old.state <> 'done' BEGIN
    DELETE FROM change WHERE sent = old.no;
END;
CREATE TRIGGER change_refused AFTER UPDATE OF state ON outbox WHEN new.state = 'refused' BEGIN
    DELETE FROM change WHERE sent = new.no;
END;
";

/// One field of one record, changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Whose field.
    pub record: Link,
    /// Its API name.
    pub field: String,
    /// The value that was there, as the API writes it.
    pub before: Json,
    /// The value that is there since.
    pub after: Json,
    /// When: by the server where a sync saw it, else when the user asked for it.
    pub at: Timestamp,
    /// Who changed it: none for the user who signed in, empty where the server did not say.
    pub person: Option<String>,
    /// Made in this program; otherwise seen by a sync.
    pub here: bool,
}

impl Keep {
    /// Writes down what a sync saw, in one commit, and forgets what is too old. A value that the journal ends
    /// with already is no news: it is the echo of a change made here. Says how many lines were new.
    ///
    /// # Errors
    /// When the disk refuses; nothing is written then.
    pub fn note_seen(&mut self, changes: &[Change], now: Timestamp) -> Result<usize, StoreError> {
        if changes.is_empty() {
            return Ok(0);
        }
        let transaction = self.conn.transaction()?;
        let mut new = 0;
        for change in changes {
            if !last(&transaction, change)?.is_some_and(|last| same(&last, &change.after)) {
                insert(&transaction, change, None)?;
                new += 1;
            }
        }
        trim(&transaction, now)?;
        transaction.commit()?;
        Ok(new)
    }

    /// Changes of a record, newest first, `limit` at most.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, record: &Link, limit: u32) -> Result<Vec<Change>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT module, record, name, field, before, after, at, person, here FROM change
             WHERE record = ?1 ORDER BY at / 1000 DESC, no DESC LIMIT ?2",
        )?;
        let mut rows = select.query(params![record.id.as_str(), limit])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.extend(read(row)?);
        }
        Ok(changes)
    }
}

/// Writes down what an outbox row changes.
pub(super) fn wrote(
    conn: &Connection,
    no: i64,
    record: &Link,
    body: &WriteBody,
    at: Timestamp,
) -> Result<(), StoreError> {
    for (field, before, after) in changed_fields(body) {
        let change = Change {
            record: record.clone(),
            field: field.to_owned(),
            before,
            after,
            at,
            person: None,
            here: true,
        };
        insert(conn, &change, Some(no))?;
    }
    Ok(())
}

/// The fields that a write changes, each with its value before and after.
#[must_use]
pub fn changed_fields(body: &WriteBody) -> Vec<(&'static str, Json, Json)> {
    let WriteBody::Move { before, after } = body else { return Vec::new() };
    let amount =
        |amount: Decimal| serde_json::from_str(&amount.normalize().to_string()).unwrap_or(Json::Null);
    let old = [
        Json::from(before.stage.clone()),
        before.amount.map_or(Json::Null, amount),
        before.closing.clone().into(),
    ];
    let new = [
        Some(Json::from(after.stage.clone())),
        after.amount.map(amount).or_else(|| after.clears.amount.then_some(Json::Null)),
        after.closing.clone().map(Json::from).or_else(|| after.clears.closing.then_some(Json::Null)),
    ];
    let names = ["Stage", "Amount", "Closing_Date"];
    let all = names.into_iter().zip(old).zip(new);
    let changed = all.filter_map(|((name, old), new)| Some((name, old, new?)));
    changed.filter(|(_, old, new)| !same(old, new)).collect()
}

fn insert(conn: &Connection, change: &Change, sent: Option<i64>) -> Result<(), StoreError> {
    let Change { record, field, before, after, at, person, here } = change;
    conn.prepare_cached(
        "INSERT INTO change(module, record, name, field, before, after, at, person, here, sent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        record.module.api_name(),
        record.id.as_str(),
        record.name.as_str(),
        field,
        before.to_string(),
        after.to_string(),
        at.as_millisecond(),
        person,
        here,
        sent
    ])?;
    Ok(())
}

/// The value that the journal ends with for the field of a change.
fn last(conn: &Connection, change: &Change) -> Result<Option<Json>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT after FROM change WHERE record = ?1 AND field = ?2 ORDER BY no DESC LIMIT 1",
    )?;
    let text: Option<String> =
        select.query_row(params![change.record.id.as_str(), change.field], |row| row.get(0)).optional()?;
    text.map(|text| json(&text)).transpose()
}

/// Reads a line; none where its module is not a known one.
fn read(row: &Row<'_>) -> Result<Option<Change>, StoreError> {
    let text = |column| row.get_ref(column).and_then(|value| Ok(value.as_str()?));
    let Some(record) = named(row, 0)? else { return Ok(None) };
    Ok(Some(Change {
        record,
        field: text(3)?.to_owned(),
        before: json(text(4)?)?,
        after: json(text(5)?)?,
        at: moment(row.get(6)?),
        person: row.get(7)?,
        here: row.get(8)?,
    }))
}

fn trim(conn: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let oldest = now.saturating_sub(REACH).unwrap_or(Timestamp::MIN);
    conn.prepare_cached("DELETE FROM change WHERE at < ?1")?.execute([oldest.as_millisecond()])?;
    conn.prepare_cached("DELETE FROM change WHERE no <= (SELECT max(no) FROM change) - ?1")?
        .execute([MOST])?;
    Ok(())
}

fn json(text: &str) -> Result<Json, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value("a value of the journal", error.to_string()))
}

/// Whether two values are the same, however a number is spelled and whatever a reference is called.
pub(super) fn same(one: &Json, two: &Json) -> bool {
    match (one, two) {
        (Json::Number(one), Json::Number(two)) => {
            let number = |number: &serde_json::Number| number.to_string().parse::<Decimal>();
            one == two || number(one).is_ok_and(|one| number(two) == Ok(one))
        }
        (Json::Object(one), Json::Object(two)) if one.contains_key("id") => one.get("id") == two.get("id"),
        _ => one == two,
    }
}

#[cfg(test)]
mod tests;
