//! Dialogs of the console: queries that were run or saved, and files.

use super::LineInput;
use crate::{
    app::{Load, fuzzy},
    protocol::{ExportFormat, HistoryRow, SavedQuery},
};

/// The queries that were run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunsView {
    /// Words that they must hold.
    pub input: LineInput,
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// Row under the cursor.
    pub cursor: usize,
    /// Whether they are still looked for.
    pub load: Load,
}

/// The saved queries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedView {
    /// Letters that narrow them.
    pub input: LineInput,
    /// The user's own first.
    pub rows: Vec<SavedQuery>,
    /// Row under the cursor, among those that match.
    pub cursor: usize,
    /// Whether they are still on their way.
    pub load: Load,
}

/// A name for a query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaveQuery {
    /// What is typed.
    pub name: LineInput,
    /// There is one of this name: the next press replaces it.
    pub exists: bool,
}

/// A file for the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportDialog {
    /// Kind of file.
    pub format: ExportFormat,
    /// Its name as typed.
    pub path: LineInput,
    /// There is one of this name: the next press replaces it.
    pub exists: bool,
}

impl SavedView {
    /// The queries that match the letters, best first.
    #[must_use]
    pub fn matches(&self) -> Vec<&SavedQuery> {
        let names: Vec<String> = self.rows.iter().map(|row| format!("{} {}", row.name, row.title)).collect();
        let names = names.iter().map(String::as_str);
        fuzzy::rank(&self.input.text, names).into_iter().map(|at| &self.rows[at]).collect()
    }
}
