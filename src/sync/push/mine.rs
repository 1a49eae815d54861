//! Writes of this program that another one may send.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{Pusher, settle};
use crate::{
    domain::Link,
    protocol::{Event, Failure, TakenOut, WriteId, WriteNo},
    store::{
        StoreError,
        keep::{Trouble, WriteState},
    },
    sync::failure,
};

/// Writes whose end the screen has not heard of.
#[derive(Debug, Default)]
pub(super) struct Mine(Mutex<BTreeMap<WriteNo, (WriteId, Link)>>);

impl Mine {
    pub(super) fn wait_for(&self, no: WriteNo, write: WriteId, record: Link) {
        self.lock().insert(no, (write, record));
    }

    pub(super) fn heard(&self, rows: &[WriteNo]) {
        self.lock().retain(|no, _| !rows.contains(no));
    }

    fn all(&self) -> Vec<(WriteNo, WriteId, Link)> {
        self.lock().iter().map(|(no, (write, record))| (*no, *write, record.clone())).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<WriteNo, (WriteId, Link)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pusher {
    /// Another program wrote to the outbox, or sent what is in it: the screen hears what became of the writes
    /// of this one.
    pub async fn heed(&self) {
        let (mine, now) = (self.mine.all(), self.client.clock().now());
        let found = self.desk.read(move |store| {
            let mut ends = Vec::new();
            for (no, write, record) in mine {
                let end = match store.keep.stand_of(no)? {
                    Some((WriteState::Written | WriteState::Sending, _)) => continue,
                    Some((WriteState::Done, _)) => Event::Confirmed { write },
                    Some((WriteState::Refused, trouble)) => {
                        Event::Refused { write, failure: told(&record, trouble) }
                    }
                    Some((WriteState::Conflict, _)) => {
                        let what = "someone else changed the same field on the server";
                        let way_on = "Nothing was sent. gu asks which of the two is to be.";
                        let doing = format!("change {}", record.name);
                        Event::Clashed { write, failure: failure::plain(&doing, what, way_on) }
                    }
                    None => Event::TakenOut(TakenOut { write, record, draft: None, edit: false }),
                };
                ends.push((no, end));
            }
            Ok::<_, StoreError>((ends, settle::show(store, now)?))
        });
        match found.await {
            Ok((ends, state)) => {
                for (no, end) in ends {
                    self.mine.heard(&[no]);
                    (self.report)(end);
                }
                self.tell(Ok(state));
            }
            Err(error) => self.tell(Err(error)),
        }
        self.poke.notify_one();
    }
}

fn told(record: &Link, trouble: Option<Trouble>) -> Failure {
    let Trouble { what, way_on } =
        trouble.unwrap_or(Trouble { what: "Bigin refused it".to_owned(), way_on: String::new() });
    failure::plain(&format!("write to {}", record.name), &what, &way_on)
}
