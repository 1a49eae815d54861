//! A list as a window over rows that the worker holds.

mod marks;
mod walk;

pub use marks::Marks;
pub use walk::{Walk, length, reach};

use crate::{
    domain::{RecordId, Row},
    protocol::{ListSpec, Summary},
};

/// How the rows of a pane stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Load {
    /// Nothing was asked for yet.
    #[default]
    Idle,
    /// Asked; what is shown may be older.
    Asked,
    /// The answer is here.
    Ready,
    /// The answer did not come; the next movement or a refresh asks again.
    Failed,
}

/// A window of rows around the viewport, and a cursor. Ordinals count from 0 over the whole list.
///
/// A key moves the cursor inside the window without asking anyone; the rest is fetched behind.
#[derive(Debug, Clone, PartialEq)]
pub struct List<R> {
    /// What the list shows; none before the catalog is known.
    pub spec: Option<ListSpec>,
    /// Ordinal of `rows[0]`.
    pub first: u64,
    /// The rows in hand.
    pub rows: Vec<R>,
    /// Rows in the whole list; none while unknown.
    pub total: Option<u64>,
    /// Ordinal of the row under the cursor.
    pub cursor: u64,
    /// Ordinal of the first row on the screen.
    pub top: u64,
    /// The rows in hand are those of another order or filter, until the new ones come.
    pub outdated: bool,
    /// The record that the cursor goes to when it comes into hand.
    pub follow: Option<RecordId>,
    /// The row that the cursor goes to when it is known how many there are.
    pub goal: Option<u64>,
    /// Where the range begins that is being marked up to the cursor.
    pub anchor: Option<u64>,
    /// How the rows stand.
    pub load: Load,
    /// Figures of the whole list, for lists of deals.
    pub summary: Option<Summary>,
}

impl<R> Default for List<R> {
    fn default() -> Self {
        Self {
            spec: None,
            first: 0,
            rows: Vec::new(),
            total: None,
            cursor: 0,
            top: 0,
            outdated: false,
            follow: None,
            goal: None,
            anchor: None,
            load: Load::Idle,
            summary: None,
        }
    }
}

impl<R: Row> List<R> {
    /// The row with this ordinal, if it is in hand.
    #[must_use]
    pub fn row(&self, ordinal: u64) -> Option<&R> {
        self.rows.get(usize::try_from(ordinal.checked_sub(self.first)?).ok()?)
    }

    /// The row under the cursor, if it is in hand.
    #[must_use]
    pub fn selected(&self) -> Option<&R> {
        self.row(self.cursor)
    }

    /// The `height` rows from `top` on with their ordinals; a row that is not in hand yet is none.
    pub fn visible(&self, height: u16) -> impl Iterator<Item = (u64, Option<&R>)> {
        let end = self.top.saturating_add(u64::from(height)).min(self.total.unwrap_or(0));
        (self.top..end).map(|ordinal| (ordinal, self.row(ordinal)))
    }

    /// Ordinals of the range that is being marked, the last one included.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64)> {
        self.anchor.map(|at| (at.min(self.cursor), at.max(self.cursor)))
    }
}
