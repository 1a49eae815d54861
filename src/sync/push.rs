//! Sends out what the user changed.
//!
//! A write goes to the outbox and over what the mirror shows before anything else happens; from there it is
//! sent until the server takes or refuses it, across restarts. What was sent and whose answer was lost is
//! looked for on the server before it is sent again.

mod mine;
mod order;
mod pick;
mod send;
mod settle;
mod turn;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::Notify, task::JoinSet, time::sleep};

use self::{
    mine::Mine,
    pick::Picked,
    send::{Setback, Verdict},
};
use super::{
    Line, Report, failure,
    parcel::{Held, Parcel},
    plan::Pace,
};
use crate::{
    api::Client,
    domain::RecordId,
    protocol::{Event, NewNote, StageChange, WriteId},
    store::{
        Desk, Store, StoreError,
        keep::{Clears, MoveImage, NewWrite, WriteBody},
    },
};

/// Calls in flight at once.
const AT_ONCE: usize = 2;

/// How often the outbox is looked at without a reason: another program of the same account may have written
/// to it, or ended and left it to this one.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Takes writes, and sends them in the background. Clones share the outbox.
#[derive(Clone)]
pub struct Pusher {
    client: Client,
    desk: Desk,
    report: Report,
    line: Line,
    pace: Pace,
    poke: Arc<Notify>,
    /// The user does not want to wait for the next try.
    hurry: Arc<AtomicBool>,
    mine: Arc<Mine>,
}

impl Pusher {
    /// A pusher of the account of `client` out of the keep behind `desk`.
    #[must_use]
    pub fn new(client: Client, desk: Desk, report: Report, line: Line, pace: Pace) -> Self {
        Self {
            client,
            desk,
            report,
            line,
            pace,
            poke: Arc::default(),
            hurry: Arc::default(),
            mine: Arc::default(),
        }
    }

    /// Moves deals, as one action: at once in the outbox and on the screen, then on the server.
    pub async fn moved(&self, changes: Vec<StageChange>) {
        let doing = match changes.as_slice() {
            [] => return,
            [one] => format!("move {} to {}", one.deal.name, one.to),
            all => format!("change {} deals", all.len()),
        };
        let writes = changes.into_iter().map(|change| {
            let StageChange { write, deal, from, to, amount, closing } = change;
            let closing = closing.map(|date| date.to_string());
            let after = MoveImage { stage: to, amount, closing, clears: Clears::NONE };
            // The stage that the user saw is what the move is based on, even where a pull was quicker.
            let before = MoveImage { stage: from, amount: None, closing: None, clears: Clears::NONE };
            NewWrite { write, record: deal, body: WriteBody::Move { before, after }, based_on: None }
        });
        self.take(doing, writes.collect()).await;
    }

    /// Adds a note: at once in the outbox and on the screen, then on the server.
    pub async fn note(&self, note: NewNote) {
        let NewNote { write, parent, text } = note;
        let doing = format!("add a note to {}", parent.name);
        let body = WriteBody::Note { text };
        self.take(doing, vec![NewWrite { write, record: parent, body, based_on: None }]).await;
    }

