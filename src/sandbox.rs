//! The emulated Bigin: a real HTTP server with the API's rules, written from the API reference.

pub mod world;
