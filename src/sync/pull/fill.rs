//! The first fill, and any later one that begins anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{AT_ONCE, Puller, fetch::Fetch, state};
use crate::{
    domain::{Catalog, Module, SafeText},
    protocol::{Event, Progress, SyncState},
    sync::{
        Announcer, Error, Report,
        plan::{self, Stand, Walk},
    },
};

impl Puller {
    /// Walks every list that is not here in full. Says whether there was one.
    pub(super) async fn fill(&mut self, catalog: &Arc<Catalog>) -> Result<bool, Error> {
        let mut open = Vec::new();
        for walk in plan::walks(catalog) {
            let stand = self.fetch.stand(&walk).await?;
            if stand != Stand::Done && !self.closed.contains(&walk.module) {
                open.push((walk, stand));
            }
        }
        if open.is_empty() {
            self.fetch.index_texts().await?;
            return Ok(false);
        }
        self.fetch.delay_texts().await?;
        for module in plan::MODULES {
            self.fetch.begin(module).await?;
        }
        let progress = Told::new(self.report.clone(), self.announcer.clone());
        // The page that the first screen shows has the line for itself.
        if let Some((walk, stand)) = open.first_mut().filter(|(_, stand)| *stand == Stand::New) {
            progress.say(walk.module);
            let page = self.fetch.page(catalog, walk, stand).await;
            let page = self.unless_closed(walk.module, page)?;
            let (next, rows) = page.unwrap_or((Stand::Done, 0));
            progress.came(walk.module, rows);
            *stand = next;
        }
        let (fetch, progress) = (&self.fetch, &progress);
        let walked: Vec<(Module, Result<(), Error>)> = stream::iter(open)
            .map(|(walk, stand)| async move {
                let module = walk.module;
                match finish(fetch, catalog, &walk, stand, progress).await {
                    Err(error) if !state::is_closed(&error) => Err(error),
                    done => Ok((module, done)),
                }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (module, done) in walked {
            self.unless_closed(module, done)?;
        }
        self.fetch.end().await?;
        self.fetch.index_texts().await?;
        self.fetch.note_sync().await?;
        self.announcer.changed();
        Ok(true)
    }
}

/// Walks a list to its end.
async fn finish(
    fetch: &Fetch,
    catalog: &Catalog,
    walk: &Walk,
    mut stand: Stand,
    progress: &Told,
) -> Result<(), Error> {
    while stand != Stand::Done {
        if !plan::may_fill(&fetch.usage()) {
            return Err(Error::Reserve);
        }
        let rows;
        (stand, rows) = fetch.page(catalog, walk, &stand).await?;
        progress.came(walk.module, rows);
    }
    Ok(())
}

/// What the screen is told of a fill.
struct Told {
    report: Report,
    announcer: Announcer,
    rows: AtomicU64,
    begun: Instant,
    /// Milliseconds since the begin at which the last word was said.
    last: AtomicU64,
    /// Milliseconds since the begin at which the records were last announced.
    announced: AtomicU64,
}

/// Milliseconds between two words.
const PAUSE: u64 = 200;

/// The longest time between two announcements of records, in milliseconds. Reading a screen anew takes time from
/// the fill, and the more there is, the less a screen changes with a page.
const LONGEST: u64 = 3_000;

impl Told {
    fn new(report: Report, announcer: Announcer) -> Self {
        let (rows, last, announced) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        Self { report, announcer, rows, begun: Instant::now(), last, announced }
    }

    fn came(&self, module: Module, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let announced = self.announced.load(Ordering::Relaxed);
        if announced == 0 || now >= announced + (now / 4).min(LONGEST) {
            self.announced.store(now.max(1), Ordering::Relaxed);
            self.announcer.changed();
        }
        let last = self.last.load(Ordering::Relaxed);
        if now >= last + PAUSE {
            self.last.store(now, Ordering::Relaxed);
            self.say(module);
        }
    }

    fn say(&self, module: Module) {
        let doing = SafeText::new(&format!("fetching {}", module.plural().to_lowercase()));
        let progress = Progress { doing, done: self.rows.load(Ordering::Relaxed), total: None };
        (self.report)(Event::Sync(SyncState::Filling(progress)));
    }
}
