//! Credits and calls, told to the screen and kept for the next run.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    api::Limits,
    protocol::Event,
    sync::{Books, Report},
};

/// The shortest time between two words.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest time that spent credits are known to this process only.
const KEEP_WITHIN: Duration = Duration::from_secs(5);

/// Tells every change, at most ten times a second and always the last one.
pub(super) async fn run(limits: Limits, books: Books, report: Report) {
    books.exchange().await;
    let mut usage = limits.subscribe();
    let mut keep_at = None;
    loop {
        report(Event::Usage(*usage.borrow_and_update()));
        let due = *keep_at.get_or_insert_with(|| Instant::now() + KEEP_WITHIN);
        sleep(PAUSE).await;
        tokio::select! {
            () = sleep_until(due) => {
                books.exchange().await;
                keep_at = None;
                // Nothing more is due until something is spent.
                if usage.changed().await.is_err() { return }
            }
            changed = usage.changed() => if changed.is_err() { return },
        }
    }
}
