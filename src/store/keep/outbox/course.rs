//! What happens to a write on its way: it is sent, taken, refused, or stopped by what someone else did.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    Clears, Keep, MoveImage, OutboxRow, StoreError, Theirs, Trouble, WriteBody, WriteState, body::json,
    draft, forget_refusals, row, rows, waiting_text,
};
use crate::{domain::Link, protocol::DraftKey, store::keep::journal};

impl Keep {
    /// Says of rows that the network is about to be asked. Gives those that may be sent: a row that was taken
    /// out or is stopped is not among them.
    ///
    /// # Errors
    /// When the disk refuses; nothing may be sent then.
    pub fn begin(&mut self, rows: &[i64]) -> Result<Vec<i64>, StoreError> {
        let transaction = self.conn.transaction()?;
        let mut begun = Vec::with_capacity(rows.len());
        {
            let mut update = transaction.prepare_cached(
                "UPDATE outbox SET state = 'sending' WHERE no = ?1 AND state IN ('written', 'sending')",
            )?;
            for no in rows {
                if update.execute([no])? > 0 {
                    begun.push(*no);
                }
            }
        }
        transaction.commit()?;
        Ok(begun)
    }

    /// Says of rows that a try was in vain: [`WriteState::Written`] when the server surely did not take them,
    /// [`WriteState::Sending`] when nobody knows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn in_vain(&mut self, rows: &[i64], state: WriteState, trouble: &Trouble) -> Result<(), StoreError> {
        let (state, trouble) = (state.to_string(), json(trouble)?);
        let transaction = self.conn.transaction()?;
        for no in rows {
            transaction
                .prepare_cached(
                    "UPDATE outbox SET state = ?2, tries = tries + 1, trouble = ?3
                     WHERE no = ?1 AND state = 'sending'",
                )?
                .execute(params![no, state, trouble])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Rows that the server took, each with the id of what it made of them, in one commit. Rows done more than a day
    /// ago leave.
    ///
    /// # Errors
    /// When the disk refuses; nothing is confirmed then.
    pub fn confirm(&mut self, taken: &[(&[i64], Option<&str>)], now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        for (rows, result) in taken {
            for no in *rows {
                transaction
                    .prepare_cached(
                        "UPDATE outbox SET state = 'done', result = ?2, trouble = NULL WHERE no = ?1",
                    )?
                    .execute(params![no, result])?;
            }
        }
        let yesterday = now.as_millisecond() - crate::domain::WINDOW_MS;
        // A note stays known for as long as it can be undone.
        transaction.execute(
            "DELETE FROM outbox WHERE state = 'done' AND intent < ?1
             AND (kind <> 'note' OR action IS NULL OR action NOT IN (SELECT no FROM action WHERE state = 'done'))",
            [yesterday],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// A row that the server refused, and why. The text of a note becomes a draft again in the same commit.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn refuse(&mut self, row: &OutboxRow, trouble: &Trouble, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        if let WriteBody::Note { text } = &row.body {
            draft_again(&transaction, &row.record, text, now)?;
        }
        transaction.execute(
            "UPDATE outbox SET state = 'refused', trouble = ?2, tries = tries + 1 WHERE no = ?1",
            params![row.no, json(trouble)?],
        )?;
        did_not_happen(&transaction, self.session, row)?;
        transaction.commit()?;
        Ok(())
    }

    /// Rows of one deal that are stopped, because someone else changed the same field: they become one, which
    /// waits for a decision.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stop(&mut self, rows: &[i64], theirs: &Theirs) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        let mut merged: Option<(MoveImage, MoveImage)> = None;
        for no in rows {
            let Some(OutboxRow { body: WriteBody::Move { before, after }, .. }) =
                row(&transaction, self.session, *no)?
            else {
                continue;
            };
            match &mut merged {
                None => merged = Some((before, after)),
                Some((first, all)) => MoveImage::join(first, all, (&before, &after)),
            }
        }
        if let (Some((before, after)), Some((last, others))) = (merged, rows.split_last()) {
            for no in others {
                transaction.execute("DELETE FROM outbox WHERE no = ?1", [no])?;
            }
            transaction.execute(
                "UPDATE outbox SET state = 'conflict', theirs = ?2 WHERE no = ?1",
                params![last, json(theirs)?],
            )?;
            rewrite(&transaction, self.session, *last, &WriteBody::Move { before, after })?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Ends a conflict: the deal is to become `after`, whatever they made of it. Gives the row as it is
    /// to be sent; none where there is nothing left to send, and the row is gone.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&mut self, no: i64, after: &MoveImage) -> Result<Option<OutboxRow>, StoreError> {
        let transaction = self.conn.transaction()?;
        let stopped = row(&transaction, self.session, no)?.filter(|row| row.state == WriteState::Conflict);
        let Some(OutboxRow { body: WriteBody::Move { before, after: mine }, theirs: Some(theirs), .. }) =
            stopped
        else {
            return Ok(None);
        };
        let Theirs { image: theirs, at, .. } = theirs;
        let mut after = after.clone();
        if before.stage == mine.stage && after.stage == mine.stage {
            // The stage was never part of the change: it is not put back to what the user saw.
            after.stage.clone_from(&theirs.stage);
        }
        let mut whole = theirs.clone();
        whole.overlay(&after);
        whole.clears = Clears::NONE;
        if whole == theirs {
            transaction.execute("DELETE FROM outbox WHERE no = ?1", [no])?;
        } else {
            transaction.execute(
                "UPDATE outbox SET state = 'written', based = ?2, theirs = NULL, tries = 0 WHERE no = ?1",
                params![no, at],
            )?;
            let body = WriteBody::Move { before: theirs, after };
            rewrite(&transaction, self.session, no, &body)?;
        }
        transaction.commit()?;
        row(&self.conn, self.session, no)
    }

    /// Forgets that notes on a record were refused: their draft was thrown away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_refusals(&self, record: &Link) -> Result<(), StoreError> {
        forget_refusals(&self.conn, record, "note")
    }
}

