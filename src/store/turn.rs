//! Undoing and redoing what the user did: writes like any other, from what is there now.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{
    Store, StoreError,
    keep::{Action, Change, Clears, MoveImage, NewWrite, OutboxRow, WriteBody, changed_fields, same_note},
};
use crate::{
    domain::{Link, SafeText},
    protocol::{Undoing, WriteId},
};

/// Lines of a record's history among which the one is looked for that stands in the way.
const LOOKED_AT: u32 = 100;

/// What became of an order to turn the last action.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was turned, in words; none where nothing could be.
    pub words: Option<SafeText>,
    /// Writes that had not left and are taken back.
    pub withdrawn: Vec<OutboxRow>,
    /// Records that were written or taken back.
    pub records: Vec<Link>,
    /// Why records stay as they are, in words.
    pub kept: Vec<SafeText>,
    /// Nothing could be turned yet: it is worth another try.
    pub later: bool,
}

/// What one record of an action takes.
enum Way {
    /// Its write has not left: it is taken back.
    Withdraw(i64),
    /// It is written.
    Write(WriteBody),
    /// It stays as it is, for this reason.
    Keep(String),
    /// It is just being sent: it can be turned when that is over.
    Later(&'static str),
}

impl Store {
    /// Turns the action that is undone or redone next. A record whose fields are no longer as the action left
    /// them stays as it is; an action of which nothing can be turned is passed over. None where there is
    /// nothing to turn. New writes are named from `write` on.
    ///
    /// # Errors
    /// When either file refuses; nothing is changed then.
    pub fn turn(
        &mut self,
        turn: Undoing,
        mut write: WriteId,
        now: Timestamp,
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(action) = self.keep.next_action(turn)? else { return Ok(None) };
        let mut outcome = Outcome {
            words: None,
            withdrawn: Vec::new(),
            records: Vec::new(),
            kept: Vec::new(),
            later: false,
        };
        let (mut unsent, mut writes, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (record, body) in &action.steps {
            // What the server refused never happened.
            if self.keep.is_refused(action.no, record)? {
                continue;
            }
            match self.way(turn, &action, record, body)? {
                Way::Withdraw(no) => unsent.push(no),
                Way::Write(body) => {
                    let based_on = self.mirror.modified(record)?;
                    writes.push(NewWrite { write, record: record.clone(), body, based_on });
                    write += 1;
                }
                Way::Keep(reason) => {
                    outcome.kept.push(SafeText::new(&format!("{}: {reason}", record.name)));
                    continue;
                }
                Way::Later(reason) => {
                    outcome.later = true;
                    outcome.kept.push(SafeText::new(&format!("{}: {reason}", record.name)));
                    continue;
                }
            }
            outcome.records.push(record.clone());
            done.push((record, body));
        }
        if done.is_empty() {
            if !outcome.later {
                self.keep.pass_over(action.no)?;
            }
            return Ok(Some(outcome));
        }
        outcome.withdrawn = self.keep.turn(action.no, turn, &unsent, &writes, now)?;
        outcome.words = Some(self.told(turn, &done));
        Ok(Some(outcome))
    }

    /// What to do with one record of an action.
    fn way(
        &self,
        turn: Undoing,
        action: &Action,
        record: &Link,
        body: &WriteBody,
    ) -> Result<Way, StoreError> {
        let unsent = self.keep.unsent_of(action.no, record)?;
        match (body, turn) {
            (WriteBody::Note { .. } | WriteBody::Removal { .. }, _) if unsent.is_some() => {
                Ok(unsent.map_or(Way::Later("it is on its way"), Way::Withdraw))
            }
            (WriteBody::Note { .. } | WriteBody::Removal { .. }, _)
                if self.keep.is_under_way(action.no, record)? =>
            {
                Ok(Way::Later("the note is just on its way"))
            }
            (WriteBody::Note { text } | WriteBody::Removal { text, .. }, Undoing::Undo) => {
                let Some(note) = self.keep.note_of(action.no, record)? else {
                    return Ok(Way::Keep("the note is not known any more; delete it in Bigin".to_owned()));
                };
                match self.mirror.note_text(&note)? {
                    Some(there) if !same_note(&there, text) => {
                        Ok(Way::Keep("somebody edited the note since; it stays".to_owned()))
                    }
                    _ => Ok(Way::Write(WriteBody::Removal { note, text: text.clone() })),
                }
            }
            (WriteBody::Note { text } | WriteBody::Removal { text, .. }, Undoing::Redo) => {
                Ok(Way::Write(WriteBody::Note { text: text.clone() }))
            }
            (WriteBody::Move { before, after }, _) => {
                let (from, to) = match turn {
                    Undoing::Undo => (after, before),
                    Undoing::Redo => (before, after),
                };
                let Some(now) = self.mirror.image(record)? else {
                    return Ok(Way::Keep("the deal is not here any more".to_owned()));
                };
                if let Some(reason) = self.moved_since(record, body, from, &now)? {
                    return Ok(Way::Keep(reason));
                }
                if let Some(no) = unsent {
                    return Ok(Way::Withdraw(no));
                }
                let body = WriteBody::Move { after: back(before, after, to, &now), before: now };
                Ok(match changed_fields(&body).first() {
                    Some(_) => Way::Write(body),
                    None => Way::Keep("it is so already".to_owned()),
                })
            }
        }
    }

    /// Why a deal cannot be turned: a field of the action is no longer as it was left, who changed it and when.
    fn moved_since(
        &self,
        record: &Link,
        body: &WriteBody,
        from: &MoveImage,
        now: &MoveImage,
    ) -> Result<Option<String>, StoreError> {
        let same = |field: &str| match field {
            "Stage" => now.stage == from.stage,
            "Amount" => now.amount == from.amount,
            _ => now.closing == from.closing,
        };
        let Some((field, ..)) = changed_fields(body).into_iter().find(|(field, ..)| !same(field)) else {
            return Ok(None);
        };
        let history = self.keep.history(record, LOOKED_AT)?;
        let Some(change) = history.iter().find(|change| change.field == field) else {
            return Ok(Some(format!("{} is another by now", field.replace('_', " "))));
        };
        let line = self.mirror.in_words(change);
        let by = if line.by.as_str().is_empty() { "somebody" } else { line.by.as_str() };
        let when = self.mirror.when(line.at);
        Ok(Some(format!("{by} changed {} to {} on {when}", line.label, line.after)))
    }

    /// What was turned, in words: `Northwind renewal  Proposal → Qualification`.
    fn told(&self, turn: Undoing, done: &[(&Link, &WriteBody)]) -> SafeText {
        let mut words = match done {
            [(record, _)] => record.name.to_string(),
            all => format!("{} records", all.len()),
        };
        let first = done.first().and_then(|(record, body)| {
            let (field, before, after) = changed_fields(body).into_iter().next()?;
            let (before, after) = if turn == Undoing::Undo { (after, before) } else { (before, after) };
            let (record, field) = ((*record).clone(), field.to_owned());
            let change =
                Change { record, field, before, after, at: Timestamp::UNIX_EPOCH, person: None, here: true };
            Some(self.mirror.in_words(&change))
        });
        // Writing to a String cannot fail.
        let _ = match first {
            Some(line) if done.len() == 1 => write!(words, "  {} → {}", line.before, line.after),
            Some(line) => write!(words, " to {}", line.after),
            None => write!(words, "  note"),
        };
        SafeText::new(&words)
    }
}

/// What a deal becomes when the fields that changed from `before` to `after` get the values of `to`: a field that
/// was empty there is emptied.
fn back(before: &MoveImage, after: &MoveImage, to: &MoveImage, now: &MoveImage) -> MoveImage {
    let stage = if before.stage == after.stage { &now.stage } else { &to.stage };
    let amount = after.amount != before.amount && (after.amount.is_some() || after.clears.amount);
    let closing = after.closing != before.closing && (after.closing.is_some() || after.clears.closing);
    MoveImage {
        stage: stage.clone(),
        amount: to.amount.filter(|_| amount),
        closing: to.closing.clone().filter(|_| closing),
        clears: Clears { amount: amount && to.amount.is_none(), closing: closing && to.closing.is_none() },
    }
}

#[cfg(test)]
mod tests;
