//! The command line: composition root, one file per command.

pub mod account;
mod demo;
mod first_run;
mod keys;
pub mod login;
pub mod logout;
mod query;
pub mod sandbox;
mod signed_in;
mod tui;

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

use crate::domain::SafeText;

/// Nothing is wrong.
const OK: u8 = 0;
/// Something failed.
const FAILURE: u8 = 1;
/// The command line cannot be carried out as it stands.
const USAGE: u8 = 2;
/// What was named is not there.
const NOT_FOUND: u8 = 3;
/// Nobody is signed in.
const SIGNED_OUT: u8 = 4;
/// Too few credits are left or allowed.
const CREDITS: u8 = 6;
/// Something came, and not all of it.
const PARTIAL: u8 = 9;

/// Work with Bigin by Zoho CRM from the terminal. Unofficial; not made by Zoho.
#[derive(Debug, Parser)]
#[command(name = "bigin", version)]
struct Cli {
    #[command(flatten)]
    tui: tui::TuiArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sign in to Bigin with a self client.
    Login(login::LoginArgs),
    /// Revoke the sign-in and forget its keys.
    Logout(logout::LogoutArgs),
    /// Print every action with its keys.
    Keys,
    /// Serve an emulated Bigin REST API v2 on this machine.
    Sandbox(Box<sandbox::SandboxArgs>),
    /// Ask the org a question in COQL, with all that Bigin lacks.
    Query(Box<query::QueryArgs>),
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { OK });
        }
    };
    let status = match cli.command {
        Some(Command::Login(args)) => return login::run(&args),
        Some(Command::Logout(args)) => return logout::run(&args),
        Some(Command::Sandbox(args)) => return sandbox::run(*args).unwrap_or_else(failed),
        Some(Command::Keys) => keys::run(),
        Some(Command::Query(args)) => return query::run(&args.after(&cli.tui.demo)),
        None if !io::stdin().is_terminal() || !io::stdout().is_terminal() => {
            say(&Cli::command().render_help().to_string());
            say("bigin needs a terminal; see the commands above for use in a pipe.");
            Ok(USAGE)
        }
        None => tui::run(cli.tui),
    };
    status.map_or_else(failed, ExitCode::from)
}

fn failed(error: io::Error) -> ExitCode {
    say(&format!("bigin: {error}"));
    ExitCode::from(FAILURE)
}

/// Writes words for a person to the standard error, line by line and safe.
fn say(words: &str) {
    let mut out = io::stderr().lock();
    for line in SafeText::lines(words) {
        if writeln!(out, "{line}").is_err() {
            return;
        }
    }
}
