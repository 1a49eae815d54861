//! Writes on their way to the server.
//!
//! A row is `written` before the screen says so, `sending` before the network is asked, and leaves when the
//! server confirmed it. A row found `sending` at start is undecided: the server may have taken it.

mod body;
mod course;
mod order;

use jiff::Timestamp;
use rusqlite::{Connection, Params, params};
use strum::{Display, EnumString};

use self::body::json;
pub use self::body::{Clears, MoveImage, Theirs, Trouble, WriteBody, same_note};
pub(super) use self::order::withdraw;
use super::{
    Keep, NewWrite, StoreError,
    draft::{self, moment, named},
    journal,
};
use crate::{
    domain::Link,
    protocol::{DraftKey, OutboxState, WriteId},
};

/// Who wrote a row, what it was based on, its place in the order, and what stands in its way.
pub(super) const COURSE: &str = "
ALTER TABLE outbox ADD COLUMN session INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN based INTEGER;
ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN trouble TEXT;
ALTER TABLE outbox ADD COLUMN theirs TEXT;
UPDATE outbox SET place = no;
";

/// How far a write has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum WriteState {
    /// On disk, not sent.
    Written,
    /// Sent, or about to be: the server may have taken it.
    Sending,
    /// Someone else changed the same field since; the user decides.
    Conflict,
    /// The server took it; kept for a day so that the same text is not mistaken for it.
    Done,
    /// The server refused it; the user decides. The text of a note is a draft again.
    Refused,
}

/// A write on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Its number; never used twice.
    pub no: i64,
    /// What the app calls it. A write of another run has a name that the app gives to none.
    pub write: WriteId,
    /// How far it has come.
    pub state: WriteState,
    /// The record that is written, or that the note goes on.
    pub record: Link,
    /// What is written.
    pub body: WriteBody,
    /// When the user asked for it.
    pub intent: Timestamp,
    /// `Modified_Time` of the record that the user saw, where it was known.
    pub based_on: Option<Timestamp>,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Why the last try was in vain.
    pub trouble: Option<Trouble>,
    /// What someone else made of the record, where the user has to decide.
    pub theirs: Option<Theirs>,
}

/// The columns of a row, in the order in which they are read.
const COLUMNS: &str =
    "no, write_id, session, state, module, record, name, body, intent, based, tries, trouble, theirs";

/// Names of writes that other runs made begin here: no clock gets so far.
const FOREIGN: u64 = 1 << 62;

impl Keep {
    /// Writes a row down and, for a note, forgets its draft in the same commit; earlier refusals of the same
    /// kind on the record are settled by it. `based_on` is the record's `Modified_Time` that the user saw.
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
        based_on: Option<Timestamp>,
    ) -> Result<i64, StoreError> {
        let new = NewWrite { write, record: record.clone(), body: body.clone(), based_on };
        let rows = self.act(std::slice::from_ref(&new), intent)?;
        rows.first().copied().ok_or_else(|| StoreError::Value("a row", "outbox".to_owned()))
    }

    /// Rows that the server has still to take, in the order of sending, those that wait for a decision
    /// included.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let open = "WHERE state IN ('written', 'sending', 'conflict') ORDER BY place, no";
        rows(&self.conn, self.session, open, [])
    }

    /// The same, and what the server refused, which stands first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox_view(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let open = "WHERE state <> 'done'
                    ORDER BY CASE state WHEN 'refused' THEN 0 WHEN 'conflict' THEN 1 ELSE 2 END, place, no";
        rows(&self.conn, self.session, open, [])
    }

    /// The row with this number, unless it is done or gone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox_row(&self, no: i64) -> Result<Option<OutboxRow>, StoreError> {
        row(&self.conn, self.session, no)
    }

    /// What became of rows that are not at their end for this program: the number and the state; a row that
    /// is gone is not among them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stand_of(&self, no: i64) -> Result<Option<(WriteState, Option<Trouble>)>, StoreError> {
        use rusqlite::OptionalExtension as _;
        let mut select = self.conn.prepare_cached("SELECT state, trouble FROM outbox WHERE no = ?1")?;
        let found = select
            .query_row([no], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))
            .optional()?;
        let Some((state, trouble)) = found else { return Ok(None) };
        let state = state.parse().map_err(|_| StoreError::Value("state", "outbox".to_owned()))?;
        Ok(Some((state, trouble.map(|text| read("trouble of the outbox", &text)).transpose()?)))
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

    /// What the moves that left here in the last day made of a deal, as far as they were not refused.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn made_of(&self, deal: &Link) -> Result<Vec<MoveImage>, StoreError> {
        let sent = "WHERE kind = 'move' AND state IN ('sending', 'done') AND record = ?1";
        let mut select = self.conn.prepare_cached(&format!("SELECT body FROM outbox {sent}"))?;
        let bodies = select.query_map([deal.id.as_str()], |row| row.get::<_, String>(0))?;
        let mut made = Vec::new();
        for body in bodies {
            if let WriteBody::Move { after, .. } = read("body of the outbox", &body?)? {
                made.push(after);
            }
        }
        Ok(made)
    }

    /// How many rows wait, how many were refused, and how many wait for a decision.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox_state(&self) -> Result<OutboxState, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT count(*) FILTER (WHERE state IN ('written', 'sending')),
                    count(*) FILTER (WHERE state = 'refused'),
                    count(*) FILTER (WHERE state = 'conflict') FROM outbox",
        )?;
        let state = |row: &rusqlite::Row<'_>| {
            Ok(OutboxState { pending: row.get(0)?, refused: row.get(1)?, conflicts: row.get(2)? })
        };
        Ok(select.query_row([], state)?)
    }
}

