//! What answers each operation, one file per area.

pub(super) mod metadata;
pub(super) mod oauth;
