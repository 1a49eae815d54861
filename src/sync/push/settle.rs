//! What the verdict on a parcel does to the outbox, the mirror and the screen.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Pusher,
    send::{Setback, Verdict, doing},
};
use crate::{
    domain::{Module, RecordId},
    protocol::{Event, Failure, OutboxState},
    store::{
        Store, StoreError,
        keep::{Theirs, Trouble, WriteState},
    },
    sync::{
        conflict, failure,
        parcel::{Load, Parcel},
    },
};

/// Shows the outbox over the mirror.
pub(super) fn show(store: &mut Store, now: Timestamp) -> Result<OutboxState, StoreError> {
    let outbox = store.keep.outbox()?;
    if store.mirror.catalog().is_some() {
        store.mirror.show_pending(&outbox, now)?;
    }
    store.keep.outbox_state()
}

impl Pusher {
    /// Does what the verdicts on the parcels of a call say, and tells of each. Says whether the databases have it.
    pub(super) async fn settle(&self, landed: Vec<(Parcel, Verdict)>) -> bool {
        let now = self.client.clock().now();
        let landed: Vec<(Parcel, Verdict)> = landed.into_iter().map(apart).collect();
        let mut ends = Vec::new();
        for (parcel, verdict) in &landed {
            let writes = parcel.writes.iter().copied();
            match verdict {
                Verdict::Done { .. } => ends.extend(writes.map(|write| Event::Confirmed { write })),
                Verdict::Refused(failure) => {
                    ends.extend(writes.map(|write| Event::Refused { write, failure: failure.clone() }));
                }
                Verdict::Clash(theirs) => {
                    let failure = clash(parcel, theirs);
                    ends.extend(writes.map(|write| Event::Clashed { write, failure: failure.clone() }));
                }
                Verdict::Later(_) | Verdict::Lost(_) => continue,
            }
            self.mine.heard(&parcel.rows);
        }
        let in_vain = landed.iter().any(|(_, verdict)| verdict.setback().is_some());
        let done = self.desk.read(move |store| note_down(store, &landed, now)).await;
        let noted = done.is_ok();
        match done {
            Ok(state) if ends.is_empty() => (self.report)(Event::Outbox(state)),
            done => self.tell(done),
        }
        ends.into_iter().for_each(|end| (self.report)(end));
        if in_vain {
            self.line.ring_trouble();
        }
        noted
    }

    pub(super) fn tell(&self, done: Result<OutboxState, StoreError>) {
        (self.report)(Event::Changed);
        match done {
            Ok(state) => (self.report)(Event::Outbox(state)),
            Err(error) => {
                let failure = failure::of_store("note what became of a write", &error, "");
                (self.report)(Event::Failed { key: crate::protocol::JobKey::Outbox, generation: 0, failure });
            }
        }
    }
}

/// Which of several rows was refused is known when each was sent by itself.
fn apart((parcel, verdict): (Parcel, Verdict)) -> (Parcel, Verdict) {
    match verdict {
        Verdict::Refused(failure) if parcel.rows.len() > 1 => {
            (parcel, Verdict::Later(Setback { what: failure.what.to_string(), retry_at: None }))
        }
        verdict => (parcel, verdict),
    }
}

fn trouble(failure: &Failure) -> Trouble {
    Trouble { what: failure.what.to_string(), way_on: failure.way_on.to_string() }
}

/// What is said of a write that someone else was quicker than.
fn clash(parcel: &Parcel, theirs: &Theirs) -> Failure {
    let who = theirs.by.as_deref().unwrap_or("someone else");
    let what = format!("{who} changed it on the server meanwhile");
    failure::plain(&doing(parcel), &what, "Nothing was sent. gu asks which of the two is to be.")
}

/// Writes down how far the parcels of a call have come.
///
/// What the server has comes into the mirror first, then its rows leave the outbox: after a crash between the two the
/// rows are looked for and found, while the other way round the user would go on from a value that the server does
/// not have any more. Texts of what it will not have are drafts again, and the screen shows what it said before.
fn note_down(
    store: &mut Store,
    landed: &[(Parcel, Verdict)],
    now: Timestamp,
) -> Result<OutboxState, StoreError> {
    let mut taken = Vec::new();
    for (parcel, verdict) in landed {
        if let Verdict::Done { id, at } = verdict {
            take_in(store, parcel, id.as_ref(), *at, now)?;
            taken.push((parcel.rows.as_slice(), id.as_ref().map(RecordId::as_str)));
        }
    }
    if !taken.is_empty() {
        store.mirror.commit();
        store.keep.confirm(&taken, now)?;
    }
    let mut in_vain = 0;
    for (parcel, verdict) in landed {
        match verdict {
            Verdict::Done { .. } => {}
            Verdict::Refused(failure) => {
                for no in &parcel.rows {
                    if let Some(row) = store.keep.outbox_row(*no)? {
                        store.keep.refuse(&row, &trouble(failure), now)?;
                    }
                }
            }
            Verdict::Clash(theirs) => store.keep.stop(&parcel.rows, theirs)?,
            Verdict::Later(setback) | Verdict::Lost(setback) => {
                in_vain += 1;
                let (state, way_on) = match verdict {
                    Verdict::Lost(_) => {
                        (WriteState::Sending, "It may have arrived: Bigin is asked before it is sent again.")
                    }
                    _ => (WriteState::Written, "It is sent again by itself."),
                };
                let trouble = Trouble { what: setback.what.clone(), way_on: way_on.to_owned() };
                store.keep.in_vain(&parcel.rows, state, &trouble)?;
            }
        }
    }
    if in_vain == landed.len() { store.keep.outbox_state() } else { show(store, now) }
}

/// What the rows said is what the server says.
fn take_in(
    store: &mut Store,
    parcel: &Parcel,
    id: Option<&RecordId>,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match (&parcel.load, id) {
        (Load::Move { before, after }, _) => {
            let mut fields = conflict::changed(before, after);
            if fields.is_empty() {
                return Ok(());
            }
            if let Some(at) = at {
                fields.insert("Modified_Time".to_owned(), at.to_string().into());
            }
            store.mirror.amend(parcel.record.module, parcel.record.id.as_str(), &fields, now)
        }
        (Load::Note(text), Some(id)) => {
            let note = note(store, parcel, text, id.as_str(), &at.unwrap_or(now).to_string());
            store.mirror.apply(Module::Notes, &[note], None, now).map(drop)
        }
        (Load::Note(_), None) => Ok(()),
        (Load::Removal { note, .. }, _) => {
            store.mirror.forget(Module::Notes, std::slice::from_ref(note), None, now).map(drop)
        }
    }
}

/// A note as the server would list it.
fn note(store: &Store, parcel: &Parcel, text: &str, id: &str, time: &str) -> Map<String, Value> {
    let catalog = store.mirror.catalog();
    let me = catalog.as_ref().and_then(|catalog| catalog.users.iter().find(|user| user.id == catalog.me));
    let author = me.map(|me| json!({ "id": me.id.as_str(), "name": me.name }));
    let parent = json!({
        "id": parcel.record.id.as_str(),
        "module": { "api_name": parcel.record.module.api_name() },
    });
    let fields = [
        ("id", json!(id)),
        ("Note_Title", Value::Null),
        ("Note_Content", json!(text)),
        ("Parent_Id", parent),
        ("Created_By", json!(author)),
        ("Created_Time", json!(time)),
        ("Modified_Time", json!(time)),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
