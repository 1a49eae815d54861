//! A record, named.

use super::{Module, RecordId, SafeText};

/// A record that something else points to: enough to show it and to follow it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// Where the record lives.
    pub module: Module,
    /// Its id.
    pub id: RecordId,
    /// Its name, or its id where the name is not known.
    pub name: SafeText,
}
