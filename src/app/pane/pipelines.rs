//! Team pipelines and sub-pipelines with their totals.

use crate::{app::Load, protocol::PipelineTotals};

/// The rows and the cursor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PipelinesPane {
    /// One a sub-pipeline.
    pub totals: Vec<PipelineTotals>,
    /// Row under the cursor.
    pub cursor: usize,
    /// First row on the screen.
    pub top: usize,
    /// How the rows stand.
    pub load: Load,
}
