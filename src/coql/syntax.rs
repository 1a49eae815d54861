//! Why a text is not a query.

use super::span::Span;

/// Why a text is not a query, in the categories of Bigin's `SYNTAX_ERROR` and `INVALID_QUERY` answers.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// The statement is something else than a SELECT.
    #[error("only select queries can be run")]
    NotSelect,
    /// A clause that must be there is not, or is empty.
    #[error("the {clause} clause is missing")]
    MissingClause {
        /// `select`, `from` or `where`.
        clause: &'static str,
        /// Byte offset where it would stand.
        at: usize,
    },
    /// The text cannot be read at `at`.
    #[error("unexpected {near:?}")]
    Unexpected {
        /// Byte offset in the text.
        at: usize,
        /// The token that stands there; empty at the end of the text.
        near: String,
    },
    /// Tokens that are known, but not in this place: a third operand without parentheses, an unquoted
    /// reserved word, a parenthesis without its partner, `*`.
    #[error("{} cannot stand here: {hint}", if near.is_empty() { "the end of the text".to_owned() } else { format!("{near:?}") })]
    Misplaced {
        /// Byte offset in the text.
        at: usize,
        /// The token that stands there; empty at the end of the text.
        near: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// A word where an operator is due.
    #[error("{operator:?} is no operator")]
    UnknownOperator {
        /// Byte offset in the text.
        at: usize,
        /// The word.
        operator: String,
    },
    /// LIMIT or OFFSET is followed by something else than a whole number.
    #[error("{clause} needs a whole number, not {found:?}")]
    NotANumber {
        /// `limit` or `offset`.
        clause: &'static str,
        /// What stands there; empty at the end of the text.
        found: String,
        /// Byte offset in the text.
        at: usize,
    },
}

impl SyntaxError {
    /// Where in the text; empty at the end of it.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::NotSelect => 0..0,
            Self::MissingClause { at, .. } => *at..*at,
            Self::Unexpected { at, near }
            | Self::Misplaced { at, near, .. }
            | Self::UnknownOperator { at, operator: near }
            | Self::NotANumber { at, found: near, .. } => *at..at + near.len(),
        }
    }
}
