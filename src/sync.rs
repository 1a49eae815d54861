//! Keeps the mirror true: what the server has comes in, what the user changed goes out.
//!
//! What to do next is decided by pure functions ([`plan`], [`parcel`]); [`Puller`] and [`Pusher`] do it, each
//! in a loop of its own, and tell each other over a [`Line`] when the connection goes and comes.

mod announce;
mod books;
mod catalog;
pub mod conflict;
pub mod failure;
mod fields;
mod line;
pub mod parcel;
pub mod plan;
mod pull;
mod push;
mod search;
mod sheet;
mod standard;

use std::sync::Arc;

pub use announce::Announcer;
pub use books::Books;
pub use catalog::catalog;
pub use line::Line;
pub use plan::Pace;
pub use pull::{Puller, Wake, look_up};
pub use push::{Pusher, show_outbox};
pub use search::search;

use crate::{api, domain::Module, protocol::Event, store::StoreError};

/// Where loops say what the screen should know.
pub type Report = Arc<dyn Fn(Event) + Send + Sync>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service, or the way to it.
    #[error(transparent)]
    Api(#[from] api::Error),
    /// The local database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Few credits are left, and those are for the person.
    #[error("the rest of the day's API credits is kept for you")]
    Reserve,
}

/// The mark of the mirror under which the time stands up to which every change of a module is here.
fn since_key(module: Module) -> String {
    format!("since/{module}")
}
