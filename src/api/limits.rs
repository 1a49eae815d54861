//! The door that every request passes: permits for calls in flight, credits of the rolling window.

mod books;
mod log;
mod pool;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::{oneshot, watch};

use super::{
    clock::{Clock, timestamp},
    endpoint::{Op, Shape},
    error::{Error, Kind},
};
use crate::domain::{Allowance, CallEnd, CallLine, Module, Purpose, Spending, Usage, WINDOW_MS};
use books::Books;
pub use books::{Entry, Spent, Statement};
use log::Log;
pub(super) use log::Sent;
use pool::{Pool, Verdict};

/// Who waits for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// A person, now.
    Person,
    /// Nobody in particular: filling and refreshing. Never takes the last permit.
    Background,
}

/// A call that asks to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) op: Op,
    pub(super) shape: Shape,
    pub(super) module: Option<Module>,
    pub(super) purpose: Purpose,
    pub(super) priority: Priority,
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
    log: Log,
}

#[derive(Debug)]
struct State {
    pool: Pool,
    waiting: BTreeMap<u64, oneshot::Sender<Verdict>>,
    books: Books,
}

/// A call that may be sent. Dropping it frees its place and lets its credits stand.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit {
    shared: Arc<Shared>,
    ticket: u64,
    settled: bool,
    begun: Instant,
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
        let state = Mutex::new(State { pool, waiting: BTreeMap::new(), books: Books::default() });
        let limits = Self { shared: Arc::new(Shared { state, usage, clock, log: Log::default() }) };
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
        self.shared.lock().books.take_unstored()
    }

    /// What the service said of others' spending, if it said anything since this was last asked.
    #[must_use]
    pub fn take_statement(&self) -> Option<Statement> {
        self.shared.lock().books.take_statement()
    }

    /// Brings in what earlier runs or other programs on the same books spent and heard; what is older than the
    /// window is left out.
    pub fn restore(&self, spent: impl IntoIterator<Item = Spent>, statement: Option<Statement>) {
        let mut state = self.shared.lock();
        let oldest = self.shared.clock.now_ms() - WINDOW_MS;
        for call in spent.into_iter().filter(|call| call.at_ms > oldest) {
            state.pool.spend(call.at_ms, call.credits);
            state.books.add(call);
        }
        if let Some(statement) = statement.filter(|statement| statement.at_ms > oldest) {
            state.books.adopt(statement);
        }
        state.work_out();
        state.publish(&self.shared);
    }

    /// Where credits went and what is under way.
    #[must_use]
    pub fn spending(&self) -> Spending {
        let now = self.shared.clock.now_ms();
        let mut state = self.shared.lock();
        let usage = state.pool.usage(now);
        let flights = state.pool.flights();
        Spending { at: timestamp(now), usage, flights, ..state.books.spending(now) }
    }

    /// Everything spent in the window that ends now, oldest first, by whomever.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let now = self.shared.clock.now_ms();
        self.shared.lock().books.entries(now)
    }

    /// The last calls of this run, newest first.
    #[must_use]
    pub fn calls(&self) -> Vec<CallLine> {
        self.shared.log.lines()
    }

    /// A call ended; `counted` says whether it cost anything.
    pub(super) fn note_call(&self, sent: Sent, end: CallEnd, counted: bool) {
        self.shared.log.note(sent, end, counted);
    }

    /// A call is tried again.
    pub(super) fn note_retry(&self) {
        self.shared.lock().books.retried();
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
        let Some(used) = state.pool.used_if_left(remaining) else { return };
        state.books.hear(now, used);
        state.work_out();
        state.publish(&self.shared);
    }

    /// Waits for a place and for credits.
    ///
    /// # Errors
    /// [`Kind::Credits`] at once when the credits do not suffice.
    pub(super) async fn permit(&self, ask: Ask) -> Result<Permit, Error> {
        let (tell, told) = oneshot::channel();
        let ticket = {
            let mut state = self.shared.lock();
            let ticket = state.pool.ask(ask);
            state.waiting.insert(ticket, tell);
            state.pump(&self.shared);
            ticket
        };
        let shared = Arc::clone(&self.shared);
        let mut permit = Permit { shared, ticket, settled: false, begun: Instant::now() };
        let verdict = told.await.unwrap_or(Verdict::NoCredits { until: None });
        permit.begun = Instant::now();
        match verdict {
            Verdict::Go => Ok(permit),
            Verdict::NoCredits { until } => {
                let cost = ask.op.endpoint().cost(ask.shape);
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
        if how == Settled::TooMany {
            state.books.refused(self.shared.clock.now_ms());
        }
        if let Some(spent) = state.pool.leave(self.ticket, how) {
            let took = u32::try_from(self.begun.elapsed().as_millis()).unwrap_or(u32::MAX);
            state.books.answered(took);
            state.books.note(spent);
            state.books.forget(self.shared.clock.now_ms());
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

    /// Counts what others spent as the books have it.
    fn work_out(&mut self) {
        self.books.work_out(self.pool.flying());
        self.pool.set_others(self.books.others());
    }
}

#[cfg(test)]
mod tests;
