//! Calls as they were made, for whoever wants to look.

use jiff::Timestamp;

use super::{Purpose, SafeText};

/// One request and what came of it. Nothing of it is secret, and nothing that is in it came from a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLine {
    /// When it was sent.
    pub at: Timestamp,
    /// Method and path, without the query.
    pub route: SafeText,
    /// What for.
    pub purpose: Purpose,
    /// Credits.
    pub credits: u32,
    /// Milliseconds until the whole answer was here, or was given up.
    pub took_ms: u32,
    /// How it ended.
    pub end: CallEnd,
    /// The same as a command for a shell. In place of the token stands `$BIGIN_TOKEN`; what a write would have
    /// written is not in it.
    pub curl: String,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEnd {
    /// With this HTTP status.
    Status(u16),
    /// Without an answer, for this reason.
    Nothing(SafeText),
}

impl CallEnd {
    /// Whether the service did what was asked.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Status(200..400))
    }
}
