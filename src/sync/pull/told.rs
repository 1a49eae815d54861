//! What the screen is told of a fill.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{
    domain::{Module, SafeText},
    protocol::{Event, Progress, SyncState},
    sync::{Announcer, Report},
};

/// Milliseconds between two words.
const PAUSE: u64 = 200;

/// The longest time between two announcements of records, in milliseconds. Reading a screen anew takes time from
/// the fill, and the more there is, the less a screen changes with a page.
const LONGEST: u64 = 3_000;

/// Says how far a fill is, and that records came, neither too often.
pub(super) struct Told {
    report: Report,
    announcer: Announcer,
    begun: Instant,
    far: Mutex<Far>,
}

#[derive(Default)]
struct Far {
    modules: BTreeMap<Module, Rows>,
    /// Milliseconds since the begin at which the last word was said.
    said: Option<u64>,
    /// Milliseconds since the begin at which the records were last announced.
    announced: Option<u64>,
}

/// Records of a module.
#[derive(Default, Clone, Copy)]
struct Rows {
    here: u64,
    /// All there are, where that is known.
    of: Option<u64>,
}

impl Told {
    pub(super) fn new(report: Report, announcer: Announcer) -> Self {
        Self { report, announcer, begun: Instant::now(), far: Mutex::default() }
    }

    /// A module has so many records in all.
    pub(super) fn count(&self, module: Module, all: Option<u64>) {
        self.lock().modules.entry(module).or_default().of = all;
    }

    /// Records of a module came.
    pub(super) fn came(&self, module: Module, rows: u64) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut far = self.lock();
        far.modules.entry(module).or_default().here += rows;
        if far.announced.is_none_or(|last| now >= last + (now / 4).min(LONGEST)) {
            far.announced = Some(now);
            self.announcer.changed();
        }
        if far.said.is_none_or(|last| now >= last + PAUSE) {
            far.said = Some(now);
            drop(far);
            self.say(module);
        }
    }

    /// Records of a module came in an earlier run.
    pub(super) fn came_before(&self, module: Module, rows: u64) {
        self.lock().modules.entry(module).or_default().here += rows;
    }

    /// Records came that are not counted.
    pub(super) fn announce(&self) {
        self.announcer.changed();
    }

    pub(super) fn say(&self, module: Module) {
        let doing = SafeText::new(&format!("fetching {}", module.plural().to_lowercase()));
        let (done, total) = self.lock().progress(module);
        (self.report)(Event::Sync(SyncState::Filling(Progress { doing, done, total })));
    }

    fn lock(&self) -> MutexGuard<'_, Far> {
        self.far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Far {
    /// Records that are here, and all there are, of the modules that were counted; of one that was not, what
    /// is here of it.
    fn progress(&self, module: Module) -> (u64, Option<u64>) {
        let this = self.modules.get(&module).copied().unwrap_or_default();
        if this.of.is_none() {
            return (this.here, None);
        }
        let counted = self.modules.values().filter_map(|rows| Some((rows.here, rows.of?)));
        let (here, of) = counted.fold((0, 0), |(here, all), (more, of)| (here + more.min(of), all + of));
        (here, Some(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_adds_up_what_was_counted_and_speaks_of_the_rest_alone() {
        let rows = |here, of| Rows { here, of };
        let modules = [
            (Module::Pipelines, rows(600, Some(12_000))),
            (Module::Contacts, rows(450, Some(400))),
            (Module::Notes, rows(70, None)),
        ];
        let far = Far { modules: modules.into(), ..Far::default() };
        assert_eq!(far.progress(Module::Pipelines), (1_000, Some(12_400)), "some were created since");
        assert_eq!(far.progress(Module::Notes), (70, None));
        assert_eq!(far.progress(Module::Tasks), (0, None));
    }
}
