//! `bigin` for a real account.

use super::{FAILURE, account};
use crate::{
    api,
    config::{self, Paths, Settings},
    runtime::StartWorker,
    store::Place,
    worker::{self, Pace, Server, Setup},
};

/// Starts the worker of the account that `settings` name; none when nobody signed in.
///
/// # Errors
/// The keys cannot be read: words, and the status to exit with.
pub fn worker(paths: &Paths, settings: &Settings) -> Result<Option<StartWorker>, (String, u8)> {
    let profile = &settings.profile;
    let account = config::load(paths, profile).map_err(|error| (error.to_string(), FAILURE))?;
    let Some(account) = account else { return Ok(None) };
    let setup = Setup {
        profile: profile.to_string(),
        mirror: Place::File(paths.profile_cache(profile).join("mirror.sqlite")),
        keep: Place::File(paths.profile_data(profile).join("keep.sqlite")),
        queries: Some(paths.profile_data(profile).join("coql")),
        server: Server::Account(account::credentials(&account)),
        options: api::Options {
            read_only: settings.read_only,
            access: Some(paths.access(profile)),
            ..api::Options::default()
        },
        pace: Pace::default(),
    };
    Ok(Some(Box::new(move |network, sink| worker::start(setup, network, sink))))
}
