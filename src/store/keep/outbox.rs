//! Writes on their way to the server.
//!
//! A row is `written` before the screen says so, `sending` before the network is asked, and leaves when the
//! server confirmed it. A row found `sending` at start is undecided: the server may have taken it.

use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, params};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::{
    Keep, StoreError,
    draft::{self, moment, named},
    journal,
};
use crate::{
    domain::Link,
    protocol::{DraftKey, OutboxState, WriteId},
};

/// How far a write has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum WriteState {
    /// On disk, not sent.
    Written,
    /// Sent, or about to be: the server may have taken it.
    Sending,
    /// The server took it; kept for a day so that the same text is not mistaken for it.
    Done,
    /// The server refused it; its text is a draft again.
    Refused,
}

/// A write on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its number, in the order of writing; never used twice.
    pub no: i64,
    /// What the app calls it.
    pub write: WriteId,
    /// How far it has come.
    pub state: WriteState,
    /// The record that is written, or that the note goes on.
    pub record: Link,
    /// What is written.
    pub body: WriteBody,
    /// When the user asked for it.
    pub intent: Timestamp,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WriteBody {
    /// A deal goes to another stage.
    Move {
        /// What the deal was before; what a refusal goes back to.
        before: MoveImage,
        /// What it becomes.
        after: MoveImage,
    },
    /// A note.
    Note {
        /// The text as typed.
        text: String,
    },
}

/// The fields of a deal that a move changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveImage {
    /// Value of `Stage`.
    pub stage: String,
    /// `Amount`; none in what a deal becomes leaves it as it is.
    pub amount: Option<Decimal>,
    /// `Closing_Date` as the API spells it; none in what a deal becomes leaves it as it is.
    pub closing: Option<String>,
}

impl MoveImage {
    /// The closing date.
    #[must_use]
    pub fn closing_date(&self) -> Option<Date> {
        self.closing.as_deref()?.parse().ok()
    }
}

impl Keep {
    /// Writes a row down and, for a note, forgets its draft and an earlier refusal in the same commit.
    /// Returns the row's number.
    ///
    /// # Errors
    /// When the disk refuses; nothing is changed then.
    pub fn write(
        &mut self,
        write: WriteId,
        record: &Link,
        body: &WriteBody,
        intent: Timestamp,
    ) -> Result<i64, StoreError> {
        let transaction = self.conn.transaction()?;
        transaction
            .prepare_cached(
                "INSERT INTO outbox(write_id, state, kind, module, record, name, body, intent)
                 VALUES (?1, 'written', ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                write.cast_signed(),
                kind(body),
                record.module.api_name(),
                record.id.as_str(),
                record.name.as_str(),
                json(body)?,
                intent.as_millisecond(),
            ])?;
        let no = transaction.last_insert_rowid();
        journal::wrote(&transaction, no, record, body, intent)?;
        if matches!(body, WriteBody::Note { .. }) {
            draft::drop_draft(&transaction, &DraftKey::Note(record.clone()))?;
            forget_refusals(&transaction, record)?;
        }
        transaction.commit()?;
        Ok(no)
    }

