//! Undoing and redoing.

use super::{TakenOut, WriteId};
use crate::domain::{Link, SafeText};

/// Which way an action is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Undoing {
    /// What was done is undone.
    Undo,
    /// What was undone is done again.
    Redo,
}

/// Whether there is something to undo and to redo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turns {
    /// Something was done and not undone.
    pub undo: bool,
    /// Something was undone, and nothing done since.
    pub redo: bool,
}

/// An action that was undone or redone.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    /// What the app called the order.
    pub write: WriteId,
    /// Which way.
    pub turn: Undoing,
    /// What became of it, such as "Northwind renewal  Proposal → Qualification".
    pub words: SafeText,
    /// The records whose fields changed on the screen.
    pub records: Vec<Link>,
    /// Writes that had not left, and are taken back.
    pub taken: Vec<TakenOut>,
    /// Records of the action that stay as they are, and why.
    pub kept: Vec<SafeText>,
}
