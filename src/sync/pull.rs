//! Brings in what the server has: a first fill, then what changes.

mod export;
mod fetch;
mod fill;
mod round;
mod state;
mod told;

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use self::{fetch::Fetch, round::Rounds};
use super::{
    Announcer, Error, Line, Report, failure,
    plan::{self, Pace},
};
use crate::{
    api::Client,
    domain::{Catalog, Link, Module, Purpose},
    protocol::{Attention, Event, SyncState},
    store::Desk,
};

/// What makes a puller look before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// Ask for what changed, in all modules.
    Refresh,
    /// Fetch everything again.
    Resync,
}

/// Calls that a fill or a round has in flight at once.
const AT_ONCE: usize = 3;

/// How long a program that does not fetch waits until it asks again whether it is the one.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Pulls in the background. Never takes the last permit, and leaves credits for the person.
pub struct Puller {
    fetch: Fetch,
    desk: Desk,
    report: Report,
    announcer: Announcer,
    line: Line,
    pace: Pace,
    /// Modules that the sign-in or the profile does not cover.
    closed: HashSet<Module>,
    failures: u32,
    rounds: Rounds,
}

impl Puller {
    /// A puller of the account of `client` into the mirror behind `desk`.
    #[must_use]
    pub fn new(
        client: &Client,
        desk: Desk,
        report: Report,
        announcer: Announcer,
        line: Line,
        pace: Pace,
    ) -> Self {
        let fetch = Fetch::new(client.background().meant_for(Purpose::Sync), desk.clone());
        let rounds = Rounds::new(fetch.now());
        Self { fetch, desk, report, announcer, line, pace, closed: HashSet::new(), failures: 0, rounds }
    }

    /// Pulls until `wake` is closed: reads the metadata, fills, then asks for changes in a rhythm that follows what
    /// the person looks at. What goes wrong is said as [`SyncState`] and tried again.
    pub async fn run(mut self, mut wake: mpsc::Receiver<Wake>, mut attention: watch::Receiver<Attention>) {
        self.remember().await;
        // A start asks at least for what is on the screen: it is what people start a program for.
        let (mut asked, mut probe) = (None, true);
        loop {
            let again = match self.turn_if_leading(asked, probe).await {
                // Another program of this account fetches; what it brings is seen where it writes it.
                Ok(false) => Some(Some(Instant::now() + LOOK_AGAIN)),
                Ok(true) => {
                    if std::mem::take(&mut self.failures) > 0 {
                        self.line.ring_back();
                    }
                    self.say(SyncState::Synced { at: self.synced_at() });
                    None
                }
                Err(error) => {
                    self.failures += 1;
                    let wait = self.trouble(&error).await;
                    Some(wait.map(|wait| Instant::now() + wait))
                }
            };
            (asked, probe) = loop {
                let due = self.next_due();
                if again.is_none() && due.is_some_and(|due| self.until(due).is_zero()) {
                    break (None, false);
                }
                let until = again.unwrap_or_else(|| due.map(|due| Instant::now() + self.until(due)));
                tokio::select! {
                    woken = wake.recv() => match woken {
                        Some(woken) => break (Some(strongest(woken, &mut wake)), false),
                        None => return,
                    },
                    () = self.line.trouble(), if self.failures == 0 => break (None, true),
                    Ok(()) = attention.changed() => {
                        let seen = *attention.borrow_and_update();
                        self.attend(seen);
                    }
                    () = pause(until) => break (None, again.is_some()),
                }
            };
        }
    }

    /// Does everything that is to do now, if this is the program that fetches, or if the person asks. Says whether
    /// it did; otherwise the screen hears how new is what the other program fetched.
    async fn turn_if_leading(&mut self, asked: Option<Wake>, probe: bool) -> Result<bool, Error> {
        if asked.is_some() || self.desk.write(|store| store.keep.lease()).await {
            return self.turn(asked, probe).await.map(|()| true);
        }
        if let Some(at) = self.fetch.synced_at().await {
            self.say(SyncState::Synced { at });
        }
        Ok(false)
    }

    /// Everything that is to do now.
    async fn turn(&mut self, asked: Option<Wake>, probe: bool) -> Result<(), Error> {
        let known = self.desk.read(|store| store.mirror.catalog()).await;
        if self.failures > 0 {
            self.reach(known.as_deref()).await?;
        }
        let again = asked == Some(Wake::Resync);
        let catalog = match known {
            Some(catalog) if !again => catalog,
            _ => self.read_metadata().await?,
        };
        if again {
            self.fetch.begin_again(&catalog).await?;
        }
        let begun = self.fetch.now();
        if self.fill(&catalog).await? {
            return self.filled(begun).await;
        }
        self.round(&catalog, asked, probe).await
    }

