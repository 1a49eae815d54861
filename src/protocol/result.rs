//! Answers to a COQL query.

use crate::domain::{Link, SafeText};

/// Where rows came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuerySource {
    /// The server; costs credits.
    Server,
    /// The mirror; free, and as old as the last sync.
    Mirror,
}

/// Rows of a COQL query as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoqlTable {
    /// The query that was run.
    pub text: String,
    /// Column headings, in the order selected; `id` only where selected.
    pub columns: Vec<SafeText>,
    /// True for columns of numbers, which align right.
    pub numeric: Vec<bool>,
    /// One cell a column.
    pub rows: Vec<Vec<SafeText>>,
    /// The record behind each row, where there is one.
    pub links: Vec<Option<Link>>,
    /// More rows match than were fetched.
    pub more: bool,
    /// Credits that it cost.
    pub credits: u32,
    /// From sending to the last row, milliseconds.
    pub elapsed_ms: u64,
    /// Where the rows came from.
    pub source: QuerySource,
}
