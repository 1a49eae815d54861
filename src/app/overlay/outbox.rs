//! The outbox, and the question which of two changes is to be.

use super::LineInput;
use crate::protocol::{MoveField, MoveValues, OutboxItem, Stand, Theirs, WriteNo, Writing};

/// Writes that are not on the server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutboxView {
    /// The writes: first those that wait for the user, then in the order of sending.
    pub rows: Vec<OutboxItem>,
    /// Row under the cursor.
    pub cursor: usize,
    /// The rows are here.
    pub read: bool,
}

impl OutboxView {
    /// The write under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&OutboxItem> {
        self.rows.get(self.cursor)
    }
}

/// Which of two changes is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictView {
    /// The write that is stopped.
    pub item: OutboxItem,
    /// What the user saw.
    pub before: MoveValues,
    /// What the user wants; none where a field stays as it is.
    pub mine: MoveValues,
    /// What someone else made of it.
    pub theirs: Theirs,
    /// The fields that both changed.
    pub clashes: Vec<MoveField>,
    /// What was decided of each of them.
    pub picks: Vec<Option<Pick>>,
    /// Field under the cursor, among the clashes.
    pub field: usize,
    /// The value being typed for it.
    pub typed: Option<LineInput>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// What a field is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// What the user wanted.
    Mine,
    /// What the server has.
    Theirs,
    /// Something else, as read from what was typed.
    Other(Box<MoveValues>),
}

impl ConflictView {
    /// The question about a write that is stopped; none where it is not.
    #[must_use]
    pub fn of(item: &OutboxItem) -> Option<Self> {
        let (Writing::Move { before, after }, Stand::Conflict(theirs)) = (&item.what, &item.stand) else {
            return None;
        };
        let clashes = theirs.clashes(before, after);
        Some(Self {
            before: before.clone(),
            mine: after.clone(),
            theirs: theirs.clone(),
            picks: vec![None; clashes.len()],
            clashes,
            field: 0,
            typed: None,
            error: None,
            item: item.clone(),
        })
    }

    /// The write that it is about.
    #[must_use]
    pub const fn no(&self) -> WriteNo {
        self.item.no
    }

    /// What the deal becomes; none while a field is not decided.
    #[must_use]
    pub fn decided(&self) -> Option<MoveValues> {
        let mut values = self.mine.clone();
        for (field, pick) in self.clashes.iter().zip(&self.picks) {
            let from = match pick.as_ref()? {
                Pick::Mine => &self.mine,
                Pick::Theirs => &self.theirs.values,
                Pick::Other(typed) => typed,
            };
            values.take(*field, from);
        }
        Some(values)
    }
}
