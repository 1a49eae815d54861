//! The credits cockpit, read from the books: no call is made.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use tokio::runtime::Handle;

use super::export::{self, Grid, Outcome};
use crate::{
    api::{Entry, Limits},
    domain::Module,
    protocol::{Cockpit, Event, ExportFormat, ExportState, Generation, JobKey},
    store::Desk,
    sync::{Report, failure, plan},
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
            let cockpit = Cockpit {
                spending: limits.spending(),
                what_if: plan::what_if(&counts),
                calls: limits.calls(),
            };
            report(Event::Credits { generation, cockpit: Box::new(cockpit) });
        });
    }

    /// Writes what was spent in the window to a file that is not there yet.
    pub(super) fn export(&self, generation: Generation, path: PathBuf) {
        let (limits, report) = (self.limits.clone(), Arc::clone(&self.report));
        self.runtime.spawn_blocking(move || {
            let path = std::path::absolute(&path).unwrap_or(path);
            let grid = grid(&limits.entries());
            let rows = grid.rows.len() as u64;
            let written = export::write(&grid, ExportFormat::Csv, &path, false, &mut |_| true);
            report(match written {
                Ok(Outcome::Written { bytes }) => {
                    let state = ExportState::Written { path, rows, bytes };
                    Event::Export { generation, state }
                }
                Ok(_) => Event::Export { generation, state: ExportState::Exists { path } },
                Err(error) => {
                    let doing = format!("write {}", path.display());
                    let way_on = "Start bigin in a folder where files can be written.";
                    let failure = failure::plain(&doing, &error.to_string(), way_on);
                    Event::Failed { key: JobKey::Export, generation, failure }
                }
            });
        });
    }
}

/// The books as a table, oldest first.
fn grid(entries: &[Entry]) -> Grid {
    let row = |entry: &Entry| -> Vec<Value> {
        let at = Timestamp::from_millisecond(entry.at_ms).map(|at| at.to_string()).unwrap_or_default();
        vec![at.into(), entry.purpose.title().into(), entry.words.as_str().into(), entry.credits.into()]
    };
    let columns = [("time", false), ("purpose", false), ("call", false), ("credits", true)];
    let columns = columns.map(|(name, numeric)| (name.to_owned(), numeric));
    Grid::new(columns, entries.iter().map(row).collect())
}
