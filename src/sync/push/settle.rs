//! What the verdict on a parcel does to the outbox, the mirror and the screen.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Pusher, send::Verdict};
use crate::{
    domain::Module,
    protocol::{Event, OutboxState},
    store::{
        Store, StoreError,
        keep::{OutboxRow, WriteState},
    },
    sync::{
        failure,
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
    /// Does what a verdict says, and tells of it.
    pub(super) async fn settle(&self, parcel: Parcel, verdict: Verdict) {
        let doing = match &parcel.load {
            Load::Move(fields) => {
                let stage = fields.get("Stage").and_then(Value::as_str).unwrap_or_default();
                format!("move {} to {stage}", parcel.record.name)
            }
            Load::Note(_) => format!("add a note to {}", parcel.record.name),
        };
        let now = self.client.clock().now();
        let (writes, rows) = (parcel.writes.clone(), parcel.rows.clone());
        match verdict {
            Verdict::Done { id, at } => {
                let done = self.desk.read(move |store| confirm(store, &parcel, id.as_ref(), at, now)).await;
                self.tell(done);
                for write in writes {
                    (self.report)(Event::Confirmed { write });
                }
            }
            Verdict::Refused(error) => {
                let kept = match &parcel.load {
                    Load::Move(_) => "The deal is back where it was.",
                    Load::Note(_) => "The text is kept as a draft: n opens it.",
                };
                let failure = failure::of(&doing, &error, kept);
                let done = self.desk.read(move |store| refuse(store, &rows, now)).await;
                self.tell(done);
                for write in writes {
                    (self.report)(Event::Refused { write, failure: failure.clone() });
                }
            }
            Verdict::Later(_) => {
                let mark = self.desk.read(move |store| {
                    store.keep.mark(&rows, WriteState::Written)?;
                    store.keep.outbox_state()
                });
                if let Ok(state) = mark.await {
                    (self.report)(Event::Outbox(state));
                }
                self.line.ring_trouble();
            }
            Verdict::Lost(_) => self.line.ring_trouble(),
        }
    }

    fn tell(&self, done: Result<OutboxState, StoreError>) {
        (self.report)(Event::Changed);
        match done {
            Ok(state) => (self.report)(Event::Outbox(state)),
            Err(error) => {
                let failure = failure::of_store("note what became of a write", &error, "");
                (self.report)(Event::Failed { key: crate::protocol::JobKey::Keep, generation: 0, failure });
            }
        }
    }
}

/// The server has it: the rows leave the outbox, and what they said is what the server says.
fn confirm(
    store: &mut Store,
    parcel: &Parcel,
    id: Option<&crate::domain::RecordId>,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<OutboxState, StoreError> {
    store.keep.confirm(&parcel.rows, id.map(crate::domain::RecordId::as_str), now)?;
    let time = at.unwrap_or(now).to_string();
    match (&parcel.load, id) {
        (Load::Move(fields), _) if !fields.is_empty() => {
            let mut fields = fields.clone();
            fields.insert("Modified_Time".to_owned(), time.into());
            store.mirror.amend(parcel.record.module, parcel.record.id.as_str(), &fields, now)?;
        }
        (Load::Note(text), Some(id)) => {
            let note = note(store, parcel, text, id.as_str(), &time);
            store.mirror.apply(Module::Notes, &[note], None, now)?;
        }
        _ => {}
    }
    show(store, now)
}

/// The server will not have it: texts are drafts again, and the screen shows what the server said before.
fn refuse(store: &mut Store, rows: &[i64], now: Timestamp) -> Result<OutboxState, StoreError> {
    let outbox: Vec<OutboxRow> = store.keep.outbox()?;
    for row in outbox.iter().filter(|row| rows.contains(&row.no)) {
        store.keep.refuse(row, now)?;
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
