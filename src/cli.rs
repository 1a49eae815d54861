//! The command line: composition root, one file per command.

pub mod account;
pub mod login;
pub mod logout;
pub mod sandbox;
