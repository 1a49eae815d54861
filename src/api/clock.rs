//! The time that credits and retries are counted in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use jiff::Timestamp;
use tokio::sync::watch;

/// How far the service's clock may be from ours before ours follows it. Its `Date` has whole seconds and
/// ages on the way.
const TOLERANCE_MS: i64 = 30_000;

/// Unix time that runs evenly, whatever happens to the machine's clock, and follows the service's `Date`:
/// credits are counted by the service's time.
#[derive(Debug, Clone)]
pub struct Clock {
    started: Instant,
    origin_ms: Arc<AtomicI64>,
    moved_ms: watch::Sender<i64>,
}

impl Clock {
    /// A clock that begins at the machine's time.
    #[must_use]
    pub fn system() -> Self {
        Self::starting_at(Timestamp::now().as_millisecond())
    }

    /// A clock that begins at this Unix time in milliseconds.
    #[must_use]
    pub fn starting_at(unix_ms: i64) -> Self {
        let origin_ms = Arc::new(AtomicI64::new(unix_ms));
        Self { started: Instant::now(), origin_ms, moved_ms: watch::Sender::new(0) }
    }

    /// Unix milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.origin_ms.load(Ordering::Relaxed).saturating_add(elapsed)
    }

    /// The same as a timestamp.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        timestamp(self.now_ms())
    }

    /// Moves the clock.
    pub fn advance(&self, milliseconds: i64) {
        self.origin_ms.fetch_add(milliseconds, Ordering::Relaxed);
        self.moved_ms.send_modify(|all| *all = all.saturating_add(milliseconds));
    }

    /// Milliseconds by which the clock was moved since it began, all together.
    #[must_use]
    pub fn moved(&self) -> watch::Receiver<i64> {
        self.moved_ms.subscribe()
    }

    /// Takes note of the service's time; the clock follows when it is far off. Gives the milliseconds by which
    /// it moved.
    pub(super) fn hear(&self, service_ms: i64) -> Option<i64> {
        let off = service_ms - self.now_ms();
        (off.abs() > TOLERANCE_MS).then(|| {
            self.advance(off);
            off
        })
    }
}

/// The timestamp of these Unix milliseconds, cut at the ends of what a timestamp holds.
pub(super) fn timestamp(unix_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_a_far_clock_and_not_a_near_one() {
        let clock = Clock::starting_at(1_000_000_000_000);
        clock.hear(1_000_000_010_000);
        assert!(clock.now_ms() < 1_000_000_009_000, "ten seconds are the wire's and the rounding's");
        clock.hear(1_000_086_400_000);
        assert!(clock.now_ms() >= 1_000_086_400_000, "a day is not");
        clock.hear(1_000_000_000_000);
        assert!(clock.now_ms() < 1_000_001_000_000, "back again");
    }
}
