//! What changed on a record, as people read it.

use jiff::Timestamp;

use super::SafeText;

/// One field of a record that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// When.
    pub at: Timestamp,
    /// Who changed it; `you` for the user who signed in, empty where nobody said.
    pub by: SafeText,
    /// Made in this program; otherwise seen by a sync.
    pub here: bool,
    /// The label of the field.
    pub label: SafeText,
    /// The value that was there, on one line; empty for none.
    pub before: SafeText,
    /// The value that is there since; empty for none.
    pub after: SafeText,
    /// For a stage that was left: the days that the deal stood in it, where both ends were seen.
    pub stood: Option<u32>,
}
