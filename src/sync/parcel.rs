//! What leaves the outbox, and when. No I/O, no clock.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{Link, Module, RecordId},
    protocol::WriteId,
    store::keep::{MoveImage, OutboxRow, WriteBody, WriteState, same_note},
};

/// Records that one call writes at most.
///
/// <https://www.bigin.com/developer/docs/apis/v2/update-records.html>
pub const MOST: usize = 100;

/// Rows of the outbox that leave as one change.
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
    /// A deal changes.
    Move {
        /// What the user saw.
        before: MoveImage,
        /// What it becomes.
        after: MoveImage,
    },
    /// A note.
    Note(String),
    /// A note that goes.
    Removal {
        /// Its id.
        note: String,
        /// What it says.
        text: String,
    },
}

/// The parcels that may leave now, and when to look again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Due {
    /// In the order of sending.
    pub now: Vec<Parcel>,
    /// When the next one may leave; none when nothing waits for the clock.
    pub next: Option<Timestamp>,
}

/// What of the outbox is on its way, or has to wait.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Rows on their way.
    pub rows: Vec<i64>,
    /// Records that wait for a time.
    pub not_before: HashMap<RecordId, Timestamp>,
    /// Rows that were refused together with others, and leave by themselves so that each has its own answer.
    pub apart: BTreeSet<i64>,
}

/// What is due of an outbox at `now`, which is in the order of sending.
///
/// Of each record only what comes first may leave: moves that follow each other as one parcel, or notes that
/// follow each other. Moves are held back until `hold` after the last of them, for whoever carries a deal over
/// three stages means the third; no longer than until something else of the record follows. Records with
/// something on its way wait for it, as do those that wait for a time. What was sent and whose answer was lost
/// leaves alone, as does what was refused together with others. Moves of a deal that waits for a decision wait for it too; notes on it do not.
#[must_use]
pub fn due(rows: &[OutboxRow], now: Timestamp, hold: SignedDuration, held: &Held) -> Due {
    let mut records: Vec<Vec<&OutboxRow>> = Vec::new();
    let mut place: HashMap<(Module, &RecordId), usize> = HashMap::new();
    for row in rows {
        let at = *place.entry((row.record.module, &row.record.id)).or_insert_with(|| {
            records.push(Vec::new());
            records.len() - 1
        });
        records[at].push(row);
    }
    let mut due = Due::default();
    for rows in records {
        if rows.iter().any(|row| held.rows.contains(&row.no)) {
            continue;
        }
        let rows = unblocked(&rows);
        let Some(first) = rows.first() else { continue };
        if let Some(time) = held.not_before.get(&first.record.id).filter(|time| **time > now) {
            due.wait_for(*time);
            continue;
        }
        let run = run(&rows, &held.apart);
        if !is_move(first) {
            due.now.extend(run.iter().filter_map(|row| of_rows(&[row])));
            continue;
        }
        let Some(parcel) = of_rows(run) else { continue };
        let ready = parcel.intent.saturating_add(hold).unwrap_or(Timestamp::MAX);
        if ready > now && !parcel.lost && run.len() == rows.len() {
            due.wait_for(ready);
        } else {
            due.now.push(parcel);
        }
    }
    due
}

/// Parcels by the calls that they leave in, each of one kind and at most [`MOST`]: `key` tells which parcels
/// may share a call; none goes alone. What does not fit waits for the next time.
#[must_use]
pub fn pack<K: PartialEq>(
    parcels: Vec<Parcel>,
    key: impl Fn(&Parcel) -> Option<K>,
) -> Vec<(Option<K>, Vec<Parcel>)> {
    let mut calls: Vec<(Option<K>, Vec<Parcel>)> = Vec::new();
    for parcel in parcels {
        let key = key(&parcel);
        match calls.iter_mut().find(|(other, _)| key.is_some() && *other == key) {
            Some((_, call)) if call.len() < MOST => call.push(parcel),
            Some(_) => {}
            None => calls.push((key, vec![parcel])),
        }
    }
    calls
}

/// The rows of a record that may leave: none that waits for a decision, and no move after one.
fn unblocked<'a>(rows: &[&'a OutboxRow]) -> Vec<&'a OutboxRow> {
    let stopped = rows.iter().position(|row| row.state == WriteState::Conflict).unwrap_or(rows.len());
    let may = |(at, row): &(usize, &&'a OutboxRow)| {
        row.state != WriteState::Conflict && (*at < stopped || !is_move(row))
    };
    rows.iter().enumerate().filter(may).map(|(_, row)| *row).collect()
}

/// The first rows that leave together.
fn run<'a, 'b>(rows: &'b [&'a OutboxRow], apart: &BTreeSet<i64>) -> &'b [&'a OutboxRow] {
    let Some(first) = rows.first() else { return rows };
    let lost = first.state == WriteState::Sending;
    let alike = |row: &OutboxRow| {
        is_move(row) == is_move(first)
            && (row.state == WriteState::Sending) == lost
            && !apart.contains(&row.no)
    };
    let end = 1 + rows[1..].iter().position(|row| !alike(row)).unwrap_or(rows.len() - 1);
    if (lost && !is_move(first)) || apart.contains(&first.no) { &rows[..1] } else { &rows[..end] }
}

const fn is_move(row: &OutboxRow) -> bool {
    matches!(row.body, WriteBody::Move { .. })
}

impl Due {
    fn wait_for(&mut self, time: Timestamp) {
        self.next = Some(self.next.map_or(time, |next| next.min(time)));
    }
}

fn of_rows(rows: &[&OutboxRow]) -> Option<Parcel> {
    let (first, last) = (rows.first()?, rows.last()?);
    let load = match &first.body {
        WriteBody::Note { text } => Load::Note(text.clone()),
        WriteBody::Removal { note, text } => Load::Removal { note: note.clone(), text: text.clone() },
        WriteBody::Move { before, after } => {
            let (mut before, mut all) = (before.clone(), after.clone());
            for row in rows.iter().skip(1) {
                if let WriteBody::Move { before: seen, after } = &row.body {
                    MoveImage::join(&mut before, &mut all, (seen, after));
                }
            }
            Load::Move { before, after: all }
        }
    };
    Some(Parcel {
        rows: rows.iter().map(|row| row.no).collect(),
        writes: rows.iter().map(|row| row.write).collect(),
        record: last.record.clone(),
        load,
        intent: last.intent,
        lost: first.state == WriteState::Sending,
    })
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
        same_note(&note.text, text)
            && note.author.as_ref().is_none_or(|author| author == me)
            && note.created.is_none_or(|created| created >= from)
            && !taken.contains(&note.id)
    };
    seen.iter().filter(same).min_by_key(|note| note.created)
}

#[cfg(test)]
mod tests;
