//! Says that records changed, not too often.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time::sleep};

use super::Report;
use crate::protocol::Event;

/// The shortest time between two announcements: a fill changes records faster than anyone reads.
const PAUSE: Duration = Duration::from_millis(250);

/// Announces changes: the first at once, those that follow closely together.
#[derive(Debug, Clone, Default)]
pub struct Announcer {
    changed: Arc<Notify>,
}

impl Announcer {
    /// Records changed.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// Announces until it is dropped.
    pub async fn run(self, report: Report) {
        loop {
            self.changed.notified().await;
            report(Event::Changed);
            sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn many_changes_are_one_word_and_the_last_one_is_told() {
        let (tell, mut told) = mpsc::unbounded_channel();
        let announcer = Announcer::default();
        let report: Report = Arc::new(move |event| tell.send(event).expect("the test listens"));
        (0..100).for_each(|_| announcer.changed());
        let running = tokio::spawn(announcer.clone().run(report));
        assert_eq!(told.recv().await, Some(Event::Changed));
        assert!(told.try_recv().is_err(), "a hundred changes are one word");
        (0..100).for_each(|_| announcer.changed());
        assert_eq!(told.recv().await, Some(Event::Changed));
        running.abort();
    }
}
