//! `bigin logout`: revokes a profile's sign-in and removes its keys.

use std::{io, process::ExitCode};

use clap::Args;

use super::login::write_lines;
use crate::{
    api::{Error, Timeouts, oauth::Accounts},
    config::{self, ConfigError, Environment, Flags, Paths, Profile, Settings},
    domain::SafeText,
};

/// Sign out: revoke the sign-in at Zoho and remove its keys from this machine.
///
/// What is cached and what was written here and not sent stays.
#[derive(Debug, Clone, Default, Args)]
pub struct LogoutArgs {
    /// The profile to sign out.
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<Profile>,
    /// Remove the keys even when Zoho cannot be reached to revoke them.
    #[arg(long)]
    pub local: bool,
}

/// How a sign-out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedOut {
    /// Revoked and removed.
    Revoked,
    /// Removed; the sign-in had ended before.
    AlreadyRevoked,
    /// Removed; nobody could be asked to revoke it.
    LocalOnly,
    /// Nobody was signed in.
    Nobody,
}

/// Why nobody was signed out.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// The sign-in could not be revoked; its keys are still there.
    #[error("{0}. Nothing was removed; try again, or remove the keys alone with `bigin logout --local`.")]
    Api(#[from] Error),
    /// Files.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The system.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Runs the command.
#[must_use]
pub fn run(args: &LogoutArgs) -> ExitCode {
    match logout(args) {
        Ok(line) => write_lines(&mut io::stdout(), &[line], ExitCode::SUCCESS),
        Err(error) => {
            let line = format!("bigin logout: {}", SafeText::new(&error.to_string()));
            let code = match &error {
                LogoutError::Api(error) => super::account::exit_code(error),
                LogoutError::Config(_) => ExitCode::from(2),
                LogoutError::Io(_) => ExitCode::FAILURE,
            };
            write_lines(&mut io::stderr(), &[line], code)
        }
    }
}

fn logout(args: &LogoutArgs) -> Result<String, LogoutError> {
    let paths = Paths::of_user()?;
    let environment = Environment::read(|name| std::env::var_os(name))?;
    let flags = Flags { profile: args.profile.clone(), ..Flags::default() };
    let profile = Settings::load(&paths, &flags, &environment)?.profile;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(sign_out(&paths, &profile, args.local))?;
    Ok(match ended {
        SignedOut::Revoked => {
            format!("Profile {profile} is signed out: the sign-in is revoked, its keys are removed.")
        }
        SignedOut::AlreadyRevoked => {
            format!("Profile {profile} is signed out: the sign-in had ended, its keys are removed.")
        }
        SignedOut::LocalOnly => format!(
            "The keys of profile {profile} are removed. The sign-in itself still holds: end it in your Zoho account \
             under connected apps."
        ),
        SignedOut::Nobody => format!("Profile {profile} is not signed in."),
    })
}

/// Revokes a profile's sign-in and removes its keys; with `local`, removes them even if it cannot be revoked.
///
/// # Errors
/// When the accounts server cannot be asked (the keys stay, so that it can be tried again), or the keys cannot
/// be read or removed.
pub async fn sign_out(paths: &Paths, profile: &Profile, local: bool) -> Result<SignedOut, LogoutError> {
    let Some(account) = config::load(paths, profile)? else { return Ok(SignedOut::Nobody) };
    let accounts = Accounts::new(&account.accounts, Timeouts::default());
    let ended = match accounts.revoke(&account.refresh_token).await {
        Ok(()) => SignedOut::Revoked,
        Err(error) if error.sign_in_code().is_some() => SignedOut::AlreadyRevoked,
        Err(_) if local => SignedOut::LocalOnly,
        Err(error) => return Err(error.into()),
    };
    config::forget(paths, profile)?;
    Ok(ended)
}