    /// Asks once whether the server can be reached again, before anything is asked in earnest: while it cannot, one
    /// call is all that is tried. What the screen shows is asked for, so that the answer is worth its credit.
    async fn reach(&mut self, catalog: Option<&Catalog>) -> Result<(), Error> {
        if !plan::may_fill(&self.fetch.usage()) {
            return Ok(());
        }
        let fetch = self.fetch.once();
        let Some(catalog) = catalog else {
            let answer = fetch.client().meant_for(Purpose::Metadata).org().await;
            return answer.map(drop).or_else(|error| match Error::from(error) {
                error if state::is_closed(&error) => Ok(()),
                error => Err(error),
            });
        };
        let (module, now) = (self.shown(), self.fetch.now());
        let answer = fetch.changes(catalog, module).await;
        if self.unless_closed(module, answer)? == Some(true) {
            self.changed(now);
        }
        Ok(())
    }

    /// Reads the org's metadata and tells what is new of it.
    async fn read_metadata(&mut self) -> Result<Arc<Catalog>, Error> {
        let known = self.desk.read(|store| store.mirror.catalog()).await;
        if known.is_none() {
            self.say(state::starting("reading pipelines and fields"));
        }
        let catalog = super::catalog(&self.fetch.client().meant_for(Purpose::Metadata)).await?;
        let now = self.fetch.now();
        let (new, catalog) = self
            .desk
            .write(move |store| {
                let new = store.mirror.set_catalog(catalog, now)?;
                let outbox = store.keep.outbox()?;
                store.mirror.show_pending(&outbox, now)?;
                Ok::<_, Error>((new, store.mirror.catalog()))
            })
            .await?;
        let catalog = catalog.unwrap_or_else(|| unreachable!("the catalog was just taken in"));
        if new {
            (self.report)(Event::Catalog(Arc::clone(&catalog)));
            self.announcer.changed();
        }
        Ok(catalog)
    }

    /// The answer, or none when the module is closed to this sign-in: then it is left out from now on, which
    /// is said once.
    fn unless_closed<T>(&mut self, module: Module, answer: Result<T, Error>) -> Result<Option<T>, Error> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if state::is_closed(&error) => {
                self.closed.insert(module);
                (self.report)(state::left_out(module, &error));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn say(&self, state: SyncState) {
        (self.report)(Event::Sync(state));
    }

    /// Says what went wrong, and how long to wait before the next try; none waits to be asked.
    async fn trouble(&self, error: &Error) -> Option<Duration> {
        let now = self.fetch.now();
        if state::is_damage(error)
            && let Some(words) = self.desk.write(move |store| store.mend(now)).await
        {
            (self.report)(failure::unasked(&words));
            self.announcer.changed();
            return Some(Duration::ZERO);
        }
        let since = self.fetch.synced_at().await;
        let (state, wait) = state::of(error, now, since, self.pace.backoff(self.failures));
        self.say(state);
        wait
    }
}

/// Reads one record and its notes from the server, for the person who looks at it. Says whether it is still
/// there; 2 credits, 1 for what has no notes.
///
/// # Errors
/// As every call, or what the database refuses.
pub async fn look_up(client: &Client, desk: &Desk, link: &Link) -> Result<bool, Error> {
    Fetch::new(client.meant_for(Purpose::Record), desk.clone()).record(link).await
}

/// What was asked for most of all that waits: whoever rings twice gets one round.
fn strongest(first: Wake, wake: &mut mpsc::Receiver<Wake>) -> Wake {
    std::iter::from_fn(|| wake.try_recv().ok()).fold(first, Wake::max)
}

async fn pause(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_rings_are_one_round_and_the_strongest_counts() {
        let (ring, mut wake) = mpsc::channel(8);
        for woken in [Wake::Refresh, Wake::Resync, Wake::Refresh] {
            ring.send(woken).await.expect("room");
        }
        let first = wake.recv().await.expect("a ring");
        assert_eq!(strongest(first, &mut wake), Wake::Resync);
        assert!(wake.try_recv().is_err());
    }

    /// Loops are spawned, so what they await must be able to move between threads.
    #[test]
    fn a_puller_can_be_spawned() {
        fn check<T: Send>(_: impl FnOnce(Puller, mpsc::Receiver<Wake>, watch::Receiver<Attention>) -> T) {}
        check(Puller::run);
    }
}
