//! Credits in a window that rolls.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::{assumptions, clock};

/// The calls of an organisation.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Credits by the millisecond of the call's start, oldest first.
    spent: VecDeque<(i64, u32)>,
    used: u32,
    /// The newest calls.
    calls: VecDeque<Call>,
    noted: u64,
}

#[derive(Debug)]
struct Call {
    at: Timestamp,
    method: String,
    path: String,
    credits: u32,
    status: Option<u16>,
}

/// Names a noted call.
#[derive(Debug, Clone, Copy)]
pub struct CallId(u64);

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

    /// Notes a call. Of the calls themselves only the newest are kept; credits count for the window.
    pub(super) fn note(&mut self, at: Timestamp, method: &str, path: &str, credits: u32) -> CallId {
        self.spend(at.as_millisecond(), credits);
        if self.calls.len() == assumptions::CALLS_KEPT {
            self.calls.pop_front();
        }
        let (method, path) = (method.to_owned(), path.to_owned());
        self.calls.push_back(Call { at, method, path, credits, status: None });
        self.noted += 1;
        CallId(self.noted)
    }

    /// Notes the status of a call's answer; 401 and 429 give the credits back.
    pub(super) fn settle(&mut self, call: CallId, status: u16) {
        let newest_first = usize::try_from(self.noted - call.0).unwrap_or(usize::MAX);
        let Some(at) = self.calls.len().checked_sub(newest_first + 1) else { return };
        let Some(call) = self.calls.get_mut(at) else { return };
        call.status = Some(status);
        if matches!(status, 401 | 429) {
            let (at, credits) = (call.at.as_millisecond(), std::mem::take(&mut call.credits));
            self.refund(at, credits);
        }
    }

    /// The calls kept, oldest first.
    pub(super) fn calls(&self) -> Vec<Value> {
        let shown = |call: &Call| {
            json!({ "at": clock::iso(call.at), "method": call.method, "path": call.path,
                    "credits": call.credits, "status": call.status })
        };
        self.calls.iter().map(shown).collect()
    }

    fn spend(&mut self, at: i64, credits: u32) {
        if credits == 0 {
            return;
        }
        self.used += credits;
        let after = self.spent.partition_point(|&(other, _)| other <= at);
        match after.checked_sub(1).and_then(|last| self.spent.get_mut(last)) {
            Some((other, spent)) if *other == at => *spent += credits,
            _ => self.spent.insert(after, (at, credits)),
        }
    }

    fn refund(&mut self, at: i64, credits: u32) {
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

    #[test]
    fn what_is_turned_away_costs_nothing() {
        let mut ledger = Ledger::default();
        let paid = ledger.note(at(0), "GET", "/a", 3);
        let refused = ledger.note(at(0), "POST", "/b", 10);
        ledger.settle(paid, 500);
        ledger.settle(refused, 401);
        assert_eq!(ledger.used(at(1)), 3);
        assert_eq!(ledger.calls()[1]["credits"], 0);
        assert_eq!(ledger.calls()[0]["status"], 500);
    }

    proptest! {
        #[test]
        fn used_is_the_sum_of_the_window(calls in vec((0i64..90_000_000, 0u32..600, any::<bool>()), 1..60)) {
            let mut ledger = Ledger::default();
            let (mut now, mut kept) = (0, Vec::new());
            for (step, credits, refused) in calls {
                now += step;
                let id = ledger.note(at(now), "GET", "/", credits);
                ledger.settle(id, if refused { 429 } else { 200 });
                kept.push((now, if refused { 0 } else { credits }));
                let window = kept.iter().filter(|(at, _)| *at > now - assumptions::CREDIT_WINDOW_MS);
                prop_assert_eq!(ledger.used(at(now)), window.map(|(_, c)| c).sum::<u32>());
            }
        }
    }
}
