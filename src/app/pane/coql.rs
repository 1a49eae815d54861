//! The console.

use ratatui_textarea::TextArea;

use crate::{
    app::Load,
    protocol::{CoqlTable, Failure},
};

/// The editor, the last answer, and where the cursor is.
#[derive(Debug, Clone, Default)]
pub struct CoqlPane {
    /// The text.
    pub editor: TextArea<'static>,
    /// Editor or result.
    pub focus: CoqlFocus,
    /// The last answer.
    pub table: Option<Box<CoqlTable>>,
    /// Why the last run gave no answer.
    pub failure: Option<Failure>,
    /// How the last run stands.
    pub load: Load,
    /// Row under the cursor.
    pub row: usize,
    /// Column under the cursor.
    pub column: usize,
    /// First row on the screen.
    pub top: usize,
    /// First column on the screen; the view goes on from there as far as the cursor needs.
    pub left: usize,
    /// Texts that were run in this session, oldest first.
    pub history: Vec<String>,
    /// Place in the history while walking it, and what was typed before.
    pub history_at: Option<(usize, String)>,
    /// When the text changed first without being kept since.
    pub changed_at: Option<jiff::Timestamp>,
    /// The editor was given its first text.
    pub begun: bool,
}

/// Which part of the console has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CoqlFocus {
    /// Typing a query.
    #[default]
    Editor,
    /// Walking over the rows.
    Result,
}
