//! `bigin`: a keyboard-driven terminal client of Bigin by Zoho CRM, and a local emulator of its API.
//!
//! Unofficial; not made by Zoho. `ARCHITECTURE.md` draws the rooms and says who may import whom.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod coql;
pub mod domain;
pub mod protocol;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod sync;
pub mod tables;
pub mod ui;
pub mod worker;
