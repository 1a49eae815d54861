//! One record in full.

use crate::{
    app::Load,
    domain::{Detail, Link},
};

/// The record on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPane {
    /// Which.
    pub link: Link,
    /// Its content; none until it is here.
    pub detail: Option<Box<Detail>>,
    /// It was deleted on the server.
    pub gone: bool,
    /// How it stands.
    pub load: Load,
    /// Which part has the cursor.
    pub focus: RecordFocus,
    /// Fact under the cursor: the fields first, then the rows of each related group.
    pub fact: usize,
    /// First fact on the screen; the view goes on from there as far as the cursor needs.
    pub fact_top: usize,
    /// Timeline entry under the cursor.
    pub entry: usize,
    /// First timeline entry on the screen; the view goes on from there as far as the cursor needs, because
    /// only it knows how many lines an entry takes.
    pub entry_top: usize,
}

/// Which part of a record has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordFocus {
    /// Fields and related records.
    #[default]
    Facts,
    /// Notes and activities.
    Timeline,
}
