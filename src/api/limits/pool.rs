//! Who may go next: permits, priorities, the learned ceiling and the ledger. No clock, no waiting.

use std::collections::{BTreeMap, VecDeque};

use super::{Ask, Priority, Settled, Spent};
use crate::{
    api::clock::timestamp,
    domain::{Allowance, Flight, Ledger, SafeText, Usage},
};

/// Heavy calls in flight at once, in all editions.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
const HEAVY: usize = 10;

/// The learned ceiling never falls below this, so that a person and the background can both move.
const FLOOR: u32 = 2;

/// What a waiting call is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may be sent; its credits are spent.
    Go,
    /// Its credits do not fit before `until`; never, with none.
    NoCredits { until: Option<i64> },
}

#[derive(Debug)]
pub(super) struct Pool {
    allowance: Option<Allowance>,
    ledger: Ledger,
    /// What others spent, as it stands in the ledger.
    others: Vec<(i64, u32)>,
    ceiling: u32,
    successes: u32,
    lowered_at: u64,
    tickets: u64,
    queues: [VecDeque<Waiter>; 2],
    active: BTreeMap<u64, Active>,
}

#[derive(Debug, Clone, Copy)]
struct Waiter {
    ticket: u64,
    ask: Ask,
    cost: u32,
    heavy: bool,
}

#[derive(Debug)]
struct Active {
    at: i64,
    waiter: Waiter,
}

impl Pool {
    pub(super) fn new(allowance: Option<Allowance>) -> Self {
        Self {
            allowance,
            ledger: Ledger::default(),
            others: Vec::new(),
            ceiling: allowance.unwrap_or(Allowance::FREE).concurrency,
            successes: 0,
            lowered_at: 0,
            tickets: 0,
            queues: [VecDeque::new(), VecDeque::new()],
            active: BTreeMap::new(),
        }
    }

    pub(super) fn set_allowance(&mut self, allowance: Allowance) {
        let learned = self.ceiling < self.most();
        self.allowance = Some(allowance);
        self.ceiling = if learned { self.ceiling.min(self.most()) } else { self.most() };
    }

    /// Queues a call and names it.
    pub(super) fn ask(&mut self, ask: Ask) -> u64 {
        let (endpoint, ticket) = (ask.op.endpoint(), self.tickets);
        self.tickets += 1;
        let (cost, heavy) = (endpoint.cost(ask.shape), endpoint.heavy(ask.shape));
        self.queues[ask.priority as usize].push_back(Waiter { ticket, ask, cost, heavy });
        ticket
    }

    /// Takes the next call that can be told something out of the queues.
    pub(super) fn next(&mut self, now: i64) -> Option<(u64, Verdict)> {
        if let Some(refused) = self.take_unaffordable(now) {
            return Some(refused);
        }
        for priority in [Priority::Person, Priority::Background] {
            let first = self.queues[priority as usize].iter().position(|waiter| self.fits(waiter, priority));
            if let Some(waiter) = first.and_then(|index| self.queues[priority as usize].remove(index)) {
                self.ledger.spend(now, waiter.cost);
                self.active.insert(waiter.ticket, Active { at: now, waiter });
                return Some((waiter.ticket, Verdict::Go));
            }
        }
        None
    }

    /// A call is over, or is not wanted any more while it waits. Gives what it cost.
    pub(super) fn leave(&mut self, ticket: u64, how: Settled) -> Option<Spent> {
        for queue in &mut self.queues {
            queue.retain(|waiter| waiter.ticket != ticket);
        }
        let Active { at, waiter } = self.active.remove(&ticket)?;
        match how {
            Settled::Counted => {
                self.succeed();
                let Ask { op, module, purpose, .. } = waiter.ask;
                return Some(Spent { at_ms: at, credits: waiter.cost, op: Some(op), module, purpose });
            }
            Settled::Free => {}
            Settled::TooMany => self.lower(ticket),
        }
        self.ledger.refund(at, waiter.cost);
        None
    }

