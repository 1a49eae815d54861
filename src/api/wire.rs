//! What the service sends, read as it may come: shapes differ between calls and versions.

mod json;
mod record;
mod reference;

pub(super) use json::{json, typed};
pub use record::Record;
pub use reference::Reference;
pub(super) use reference::{id_of, name_of};
