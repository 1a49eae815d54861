//! The sandbox over real HTTP, held against the API's documentation.

mod desk;
mod gate;
