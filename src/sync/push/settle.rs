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
    /// Does what a verdict says, and tells of it. Says whether the databases have it.
    pub(super) async fn settle(&self, parcel: Parcel, verdict: Verdict) -> bool {
        let now = self.client.clock().now();
        let writes = parcel.writes.clone();
        let again = match verdict {
            Verdict::Later(_) | Verdict::Lost(_) => true,
            Verdict::Refused(_) => parcel.rows.len() > 1,
            Verdict::Done { .. } | Verdict::Clash(_) => false,
        };
        if !again {
            self.mine.heard(&parcel.rows);
        }
        match verdict {
            Verdict::Done { id, at } => {
                let done = self.desk.read(move |store| confirm(store, &parcel, id.as_ref(), at, now)).await;
                let noted = done.is_ok();
                self.tell(done);
                for write in writes {
                    (self.report)(Event::Confirmed { write });
                }
                noted
            }
            Verdict::Refused(failure) if parcel.rows.len() > 1 => {
                // Which of them is refused is known when each was sent by itself.
                let setback = Setback { what: failure.what.to_string(), retry_at: None };
                self.in_vain(parcel, WriteState::Written, setback).await
            }
            Verdict::Refused(failure) => {
                let trouble = trouble(&failure);
                let done = self.desk.read(move |store| refuse(store, &parcel.rows, &trouble, now)).await;
                let noted = done.is_ok();
                self.tell(done);
                for write in writes {
                    (self.report)(Event::Refused { write, failure: failure.clone() });
                }
                noted
            }
            Verdict::Clash(theirs) => {
                let failure = clash(&parcel, &theirs);
                let done = self.desk.read(move |store| {
                    store.keep.stop(&parcel.rows, &theirs)?;
                    show(store, now)
                });
                let done = done.await;
                let noted = done.is_ok();
                self.tell(done);
                for write in writes {
                    (self.report)(Event::Clashed { write, failure: failure.clone() });
                }
                noted
            }
            Verdict::Later(setback) => self.in_vain(parcel, WriteState::Written, setback).await,
            Verdict::Lost(setback) => self.in_vain(parcel, WriteState::Sending, setback).await,
        }
    }

    async fn in_vain(&self, parcel: Parcel, state: WriteState, setback: Setback) -> bool {
        let way_on = match state {
            WriteState::Sending => "It may have arrived: Bigin is asked before it is sent again.",
            _ => "It is sent again by itself.",
        };
        let trouble = Trouble { what: setback.what, way_on: way_on.to_owned() };
        let noted = self.desk.read(move |store| {
            store.keep.in_vain(&parcel.rows, state, &trouble)?;
            store.keep.outbox_state()
        });
        if let Ok(state) = noted.await {
            (self.report)(Event::Outbox(state));
        }
        self.line.ring_trouble();
        // It waits for its next try in any case.
        true
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

fn trouble(failure: &Failure) -> Trouble {
    Trouble { what: failure.what.to_string(), way_on: failure.way_on.to_string() }
}

/// What is said of a write that someone else was quicker than.
fn clash(parcel: &Parcel, theirs: &Theirs) -> Failure {
    let who = theirs.by.as_deref().unwrap_or("someone else");
    let what = format!("{who} changed it on the server meanwhile");
    failure::plain(&doing(parcel), &what, "Nothing was sent. gu asks which of the two is to be.")
}

/// The server has it: what the rows said is what the server says, and they leave the outbox. The mirror comes
/// first: after a crash between the two the rows are looked for and found, while the other way round the user
/// would go on from a value that the server does not have any more.
fn confirm(
    store: &mut Store,
    parcel: &Parcel,
    id: Option<&RecordId>,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<OutboxState, StoreError> {
    match (&parcel.load, id) {
        (Load::Move { before, after }, _) => {
            let mut fields = conflict::changed(before, after);
            if !fields.is_empty() {
                if let Some(at) = at {
                    fields.insert("Modified_Time".to_owned(), at.to_string().into());
                }
                store.mirror.amend(parcel.record.module, parcel.record.id.as_str(), &fields, now)?;
            }
        }
        (Load::Note(text), Some(id)) => {
            let note = note(store, parcel, text, id.as_str(), &at.unwrap_or(now).to_string());
            store.mirror.apply(Module::Notes, &[note], None, now)?;
        }
        (Load::Note(_), None) => {}
        (Load::Removal { note, .. }, _) => {
            store.mirror.forget(Module::Notes, std::slice::from_ref(note), None, now)?;
        }
    }
    store.mirror.commit();
    store.keep.confirm(&parcel.rows, id.map(RecordId::as_str), now)?;
    show(store, now)
}

/// The server will not have it: texts are drafts again, and the screen shows what the server said before.
fn refuse(
    store: &mut Store,
    rows: &[i64],
    trouble: &Trouble,
    now: Timestamp,
) -> Result<OutboxState, StoreError> {
    for row in store.keep.outbox()?.iter().filter(|row| rows.contains(&row.no)) {
        store.keep.refuse(row, trouble, now)?;
    }
    show(store, now)
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
