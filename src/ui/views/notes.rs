//! All notes, newest first.

use ratatui::style::Style;

use super::{
    listing::{Listing, counted, narrowed},
    table::Column,
};
use crate::{
    app::List,
    domain::NoteRow,
    protocol::ListSpec,
    ui::{
        canvas::{Phrase, Side},
        figures::moment,
        scene::Scene,
        text::Ink,
    },
};

/// Notes on all records.
pub struct Notes<'a>(pub &'a Scene<'a>);

const COLUMNS: &[Column] = &[
    Column::fixed("Written", Side::Right, 12, 1),
    Column::growing("On", 12, 28, 2),
    Column { weight: 5, ..Column::growing("Note", 16, 200, 0) },
    Column::growing("By", 9, 14, 3),
];

impl Notes<'_> {
    fn list(&self) -> &List<NoteRow> {
        &self.0.model.panes.notes
    }

    fn text(&self) -> &str {
        match &self.list().spec {
            Some(ListSpec::Notes { text }) => text,
            _ => "",
        }
    }
}

impl Listing for Notes<'_> {
    type Row = NoteRow;

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn cell<'r>(&'r self, note: &'r NoteRow, column: usize, _width: u16) -> (Ink<'r>, Style) {
        let (scene, theme) = (self.0, self.0.theme);
        match column {
            0 => (moment(note.at, &scene.model.zone, scene.today), theme.quiet),
            1 => (note.parent.as_ref().map_or_else(Ink::default, |p| (&p.name).into()), theme.text),
            2 if note.title.as_str().is_empty() => ((&note.preview).into(), theme.text),
            2 => (Ink::joined(&note.title, ": ", &note.preview), theme.text),
            _ => ((&note.author).into(), theme.quiet),
        }
    }

    fn pending(&self, note: &NoteRow) -> bool {
        note.pending
    }

    fn about(&self) -> Phrase<'_> {
        narrowed(self.0, self.text())
    }

    fn figures(&self) -> Phrase<'_> {
        counted(self.0, self.list(), "note", "notes")
    }

    fn empty(&self) -> &'static str {
        if self.text().is_empty() {
            "no notes yet; n on any record writes one"
        } else {
            "no note matches; \\ shows all again"
        }
    }
}
