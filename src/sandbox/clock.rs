//! The sandbox's own time.

use std::{
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::http::HeaderValue;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{assumptions, folder};

/// Time that starts where it is told, runs on with the machine's and can be moved forward.
#[derive(Debug)]
pub struct Clock {
    start: Timestamp,
    /// Milliseconds between the machine's time and the sandbox's.
    ahead: AtomicI64,
    moved: Notify,
    file: Option<PathBuf>,
}

/// A clock in a folder, in milliseconds.
#[derive(Serialize, Deserialize)]
struct Kept {
    start: i64,
    ahead: i64,
}

impl Clock {
    /// A clock that shows `start` now, or the machine's time.
    #[must_use]
    pub fn new(start: Option<Timestamp>) -> Self {
        let start = start.unwrap_or_else(Timestamp::now);
        let clock = Self { start, ahead: AtomicI64::new(0), moved: Notify::new(), file: None };
        clock.reset();
        clock
    }

    /// As [`Clock::new`]; the time of an organisation in a folder goes on from where it was, and never back.
    #[must_use]
    pub fn open(start: Option<Timestamp>, dir: Option<&Path>) -> Self {
        let clock = Self { file: dir.map(folder::clock), ..Self::new(start) };
        let Some(kept) = clock.file.as_deref().and_then(folder::load::<Kept>) else { return clock };
        let Ok(began) = Timestamp::from_millisecond(kept.start) else { return clock };
        if start.is_some() && clock.ahead.load(Ordering::Relaxed) > kept.ahead {
            return clock;
        }
        clock.ahead.store(kept.ahead, Ordering::Relaxed);
        Self { start: began, ..clock }
    }

    /// Writes down the time, where it is kept.
    pub(super) fn keep(&self) {
        if let Some(file) = &self.file {
            let (start, ahead) = (self.start.as_millisecond(), self.ahead.load(Ordering::Relaxed));
            folder::save(file, &Kept { start, ahead });
        }
    }

    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now().as_millisecond().saturating_add(self.ahead.load(Ordering::Relaxed));
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// Moves the time forward.
    pub fn advance(&self, seconds: u32) {
        self.ahead.fetch_add(i64::from(seconds) * 1000, Ordering::Relaxed);
        self.keep();
        self.moved.notify_waiters();
    }

    /// Shows the time of the start again.
    pub fn reset(&self) {
        let ahead = self.start.as_millisecond() - Timestamp::now().as_millisecond();
        self.ahead.store(ahead, Ordering::Relaxed);
        self.keep();
        self.moved.notify_waiters();
    }

    /// Waits until the sandbox's time has come to `at`, however it gets there.
    pub async fn until(&self, at: Timestamp) {
        loop {
            let mut moved = pin!(self.moved.notified());
            moved.as_mut().enable();
            let left = at.as_millisecond() - self.now().as_millisecond();
            let Some(left) = u64::try_from(left).ok().filter(|&left| left > 0) else { return };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                () = moved => {}
            }
        }
    }

    /// The time of the start.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.start
    }
}

/// The organisation's time zone.
#[must_use]
pub fn zone() -> TimeZone {
    static ZONE: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get(assumptions::ORG_TIME_ZONE).unwrap_or(TimeZone::UTC));
    ZONE.clone()
}

/// An instant as Bigin writes it: ISO 8601, whole seconds, the organisation's offset.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    at.to_zoned_datetime(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// An instant as the `Date` header writes it: whatever reads it counts in the sandbox's time.
#[must_use]
pub fn date(at: Timestamp) -> HeaderValue {
    let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_starts_where_told_runs_on_and_moves_forward() {
        let start: Timestamp = "2026-03-01T08:00:00Z".parse().expect("a time");
        let clock = Clock::new(Some(start));
        let passed = |clock: &Clock| clock.now().as_second() - start.as_second();
        assert!(passed(&clock) < 60);
        clock.advance(3600);
        assert!((3600..3660).contains(&passed(&clock)));
        clock.reset();
        assert!(passed(&clock) < 60);
    }

    #[tokio::test]
    async fn waiting_ends_when_the_time_is_moved() {
        let clock = Clock::new(None);
        let at = clock.now() + jiff::SignedDuration::from_hours(3);
        let wait = async { tokio::time::timeout(Duration::from_secs(20), clock.until(at)).await };
        let (waited, ()) = tokio::join!(wait, async { clock.advance(3 * 3600) });
        waited.expect("the wait ends long before three hours have passed");
    }

    #[test]
    fn instants_carry_the_organisation_s_offset_and_no_fraction() {
        let at: Timestamp = "2026-03-14T09:26:53.7Z".parse().expect("a time");
        assert_eq!(iso(at), "2026-03-14T04:26:53-05:00");
    }
}
