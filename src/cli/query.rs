//! `bigin query`.

use std::io::{self, Write};

use super::{OK, USAGE, say};
use crate::{coql, domain::SafeText};

/// Arguments of `bigin query`.
#[derive(Debug, clap::Args)]
pub struct QueryArgs {
    /// The query text.
    text: String,
    /// Read the query against Bigin's grammar and limits and print its canonical form; nothing is run.
    #[arg(long, required = true)]
    check: bool,
}

/// Prints the canonical form of the query, or where and why it is refused.
///
/// # Errors
/// The standard output cannot be written.
pub fn run(args: &QueryArgs) -> io::Result<u8> {
    match coql::parse(&args.text) {
        Ok(query) => {
            if let Err(error) = coql::check_limits(&query) {
                say(&error.to_string());
                return Ok(USAGE);
            }
            writeln!(io::stdout(), "{}", SafeText::new(&query.to_string()))?;
            Ok(OK)
        }
        Err(error) => {
            let (line, column) = coql::position(&args.text, error.span().start);
            say(&format!("line {line}, column {column}: {error}"));
            Ok(USAGE)
        }
    }
}
