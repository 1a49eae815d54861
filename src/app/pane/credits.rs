//! The credits cockpit.

use crate::{app::Load, protocol::Cockpit};

/// The figures on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreditsPane {
    /// As they were told last.
    pub cockpit: Option<Box<Cockpit>>,
    /// How they stand.
    pub load: Load,
}
