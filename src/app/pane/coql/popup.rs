//! What could be written at the cursor of the console.

use crate::coql::Completion;

/// The open list of completions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Popup {
    /// The best first; never empty.
    pub items: Vec<Completion>,
    /// Item under the cursor.
    pub cursor: usize,
    /// The byte of the text where what is completed begins.
    pub start: usize,
}

impl Popup {
    /// Items on the screen at once.
    pub const ROWS: u16 = 8;

    /// The item under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Completion> {
        self.items.get(self.cursor)
    }
}
