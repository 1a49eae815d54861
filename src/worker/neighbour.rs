//! Another program of the same account on this machine: what it writes is seen here too.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    protocol::{Event, JobKey, SyncState},
    store::{Desk, Place},
    sync::{Announcer, Pusher, Report, failure},
};

/// How often the files are looked at from outside, which wakes nobody else.
const LOOK: Duration = Duration::from_secs(2);

/// What is looked at, and who is told.
pub(super) struct Neighbour {
    pub places: [Place; 2],
    pub desk: Desk,
    pub pusher: Pusher,
    pub announcer: Announcer,
    pub report: Report,
}

impl Neighbour {
    /// Looks until it is dropped.
    pub(super) async fn watch(self) {
        if self.places.iter().all(|place| place.stamp().is_empty()) {
            return;
        }
        let stamps = || self.places.each_ref().map(Place::stamp);
        let mut before = stamps();
        loop {
            sleep(LOOK).await;
            let now = stamps();
            if std::mem::replace(&mut before, now.clone()) != now {
                self.look().await;
            }
        }
    }

    /// The files changed: another program wrote, or this one did.
    async fn look(&self) {
        let found = self.desk.read(|store| {
            let kept = store.keep.changed_elsewhere()?;
            let mirrored = store.mirror.catch_up()?;
            let catalog = mirrored.filter(|seen| seen.catalog).and_then(|_| store.mirror.catalog());
            let synced = store.mirror.mark("synced")?.and_then(|text| text.parse().ok());
            let ours = store.keep.lease();
            Ok::<_, crate::store::StoreError>((kept, mirrored.is_some(), catalog, synced.filter(|_| !ours)))
        });
        match found.await {
            Ok((kept, mirrored, catalog, synced)) => {
                if let Some(catalog) = catalog {
                    (self.report)(Event::Catalog(catalog));
                }
                if mirrored {
                    self.announcer.changed();
                    if let Some(at) = synced {
                        (self.report)(Event::Sync(SyncState::Synced { at }));
                    }
                }
                if kept {
                    self.pusher.heed().await;
                }
            }
            Err(error) => {
                let failure = failure::of_store("see what another bigin did", &error, "");
                (self.report)(Event::Failed { key: JobKey::Refresh, generation: 0, failure });
            }
        }
    }
}
