//! What the sandbox does behind its answers: bulk jobs, and calls to addresses that clients gave.

pub mod archive;
pub mod callback;
pub mod export;
mod post;
pub mod sheet;

use std::sync::Arc;

pub use post::{Delivery, Post};

use serde_json::{Value, json};

use super::{Sandbox, routes::mail, world::World};

/// The work that goes on behind the answers.
#[derive(Debug, Default)]
pub struct Jobs {
    /// Calls to addresses that clients gave.
    pub post: Arc<Post>,
}

/// Does the work, for as long as it is polled.
pub(super) async fn run(sandbox: Arc<Sandbox>) {
    Arc::clone(&sandbox.jobs.post).deliver().await;
}

/// What left the sandbox, or would have: mails, callbacks and notifications. For the control plane.
///
/// # Errors
/// Whatever SQLite refuses.
pub(super) fn outgoing(sandbox: &Sandbox, world: &World) -> rusqlite::Result<Value> {
    Ok(json!({ "mails": mail::sent(world)?, "deliveries": sandbox.jobs.post.log() }))
}
