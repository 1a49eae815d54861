//! API credits in a rolling window.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Milliseconds of the window in which credits count: 24 hours from the start of each call.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
pub const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

/// What an edition allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Credits per window, for the whole org.
    pub credits: u32,
    /// Calls in flight at once, per user and app.
    pub concurrency: u32,
}

impl Allowance {
    /// The Free edition.
    pub const FREE: Self = Self { credits: 5_000, concurrency: 5 };

    /// Any paid edition with `licences` users: 50,000 credits and 250 a user, 100,000 at most.
    #[must_use]
    pub fn paid(licences: u32) -> Self {
        let credits = licences.saturating_mul(250).saturating_add(50_000).min(100_000);
        Self { credits, concurrency: 10 }
    }
}

/// Credits and calls at one moment, as the status bar shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Credits that this program knows to be spent in the window.
    pub used: u32,
    /// Credits that the edition allows per window; 0 while the edition is not known.
    pub limit: u32,
    /// Calls sent and not answered.
    pub in_flight: u32,
    /// Calls that may be in flight at once; what the server refused lowers it.
    pub concurrency: u32,
    /// Calls that wait for a permit.
    pub queued: u32,
}

/// The calls of the last window with their credits. Times are Unix milliseconds and given by the caller.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    calls: VecDeque<(i64, u32)>,
    used: u32,
}

impl Ledger {
    /// Notes a call that started at `now`. Calls noted late, or after the clock was set back, find their place.
    pub fn spend(&mut self, now: i64, credits: u32) {
        self.forget_old(now);
        let later = self.calls.iter().rev().take_while(|(at, _)| *at > now).count();
        self.calls.insert(self.calls.len() - later, (now, credits));
        self.used = self.used.saturating_add(credits);
    }

    /// Takes back what [`spend`](Self::spend) noted for a call that turned out to cost nothing. Without effect
    /// when no such call is in the window.
    pub fn refund(&mut self, at: i64, credits: u32) {
        if let Some(index) = self.calls.iter().rposition(|call| *call == (at, credits)) {
            self.calls.remove(index);
            self.used -= credits;
        }
    }

    /// The calls of the window as (Unix milliseconds of the start, credits), oldest first.
    pub fn calls(&self) -> impl Iterator<Item = (i64, u32)> {
        self.calls.iter().copied()
    }

    /// Credits spent in the window that ends at `now`.
    pub fn used(&mut self, now: i64) -> u32 {
        self.forget_old(now);
        self.used
    }

    /// The earliest time at which `credits` fit under `allowance`: `now` if they fit at once, none if they
    /// exceed the allowance itself.
    pub fn fits_at(&mut self, now: i64, credits: u32, allowance: Allowance) -> Option<i64> {
        self.forget_old(now);
        let room = allowance.credits.checked_sub(credits)?;
        let mut used = self.used;
        if used <= room {
            return Some(now);
        }
        self.calls.iter().find_map(|&(at, spent)| {
            used -= spent;
            (used <= room).then_some(at + WINDOW_MS)
        })
    }

    fn forget_old(&mut self, now: i64) {
        while let Some(&(at, credits)) = self.calls.front()
            && at <= now - WINDOW_MS
        {
            self.calls.pop_front();
            self.used -= credits;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn allowances_are_the_published_ones() {
        assert_eq!(Allowance::paid(10).credits, 52_500);
        assert_eq!(Allowance::paid(200).credits, 100_000);
        assert_eq!(Allowance::paid(5_000).credits, 100_000);
        assert_eq!(Allowance::FREE, Allowance { credits: 5_000, concurrency: 5 });
    }

    #[test]
    fn a_credit_comes_back_24_hours_after_its_call_began() {
        let mut ledger = Ledger::default();
        ledger.spend(0, 4_999);
        ledger.spend(60_000, 1);
        assert_eq!(ledger.fits_at(70_000, 1, Allowance::FREE), Some(WINDOW_MS));
        assert_eq!(ledger.fits_at(70_000, 5_000, Allowance::FREE), Some(60_000 + WINDOW_MS));
        assert_eq!(ledger.fits_at(70_000, 5_001, Allowance::FREE), None);
        assert_eq!(ledger.used(WINDOW_MS - 1), 5_000);
        assert_eq!(ledger.used(WINDOW_MS), 1);
    }

    #[test]
    fn a_refund_takes_back_one_call_and_late_notes_find_their_place() {
        let mut ledger = Ledger::default();
        ledger.spend(10, 3);
        ledger.spend(30, 1);
        ledger.spend(20, 1);
        assert_eq!(ledger.calls().collect::<Vec<_>>(), [(10, 3), (20, 1), (30, 1)]);
        ledger.refund(20, 1);
        ledger.refund(20, 1);
        assert_eq!(ledger.used(30), 4);
        assert_eq!(ledger.calls().count(), 2);
    }

    proptest! {
        #[test]
        fn used_is_the_sum_of_the_window(steps in vec((0..WINDOW_MS / 3, 0u32..600), 1..40)) {
            let (mut ledger, mut now, mut all) = (Ledger::default(), 0, Vec::new());
            for (step, credits) in steps {
                now += step;
                ledger.spend(now, credits);
                all.push((now, credits));
                let sum: u32 = all.iter().filter(|(at, _)| *at > now - WINDOW_MS).map(|(_, c)| c).sum();
                prop_assert_eq!(ledger.used(now), sum);
            }
        }
    }
}
