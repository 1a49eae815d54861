//! What can be done in the credits cockpit.

use std::{path::PathBuf, time::Duration};

use super::{ask, notice};
use crate::{
    app::{
        Effect, Model,
        input::copied,
        overlay::{CallsView, Overlay},
    },
    protocol::{JobKey, Request},
};

/// Times between two questions that a what-if goes through, in seconds.
const PACES: [u64; 9] = [3_600, 1_800, 600, 300, 120, 60, 30, 10, 5];

/// Shows the calls of this run.
pub fn calls(model: &mut Model) {
    let rows = model.panes.credits.cockpit.as_ref().map_or_else(Vec::new, |cockpit| cockpit.calls.clone());
    model.overlay = Some(Overlay::Calls(CallsView { rows, ..CallsView::default() }));
}

/// Copies the call under the cursor as a command for a shell.
pub fn copy(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Calls(view)) = &mut model.overlay else { return };
    let Some(call) = view.selected() else { return };
    out.push(Effect::Copy(copied(&call.curl)));
    view.copied = true;
}

/// Writes what was spent in the window to a file of its own.
pub fn export(model: &mut Model, out: &mut Vec<Effect>) {
    if model.panes.coql.writing.is_some() {
        return notice::info(model, "an answer is being written; its file comes first");
    }
    let time = model.now.to_zoned_datetime(model.zone.clone()).strftime("%Y-%m-%d-%H%M%S");
    let path = PathBuf::from(format!("bigin-credits-{time}.csv"));
    ask(model, JobKey::Export, Request::ExportLedger { path }, out);
}

/// Makes the what-if ask more often; past the quickest it begins again with the slowest.
pub fn pace(model: &mut Model) {
    let every = &mut model.panes.credits.every;
    let quicker = PACES.into_iter().find(|pace| *pace < every.as_secs());
    *every = Duration::from_secs(quicker.unwrap_or(PACES[0]));
}
