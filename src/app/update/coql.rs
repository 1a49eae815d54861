//! The console.

mod results;
mod run;

pub use results::{ask_rows, rows};
pub use run::{answer, cancel, progress, resume, run};

use super::{draft, notice};
use crate::{
    app::{Model, input::area},
    protocol::DraftKey,
};

/// What the editor begins with.
pub const EXAMPLE: &str = "select Deal_Name, Amount, Stage, Closing_Date
from Pipelines
where Amount > 10000
order by Amount desc
limit 50";

/// Gives the editor its first text: what was typed last, or an example.
pub fn begin(model: &mut Model) {
    if model.panes.coql.editor.begun {
        return;
    }
    model.panes.coql.editor.begun = true;
    if model.panes.coql.editor.area.is_empty() {
        let kept = draft::find(model, &DraftKey::Coql).map(|row| row.text.clone());
        model.panes.coql.editor.set(kept.as_deref().unwrap_or(EXAMPLE));
    }
}

/// What was typed last has come after the example was shown: it takes its place if nothing was typed since.
pub fn begin_again(model: &mut Model) {
    let editor = &mut model.panes.coql.editor;
    if editor.begun && editor.text() == EXAMPLE {
        editor.begun = false;
        editor.area = area::with("");
    }
}

/// Walks through the queries that were run; what was typed is the newest of them.
pub fn history(model: &mut Model, older: bool) {
    let editor = &mut model.panes.coql.editor;
    let (at, typed) = editor.history_at.take().unwrap_or_else(|| (editor.history.len(), editor.text()));
    let next = if older { at.saturating_sub(1) } else { (at + 1).min(editor.history.len()) };
    if editor.history.is_empty() {
        return notice::info(model, "no query was run yet");
    }
    let text = editor.history.get(next).unwrap_or(&typed).clone();
    editor.set(&text);
    editor.history_at = (next < editor.history.len()).then_some((next, typed));
}
