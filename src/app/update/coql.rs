//! The console.

use super::{ask, draft, notice};
use crate::{
    app::{Effect, Load, Model, Place, input::area, pane::CoqlFocus},
    protocol::{CoqlTable, DraftKey, Failure, JobKey, Request},
};

/// What the editor begins with.
pub const EXAMPLE: &str = "select Deal_Name, Amount, Stage, Closing_Date
from Pipelines
where Amount > 10000
order by Amount desc
limit 50";

/// Gives the editor its first text: what was typed last, or an example.
pub fn begin(model: &mut Model) {
    if model.panes.coql.begun {
        return;
    }
    model.panes.coql.begun = true;
    if model.panes.coql.editor.is_empty() {
        let kept = draft::find(model, &DraftKey::Coql).map(|row| row.text.clone());
        model.panes.coql.editor = area::with(kept.as_deref().unwrap_or(EXAMPLE));
    }
}

/// What was typed last has come after the example was shown: it takes its place if nothing was typed since.
pub fn begin_again(model: &mut Model) {
    let pane = &mut model.panes.coql;
    if pane.begun && area::text(&pane.editor) == EXAMPLE {
        pane.begun = false;
        pane.editor = area::with("");
    }
}

/// Runs the text of the editor.
pub fn run(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_coql(model, out);
    let pane = &mut model.panes.coql;
    let text = area::text(&pane.editor);
    pane.history.retain(|old| *old != text);
    pane.history.push(text.clone());
    (pane.history_at, pane.failure, pane.load) = (None, None, Load::Asked);
    ask(model, JobKey::Coql, Request::Coql { text }, out);
}

/// Stops the running query; false if there is none.
pub fn cancel(model: &mut Model, out: &mut Vec<Effect>) -> bool {
    if model.trail.here != Place::Coql || model.panes.coql.load != Load::Asked {
        return false;
    }
    model.panes.coql.load = Load::Ready;
    // Its answer, should it be on its way, is of no interest any more.
    *model.generations.entry(JobKey::Coql).or_default() += 1;
    out.push(Effect::Cancel(JobKey::Coql));
    notice::info(model, "the query was stopped");
    true
}

/// A query was answered.
pub fn answer(model: &mut Model, result: Result<Box<CoqlTable>, Failure>) {
    let pane = &mut model.panes.coql;
    pane.load = Load::Ready;
    match result {
        Ok(table) => {
            (pane.row, pane.column, pane.top, pane.left) = (0, 0, 0, 0);
            pane.failure = None;
            if !table.rows.is_empty() {
                pane.focus = CoqlFocus::Result;
            }
            pane.table = Some(table);
        }
        Err(failure) => {
            pane.focus = CoqlFocus::Editor;
            let run = pane.history.last();
            if let Some(span) = failure.span.as_ref().filter(|_| run == Some(&area::text(&pane.editor))) {
                area::place(&mut pane.editor, span.start);
            }
            pane.failure = Some(failure);
        }
    }
}

/// Walks through the queries that were run; what was typed is the newest of them.
pub fn history(model: &mut Model, older: bool) {
    let pane = &mut model.panes.coql;
    let (at, typed) =
        pane.history_at.take().unwrap_or_else(|| (pane.history.len(), area::text(&pane.editor)));
    let next = if older { at.saturating_sub(1) } else { (at + 1).min(pane.history.len()) };
    if pane.history.is_empty() {
        return notice::info(model, "no query was run yet");
    }
    let text = pane.history.get(next).unwrap_or(&typed);
    pane.editor = area::with(text);
    pane.history_at = (next < pane.history.len()).then_some((next, typed));
}
