//! What went wrong, in words.

use jiff::Timestamp;

use crate::{
    coql::{Fix, Span},
    domain::SafeText,
};

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
    /// Where in the user's text, where the failure is about a text.
    pub spot: Option<Box<Spot>>,
}

/// A place in the user's text that a failure is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Bytes of the text.
    pub span: Span,
    /// The change that puts it right, where there is one.
    pub fix: Option<Fix>,
}
