//! `bigin keys`: every action with its keys.

use std::io::{self, Write};

use super::OK;
use crate::app::{
    actions::{ACTIONS, BINDINGS},
    keys,
};

/// Prints the table of actions, one a line: command, keys, what it does. Tabs separate them.
///
/// # Errors
/// The standard output cannot be written.
pub fn run() -> io::Result<u8> {
    let mut out = io::stdout().lock();
    for row in ACTIONS {
        let bound = BINDINGS.iter().filter(|binding| binding.row.action == row.action);
        let shown: Vec<String> = bound.map(|binding| keys::show(&binding.keys)).collect();
        writeln!(out, ":{}\t{}\t{}", row.name, shown.join(" "), row.help)?;
    }
    Ok(OK)
}
