//! What the user did, as it is undone: one action may have written several records.
//!
//! An action keeps what it changed and whether it is undone. Its rows in the outbox name it, and say which way
//! they turn it, so that one that has not left yet is taken back instead of being written against.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{
    Keep, OutboxRow, StoreError, WriteBody,
    outbox::{insert, withdraw},
};
use crate::{
    domain::{Link, SafeText},
    protocol::{Turns, Undoing, WriteId},
};

/// Actions kept; the oldest leave first.
const MOST: i64 = 1_000;

/// A row that is taken out or refused before the server had it leaves its action as if it had not been asked
/// for: a first write voids it, one that undid it leaves it done, one that redid it leaves it undone.
pub(super) const SCHEMA: &str = "
CREATE TABLE action(
    no INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'done', steps TEXT NOT NULL);
CREATE INDEX action_state ON action(state, no);
ALTER TABLE outbox ADD COLUMN action INTEGER;
ALTER TABLE outbox ADD COLUMN turn TEXT;
CREATE INDEX outbox_action ON outbox(action, record) WHERE action IS NOT NULL;
CREATE TRIGGER action_cancelled AFTER DELETE ON outbox
WHEN old.action IS NOT NULL AND old.state NOT IN ('done', 'refused')
BEGIN
    UPDATE action SET state = CASE old.turn WHEN 'undo' THEN 'done' WHEN 'redo' THEN 'undone' ELSE 'void' END
    WHERE no = old.action AND NOT EXISTS (SELECT 1 FROM outbox WHERE action = old.action AND turn IS old.turn);
END;
CREATE TRIGGER action_refused AFTER UPDATE OF state ON outbox
WHEN new.action IS NOT NULL AND new.state = 'refused' AND old.state <> 'refused'
BEGIN
    UPDATE action SET state = CASE new.turn WHEN 'undo' THEN 'done' WHEN 'redo' THEN 'undone' ELSE 'void' END
    WHERE no = new.action AND NOT EXISTS (
        SELECT 1 FROM outbox WHERE action = new.action AND turn IS new.turn AND state <> 'refused');
END;
";

/// Something to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWrite {
    /// What the app calls it.
    pub write: WriteId,
    /// The record that is written, or that the note goes on.
    pub record: Link,
    /// What is written.
    pub body: WriteBody,
    /// `Modified_Time` of the record that the user saw, where it was known.
    pub based_on: Option<Timestamp>,
}

/// What the user did at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Its number; never used twice.
    pub no: i64,
    /// What it wrote, record by record.
    pub steps: Vec<(Link, WriteBody)>,
}

#[derive(Serialize, Deserialize)]
struct Step {
    module: String,
    record: String,
    name: String,
    body: WriteBody,
}

impl Keep {
    /// Writes down what the user did, as one action and one commit. Returns the numbers of the outbox rows.
    ///
    /// # Errors
    /// When the disk refuses; nothing is changed then.
    pub fn act(&mut self, writes: &[NewWrite], at: Timestamp) -> Result<Vec<i64>, StoreError> {
        let steps: Vec<Step> = writes.iter().map(|write| Step::of(&write.record, &write.body)).collect();
        let steps = serde_json::to_string(&steps)
            .map_err(|error| StoreError::Value("an action", error.to_string()))?;
        let session = self.session;
        let transaction = self.conn.transaction()?;
        transaction
            .prepare_cached("INSERT INTO action(at, steps) VALUES (?1, ?2)")?
            .execute(params![at.as_millisecond(), steps])?;
        let action = transaction.last_insert_rowid();
        let mut rows = Vec::with_capacity(writes.len());
        for write in writes {
            let no = insert(&transaction, session, write, at)?;
            belong(&transaction, no, action, None)?;
            rows.push(no);
        }
        transaction
            .prepare_cached("DELETE FROM action WHERE no <= (SELECT max(no) FROM action) - ?1")?
            .execute([MOST])?;
        transaction.commit()?;
        Ok(rows)
    }

