//! Calls that wait for their next try, so that a screen can say so.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::api::error::Error;

/// A call that failed and will be tried again.
#[derive(Debug, Clone)]
pub struct Wait {
    /// When.
    pub until: Timestamp,
    /// What the last try said.
    pub error: Error,
}

/// All of them; the watch shows the one whose turn is next.
#[derive(Debug)]
pub(super) struct Waits {
    all: Mutex<BTreeMap<u64, Wait>>,
    calls: AtomicU64,
    next: watch::Sender<Option<Wait>>,
}

/// One call's entry, there while the call waits.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    waits: &'a Waits,
    number: u64,
}

impl Waits {
    pub(super) fn new() -> Self {
        Self { all: Mutex::default(), calls: AtomicU64::new(0), next: watch::Sender::new(None) }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Option<Wait>> {
        self.next.subscribe()
    }

    pub(super) fn entry(&self) -> Waiting<'_> {
        Waiting { waits: self, number: self.calls.fetch_add(1, Ordering::Relaxed) }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<u64, Wait>)) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.len();
        change(&mut all);
        if !(before == 0 && all.is_empty()) {
            self.next.send_replace(all.values().min_by_key(|wait| wait.until).cloned());
        }
    }
}

impl Waiting<'_> {
    pub(super) fn begin(&self, wait: Wait) {
        self.waits.change(|all| drop(all.insert(self.number, wait)));
    }

    pub(super) fn end(&self) {
        self.waits.change(|all| drop(all.remove(&self.number)));
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::Kind;

    #[test]
    fn the_next_of_several_is_shown_until_none_waits() {
        let waits = Waits::new();
        let shown = waits.subscribe();
        let next = || shown.borrow().as_ref().map(|wait| wait.until.as_second());
        let wait = |seconds| Wait {
            until: Timestamp::from_second(seconds).expect("a time"),
            error: Error::new("list users", Kind::Truncated),
        };
        let (late, soon) = (waits.entry(), waits.entry());
        late.begin(wait(90));
        soon.begin(wait(30));
        assert_eq!(next(), Some(30));
        drop(soon);
        assert_eq!(next(), Some(90));
        late.end();
        assert_eq!(next(), None);
    }
}
