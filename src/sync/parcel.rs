//! What leaves the outbox, and when. No I/O, no clock.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    domain::{Link, RecordId},
    protocol::WriteId,
    store::keep::{MoveImage, OutboxRow, WriteBody, WriteState},
};

/// Rows of the outbox that leave as one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// Their numbers.
    pub rows: Vec<i64>,
    /// What the app calls them.
    pub writes: Vec<WriteId>,
    /// The record that is written, or that the note goes on.
    pub record: Link,
    /// What is sent.
    pub load: Load,
    /// When the user last asked for it.
    pub intent: Timestamp,
    /// It was sent before and nobody knows what became of it.
    pub lost: bool,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// Fields of a deal; none when it is back where it was.
    Move(Map<String, Value>),
    /// A note.
    Note(String),
}

/// The parcels that may leave now, and when to look again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Due {
    /// In the order of writing.
    pub now: Vec<Parcel>,
    /// When the next one may leave; none when nothing waits for the clock.
    pub next: Option<Timestamp>,
}

/// What is due of an outbox at `now`.
///
/// Moves of one deal that are not sent become one parcel, which is held back until `hold` after the last of
/// them: whoever carries a deal over three stages means the third. Records whose earlier parcel is on its way
/// wait for it, as do those in `not_before` for their time.
#[must_use]
pub fn due(
    rows: &[OutboxRow],
    now: Timestamp,
    hold: SignedDuration,
    on_the_way: &[i64],
    not_before: &HashMap<RecordId, Timestamp>,
) -> Due {
    let mut due = Due::default();
    let mut moves: Vec<Vec<&OutboxRow>> = Vec::new();
    for row in rows.iter().filter(|row| !on_the_way.contains(&row.no)) {
        match &row.body {
            WriteBody::Note { text } => due.now.push(Parcel {
                rows: vec![row.no],
                writes: vec![row.write],
                record: row.record.clone(),
                load: Load::Note(text.clone()),
                intent: row.intent,
                lost: row.state == WriteState::Sending,
            }),
            WriteBody::Move { .. } => {
                match moves.iter_mut().find(|group| group[0].record.id == row.record.id) {
                    Some(group) => group.push(row),
                    None => moves.push(vec![row]),
                }
            }
        }
    }
    let moving = |id: &RecordId| {
        let is_this = |row: &&OutboxRow| row.record.id == *id && matches!(row.body, WriteBody::Move { .. });
        rows.iter().filter(|row| on_the_way.contains(&row.no)).any(|row| is_this(&row))
    };
    for group in moves {
        let Some(parcel) = of_moves(&group).filter(|parcel| !moving(&parcel.record.id)) else { continue };
        let ready = parcel.intent.saturating_add(hold).unwrap_or(Timestamp::MAX);
        if ready > now && !parcel.lost {
            due.wait_for(ready);
        } else {
            due.now.push(parcel);
        }
    }
    let (ready, waiting) = std::mem::take(&mut due.now)
        .into_iter()
        .partition(|parcel: &Parcel| not_before.get(&parcel.record.id).is_none_or(|time| *time <= now));
    due.now = ready;
    for parcel in waiting {
        due.wait_for(not_before[&parcel.record.id]);
    }
    due.now.sort_by_key(|parcel| parcel.rows[0]);
    due
}

impl Due {
    fn wait_for(&mut self, time: Timestamp) {
        self.next = Some(self.next.map_or(time, |next| next.min(time)));
    }
}

fn of_moves(group: &[&OutboxRow]) -> Option<Parcel> {
    let (first, last) = (group.first()?, group.last()?);
    let WriteBody::Move { before, .. } = &first.body else { return None };
    let mut after = before.clone();
    for row in group {
        if let WriteBody::Move { after: step, .. } = &row.body {
            after.stage.clone_from(&step.stage);
            after.amount = step.amount.or(after.amount);
            after.closing = step.closing.clone().or(after.closing);
        }
    }
    let lost = group.iter().any(|row| row.state == WriteState::Sending);
    Some(Parcel {
        rows: group.iter().map(|row| row.no).collect(),
        writes: group.iter().map(|row| row.write).collect(),
        record: last.record.clone(),
        load: Load::Move(changed(before, &after, lost)),
        intent: last.intent,
        lost,
    })
}

/// The fields that differ; the stage in any case when nobody knows what the server made of an earlier try.
fn changed(before: &MoveImage, after: &MoveImage, lost: bool) -> Map<String, Value> {
    let mut fields = Map::new();
    if before.stage != after.stage || lost {
        fields.insert("Stage".to_owned(), after.stage.clone().into());
    }
    if let Some(amount) = after.amount.filter(|amount| before.amount != Some(*amount) || lost) {
        let number = serde_json::from_str(&amount.to_string()).unwrap_or(Value::Null);
        fields.insert("Amount".to_owned(), number);
    }
    if let Some(closing) =
        after.closing.as_ref().filter(|closing| before.closing.as_ref() != Some(*closing) || lost)
    {
        fields.insert("Closing_Date".to_owned(), closing.clone().into());
    }
    fields
}

/// A note as the server has it, for telling whether it is the one whose answer was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenNote {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Who wrote it.
    pub author: Option<RecordId>,
    /// When.
    pub created: Option<Timestamp>,
}

/// The note on the server that a parcel may have become: by `me`, with the same text, not written before the
/// user asked for it, and not one that an earlier parcel is known to have become.
#[must_use]
pub fn became<'a>(
    seen: &'a [SeenNote],
    text: &str,
    me: &RecordId,
    intent: Timestamp,
    taken: &[String],
) -> Option<&'a SeenNote> {
    let from = intent.saturating_sub(super::plan::SLACK).unwrap_or(Timestamp::MIN);
    let same = |note: &&SeenNote| {
        normal(&note.text) == normal(text)
            && note.author.as_ref().is_none_or(|author| author == me)
            && note.created.is_none_or(|created| created >= from)
            && !taken.contains(&note.id)
    };
    seen.iter().filter(same).min_by_key(|note| note.created)
}

/// A text without what services change on the way: line ends, and blanks around it.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

#[cfg(test)]
mod tests;
