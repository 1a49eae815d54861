//! Answers of the console, and its dialogs.

use bigin::{
    app::{
        List, Load, Model, Msg, fixture,
        overlay::{ExportDialog, LineInput, Overlay, RunsView, SaveQuery, SavedView},
        pane::Writing,
        update,
    },
    protocol::ExportFormat,
};

use crossterm::event::{KeyCode, KeyEvent};

use crate::drawing::{look, text};

fn over(mut model: Model, overlay: Overlay) -> Model {
    model.overlay = Some(overlay);
    model
}

#[test]
fn grouped() {
    look("coql-grouped", &fixture::grouped());
}

#[test]
fn marked() {
    let mut model = fixture::coql();
    for key in [KeyCode::Esc, KeyCode::Char(' '), KeyCode::Char('j'), KeyCode::Char(' ')] {
        update(&mut model, Msg::Key(KeyEvent::from(key)));
    }
    look("coql-marked", &model);
}

#[test]
fn no_rows() {
    let mut model = fixture::coql();
    model.panes.coql.results.rows = List { total: Some(0), load: Load::Ready, ..List::default() };
    if let Some(answer) = &mut model.panes.coql.results.answer {
        (answer.total, answer.fetched, answer.expected) = (0, 0, Some(0));
    }
    look("coql-no-rows", &model);
    assert!(text(&model).contains("no rows match"));
}

#[test]
fn frequency() {
    look("coql-frequency", &fixture::frequency());
}

#[test]
fn totals() {
    look("coql-totals", &fixture::totals());
}

#[test]
fn history() {
    let view = RunsView { rows: fixture::runs(), cursor: 1, load: Load::Ready, ..RunsView::default() };
    look("coql-history", &over(fixture::coql(), Overlay::Runs(view)));
}

#[test]
fn saved() {
    let view = SavedView { rows: fixture::saved(), load: Load::Ready, ..SavedView::default() };
    look("coql-saved", &over(fixture::coql(), Overlay::Saved(view)));
}

#[test]
fn save() {
    let dialog = SaveQuery { name: LineInput::new("late-ones"), exists: true };
    look("coql-save", &over(fixture::coql(), Overlay::SaveQuery(dialog)));
}

#[test]
fn export() {
    let dialog =
        ExportDialog { format: ExportFormat::Markdown, path: LineInput::new("~/deals.md"), exists: false };
    let mut model = over(fixture::coql(), Overlay::Export(dialog));
    look("coql-export", &model);
    model.panes.coql.writing = Some(Writing { path: "~/deals.md".into(), done: 6_500, total: 10_000 });
    assert!(text(&model).contains("writing 6,500 of 10,000 rows"));
    model.overlay = None;
    assert!(text(&model).contains("writing 6,500 of 10,000"), "a file goes on behind: {}", text(&model));
}
