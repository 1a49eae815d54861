//! The console.

pub mod export;
pub mod library;
pub mod parameters;
pub mod popup;
mod prospect;
mod reading;
mod results;
mod run;
mod terms;
mod turn;

pub use prospect::{look, outlook, synced};
pub use reading::fix;
pub use results::{rows, sort, widen};
pub use run::{answer, cancel, progress, resume, run};
pub use terms::{guard, next_place, toggle_strict};
pub use turn::{turn, turned, up};

use super::{draft, note, notice};
use crate::{
    app::{
        Effect, Model,
        input::{Edit, area},
        pane::CoqlFocus,
    },
    protocol::DraftKey,
};

/// What the editor begins with.
pub const EXAMPLE: &str = "select Deal_Name, Amount, Stage, Closing_Date
from Pipelines
where Amount > 10000
order by Amount desc
limit 50";

/// Brings everything that depends on the text up to date, and asks for rows that are missing. Doing it twice changes
/// nothing.
pub fn settle(model: &mut Model, out: &mut Vec<Effect>) {
    begin(model);
    prepare(model);
    results::ask_rows(model, out);
}

/// Reads and plans what has changed.
fn prepare(model: &mut Model) {
    reading::read(model);
    prospect::plan(model);
}

/// An editing key was pressed.
pub fn edit(model: &mut Model, edit: Edit) {
    if area::edit(&mut model.panes.coql.editor.area, edit) {
        note::changed(model);
    }
    reading::read(model);
    popup::typed(model, edit);
}

/// Gives the keys to the rows of the answer.
pub fn leave(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_coql(model, out);
    popup::close(model);
    model.panes.coql.focus = CoqlFocus::Result;
}

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