    /// Tells of the outbox as it is, and shows it on the mirror.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn show(&self) -> Result<(), StoreError> {
        let now = self.client.clock().now();
        let state = self.desk.read(move |store| settle::show(store, now)).await?;
        (self.report)(Event::Outbox(state));
        self.tell_turns().await;
        Ok(())
    }

    /// Takes what the user did as one action. What it is based on is what the mirror shows now.
    async fn take(&self, doing: String, mut new: Vec<NewWrite>) {
        let now = self.client.clock().now();
        let mine = Arc::clone(&self.mine);
        let writes: Vec<WriteId> = new.iter().map(|new| new.write).collect();
        let taken = self
            .desk
            .read(move |store| {
                for NewWrite { record, body, based_on, .. } in &mut new {
                    if let WriteBody::Move { before, .. } = body
                        && let Some(shown) = store.mirror.image(record)?
                    {
                        (before.amount, before.closing) = (shown.amount, shown.closing);
                    }
                    // A mirror that cannot be read is no reason not to keep what the user wrote.
                    let told = store.mirror.told(record).unwrap_or_default();
                    *based_on = told.as_ref().and_then(pick::modified);
                }
                let mut rows = store.keep.act(&new, now);
                if rows.as_ref().is_err_and(StoreError::is_damage) && store.mend(now).is_some() {
                    rows = store.keep.act(&new, now);
                }
                for (no, NewWrite { write, record, .. }) in rows?.into_iter().zip(new) {
                    mine.wait_for(no, write, record);
                }
                // It is on disk: whatever goes wrong from here on is no refusal.
                Ok((settle::show(store, now), store.keep.outbox_state()))
            })
            .await;
        match taken {
            Ok((shown, state)) => {
                for write in writes {
                    (self.report)(Event::Taken { write });
                }
                self.tell(shown.and(state));
                self.poke.notify_one();
                self.tell_turns().await;
            }
            Err(error) => {
                let failure = failure::of_store(&doing, &error, "Nothing was sent.");
                for write in writes {
                    (self.report)(Event::Refused { write, failure: failure.clone() });
                }
            }
        }
    }

    /// The next look at the outbox waits for nothing that went wrong before.
    fn hurry(&self) {
        self.hurry.store(true, Ordering::Relaxed);
    }

    /// Sends for as long as the program runs, beginning with what an earlier run left.
    pub async fn run(self) {
        let mut under_way = UnderWay::default();
        let mut tasks: JoinSet<Vec<(Parcel, Verdict)>> = JoinSet::new();
        loop {
            let now = self.client.clock().now();
            if self.hurry.swap(false, Ordering::Relaxed) {
                under_way.held.not_before.clear();
            }
            let picked = self.pick(&under_way.held, now, AT_ONCE.saturating_sub(tasks.len())).await;
            for shipment in picked.shipments {
                under_way.held.rows.extend(shipment.rows());
                let (client, desk) = (self.client.clone(), self.desk.clone());
                tasks.spawn(async move { send::send(&client, &desk, shipment).await });
            }
            tokio::select! {
                () = self.poke.notified() => {}
                () = self.line.back() => under_way.held.not_before.clear(),
                Some(done) = tasks.join_next() => {
                    let landed = done.unwrap_or_default();
                    // What went out together is tried again together.
                    let now = self.client.clock().now();
                    for (parcel, verdict) in &landed {
                        under_way.landed(parcel, verdict, now, &self.pace);
                    }
                    let ids: Vec<RecordId> = landed.iter().map(|(it, _)| it.record.id.clone()).collect();
                    if !self.settle(landed).await {
                        // The rows still say that they are on their way, and would be looked for at once.
                        ids.into_iter().for_each(|id| under_way.put_off(id, None, now, &self.pace));
                    }
                    self.tell_turns().await;
                }
                () = until(picked.next, now) => {}
                () = sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// What leaves next, if this program is the one that sends.
    async fn pick(&self, held: &Held, now: Timestamp, room: usize) -> Picked {
        let hold = SignedDuration::try_from(self.pace.hold).unwrap_or_default();
        let held = held.clone();
        let pick = self.desk.write(move |store| {
            if !store.keep.lease() {
                return Ok(Picked::default());
            }
            pick::pick(store, now, hold, &held, room)
        });
        // A disk that refuses is asked again; nothing was sent.
        pick.await.unwrap_or_else(|_: StoreError| Picked::default())
    }
}

/// What is on its way, and what waits because it did not come through.
#[derive(Default)]
struct UnderWay {
    held: Held,
    failures: HashMap<RecordId, u32>,
}

impl UnderWay {
    fn landed(&mut self, parcel: &Parcel, verdict: &Verdict, now: Timestamp, pace: &Pace) {
        self.held.rows.retain(|row| !parcel.rows.contains(row));
        if matches!(verdict, Verdict::Refused(_)) && parcel.rows.len() > 1 {
            self.held.apart.extend(&parcel.rows);
        }
        let id = &parcel.record.id;
        if let Some(Setback { retry_at, .. }) = verdict.setback() {
            self.put_off(id.clone(), *retry_at, now, pace);
        } else {
            self.failures.remove(id);
            self.held.not_before.remove(id);
        }
    }

    /// Lets a record wait, the longer the more often.
    fn put_off(&mut self, id: RecordId, retry_at: Option<Timestamp>, now: Timestamp, pace: &Pace) {
        let failures = self.failures.entry(id.clone()).or_default();
        *failures += 1;
        let wait = SignedDuration::try_from(pace.backoff(*failures)).unwrap_or_default();
        let again = now.saturating_add(wait).unwrap_or(now);
        self.held.not_before.insert(id, retry_at.map_or(again, |asked| asked.max(again)));
    }
}

/// Shows what waits over the mirror. Done before anything is read at start: whoever goes on from a deal goes on
/// from what they made of it.
///
/// # Errors
/// When the database refuses.
pub fn show_outbox(store: &mut Store, now: Timestamp) -> Result<(), StoreError> {
    settle::show(store, now).map(drop)
}

async fn until(time: Option<Timestamp>, now: Timestamp) {
    match time {
        Some(time) => sleep(time.duration_since(now).try_into().unwrap_or(Duration::ZERO)).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loops are spawned, so what they await must be able to move between threads.
    #[test]
    fn a_pusher_can_be_spawned() {
        fn check<T: Send>(_: impl FnOnce(Pusher) -> T) {}
        check(Pusher::run);
    }
}
