//! One account on this machine, in two SQLite databases.
//!
//! The **mirror** is a cache of the org's records and can be fetched again. The **keep** holds what cannot:
//! drafts, writes on their way, spent credits, preferences. The mirror may lose its last moments in a power
//! cut; the keep is synced to disk with every commit and is never deleted by us.
//!
//! One thread owns both connections; nothing in here waits for the network.

mod crash;
mod desk;
pub mod keep;
pub mod mirror;
mod news;
mod place;
pub mod saved;
mod turn;

pub use desk::{Clerk, Desk, Store, Way};
pub use keep::Keep;
pub use mirror::{Mirror, Moment};
pub use place::{Place, StoreError};
pub use turn::Outcome;
