//! Credits and calls, told to the screen and kept for the next run.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::{api::Limits, protocol::Event, store::Desk, sync::Report};

/// The shortest time between two words.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest time that spent credits are known to this process only.
const KEEP_WITHIN: Duration = Duration::from_secs(5);

/// Tells every change, at most ten times a second and always the last one.
pub(super) async fn run(limits: Limits, desk: Desk, report: Report) {
    let mut usage = limits.subscribe();
    let mut keep_at = None;
    loop {
        report(Event::Usage(*usage.borrow_and_update()));
        let due = *keep_at.get_or_insert_with(|| Instant::now() + KEEP_WITHIN);
        sleep(PAUSE).await;
        tokio::select! {
            () = sleep_until(due) => {
                keep(&limits, &desk).await;
                keep_at = None;
                // Nothing more is due until something is spent.
                if usage.changed().await.is_err() { return }
            }
            changed = usage.changed() => if changed.is_err() { return },
        }
    }
}

/// Puts on disk what was spent since that was last done.
pub(super) async fn keep(limits: &Limits, desk: &Desk) {
    let spent: Vec<(i64, u32)> =
        limits.take_unstored().into_iter().map(|spent| (spent.at_ms, spent.credits)).collect();
    let now = limits.clock().now_ms();
    if !spent.is_empty() {
        // The count goes on in memory; a disk that refuses it costs only what the next run knows.
        let _ = desk.write(move |store| store.keep.spend(&spent, now)).await;
    }
}