    /// Rows that are not at their end, in the order of writing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows("WHERE state IN ('written', 'sending') ORDER BY no")
    }

    /// Ids of notes that the server confirmed for `record` since `from`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn confirmed_notes(&self, record: &Link, from: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT result FROM outbox WHERE state = 'done' AND kind = 'note' AND record = ?1 AND intent >= ?2
             AND result IS NOT NULL",
        )?;
        let rows = select.query_map(params![record.id.as_str(), from.as_millisecond()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Says of rows that the network is about to be asked, or that it was not asked after all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn mark(&self, rows: &[i64], state: WriteState) -> Result<(), StoreError> {
        let mut update = self.conn.prepare_cached("UPDATE outbox SET state = ?2 WHERE no = ?1")?;
        for no in rows {
            update.execute(params![no, state.to_string()])?;
        }
        Ok(())
    }

    /// Replaces the image that a refusal goes back to, because the server has news of the record.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rewrite(&self, no: i64, body: &WriteBody) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE outbox SET body = ?2 WHERE no = ?1")?
            .execute(params![no, json(body)?])?;
        Ok(())
    }

    /// Rows that the server took; `result` is the id of what it made. Rows done more than a day ago leave.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn confirm(&mut self, rows: &[i64], result: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        for no in rows {
            transaction
                .prepare_cached("UPDATE outbox SET state = 'done', result = ?2 WHERE no = ?1")?
                .execute(params![no, result])?;
        }
        let yesterday = now.as_millisecond() - crate::domain::WINDOW_MS;
        transaction.execute("DELETE FROM outbox WHERE state = 'done' AND intent < ?1", [yesterday])?;
        transaction.commit()?;
        Ok(())
    }

    /// A row that the server refused: the text of a note becomes a draft again in the same commit, a move
    /// leaves.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn refuse(&mut self, row: &OutboxRow, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        match &row.body {
            WriteBody::Note { text } => {
                let key = DraftKey::Note(row.record.clone());
                let text = match waiting_text(&transaction, &row.record)? {
                    Some(newer) => format!("{text}\n\n{newer}"),
                    None => text.clone(),
                };
                draft::save(&transaction, &key, &text, now)?;
                transaction.execute("UPDATE outbox SET state = 'refused' WHERE no = ?1", [row.no])?;
            }
            WriteBody::Move { .. } => {
                transaction.execute("DELETE FROM outbox WHERE no = ?1", [row.no])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Forgets that writes on a record were refused: their draft was thrown away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_refusals(&self, record: &Link) -> Result<(), StoreError> {
        forget_refusals(&self.conn, record)
    }

    /// How many rows wait, and how many were refused.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox_state(&self) -> Result<OutboxState, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT count(*) FILTER (WHERE state IN ('written', 'sending')),
                    count(*) FILTER (WHERE state = 'refused') FROM outbox",
        )?;
        Ok(select.query_row([], |row| Ok(OutboxState { pending: row.get(0)?, refused: row.get(1)? }))?)
    }

    fn rows(&self, which: &str) -> Result<Vec<OutboxRow>, StoreError> {
        let sql =
            format!("SELECT no, write_id, state, module, record, name, body, intent FROM outbox {which}");
        let mut select = self.conn.prepare_cached(&sql)?;
        let mut rows = select.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let unreadable = |column: &'static str| StoreError::Value(column, "outbox".to_owned());
            let body = row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?;
            found.push(OutboxRow {
                no: row.get(0)?,
                write: row.get::<_, i64>(1)?.cast_unsigned(),
                state: row.get::<_, String>(2)?.parse().map_err(|_| unreadable("state"))?,
                record: named(row, 3)?.ok_or_else(|| unreadable("record"))?,
                body: serde_json::from_str(body)
                    .map_err(|error| StoreError::Value("body of the outbox", error.to_string()))?,
                intent: moment(row.get(7)?),
            });
        }
        Ok(found)
    }
}

fn waiting_text(conn: &Connection, record: &Link) -> Result<Option<String>, StoreError> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT text FROM draft WHERE kind = 'note' AND module = ?1 AND record = ?2";
    Ok(conn.query_row(sql, [record.module.api_name(), record.id.as_str()], |row| row.get(0)).optional()?)
}

fn forget_refusals(conn: &Connection, record: &Link) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM outbox WHERE state = 'refused' AND module = ?1 AND record = ?2")?
        .execute([record.module.api_name(), record.id.as_str()])?;
    Ok(())
}

fn kind(body: &WriteBody) -> &'static str {
    match body {
        WriteBody::Move { .. } => "move",
        WriteBody::Note { .. } => "note",
    }
}

fn json(body: &WriteBody) -> Result<String, StoreError> {
    serde_json::to_string(body).map_err(|error| StoreError::Value("body of the outbox", error.to_string()))
}

#[cfg(test)]
mod tests;
