//! Queries that were run or saved.

use crate::{
    app::{
        Effect, Load, Model, Place,
        overlay::{LineInput, Overlay, RunsView, SaveQuery, SavedView},
        pane::CoqlFocus,
        update::{ask, notice, travel},
    },
    protocol::{HistoryRow, JobKey, Request, SavedQuery},
};

/// Shows the queries that were run.
pub fn history(model: &mut Model, out: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Runs(RunsView::default()));
    search(model, out);
}

/// Looks for what is typed.
pub fn search(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Runs(view)) = &mut model.overlay else { return };
    view.load = Load::Asked;
    let search = view.input.text.clone();
    ask(model, JobKey::Runs, Request::QueryHistory { search }, out);
}

/// The history has come.
pub fn history_heard(model: &mut Model, rows: Vec<HistoryRow>) {
    if let Some(Overlay::Runs(view)) = &mut model.overlay {
        (view.rows, view.cursor, view.load) = (rows, 0, Load::Ready);
    }
}

/// Shows the saved queries.
pub fn saved(model: &mut Model, out: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Saved(SavedView { load: Load::Asked, ..SavedView::default() }));
    ask(model, JobKey::Library, Request::SavedQueries, out);
}

/// The saved queries have come.
pub fn saved_heard(model: &mut Model, queries: Vec<SavedQuery>) {
    if let Some(Overlay::Saved(view)) = &mut model.overlay {
        (view.rows, view.cursor, view.load) = (queries, 0, Load::Ready);
    }
}

/// Puts the query under the cursor into the editor, and runs it if so wished. What was typed there before
/// can be brought back as an older query.
pub fn take(model: &mut Model, run: bool, out: &mut Vec<Effect>) {
    let text = match &model.overlay {
        Some(Overlay::Runs(view)) => view.rows.get(view.cursor).map(|row| row.text.clone()),
        Some(Overlay::Saved(view)) => view.matches().get(view.cursor).map(|query| query.text.clone()),
        _ => None,
    };
    let Some(text) = text else { return notice::info(model, "there is no query to take") };
    model.overlay = None;
    if model.trail.here != Place::Coql {
        travel::go(model, Place::Coql);
    }
    super::begin(model);
    let editor = &mut model.panes.coql.editor;
    let before = editor.text();
    if !editor.is_blank() && before != text && editor.history.last() != Some(&before) {
        editor.history.push(before);
    }
    editor.history_at = None;
    editor.set(text.trim_end());
    editor.changed_at = Some(model.now);
    model.panes.coql.focus = CoqlFocus::Editor;
    if run {
        super::run(model, out);
    }
}

/// Asks for a name for the text of the editor.
pub fn save(model: &mut Model) {
    model.overlay = Some(Overlay::SaveQuery(SaveQuery { name: LineInput::default(), exists: false }));
}

/// Saves the text of the editor. One of the same name is replaced only by a second press.
pub fn save_now(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::SaveQuery(dialog)) = &model.overlay else { return };
    let (name, replace) = (dialog.name.text.trim().to_owned(), dialog.exists);
    if name.is_empty() {
        return notice::info(model, "a query needs a name");
    }
    let text = model.panes.coql.editor.text();
    ask(model, JobKey::Library, Request::SaveQuery { name, text, replace }, out);
}

/// It is saved.
pub fn is_saved(model: &mut Model, name: &str, path: &std::path::Path) {
    if matches!(model.overlay, Some(Overlay::SaveQuery(_))) {
        model.overlay = None;
    }
    notice::done(model, &format!("saved as {name}, in {}", path.display()));
}

/// There is one of this name.
pub fn name_taken(model: &mut Model) {
    if let Some(Overlay::SaveQuery(dialog)) = &mut model.overlay {
        dialog.exists = true;
    }
}
