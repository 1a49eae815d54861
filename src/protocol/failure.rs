//! What went wrong, in words.

use jiff::Timestamp;

use crate::domain::SafeText;

/// Something that went wrong, as a person reads it: what happened, to what, and the way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was being done, such as "move Northwind renewal to Proposal".
    pub doing: SafeText,
    /// What happened, such as "Bigin refused it: Stage is not a stage of this pipeline".
    pub what: SafeText,
    /// What was kept and what to press next.
    pub way_on: SafeText,
    /// When the program tries again by itself.
    pub retry_at: Option<Timestamp>,
    /// Place in the user's text, bytes, where the failure is about a text.
    pub span: Option<std::ops::Range<usize>>,
}
