//! The client against the sandbox over real HTTP: two sides written apart from the same documentation.

mod desk;
mod device;
mod lines;
mod login;
mod metadata;
mod people;
mod sign_in;
mod spending;
mod wire;
