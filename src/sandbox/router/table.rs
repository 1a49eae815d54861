//! The operations, area by area.

use super::Operation;

/// Every operation that needs a token.
pub(super) static AREAS: &[&[Operation]] = &[];
