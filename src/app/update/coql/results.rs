//! The rows of the answer.

use crate::{
    app::{
        Effect, Load, Model, Walk, geometry,
        pane::{CoqlFocus, Results},
        update::ask,
    },
    protocol::{AnswerWindow, JobKey, ListId, Request},
};

/// Keeps the cursor inside of the answer, and asks for rows that are missing.
pub fn ask_rows(model: &mut Model, out: &mut Vec<Effect>) {
    let height = geometry::coql_rows(model.size).1.max(1);
    let results = &mut model.panes.coql.results;
    results.rows.keep_in_view(height);
    results.column = results.column.min(results.columns().saturating_sub(1));
    results.left = results.left.min(results.column);
    let (Some(slice), Some(answer)) = (results.wants(height), results.newest().map(|answer| answer.id))
    else {
        return;
    };
    results.rows.load = Load::Asked;
    let request = Request::CoqlRows { answer, slice, len: Results::reach(height) };
    ask(model, JobKey::List(ListId::Answer), request, out);
}

/// Rows have come. The first of another answer take the keys.
pub fn rows(model: &mut Model, window: AnswerWindow) {
    let height = geometry::coql_rows(model.size).1.max(1);
    let pane = &mut model.panes.coql;
    let some = !window.rows.is_empty();
    if pane.results.take(window, height) && some {
        pane.focus = CoqlFocus::Result;
    }
}
