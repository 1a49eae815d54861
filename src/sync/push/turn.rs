//! Undoing and redoing, as the user asks for it.

use super::{Pusher, settle};
use crate::{
    protocol::{Event, Failure, TakenOut, Turned, Undoing, WriteId},
    store::{Outcome, Store, StoreError, keep::WriteBody},
    sync::failure,
};

impl Pusher {
    /// Undoes or redoes what the user did last: at once in the outbox and on the screen, then on the server.
    pub async fn turn(&self, write: WriteId, turn: Undoing) {
        let now = self.client.clock().now();
        let done = self
            .desk
            .read(move |store| {
                let Some(outcome) = store.turn(turn, write, now)? else { return Ok(None) };
                let taken = taken(store, &outcome)?;
                Ok::<_, StoreError>(Some((outcome, taken, settle::show(store, now)?)))
            })
            .await;
        // What can be done next is told first: whoever sees what was undone may press the next key.
        self.tell_turns().await;
        match done {
            Ok(Some((outcome, taken, state))) => {
                match outcome.words {
                    Some(words) => {
                        let Outcome { records, kept, .. } = outcome;
                        (self.report)(Event::Turned(Turned { write, turn, words, records, kept, taken }));
                    }
                    None => {
                        let failure = stays(turn, &outcome);
                        (self.report)(Event::Refused { write, failure });
                    }
                }
                (self.report)(Event::Changed);
                (self.report)(Event::Outbox(state));
                self.poke.notify_one();
            }
            Ok(None) => {
                let what = match turn {
                    Undoing::Undo => "nothing was changed here that could be undone",
                    Undoing::Redo => "nothing was undone that could be done again",
                };
                (self.report)(Event::Refused { write, failure: failure::plain("", what, "") });
            }
            Err(error) => {
                let failure = failure::of_store(&turn.to_string(), &error, "Nothing was changed.");
                (self.report)(Event::Refused { write, failure });
            }
        }
    }

    /// Says whether there is something to undo and to redo.
    pub(super) async fn tell_turns(&self) {
        if let Ok(turns) = self.desk.read(|store| store.keep.turns()).await {
            (self.report)(Event::Turns(turns));
        }
    }
}

/// Writes that were taken back, with the text that is a draft again.
fn taken(store: &Store, outcome: &Outcome) -> Result<Vec<TakenOut>, StoreError> {
    let taken = outcome.withdrawn.iter().map(|row| {
        let draft = match row.body {
            WriteBody::Note { .. } => store.keep.draft_of(&row.record)?,
            WriteBody::Move { .. } | WriteBody::Removal { .. } => None,
        };
        Ok(TakenOut { write: row.write, record: row.record.clone(), draft, edit: false })
    });
    taken.collect()
}

/// Why nothing of an action could be turned.
fn stays(turn: Undoing, outcome: &Outcome) -> Failure {
    let what = match outcome.kept.as_slice() {
        [] => "nothing of it is here any more".to_owned(),
        [reason] => reason.to_string(),
        [first, rest @ ..] => format!("{first}; and {} more", rest.len()),
    };
    let key = match turn {
        Undoing::Undo => "u",
        Undoing::Redo => "U",
    };
    let way_on = if outcome.later { "tries again" } else { "goes on to what comes next" };
    let way_on = format!("Nothing was changed; {key} once more {way_on}.");
    failure::plain(&format!("{turn}"), &what, &way_on)
}
