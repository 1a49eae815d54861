//! The sandbox over real HTTP, held against the API's documentation.

mod control;
mod desk;
mod gate;
mod limits;
mod metadata;
mod oauth;
