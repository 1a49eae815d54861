//! What a CRM is, in Bigin's words. No I/O, no clock, no terminal.

mod id;
mod module;
mod pipeline;
mod schema;
mod text;
mod usage;

pub use id::{InvalidId, RecordId};
pub use module::Module;
pub use pipeline::{Outcome, Pipeline, Stage, SubPipeline};
pub use schema::{Field, FieldKind, Schema};
pub use text::SafeText;
pub use usage::{Allowance, Ledger, WINDOW_MS};
