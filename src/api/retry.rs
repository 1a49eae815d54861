//! When a call that failed is tried again, and how long that waits.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::{endpoint::Repeat, error::Error};

/// Tries of one call at most.
const TRIES: u32 = 5;

/// How long to wait between tries: full jitter under a doubling bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The bound of the first wait.
    pub base: Duration,
    /// No wait is longer, whatever the service asks for.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(60) }
    }
}

impl Backoff {
    /// The wait after the try with this number, from 1.
    pub(super) fn delay(self, tries: u32) -> Duration {
        let bound = self.base.saturating_mul(2u32.saturating_pow(tries.saturating_sub(1))).min(self.cap);
        bound.mul_f64(fastrand::f64())
    }

    /// The waits between all tries of a call.
    pub(super) fn waits(self) -> impl Iterator<Item = Duration> + Send + Sync + Unpin {
        (1..TRIES).map(move |tries| self.delay(tries))
    }
}

/// One try that failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: Error,
    pub(super) why: Why,
}

/// What a failed try means for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Asking again gives the same.
    Settled,
    /// The service said 429 and did nothing; it may have said how long to wait.
    Busy { wait: Option<Duration> },
    /// The request never left.
    NotSent,
    /// The request left, and nobody knows what became of it.
    Lost,
}

impl Why {
    /// Whether a call may be tried once more after `tries` tries.
    pub(super) const fn allows(self, repeat: Repeat, tries: u32) -> bool {
        match (self, repeat) {
            (Self::Settled, _) => false,
            (Self::Busy { .. }, _) | (_, Repeat::Safe) => tries < TRIES,
            (Self::NotSent | Self::Lost, Repeat::Once) => tries < 2,
            (Self::NotSent | Self::Lost, Repeat::Never) => false,
        }
    }
}

/// Reads `Retry-After`: seconds or an HTTP date. What makes no sense is as if it were not there.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    http_date(text)?.duration_since(now).try_into().ok()
}

/// Reads an HTTP date, such as the service's `Date`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_happen_twice_is_sent_again() {
        let busy = Why::Busy { wait: None };
        for (why, repeat, tries, again) in [
            (busy, Repeat::Never, 4, true),
            (busy, Repeat::Safe, 5, false),
            (Why::NotSent, Repeat::Safe, 4, true),
            (Why::Lost, Repeat::Safe, 4, true),
            (Why::Lost, Repeat::Once, 1, true),
            (Why::Lost, Repeat::Once, 2, false),
            (Why::Lost, Repeat::Never, 1, false),
            (Why::NotSent, Repeat::Never, 1, false),
            (Why::Settled, Repeat::Safe, 1, false),
        ] {
            assert_eq!(why.allows(repeat, tries), again, "{why:?} {repeat:?} after {tries}");
        }
    }

    #[test]
    fn waits_stay_under_a_doubling_bound_and_the_cap() {
        let backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(5) };
        for (tries, bound) in [(1, 1), (2, 2), (3, 4), (4, 5), (60, 5)] {
            for _ in 0..50 {
                assert!(backoff.delay(tries) <= Duration::from_secs(bound));
            }
        }
        assert_eq!(backoff.waits().count(), 4);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_a_date_and_garbage_is_ignored() {
        let now: Timestamp = "2026-05-04T10:00:00Z".parse().expect("a time");
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().expect("a header"));
            retry_after(&headers, now)
        };
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(read("Mon, 04 May 2026 10:01:30 GMT"), Some(Duration::from_secs(90)));
        for garbage in ["-3", "soon", "", "Mon, 04 May 2026 09:00:00 GMT"] {
            assert_eq!(read(garbage), None, "{garbage}");
        }
    }
}
