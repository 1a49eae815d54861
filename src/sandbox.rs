//! The sandbox: Bigin's REST API v2 emulated on a loopback address, with its limits and its errors.
//!
//! One table ([`router`]) lists the operations; the [`server`] takes a request through the [`gate`]
//! (token, concurrency, credits, scope) to a handler in [`routes`], which reads and writes the
//! organisation ([`world`]). The sandbox shares no type with the client: both are written from the API's
//! documentation, so that a mistake on one side shows.

pub mod assumptions;
pub mod blobs;
mod caller;
pub mod clock;
mod control;
pub mod fault;
mod folder;
pub mod gate;
pub mod ids;
pub mod image;
pub mod jobs;
pub mod journal;
mod options;
pub mod reply;
pub mod request;
pub mod router;
pub mod routes;
mod server;
mod state;
pub mod world;

pub use caller::Caller;
pub use clock::Clock;
pub use options::{Edition, Options};
pub use reply::Reply;
pub use request::Request;
pub use server::{Progress, Running, start};
pub use state::Sandbox;
