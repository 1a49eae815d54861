//! Credits in a window that rolls.

mod log;

use std::{collections::VecDeque, path::Path};

use jiff::Timestamp;

use self::log::Log;
use crate::sandbox::{assumptions, folder};

/// What an organisation spent.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Credits by the millisecond of the call's start, oldest first.
    spent: VecDeque<(i64, u32)>,
    used: u32,
    log: Option<Log>,
}

impl Ledger {
    /// The ledger of an organisation, with what a folder keeps of it.
    pub(super) fn open(dir: Option<&Path>, now: Timestamp) -> Self {
        let mut ledger = Self::default();
        let Some(dir) = dir else { return ledger };
        let file = folder::ledger(dir);
        for (at, credits) in log::read(&file) {
            ledger.book(at, credits);
        }
        ledger.used(now);
        ledger.log = Some(Log::new(file));
        ledger
    }

    /// Forgets everything, in the folder too.
    pub(super) fn forget(&mut self) {
        self.spent.clear();
        self.used = 0;
        self.log.iter_mut().for_each(|log| log.rewrite(&self.spent));
    }

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
        self.book(at, credits.into());
        self.note(at, credits.into());
    }

    /// Gives back the price of a call that was turned away.
    pub(super) fn refund(&mut self, at: Timestamp, credits: u32) {
        let at = at.as_millisecond();
        self.book(at, -i64::from(credits));
        self.note(at, -i64::from(credits));
    }

    fn note(&mut self, at: i64, credits: i64) {
        if let Some(log) = &mut self.log
            && !log.note(at, credits)
        {
            log.rewrite(&self.spent);
        }
    }

    /// Adds credits to a millisecond, or takes them away.
    fn book(&mut self, at: i64, credits: i64) {
        let after = self.spent.partition_point(|&(other, _)| other <= at);
        let same = after.checked_sub(1).filter(|&last| self.spent[last].0 == at);
        let place = same.unwrap_or(after);
        if same.is_none() {
            self.spent.insert(after, (at, 0));
        }
        let (before, sum) = (self.spent[place].1, i64::from(self.spent[place].1) + credits);
        let sum = u32::try_from(sum.max(0)).unwrap_or(u32::MAX);
        self.spent[place].1 = sum;
        self.used = self.used - before + sum;
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

        #[test]
        fn a_ledger_in_a_folder_is_read_back_whole(calls in vec((0i64..3_000_000, 1u32..600, any::<bool>()), 1..60)) {
            let folder = tempfile::tempdir().expect("a folder");
            let open = |now| Ledger::open(Some(folder.path()), at(now));
            let (mut now, mut ledger) = (0, open(0));
            for (step, credits, refused) in calls {
                now += step;
                ledger.spend(at(now), credits);
                if refused {
                    ledger.refund(at(now), credits);
                }
                if credits % 7 == 0 {
                    let before = ledger.used(at(now));
                    ledger = open(now);
                    prop_assert_eq!(ledger.used(at(now)), before);
                }
            }
            ledger.forget();
            prop_assert_eq!(open(now).used(at(now)), 0);
        }
    }
}
