//! The `bigin` program.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use bigin::{
    cli::{self, sandbox::SandboxArgs},
    coql,
    domain::SafeText,
};
use clap::{Parser, Subcommand};

/// Work with Bigin by Zoho CRM from the terminal. Unofficial; not made by Zoho.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Work with COQL queries.
    Query {
        /// The query text.
        text: String,
        /// Read the query against Bigin's grammar and limits and print its canonical form; nothing is run.
        #[arg(long, required = true)]
        check: bool,
    },
    Sandbox(Box<SandboxArgs>),
}

fn main() -> io::Result<ExitCode> {
    let text = match Cli::parse().command {
        Command::Query { text, check: _ } => text,
        Command::Sandbox(args) => return cli::sandbox::run(*args),
    };
    match coql::parse(&text) {
        Ok(query) => {
            if let Err(error) = coql::check_limits(&query) {
                writeln!(io::stderr(), "{}", SafeText::new(&error.to_string()))?;
                return Ok(ExitCode::from(2));
            }
            writeln!(io::stdout(), "{}", SafeText::new(&query.to_string()))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let mut stderr = io::stderr();
            let (line, column) = coql::position(&text, error.span().start);
            write!(stderr, "line {line}, column {column}: ")?;
            writeln!(stderr, "{}", SafeText::new(&error.to_string()))?;
            Ok(ExitCode::from(2))
        }
    }
}
