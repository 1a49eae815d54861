//! The credits cockpit.

use std::time::Duration;

use crate::{app::Load, protocol::Cockpit};

/// The figures on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditsPane {
    /// As they were told last.
    pub cockpit: Option<Box<Cockpit>>,
    /// How they stand.
    pub load: Load,
    /// How often a what-if asks.
    pub every: Duration,
}

impl Default for CreditsPane {
    fn default() -> Self {
        Self { cockpit: None, load: Load::default(), every: Duration::from_mins(1) }
    }
}
