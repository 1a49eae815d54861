//! The sandbox over real HTTP, held against the API's documentation.

mod attachments;
mod bad_input;
mod control;
mod desk;
mod files;
mod gate;
mod limits;
mod mail;
mod metadata;
mod oauth;
mod people;
mod photos;
mod program;
mod records;
