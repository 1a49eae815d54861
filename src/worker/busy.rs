//! Calls that wait for their next try, told to the screen.

use jiff::Timestamp;

use crate::{
    api::{Client, Kind},
    domain::SafeText,
    protocol::{Busy, Event},
    sync::Report,
};

/// Tells whenever the call whose turn is next is another one.
pub(super) async fn run(client: Client, report: Report) {
    let mut waiting = client.waiting();
    loop {
        let wait = waiting.borrow_and_update().clone();
        report(Event::Busy(wait.map(|wait| {
            // The screen counts by the machine's clock, which may not be the service's.
            let left = wait.until.duration_since(client.clock().now());
            let until = Timestamp::now().saturating_add(left).unwrap_or(Timestamp::MAX);
            Busy { until, why: SafeText::new(why(wait.error.kind())) }
        })));
        if waiting.changed().await.is_err() {
            return;
        }
    }
}

const fn why(kind: &Kind) -> &'static str {
    match kind {
        Kind::TooMany { .. } | Kind::Throttled { .. } | Kind::Credits { .. } => "too many calls",
        Kind::Server { .. } => "Bigin failed",
        Kind::Offline { .. } | Kind::Timeout { .. } | Kind::Truncated => "no connection",
        _ => "no proper answer",
    }
}
