//! The client against the sandbox over real HTTP: two sides written apart from the same documentation.

mod asking;
mod desk;
mod device;
mod lines;
mod login;
mod metadata;
mod people;
mod records;
mod relations;
mod sign_in;
mod spending;
mod table;
mod trust;
mod wire;
