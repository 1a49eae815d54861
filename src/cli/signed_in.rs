//! `bigin` for a real account.

use super::{FAILURE, SIGNED_OUT, account};
use crate::{
    api,
    config::{self, Paths, Settings},
    runtime::StartWorker,
    store::Place,
    worker::{self, Pace, Server, Setup},
};

/// Starts the worker of the account that `settings` name.
///
/// # Errors
/// Nobody signed in, or the keys cannot be read: words, and the status to exit with.
pub fn worker(paths: &Paths, settings: &Settings) -> Result<StartWorker, (String, u8)> {
    let profile = &settings.profile;
    let account = config::load(paths, profile).map_err(|error| (error.to_string(), FAILURE))?;
    let account = account.ok_or_else(|| {
        let words = format!(
            "Nobody is signed in as {profile}.\n\n\
             bigin --demo   tries everything on an invented company, with nothing to set up\n\
             bigin login    signs in to Bigin"
        );
        (words, SIGNED_OUT)
    })?;
    let setup = Setup {
        profile: profile.to_string(),
        mirror: Place::File(paths.profile_cache(profile).join("mirror.sqlite")),
        keep: Place::File(paths.profile_data(profile).join("keep.sqlite")),
        server: Server::Account(account::credentials(&account)),
        options: api::Options { read_only: settings.read_only, ..api::Options::default() },
        pace: Pace::default(),
    };
    Ok(Box::new(move |network, sink| worker::start(setup, network, sink)))
}
