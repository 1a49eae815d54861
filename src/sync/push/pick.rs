//! Which parcels leave next, and how. Runs where the databases are, and leaves nothing undecided behind: what
//! is picked is marked before it is handed out.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::Module,
    store::{Store, StoreError, keep::MoveImage},
    sync::{
        conflict::{self, Judgement},
        parcel::{self, Held, Load, Parcel},
        since_key,
    },
    tables::Record,
};

/// One call, or one record that has to be looked at first.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shipment {
    /// Nothing is to be sent: the server has it.
    There(Parcel),
    /// The server is asked what it has before anything is sent.
    Look(Parcel),
    /// Deals that change, unless they changed on the server after this time.
    Moves(Vec<Parcel>, Option<Timestamp>),
    /// Notes.
    Notes(Vec<Parcel>),
}

impl Shipment {
    /// The rows of the outbox in it.
    pub(super) fn rows(&self) -> Vec<i64> {
        let parcels = match self {
            Self::There(parcel) | Self::Look(parcel) => std::slice::from_ref(parcel),
            Self::Moves(parcels, _) | Self::Notes(parcels) => parcels,
        };
        parcels.iter().flat_map(|parcel| parcel.rows.clone()).collect()
    }
}

/// What may share a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Moves(Module, Option<Timestamp>),
    Notes,
}

/// What is picked, and when to look again.
#[derive(Debug, Default)]
pub(super) struct Picked {
    pub shipments: Vec<Shipment>,
    pub next: Option<Timestamp>,
}

/// Picks up to `room` shipments, and marks their rows as sent.
pub(super) fn pick(
    store: &mut Store,
    now: Timestamp,
    hold: SignedDuration,
    held: &Held,
    room: usize,
) -> Result<Picked, StoreError> {
    if room == 0 {
        return Ok(Picked::default());
    }
    let rows = store.keep.outbox()?;
    let mut due = parcel::due(&rows, now, hold, held);
    // However much waits, no more is looked at than may leave.
    due.now.truncate(room * parcel::MOST);
    let mut stands = HashMap::new();
    for parcel in &due.now {
        if let Load::Move { before, after } = &parcel.load {
            stands.insert(parcel.rows[0], stand(store, parcel, before, after)?);
        }
    }
    let calls = parcel::pack(due.now, |parcel| match (&parcel.load, stands.get(&parcel.rows[0])) {
        (Load::Note(_), _) => (!parcel.lost).then_some(Kind::Notes),
        (Load::Move { .. }, Some(Stand::As(time))) => Some(Kind::Moves(parcel.record.module, *time)),
        (Load::Move { .. } | Load::Removal { .. }, _) => None,
    });
    let mut picked = Picked { next: due.next, ..Picked::default() };
    for (kind, mut parcels) in calls.into_iter().take(room) {
        let all: Vec<i64> = parcels.iter().flat_map(|parcel| parcel.rows.clone()).collect();
        let begun = store.keep.begin(&all)?;
        // A row that another program has just taken out leaves its parcel for the next time.
        parcels.retain(|parcel| parcel.rows.iter().all(|row| begun.contains(row)));
        let Some(first) = parcels.first() else { continue };
        picked.shipments.push(match (kind, stands.get(&first.rows[0])) {
            (Some(Kind::Moves(_, time)), _) => Shipment::Moves(parcels, time),
            (Some(Kind::Notes), _) => Shipment::Notes(parcels),
            (None, Some(Stand::There)) => Shipment::There(parcels.remove(0)),
            (None, _) => Shipment::Look(parcels.remove(0)),
        });
    }
    Ok(picked)
}

/// What the mirror says of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// The record is as the user saw it; whatever changed after this time is not known here.
    As(Option<Timestamp>),
    /// The server has it already.
    There,
    /// It was lost, or someone else changed the same field.
    Doubtful,
}

fn stand(store: &Store, parcel: &Parcel, before: &MoveImage, after: &MoveImage) -> Result<Stand, StoreError> {
    if parcel.lost {
        return Ok(Stand::Doubtful);
    }
    let told = store.mirror.told(&parcel.record)?.unwrap_or_default();
    let Some(theirs) = conflict::image(&told) else {
        // The mirror does not have the deal: only the server can tell.
        let nothing = conflict::changed(before, after).is_empty();
        return Ok(if nothing { Stand::There } else { Stand::As(None) });
    };
    Ok(match conflict::judge(before, after, &theirs) {
        Judgement::There => Stand::There,
        Judgement::Clash => Stand::Doubtful,
        Judgement::Send(_) => {
            let asked = store.mirror.mark(&since_key(parcel.record.module))?;
            let asked: Option<Timestamp> = asked.and_then(|text| text.parse().ok());
            Stand::As(modified(&told).max(asked))
        }
    })
}

/// When a record last changed.
pub(super) fn modified(record: &Record) -> Option<Timestamp> {
    record.get("Modified_Time")?.as_str()?.parse().ok()
}
