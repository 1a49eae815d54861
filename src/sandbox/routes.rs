//! What answers each operation, one file per area.

pub(super) mod attachments;
pub(super) mod bulk_read;
pub(super) mod bulk_write;
pub mod coql;
pub(super) mod files;
pub(super) mod mail;
pub(super) mod metadata;
pub mod notes;
pub(super) mod notifications;
pub(super) mod oauth;
pub(super) mod org;
pub mod owner;
mod parent;
pub(super) mod photos;
pub mod records;
pub mod related;
pub mod search;
pub mod tags;
pub(super) mod users;
