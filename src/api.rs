//! The typed client of the Bigin REST API v2.
//!
//! A call leaves through one door: [`Client`] gets an access token, asks [`Limits`] for a permit and for
//! credits, and reads the answer into typed shapes or a typed [`Error`]. [`endpoint`] is the one table that
//! says what each operation is called, costs and allows.

mod auth;
mod bulk;
mod call;
mod client;
mod clock;
mod coql;
mod credentials;
pub mod data_centre;
pub mod endpoint;
mod error;
mod http;
mod limits;
mod metadata;
mod notes;
pub mod oauth;
mod org;
mod page;
mod records;
mod refusal;
mod related;
mod retry;
mod search;
mod tags;
mod users;
mod wire;

pub use bulk::{EXPORT_ROWS, ExportState};
pub use client::{Client, Options, Wait};
pub use clock::Clock;
pub use credentials::{AppKey, Credentials};
pub use endpoint::{ENDPOINTS, Endpoint, Op};
pub use error::{Error, Kind};
pub use http::Timeouts;
pub(crate) use http::on_this_machine;
pub use limits::{Entry, Limits, Priority, Spent, Statement};
pub use metadata::{CustomView, ModuleInfo, RelatedList, pipelines_seen_in};
pub use notes::{NOTE_FIELDS, Note, NoteDraft};
pub use page::{At, Page, Pages};
pub use records::{Deleted, Done, Fields, ListQuery, Order, Sort, SortBy, Written};
pub use refusal::Refusal;
pub use retry::Backoff;
pub use search::{Filter, SearchQuery};
pub use users::{Member, UserType};
pub use wire::{Record, Reference};
