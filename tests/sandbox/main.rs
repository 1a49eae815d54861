//! The sandbox over real HTTP, held against the API's documentation.

mod attachments;
mod bad_input;
mod bulk_read;
mod bulk_write;
mod control;
mod coql;
mod desk;
mod files;
mod gate;
mod hook;
mod limits;
mod mail;
mod many;
mod metadata;
mod notes;
mod notifications;
mod oauth;
mod parameters;
mod people;
mod photos;
mod program;
mod records;
mod related;
mod search;
mod tags;
