//! What a CRM is, in Bigin's words. No I/O, no clock, no terminal.

mod id;
mod module;
mod text;

pub use id::{InvalidId, RecordId};
pub use module::Module;
pub use text::SafeText;
