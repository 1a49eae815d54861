//! The calls of this run.

use crate::domain::CallLine;

/// The calls as they were when the view was opened, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallsView {
    /// The calls.
    pub rows: Vec<CallLine>,
    /// Row under the cursor.
    pub cursor: usize,
    /// One was copied.
    pub copied: bool,
}

impl CallsView {
    /// The call under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&CallLine> {
        self.rows.get(self.cursor)
    }
}
