//! What answers each operation, one file per area.

pub(super) mod attachments;
pub(super) mod bulk_read;
pub(super) mod bulk_write;
pub(super) mod coql;
pub(super) mod files;
pub(super) mod mail;
pub(super) mod metadata;
pub(super) mod notes;
pub(super) mod notifications;
pub(super) mod oauth;
pub(super) mod org;
pub(super) mod owner;
mod parent;
pub(super) mod photos;
pub(super) mod records;
pub(super) mod related;
pub(super) mod search;
pub(super) mod tags;
pub(super) mod users;
