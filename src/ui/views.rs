//! What fills the screen: one file a view.

pub(super) mod board;
pub(super) mod board_narrow;
pub(super) mod board_wide;
pub(super) mod companies;
pub(super) mod contacts;
pub(super) mod coql;
pub(super) mod credits;
pub(super) mod deals;
pub(super) mod footer;
pub(super) mod listing;
pub(super) mod notes;
pub(super) mod notice;
pub(super) mod pipelines;
pub(super) mod record;
pub(super) mod starting;
pub(super) mod status;
pub(super) mod strip;
pub(super) mod table;
pub(super) mod timeline;
pub(super) mod title;
