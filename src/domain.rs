//! What a CRM is, in Bigin's words. No I/O, no clock, no terminal.

mod calls;
mod change;
mod detail;
mod field;
mod id;
mod link;
mod module;
mod org;
mod pipeline;
mod row;
mod schema;
mod sheet;
mod spending;
mod text;
mod usage;

pub use calls::{CallEnd, CallLine};
pub use change::FieldChange;
pub use detail::{Detail, Entry, EntryKind, FieldText, Head, RelatedGroup, RelatedRow};
pub use field::{Field, FieldKind, Shape};
pub use id::{InvalidId, RecordId};
pub use link::Link;
pub use module::Module;
pub use org::{Catalog, Org, User};
pub use pipeline::{Outcome, Pipeline, Stage, SubPipeline};
pub use row::{ActivityKind, CompanyRow, ContactRow, DealRow, NextStep, NoteRow, Row, Slips, StageSince};
pub use schema::{LAYOUTS, Schema, Schemas, USERS};
pub use sheet::{defused, defused_flat};
pub use spending::{Flight, Hour, Purpose, Share, Spending, WINDOW_HOURS};
pub use text::{SafeText, is_unsafe};
pub use usage::{Allowance, Ledger, Usage, WINDOW_MS};
