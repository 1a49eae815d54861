//! The organisation behind the emulated service: its metadata, its people and its records.

pub mod id;
pub mod metadata;

pub use id::{Id, Prefix};
