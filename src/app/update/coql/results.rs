//! The rows of the answer.

use crate::{
    app::{
        Effect, Load, Model, Walk, geometry,
        pane::{CoqlFocus, Results},
        update::{ask, moves},
    },
    protocol::{AnswerOrder, AnswerWindow, JobKey, ListId, Request},
};

/// Columns by which a column becomes wider or narrower.
const STEP: i16 = 4;

/// Keeps the cursor inside of the answer, and asks for rows that are missing.
pub fn ask_rows(model: &mut Model, out: &mut Vec<Effect>) {
    let height = geometry::coql_rows(model.size).1.max(1);
    let results = &mut model.panes.coql.results;
    results.rows.keep_in_view(height);
    results.column = results.column.min(results.columns().saturating_sub(1));
    results.left = results.left.min(results.column);
    let (Some(slice), Some(view)) = (results.wants(height), results.view()) else { return };
    results.rows.load = Load::Asked;
    let request = Request::CoqlRows { view, slice, len: Results::reach(height) };
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
    moves::show_all(model);
}

/// Sorts what is here by the column under the cursor; none brings back the order in which it came.
pub fn sort(model: &mut Model, descending: Option<bool>) {
    let results = &mut model.panes.coql.results;
    let column = results.column;
    results.sort(descending.map(|descending| AnswerOrder { column, descending }));
}

/// Makes the column under the cursor wider or narrower.
pub fn widen(model: &mut Model, wider: bool) {
    let results = &mut model.panes.coql.results;
    let own = results.widths.entry(results.column).or_default();
    *own = own.saturating_add(if wider { STEP } else { -STEP }).clamp(-200, 200);
}
