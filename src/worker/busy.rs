//! Calls that wait for their next try, told to the screen.

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
        let busy = wait.map(|wait| Busy { until: wait.until, why: SafeText::new(why(wait.error.kind())) });
        report(Event::Busy(busy));
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
