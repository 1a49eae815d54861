//! The credits cockpit, read from the books: no call is made.

use std::{collections::BTreeMap, sync::Arc};

use tokio::runtime::Handle;

use crate::{
    api::Limits,
    domain::Module,
    protocol::{Cockpit, Event, Generation},
    store::Desk,
    sync::{Report, plan},
};

/// Tells how the books stand.
pub(super) struct Credits {
    pub limits: Limits,
    pub desk: Desk,
    pub report: Report,
    pub runtime: Handle,
}

impl Credits {
    /// Answers a request for the cockpit.
    pub(super) fn tell(&self, generation: Generation) {
        let (limits, desk, report) = (self.limits.clone(), self.desk.clone(), Arc::clone(&self.report));
        self.runtime.spawn(async move {
            let counts = desk.read(|store| {
                let count =
                    |module: Module| Some((module, store.mirror.mark(&plan::count_key(module)).ok()??));
                plan::MODULES.into_iter().filter_map(count).collect::<Vec<_>>()
            });
            let counts =
                counts.await.into_iter().filter_map(|(module, text)| Some((module, text.parse().ok()?)));
            let counts: BTreeMap<Module, u64> = counts.collect();
            let cockpit = Cockpit { spending: limits.spending(), what_if: plan::what_if(&counts) };
            report(Event::Credits { generation, cockpit: Box::new(cockpit) });
        });
    }
}