    /// Moves the start of the calls in flight.
    pub(super) fn redate(&mut self, milliseconds: i64) {
        for active in self.active.values_mut() {
            self.ledger.refund(active.at, active.waiter.cost);
            active.at += milliseconds;
            self.ledger.spend(active.at, active.waiter.cost);
        }
    }

    pub(super) fn spend(&mut self, at: i64, credits: u32) {
        self.ledger.spend(at, credits);
    }

    /// Credits that are used when so many are left; none while the allowance is not known.
    pub(super) fn used_if_left(&self, remaining: u32) -> Option<u32> {
        Some(self.allowance?.credits.saturating_sub(remaining))
    }

    /// Takes down what others spent, in place of what stood there.
    pub(super) fn set_others(&mut self, others: &[(i64, u32)]) {
        for (at, credits) in std::mem::replace(&mut self.others, others.to_vec()) {
            self.ledger.refund(at, credits);
        }
        for (at, credits) in others {
            self.ledger.spend(*at, *credits);
        }
    }

    /// Times and credits of the calls on their way.
    pub(super) fn flying(&self) -> impl Iterator<Item = (i64, u32)> {
        self.active.values().map(|active| (active.at, active.waiter.cost))
    }

    /// The calls on their way.
    pub(super) fn flights(&self) -> Vec<Flight> {
        let flight = |active: &Active| {
            let Ask { op, module, purpose, .. } = active.waiter.ask;
            let words = SafeText::new(&op.endpoint().words(module));
            Flight { words, purpose, since: timestamp(active.at), credits: active.waiter.cost }
        };
        self.active.values().map(flight).collect()
    }

    pub(super) fn calls(&self) -> Vec<(i64, u32)> {
        self.ledger.calls().collect()
    }

    pub(super) fn usage(&mut self, now: i64) -> Usage {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Usage {
            used: self.ledger.used(now),
            limit: self.allowance.map_or(0, |allowance| allowance.credits),
            in_flight: count(self.active.len()),
            concurrency: self.ceiling,
            queued: count(self.queues.iter().map(VecDeque::len).sum()),
        }
    }

    fn most(&self) -> u32 {
        self.allowance.unwrap_or(Allowance::FREE).concurrency
    }

    /// Nobody waits for a permit only to hear that the credits are gone.
    fn take_unaffordable(&mut self, now: i64) -> Option<(u64, Verdict)> {
        let allowance = self.allowance?;
        for queue in &mut self.queues {
            for index in 0..queue.len() {
                let waiter = queue[index];
                let until = self.ledger.fits_at(now, waiter.cost, allowance);
                if until != Some(now) {
                    queue.remove(index);
                    return Some((waiter.ticket, Verdict::NoCredits { until }));
                }
            }
        }
        None
    }

    fn fits(&self, waiter: &Waiter, priority: Priority) -> bool {
        let kept_free = usize::from(priority == Priority::Background);
        let heavy = self.active.values().filter(|active| active.waiter.heavy).count();
        let room = |taken: usize, places: usize| taken < places.saturating_sub(kept_free).max(1);
        room(self.active.len(), self.ceiling as usize) && (!waiter.heavy || room(heavy, HEAVY))
    }

    /// A round of answers without a 429 lets one more call go at once.
    fn succeed(&mut self) {
        if self.ceiling >= self.most() {
            return;
        }
        self.successes += 1;
        if self.successes >= self.ceiling {
            self.successes = 0;
            self.ceiling += 1;
        }
    }

    /// A burst that is refused lowers the ceiling once: only calls that began after the last lowering count.
    fn lower(&mut self, ticket: u64) {
        if ticket >= self.lowered_at {
            self.ceiling = (self.ceiling / 2).max(FLOOR.min(self.most()));
            self.successes = 0;
            self.lowered_at = self.tickets;
        }
    }
}
