//! The client against the sandbox over real HTTP: two sides written apart from the same documentation.

mod desk;
mod lines;
mod login;
mod sign_in;
mod spending;
mod wire;
