//! What the user does to a write that is not sent: takes it out, sends it again, moves it up or down.

use super::{
    Keep, OutboxRow, StoreError, WriteBody, WriteState,
    course::{did_not_happen, draft_again, rewrite},
    draft, forget_refusals, row, rows, waiting_text,
};
use crate::{domain::Link, protocol::DraftKey};
use jiff::Timestamp;
use rusqlite::Connection;

impl Keep {
    /// Takes a write out of the outbox that is not sent: one that waits, was refused, or is stopped by a
    /// conflict. Later moves of the same deal begin where it did. None where it is on its way, done, or gone.
    ///
    /// # Errors
    /// When the disk refuses; the write is then where it was.
    pub fn take_out(&mut self, no: i64) -> Result<Option<OutboxRow>, StoreError> {
        let transaction = self.conn.transaction()?;
        let found = row(&transaction, self.session, no)?.filter(|row| row.state != WriteState::Sending);
        if let Some(row) = &found {
            transaction.execute("DELETE FROM outbox WHERE no = ?1", [no])?;
            if row.state != WriteState::Refused {
                did_not_happen(&transaction, self.session, row)?;
            }
        }
        transaction.commit()?;
        Ok(found)
    }

    /// Takes a write out of the outbox as [`Keep::take_out`] does. The text of a note that waits becomes a
    /// draft again in the same commit; one that was refused is thrown away with its draft.
    ///
    /// # Errors
    /// When the disk refuses; the write is then where it was.
    pub fn cancel(&mut self, no: i64, now: Timestamp) -> Result<Option<OutboxRow>, StoreError> {
        let transaction = self.conn.transaction()?;
        let found = withdraw(&transaction, self.session, no, now)?;
        transaction.commit()?;
        Ok(found)
    }

    /// The draft of a note on a record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn draft_of(&self, record: &Link) -> Result<Option<String>, StoreError> {
        waiting_text(&self.conn, record)
    }

    /// Lets a refused write be sent once more; a note with the text that its draft has now. Says whether
    /// there was one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn send_again(&mut self, no: i64) -> Result<bool, StoreError> {
        let transaction = self.conn.transaction()?;
        let Some(refused) =
            row(&transaction, self.session, no)?.filter(|row| row.state == WriteState::Refused)
        else {
            return Ok(false);
        };
        let body = match &refused.body {
            WriteBody::Note { text } => {
                let text = waiting_text(&transaction, &refused.record)?.unwrap_or_else(|| text.clone());
                draft::drop_draft(&transaction, &DraftKey::Note(refused.record.clone()))?;
                WriteBody::Note { text }
            }
            body => body.clone(),
        };
        transaction
            .execute("UPDATE outbox SET state = 'written', tries = 0, trouble = NULL WHERE no = ?1", [no])?;
        rewrite(&transaction, self.session, no, &body)?;
        // Other refusals of the record are settled by it: the draft held their text too.
        forget_refusals(&transaction, &refused.record, body.kind())?;
        transaction.commit()?;
        Ok(true)
    }

    /// Lets a write that waits change places with the one before or after it. Says whether it did: moves of
    /// one deal keep their order, for each begins where the other ends.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn shift(&mut self, no: i64, up: bool) -> Result<bool, StoreError> {
        let transaction = self.conn.transaction()?;
        let waiting = rows(&transaction, self.session, "WHERE state = 'written' ORDER BY place, no", [])?;
        let at = waiting.iter().position(|row| row.no == no);
        let other = at.and_then(|at| if up { at.checked_sub(1) } else { Some(at + 1) });
        let (Some(row), Some(other)) = (at.map(|at| &waiting[at]), other.and_then(|at| waiting.get(at)))
        else {
            return Ok(false);
        };
        let moves = |row: &OutboxRow| matches!(row.body, WriteBody::Move { .. });
        if row.record.id == other.record.id && moves(row) && moves(other) {
            return Ok(false);
        }
        let place = |no: i64| -> Result<i64, StoreError> {
            Ok(transaction.query_row("SELECT place FROM outbox WHERE no = ?1", [no], |row| row.get(0))?)
        };
        let (mine, theirs) = (place(row.no)?, place(other.no)?);
        for (no, place) in [(row.no, theirs), (other.no, mine)] {
            transaction.execute("UPDATE outbox SET place = ?2 WHERE no = ?1", [no, place])?;
        }
        transaction.commit()?;
        Ok(true)
    }
}

/// Takes a write out, as [`Keep::cancel`] says.
pub(in crate::store::keep) fn withdraw(
    conn: &Connection,
    session: i64,
    no: i64,
    now: Timestamp,
) -> Result<Option<OutboxRow>, StoreError> {
    let Some(found) = row(conn, session, no)? else { return Ok(None) };
    if conn.execute("DELETE FROM outbox WHERE no = ?1 AND state <> 'sending'", [no])? == 0 {
        return Ok(None);
    }
    match (&found.body, found.state) {
        (WriteBody::Note { .. }, WriteState::Refused) => {
            draft::drop_draft(conn, &DraftKey::Note(found.record.clone()))?;
            forget_refusals(conn, &found.record, "note")?;
        }
        (WriteBody::Note { text }, _) => draft_again(conn, &found.record, text, now)?,
        (WriteBody::Removal { .. }, _) | (WriteBody::Move { .. }, WriteState::Refused) => {}
        (WriteBody::Move { .. }, _) => did_not_happen(conn, session, &found)?,
    }
    Ok(Some(found))
}
