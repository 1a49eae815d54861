//! Credits in a window that rolls.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::sandbox::assumptions;

/// What an organisation spent.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Credits by the millisecond of the call's start, oldest first.
    spent: VecDeque<(i64, u32)>,
    used: u32,
}

impl Ledger {
    /// Credits spent in the 24 hours before `now`, each from the start of its call.
    pub(super) fn used(&mut self, now: Timestamp) -> u32 {
        let oldest = now.as_millisecond() - assumptions::CREDIT_WINDOW_MS;
        while let Some(&(at, credits)) = self.spent.front()
            && at <= oldest
        {
            self.spent.pop_front();
            self.used -= credits;
        }
        self.used
    }

    /// Notes the price of a call that began at `at`.
    pub(super) fn spend(&mut self, at: Timestamp, credits: u32) {
        let at = at.as_millisecond();
        self.used += credits;
        let after = self.spent.partition_point(|&(other, _)| other <= at);
        match after.checked_sub(1).and_then(|last| self.spent.get_mut(last)) {
            Some((other, spent)) if *other == at => *spent += credits,
            _ => self.spent.insert(after, (at, credits)),
        }
    }

    /// Gives back the price of a call that was turned away.
    pub(super) fn refund(&mut self, at: Timestamp, credits: u32) {
        let at = at.as_millisecond();
        if let Ok(place) = self.spent.binary_search_by_key(&at, |&(other, _)| other) {
            self.spent[place].1 -= credits;
            self.used -= credits;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + ms).expect("in range")
    }

    proptest! {
        #[test]
        fn used_is_the_sum_of_the_window(calls in vec((0i64..90_000_000, 1u32..600, any::<bool>()), 1..60)) {
            let mut ledger = Ledger::default();
            let (mut now, mut kept) = (0, Vec::new());
            for (step, credits, refused) in calls {
                now += step;
                ledger.spend(at(now), credits);
                if refused {
                    ledger.refund(at(now), credits);
                } else {
                    kept.push((now, credits));
                }
                let window = kept.iter().filter(|(at, _)| *at > now - assumptions::CREDIT_WINDOW_MS);
                prop_assert_eq!(ledger.used(at(now)), window.map(|(_, c)| c).sum::<u32>());
            }
        }
    }
}
