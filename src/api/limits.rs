//! The door that every request passes: permits for calls in flight, credits of the rolling window.

mod pool;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{oneshot, watch};

use super::{
    clock::{Clock, timestamp},
    endpoint::{Op, Shape},
    error::{Error, Kind},
};
use crate::domain::{Allowance, Usage, WINDOW_MS};
use pool::{Pool, Verdict};

/// Entries that wait to be stored at most; a program that stores none keeps the newest.
const UNSTORED: usize = 10_000;

/// Who waits for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// A person, now.
    Person,
    /// Nobody in particular: filling and refreshing. Never takes the last permit.
    Background,
}

/// Credits that one call cost: what the ledger is kept of, as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Unix milliseconds of the call's start, by the service's clock.
    pub at_ms: i64,
    /// Credits.
    pub credits: u32,
    /// The operation; none for what others spent of the same allowance.
    pub op: Option<Op>,
}

/// Credits and permits of one account. Clones share them.
#[derive(Debug, Clone)]
pub struct Limits {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    usage: watch::Sender<Usage>,
    clock: Clock,
}

#[derive(Debug)]
struct State {
    pool: Pool,
    waiting: BTreeMap<u64, oneshot::Sender<Verdict>>,
    unstored: VecDeque<Spent>,
}

/// A call that may be sent. Dropping it frees its place and lets its credits stand.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit {
    shared: Arc<Shared>,
    ticket: u64,
    settled: bool,
}

/// How a sent call ended, as far as credits and permits care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// The service did its part: the call counts.
    Counted,
    /// It never arrived or was turned away for its token: it costs nothing.
    Free,
    /// The service said 429: it costs nothing, and fewer calls should be in flight.
    TooMany,
}

impl Limits {
    /// Limits of an edition; with none, only the concurrency of the Free edition is kept until
    /// [`set_allowance`](Self::set_allowance) says more.
    #[must_use]
    pub fn new(allowance: Option<Allowance>, clock: Clock) -> Self {
        let pool = Pool::new(allowance);
        let usage = watch::Sender::new(Usage::default());
        let state = Mutex::new(State { pool, waiting: BTreeMap::new(), unstored: VecDeque::new() });
        let limits = Self { shared: Arc::new(Shared { state, usage, clock }) };
        limits.shared.lock().publish(&limits.shared);
        limits
    }

    /// The clock that credits are counted by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Takes note of what the edition allows.
    pub fn set_allowance(&self, allowance: Allowance) {
        let mut state = self.shared.lock();
        state.pool.set_allowance(allowance);
        state.pump(&self.shared);
    }

    /// Credits and calls, now and at every change. Credits that age out are seen with the next change or by
    /// [`usage`](Self::usage).
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Usage> {
        self.shared.usage.subscribe()
    }

    /// Credits and calls at this moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.shared.lock().pool.usage(self.shared.clock.now_ms())
    }

    /// Everything spent in the window that ends now, oldest first.
    #[must_use]
    pub fn ledger(&self) -> Vec<(i64, u32)> {
        self.shared.lock().pool.calls()
    }

    /// What was spent since this was last asked, for whoever keeps the ledger between runs.
    #[must_use]
    pub fn take_unstored(&self) -> Vec<Spent> {
        self.shared.lock().unstored.drain(..).collect()
    }

    /// Brings back what earlier runs spent; what is older than the window is left out.
    pub fn restore(&self, spent: impl IntoIterator<Item = Spent>) {
        let mut state = self.shared.lock();
        let oldest = self.shared.clock.now_ms() - WINDOW_MS;
        for call in spent.into_iter().filter(|call| call.at_ms > oldest) {
            state.pool.spend(call.at_ms, call.credits);
        }
        state.publish(&self.shared);
    }

    /// Takes note of the service's time. When the clock had to follow it, calls in flight began by the new time
    /// too; those before them were counted right.
    pub(super) fn hear_time(&self, service_ms: i64) {
        if let Some(moved) = self.shared.clock.hear(service_ms) {
            let mut state = self.shared.lock();
            state.pool.redate(moved);
            state.pump(&self.shared);
        }
    }

    /// Takes note of the credits that the service says are left (`X-API-CREDITS-REMAINING`): others may have
    /// spent of the same allowance.
    pub(super) fn hear_remaining(&self, remaining: u32) {
        let now = self.shared.clock.now_ms();
        let mut state = self.shared.lock();
        let foreign = state.pool.unknown_spending(now, remaining);
        if foreign > 0 {
            state.pool.spend(now, foreign);
            state.log(Spent { at_ms: now, credits: foreign, op: None });
            state.publish(&self.shared);
        }
    }

    /// Waits for a place and for credits.
    ///
    /// # Errors
    /// [`Kind::Credits`] at once when the credits do not suffice.
    pub(super) async fn permit(&self, op: Op, shape: Shape, priority: Priority) -> Result<Permit, Error> {
        let endpoint = op.endpoint();
        let (tell, told) = oneshot::channel();
        let ticket = {
            let mut state = self.shared.lock();
            let ticket = state.pool.ask(op, endpoint.cost(shape), endpoint.heavy(shape), priority);
            state.waiting.insert(ticket, tell);
            state.pump(&self.shared);
            ticket
        };
        let permit = Permit { shared: Arc::clone(&self.shared), ticket, settled: false };
        let verdict = told.await.unwrap_or(Verdict::NoCredits { until: None });
        match verdict {
            Verdict::Go => Ok(permit),
            Verdict::NoCredits { until } => {
                let cost = endpoint.cost(shape);
                let kind = Kind::Credits { until: until.map(timestamp), cost };
                Err(Error::new("", kind))
            }
        }
    }
}

impl Permit {
    /// Gives the place back and says what became of the call.
    pub(super) fn settle(mut self, how: Settled) {
        self.settled = true;
        self.give_back(how);
    }

    fn give_back(&self, how: Settled) {
        let mut state = self.shared.lock();
        state.waiting.remove(&self.ticket);
        if let Some(spent) = state.pool.leave(self.ticket, how) {
            state.log(spent);
        }
        state.pump(&self.shared);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.settled {
            self.give_back(Settled::Counted);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Tells everyone who may go, or cannot, and publishes what changed.
    fn pump(&mut self, shared: &Shared) {
        let now = shared.clock.now_ms();
        while let Some((ticket, verdict)) = self.pool.next(now) {
            let told = self.waiting.remove(&ticket).is_some_and(|tell| tell.send(verdict).is_ok());
            if !told {
                self.pool.leave(ticket, Settled::Free);
            }
        }
        self.publish(shared);
    }

    fn publish(&mut self, shared: &Shared) {
        let usage = self.pool.usage(shared.clock.now_ms());
        shared.usage.send_if_modified(|last| std::mem::replace(last, usage) != usage);
    }

    fn log(&mut self, spent: Spent) {
        if self.unstored.len() == UNSTORED {
            self.unstored.pop_front();
        }
        self.unstored.push_back(spent);
    }
}

#[cfg(test)]
mod tests;