/// Writes a row down and, for a note, forgets its draft; earlier refusals of the same kind on the record are
/// settled by it. Returns the row's number.
pub(super) fn insert(
    conn: &Connection,
    session: i64,
    new: &NewWrite,
    intent: Timestamp,
) -> Result<i64, StoreError> {
    let NewWrite { write, record, body, based_on } = new;
    conn.prepare_cached(
        "INSERT INTO outbox(write_id, session, state, kind, module, record, name, body, intent, based, place)
         VALUES (?1, ?2, 'written', ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                 1 + (SELECT coalesce(max(place), 0) FROM outbox))",
    )?
    .execute(params![
        write.cast_signed(),
        session,
        body.kind(),
        record.module.api_name(),
        record.id.as_str(),
        record.name.as_str(),
        json(body)?,
        intent.as_millisecond(),
        based_on.map(Timestamp::as_millisecond),
    ])?;
    let no = conn.last_insert_rowid();
    journal::wrote(conn, no, record, body, intent)?;
    if matches!(body, WriteBody::Note { .. }) {
        draft::drop_draft(conn, &DraftKey::Note(record.clone()))?;
    }
    forget_refusals(conn, record, body.kind())?;
    Ok(no)
}

fn row(conn: &Connection, session: i64, no: i64) -> Result<Option<OutboxRow>, StoreError> {
    Ok(rows(conn, session, "WHERE state <> 'done' AND no = ?1", [no])?.pop())
}

fn rows(
    conn: &Connection,
    session: i64,
    which: &str,
    values: impl Params,
) -> Result<Vec<OutboxRow>, StoreError> {
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox {which}"))?;
    let mut rows = select.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let unreadable = |column: &'static str| StoreError::Value(column, "outbox".to_owned());
        let no: i64 = row.get(0)?;
        let ours = row.get::<_, i64>(2)? == session;
        let text = |at: usize| row.get::<_, Option<String>>(at);
        found.push(OutboxRow {
            no,
            // The names that another run gave its writes mean nothing in this one.
            write: if ours { row.get::<_, i64>(1)?.cast_unsigned() } else { FOREIGN + no.unsigned_abs() },
            state: row.get::<_, String>(3)?.parse().map_err(|_| unreadable("state"))?,
            record: named(row, 4)?.ok_or_else(|| unreadable("record"))?,
            body: read("body of the outbox", &row.get::<_, String>(7)?)?,
            intent: moment(row.get(8)?),
            based_on: row.get::<_, Option<i64>>(9)?.map(moment),
            tries: row.get(10)?,
            trouble: text(11)?.map(|text| read("trouble of the outbox", &text)).transpose()?,
            theirs: text(12)?.map(|text| read("conflict of the outbox", &text)).transpose()?,
        });
    }
    Ok(found)
}

fn read<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(what, error.to_string()))
}

fn waiting_text(conn: &Connection, record: &Link) -> Result<Option<String>, StoreError> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT text FROM draft WHERE kind = 'note' AND module = ?1 AND record = ?2";
    Ok(conn.query_row(sql, [record.module.api_name(), record.id.as_str()], |row| row.get(0)).optional()?)
}

fn forget_refusals(conn: &Connection, record: &Link, kind: &str) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM outbox WHERE state = 'refused' AND module = ?1 AND record = ?2 AND kind = ?3",
    )?
    .execute([record.module.api_name(), record.id.as_str(), kind])?;
    Ok(())
}

#[cfg(test)]
mod tests;