/// Puts a text back among the drafts, above what was typed since.
pub(super) fn draft_again(
    conn: &Connection,
    record: &Link,
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = match waiting_text(conn, record)? {
        Some(newer) if newer != text => format!("{text}\n\n{newer}"),
        _ => text.to_owned(),
    };
    draft::save(conn, &DraftKey::Note(record.clone()), &text, now)
}

/// A move did not happen: the next one of the same deal begins where this one did.
pub(super) fn did_not_happen(conn: &Connection, session: i64, gone: &OutboxRow) -> Result<(), StoreError> {
    let WriteBody::Move { before, after } = &gone.body else { return Ok(()) };
    let later =
        "WHERE kind = 'move' AND state IN ('written', 'sending', 'conflict') AND record = ?1 AND no > ?2
                 ORDER BY place, no LIMIT 1";
    let next = rows(conn, session, later, params![gone.record.id.as_str(), gone.no])?.pop();
    if let Some(OutboxRow { no, body: WriteBody::Move { before: mut based, after: mut next }, .. }) = next {
        let stays = next.stage == based.stage;
        based.without(before, after);
        if stays {
            next.stage.clone_from(&based.stage);
        }
        rewrite(conn, session, no, &WriteBody::Move { before: based, after: next })?;
    }
    Ok(())
}

/// Replaces what a row says, in the journal too.
pub(super) fn rewrite(conn: &Connection, session: i64, no: i64, body: &WriteBody) -> Result<(), StoreError> {
    conn.execute("UPDATE outbox SET body = ?2 WHERE no = ?1", params![no, json(body)?])?;
    conn.execute("DELETE FROM change WHERE sent = ?1", [no])?;
    match row(conn, session, no)? {
        Some(row) => journal::wrote(conn, no, &row.record, body, row.intent),
        None => Ok(()),
    }
}
