//! A file that is being written.

use std::path::PathBuf;

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Where, as typed.
    pub path: PathBuf,
    /// Rows in it.
    pub done: u64,
    /// All rows.
    pub total: u64,
}
