//! Places in the text of a query.

use std::ops::{Deref, Range};

/// Bytes of the text.
pub type Span = Range<usize>;

/// A part of a tree with the bytes that it was read from. Two are equal when their values are: where
/// something stands says nothing of what it means.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// From where.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A part of a tree that was not read from any text.
impl<T> From<T> for Spanned<T> {
    fn from(value: T) -> Self {
        Self { value, span: 0..0 }
    }
}

/// Line and column of byte `at` in `text`, both from 1, columns in characters.
///
/// ```
/// assert_eq!(bigin::coql::position("select é\n  from", 12), (2, 3));
/// ```
#[must_use]
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}