    /// The action that is undone or redone next: the last one that is not undone, or of those undone since the
    /// one undone last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_action(&self, turn: Undoing) -> Result<Option<Action>, StoreError> {
        let sql = match turn {
            Undoing::Undo => "SELECT no, steps FROM action WHERE state = 'done' ORDER BY no DESC LIMIT 1",
            Undoing::Redo => {
                "SELECT no, steps FROM action WHERE state = 'undone'
                 AND no > (SELECT coalesce(max(no), 0) FROM action WHERE state = 'done') ORDER BY no LIMIT 1"
            }
        };
        let mut select = self.conn.prepare_cached(sql)?;
        let found =
            select.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).optional()?;
        let Some((no, steps)) = found else { return Ok(None) };
        let steps: Vec<Step> = serde_json::from_str(&steps)
            .map_err(|error| StoreError::Value("an action", error.to_string()))?;
        Ok(Some(Action { no, steps: steps.into_iter().filter_map(Step::read).collect() }))
    }

    /// Whether there is something to undo and to redo.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn turns(&self) -> Result<Turns, StoreError> {
        let is_there = |turn| self.next_action(turn).map(|action| action.is_some());
        Ok(Turns { undo: is_there(Undoing::Undo)?, redo: is_there(Undoing::Redo)? })
    }

    /// The row that an action has for a record in the outbox and that has not left: the last thing that was
    /// asked for.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unsent_of(&self, action: i64, record: &Link) -> Result<Option<i64>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT no FROM outbox WHERE action = ?1 AND record = ?2 AND state IN ('written', 'conflict')
             ORDER BY no DESC LIMIT 1",
        )?;
        Ok(select.query_row(params![action, record.id.as_str()], |row| row.get(0)).optional()?)
    }

    /// The id of the note that an action wrote last on a record; none while the server has not taken it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn note_of(&self, action: i64, record: &Link) -> Result<Option<String>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT result FROM outbox WHERE action = ?1 AND record = ?2 AND kind = 'note' AND state = 'done'
             ORDER BY no DESC LIMIT 1",
        )?;
        let id = select.query_row(params![action, record.id.as_str()], |row| row.get(0)).optional()?;
        Ok(id.flatten())
    }

    /// Whether something that an action asked for of a record is on its way.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_under_way(&self, action: i64, record: &Link) -> Result<bool, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("SELECT 1 FROM outbox WHERE action = ?1 AND record = ?2 AND state = 'sending'")?;
        Ok(select.exists(params![action, record.id.as_str()])?)
    }

    /// Whether the server refused what an action asked for last of a record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_refused(&self, action: i64, record: &Link) -> Result<bool, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT state = 'refused' FROM outbox WHERE action = ?1 AND record = ?2 ORDER BY no DESC LIMIT 1",
        )?;
        let refused = select.query_row(params![action, record.id.as_str()], |row| row.get(0)).optional()?;
        Ok(refused.unwrap_or(false))
    }

    /// Turns an action: takes out rows that have not left, writes others, and notes which way it stands now;
    /// all in one commit. Gives the rows that were taken out.
    ///
    /// # Errors
    /// When the disk refuses; nothing is changed then.
    pub fn turn(
        &mut self,
        action: i64,
        turn: Undoing,
        unsent: &[i64],
        writes: &[NewWrite],
        now: Timestamp,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let session = self.session;
        let transaction = self.conn.transaction()?;
        let mut out = Vec::new();
        for no in unsent {
            out.extend(withdraw(&transaction, session, *no, now)?);
        }
        for write in writes {
            let no = insert(&transaction, session, write, now)?;
            belong(&transaction, no, action, Some(turn))?;
        }
        let state = match turn {
            Undoing::Undo => "undone",
            Undoing::Redo => "done",
        };
        set_state(&transaction, action, state)?;
        transaction.commit()?;
        Ok(out)
    }

    /// Passes over an action that cannot be turned, so that the one before it can be.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn pass_over(&self, action: i64) -> Result<(), StoreError> {
        set_state(&self.conn, action, "void")
    }
}

fn set_state(conn: &Connection, action: i64, state: &str) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE action SET state = ?2 WHERE no = ?1")?.execute(params![action, state])?;
    Ok(())
}

/// Says of an outbox row which action it carries out, and which way.
fn belong(conn: &Connection, no: i64, action: i64, turn: Option<Undoing>) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE outbox SET action = ?2, turn = ?3 WHERE no = ?1")?.execute(params![
        no,
        action,
        turn.map(|turn| turn.to_string())
    ])?;
    Ok(())
}

impl Step {
    fn of(record: &Link, body: &WriteBody) -> Self {
        Self {
            module: record.module.api_name().to_owned(),
            record: record.id.to_string(),
            name: record.name.to_string(),
            body: body.clone(),
        }
    }

    /// None where the module is not a known one.
    fn read(self) -> Option<(Link, WriteBody)> {
        let name = SafeText::new(&self.name);
        let link = Link { module: self.module.parse().ok()?, id: self.record.try_into().ok()?, name };
        Some((link, self.body))
    }
}

#[cfg(test)]
mod tests;
