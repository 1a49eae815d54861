//! The service's clock, told to the screen: ages and days are counted by it, whatever the machine's says.

use jiff::{SignedDuration, Timestamp};

use crate::{api::Clock, protocol::Event, sync::Report};

/// Tells how far the service's clock is from the machine's, whenever that turns out to be far.
pub(super) async fn run(clock: Clock, report: Report) {
    let mut moved = clock.moved();
    moved.mark_changed();
    while moved.changed().await.is_ok() {
        if *moved.borrow_and_update() != 0 {
            report(Event::Clock { ahead: ahead(clock.now()) });
        }
    }
}

/// How far a time of the service is from the machine's.
pub(super) fn ahead(service: Timestamp) -> SignedDuration {
    service.duration_since(Timestamp::now())
}
