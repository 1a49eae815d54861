//! What pulling and pushing tell each other of the connection.

use std::sync::Arc;

use tokio::sync::Notify;

/// Two bells. A ring that nobody waits for is kept for the next who does.
#[derive(Debug, Clone, Default)]
pub struct Line {
    trouble: Arc<Notify>,
    back: Arc<Notify>,
}

impl Line {
    /// A write could not be sent.
    pub(super) fn ring_trouble(&self) {
        self.trouble.notify_one();
    }

    /// A call came through after one did not.
    pub(super) fn ring_back(&self) {
        self.back.notify_one();
    }

    /// Waits until a write could not be sent.
    pub(super) async fn trouble(&self) {
        self.trouble.notified().await;
    }

    /// Waits until calls come through again.
    pub(super) async fn back(&self) {
        self.back.notified().await;
    }
}
