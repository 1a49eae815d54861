//! What a failed pull means for the screen and for the next try.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    api::{Kind, Op, endpoint::Shape},
    domain::{Module, SafeText},
    protocol::{Event, JobKey, Progress, SyncState},
    sync::{Error, failure},
};

/// What is being done, in the words of every failure of a call for records.
const DOING: &str = "fetch what is new";

/// What stays true whatever fails.
const KEPT: &str = "What is here stays usable.";

/// Work before anything can be fetched.
pub(super) fn starting(doing: &str) -> SyncState {
    SyncState::Starting(Progress { doing: SafeText::new(doing), done: 0, total: None })
}

/// Whether the sign-in or the profile does not cover a module, which is no reason not to fetch the others.
pub(super) fn is_closed(error: &Error) -> bool {
    matches!(error, Error::Api(error)
        if matches!(error.kind(), Kind::Scope { .. } | Kind::Forbidden { .. } | Kind::Refused(_))
            && !error.page_token_is_stale())
}

/// Whether the mirror itself is damaged.
pub(super) fn is_damage(error: &Error) -> bool {
    matches!(error, Error::Store(error) if error.is_damage())
}

/// Says that a module is not fetched.
pub(super) fn left_out(module: Module, error: &Error) -> Event {
    let doing = format!("fetch {}", module.plural().to_lowercase());
    let failure = match error {
        Error::Api(error) => failure::of(&doing, error, "The rest is fetched without them."),
        other => failure::plain(&doing, &other.to_string(), "The rest is fetched without them."),
    };
    Event::Failed { key: JobKey::Refresh, generation: 0, failure }
}

/// The state that a failure leaves, and how long to wait: `again`, unless the failure says otherwise; none
/// waits to be asked.
pub(super) fn of(
    error: &Error,
    now: Timestamp,
    since: Option<Timestamp>,
    again: Duration,
) -> (SyncState, Option<Duration>) {
    let retry_at = now.saturating_add(SignedDuration::try_from(again).unwrap_or_default()).unwrap_or(now);
    let error = match error {
        Error::Api(error) => error,
        Error::Store(error) => {
            let failure = failure::of_store(DOING, error, KEPT);
            return (SyncState::Offline { failure, since }, Some(Duration::from_secs(60)));
        }
        Error::Reserve => {
            let hour = Duration::from_secs(3_600);
            let until = now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(now);
            let what = "the rest of the day's API credits is kept for you";
            let way_on = "Fetching goes on when credits come back; r fetches what changed.";
            let failure = failure::plain("fetch the rest of the records", what, way_on);
            return (SyncState::Waiting { failure, until }, Some(hour));
        }
    };
    // What the accounts server failed at is no call, and has words of its own.
    let doing = if error.op().is_some() { DOING } else { error.doing() };
    let mut failure = failure::of(doing, error, KEPT);
    if error.op() == Some(Op::BulkReadCreate) && error.outcome_uncertain() {
        failure.way_on = lost_export();
    }
    match error.kind() {
        Kind::SignIn { .. } | Kind::UnknownDomain { .. } | Kind::Settings { .. } => {
            (SyncState::SignedOut(failure), None)
        }
        Kind::Credits { until: Some(until), .. }
        | Kind::TooMany { retry_at: until }
        | Kind::Throttled { retry_at: until } => {
            let wait = until.duration_since(now).max(SignedDuration::from_secs(1));
            (SyncState::Waiting { failure, until: *until }, wait.try_into().ok())
        }
        _ => {
            failure.retry_at = Some(retry_at);
            (SyncState::Offline { failure, since }, Some(again))
        }
    }
}

/// What to expect after the answer to a request for a file was lost.
fn lost_export() -> SafeText {
    let price = Op::BulkReadCreate.endpoint().cost(Shape::ONE);
    SafeText::new(&format!(
        "A file of {price} credits may have been begun, and Bigin's API has no way to look. It is asked for once more, \
         for {price} credits again; should that be lost too, the records come by the page. {KEPT}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn a_database_that_refuses_is_said_and_tried_again() {
        let error = Error::Store(StoreError::Value("a walk", "odd".to_owned()));
        let (state, wait) = of(&error, Timestamp::UNIX_EPOCH, None, Duration::ZERO);
        let SyncState::Offline { failure, since: None } = state else { unreachable!("{state:?}") };
        assert!(failure.what.as_str().contains("a walk does not read back"), "{failure:?}");
        assert_eq!(wait, Some(Duration::from_secs(60)));
    }

    #[test]
    fn credits_kept_for_the_person_say_when_fetching_goes_on() {
        let (state, wait) = of(&Error::Reserve, Timestamp::UNIX_EPOCH, None, Duration::ZERO);
        assert!(matches!(state, SyncState::Waiting { until, .. } if until.as_second() == 3_600));
        assert_eq!(wait, Some(Duration::from_secs(3_600)));
    }
}
