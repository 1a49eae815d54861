//! What can be made of an answer that is here already.

use super::AnswerId;
use crate::domain::RecordId;

/// Rows of an answer in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerView {
    /// Which answer.
    pub answer: AnswerId,
    /// By which column; none as the answer came.
    pub order: Option<AnswerOrder>,
}

/// Rows of an answer that are taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// In which order.
    pub view: AnswerView,
    /// The records whose rows they are; empty for all rows.
    pub only: Vec<RecordId>,
}

/// An order of rows by the values of one column. Sorting what is here costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerOrder {
    /// Place of the column, counted from 0.
    pub column: usize,
    /// Largest first; rows without a value come last either way.
    pub descending: bool,
}

/// Another statement that an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Only rows whose value in a column is like that of a row, or only the others.
    Like {
        /// Place of the row in the view.
        row: u64,
        /// Place of the column.
        column: usize,
        /// Those like it, not the others.
        keep: bool,
    },
    /// The records behind a row that stands for a group.
    Behind {
        /// Place of the row in the view.
        row: u64,
    },
    /// How often each value of a column occurs.
    Frequency {
        /// Place of the column.
        column: usize,
    },
    /// Count, sum, mean and extremes of a column.
    Totals {
        /// Place of the column.
        column: usize,
    },
}
