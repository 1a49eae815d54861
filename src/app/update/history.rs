//! What changed on a record.

use super::ask;
use crate::{
    app::{
        Effect, Load, Model,
        overlay::{HistoryView, Overlay},
    },
    domain::{FieldChange, Link},
    protocol::{JobKey, Request},
};

/// Opens the history of the record under the cursor.
pub fn open(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(record) = model.current() else { return };
    model.overlay =
        Some(Overlay::History(HistoryView { record, rows: Vec::new(), top: 0, load: Load::Idle }));
    fill(model, out);
}

/// Asks for the lines, where they are not in hand or something changed since.
pub fn fill(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::History(view)) = &mut model.overlay else { return };
    if view.load == Load::Idle {
        view.load = Load::Asked;
        let request = Request::History(view.record.clone());
        ask(model, JobKey::History, request, out);
    }
}

/// The lines came.
pub fn take(model: &mut Model, record: &Link, changes: Vec<FieldChange>) {
    if let Some(Overlay::History(view)) = &mut model.overlay
        && view.record.id == record.id
    {
        view.top = view.top.min(changes.len().saturating_sub(1));
        (view.rows, view.load) = (changes, Load::Ready);
    }
}
