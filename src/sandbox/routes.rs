//! What answers each operation, one file per area.

pub(super) mod attachments;
pub(super) mod files;
pub(super) mod mail;
pub(super) mod metadata;
pub(super) mod oauth;
pub(super) mod org;
mod parent;
pub(super) mod photos;
pub(super) mod users;
