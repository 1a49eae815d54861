//! `bigin`: a keyboard-driven terminal client of Bigin by Zoho CRM, and a local emulator of its API.
//!
//! Unofficial; not made by Zoho. `ARCHITECTURE.md` draws the rooms and says who may import whom.

pub mod coql;
pub mod domain;
