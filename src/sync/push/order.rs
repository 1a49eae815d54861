//! What the user wants of the outbox.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Pusher, mine::Mine, settle};
use crate::{
    domain::SafeText,
    protocol::{
        Event, Failure, JobKey, MoveField, MoveValues, OutboxItem, OutboxOrder, OutboxState, Stand, TakenOut,
        Theirs, WriteNo, Writing,
    },
    store::{
        Store, StoreError,
        keep::{self, Clears, MoveImage, OutboxRow, WriteBody, WriteState},
    },
    sync::failure,
};

/// What came of an order.
enum Outcome {
    Items(Vec<OutboxItem>),
    Changed(OutboxState),
    Out(TakenOut, OutboxState),
    /// It cannot be done, for this reason.
    Not(&'static str),
}

impl Pusher {
    /// Carries out an order, and tells what came of it.
    pub async fn order(&self, order: OutboxOrder) {
        let now = self.client.clock().now();
        if let OutboxOrder::Send(_) = order {
            self.hurry();
        }
        let looks = order == OutboxOrder::List;
        let mine = Arc::clone(&self.mine);
        let done = self.desk.read(move |store| carry_out(store, order, &mine, now)).await;
        match done {
            Ok(Outcome::Items(items)) => (self.report)(Event::OutboxItems(items)),
            Ok(Outcome::Changed(state)) => self.tell(Ok(state)),
            Ok(Outcome::Out(out, state)) => {
                (self.report)(Event::TakenOut(out));
                self.tell(Ok(state));
            }
            Ok(Outcome::Not(reason)) => self.cannot(failure::plain("", reason, "")),
            Err(error) => self.cannot(failure::of_store("change the outbox", &error, "It is as it was.")),
        }
        if !looks {
            self.tell_turns().await;
            self.poke.notify_one();
        }
    }

    fn cannot(&self, failure: Failure) {
        (self.report)(Event::Failed { key: JobKey::Outbox, generation: 0, failure });
    }
}

/// Why a write cannot be taken out or moved.
const GONE: &str = "it is on its way or already there";

fn carry_out(
    store: &mut Store,
    order: OutboxOrder,
    mine: &Mine,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    match order {
        OutboxOrder::List => return items(store, now).map(Outcome::Items),
        OutboxOrder::Cancel(no) => return take_out(store, no, false, mine, now),
        OutboxOrder::Edit(no) => return take_out(store, no, true, mine, now),
        OutboxOrder::Shift { no, up } => {
            if !store.keep.shift(no, up)? {
                return Ok(Outcome::Not("it cannot go further that way"));
            }
        }
        OutboxOrder::Send(no) => {
            if store.keep.send_again(no)?
                && let Some(row) = store.keep.outbox_row(no)?
            {
                mine.wait_for(no, row.write, row.record);
            }
        }
        OutboxOrder::Settle { no, values } => {
            let write = store.keep.outbox_row(no)?.map(|row| (row.write, row.record));
            if let Some((write, record)) = &write {
                mine.wait_for(no, *write, record.clone());
            }
            if store.keep.settle(no, &image(&values))?.is_none()
                && let Some((write, record)) = write
            {
                mine.heard(&[no]);
                let out = TakenOut { write, record, draft: None, edit: false };
                return Ok(Outcome::Out(out, settle::show(store, now)?));
            }
        }
    }
    settle::show(store, now).map(Outcome::Changed)
}

/// Takes a write out, for good or to be edited. The text of a refused note is a draft already.
fn take_out(
    store: &mut Store,
    no: WriteNo,
    edit: bool,
    mine: &Mine,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let refused = store.keep.outbox_row(no)?.filter(|row| edit && row.state == WriteState::Refused);
    let row = match refused {
        Some(row) => Some(row),
        None => store.keep.cancel(no, now)?,
    };
    let Some(OutboxRow { write, record, body, .. }) = row else { return Ok(Outcome::Not(GONE)) };
    mine.heard(&[no]);
    let draft = match body {
        WriteBody::Note { .. } => Some(store.keep.draft_of(&record)?.unwrap_or_default()),
        WriteBody::Move { .. } | WriteBody::Removal { .. } => None,
    };
    Ok(Outcome::Out(TakenOut { write, record, draft, edit }, settle::show(store, now)?))
}

fn items(store: &Store, now: Timestamp) -> Result<Vec<OutboxItem>, StoreError> {
    let moment = store.mirror.moment(now);
    let item = |row: OutboxRow| -> Result<OutboxItem, StoreError> {
        Ok(OutboxItem {
            no: row.no as WriteNo,
            deal: store.mirror.deal(&row.record, &moment)?.map(Box::new),
            what: match &row.body {
                WriteBody::Note { text } => Writing::Note(text.clone()),
                WriteBody::Removal { text, .. } => Writing::Removal(text.clone()),
                WriteBody::Move { before, after } => {
                    Writing::Move { before: values(before), after: values(after) }
                }
            },
            stand: stand(&row),
            record: row.record,
            at: row.intent,
            tries: row.tries,
            trouble: row.trouble.map(|it| (SafeText::new(&it.what), SafeText::new(&it.way_on))),
        })
    };
    store.keep.outbox_view()?.into_iter().map(item).collect()
}

fn stand(row: &OutboxRow) -> Stand {
    match (row.state, &row.theirs) {
        (WriteState::Conflict, Some(theirs)) => Stand::Conflict(told(theirs)),
        (WriteState::Sending, _) if row.trouble.is_some() => Stand::Unsure,
        (WriteState::Sending, _) => Stand::Sending,
        (WriteState::Refused, _) => Stand::Refused,
        _ => Stand::Waiting,
    }
}

fn told(theirs: &keep::Theirs) -> Theirs {
    Theirs {
        values: values(&theirs.image),
        by: SafeText::new(theirs.by.as_deref().unwrap_or_default()),
        at: theirs.time(),
    }
}

fn values(image: &MoveImage) -> MoveValues {
    let clears = [(MoveField::Amount, image.clears.amount), (MoveField::Closing, image.clears.closing)];
    MoveValues {
        stage: image.stage.clone(),
        amount: image.amount,
        closing: image.closing_date(),
        clears: clears.into_iter().filter_map(|(field, clears)| clears.then_some(field)).collect(),
    }
}

fn image(values: &MoveValues) -> MoveImage {
    MoveImage {
        stage: values.stage.clone(),
        amount: values.amount,
        closing: values.closing.map(|date| date.to_string()),
        clears: Clears {
            amount: values.clears.contains(&MoveField::Amount),
            closing: values.clears.contains(&MoveField::Closing),
        },
    }
}
