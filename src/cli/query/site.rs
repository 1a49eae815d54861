//! What a query is asked of: an account, its mirror, or the emulated server in this process.

use std::{env, path::PathBuf};

use jiff::Timestamp;

use super::{QueryArgs, Stop};
use crate::{
    api::{self, Client, Clock, Credentials, Limits},
    cli::{FAILURE, SIGNED_OUT, USAGE, account, demo},
    config::{self, Environment, Flags, Paths, Settings},
    domain::{Catalog, Module},
    sandbox::{self, Running},
    store::{Mirror, Place},
    sync,
};

/// Who answers.
pub struct Site {
    pub client: Client,
    pub catalog: Catalog,
    pub mirror: Option<Mirror>,
    /// The emulated server, which lives as long as this.
    _held: Option<Running>,
}

impl Site {
    /// Starts the emulated server, or reads the keys of the account; then the org's metadata, from the
    /// mirror where there is one.
    pub async fn open(args: &QueryArgs) -> Result<Self, Stop> {
        if args.demo.wanted() {
            let failed = |error: std::io::Error| {
                Stop::new(FAILURE, format!("cannot start the emulated server: {error}"))
            };
            let running = sandbox::start(args.demo.options()).await.map_err(failed)?;
            running.ready().await.map_err(failed)?;
            let client = client(demo::credentials(&running), None);
            let catalog = sync::catalog(&client).await.map_err(|error| Stop::of(&error))?;
            return Ok(Self { client, catalog, mirror: None, _held: Some(running) });
        }
        let (paths, settings) = settings(args)?;
        let profile = &settings.profile;
        let kept = config::load(&paths, profile).map_err(|error| Stop::new(FAILURE, error.to_string()))?;
        let Some(account) = kept else {
            let words = format!(
                "nobody is signed in as {profile}: `bigin login` signs in, `--demo` asks an invented company"
            );
            return Err(Stop::new(SIGNED_OUT, words));
        };
        let client = client(account::credentials(&account), Some(paths.access(profile)));
        let file = paths.profile_cache(profile).join("mirror.sqlite");
        let cannot = |error| Stop::new(FAILURE, format!("cannot use the mirror: {error}"));
        let mut mirror = Mirror::open(&Place::File(file)).map_err(cannot)?;
        let catalog = match mirror.catalog() {
            Some(catalog) => (*catalog).clone(),
            None => {
                // A dozen calls, which the next query is spared.
                let catalog = sync::catalog(&client).await.map_err(|error| Stop::of(&error))?;
                mirror.set_catalog(catalog.clone(), client.clock().now()).map_err(cannot)?;
                catalog
            }
        };
        Ok(Self { client, catalog, mirror: Some(mirror), _held: None })
    }

    /// Now, by the server's clock as far as it is known.
    pub fn now(&self) -> Timestamp {
        self.client.clock().now()
    }

    /// Age of the mirror in seconds, if it has all records of `module`.
    pub fn mirror_age(&self, module: Option<Module>) -> Option<u64> {
        self.mirror.as_ref()?.age(module?, self.now()).ok().flatten()
    }
}

/// The folder of the user's own queries.
pub fn folder(args: &QueryArgs) -> Result<PathBuf, Stop> {
    let (paths, settings) = settings(args)?;
    Ok(paths.profile_data(&settings.profile).join("coql"))
}

fn settings(args: &QueryArgs) -> Result<(Paths, Settings), Stop> {
    let flags = Flags { profile: args.profile.clone(), ..Flags::default() };
    let found = || {
        let paths = Paths::of_user()?;
        let environment = Environment::read(|name| env::var_os(name))?;
        let settings = Settings::load(&paths, &flags, &environment)?;
        Ok((paths, settings))
    };
    found().map_err(|error: config::ConfigError| Stop::new(USAGE, error.to_string()))
}

fn client(credentials: Credentials, access: Option<PathBuf>) -> Client {
    let options = api::Options { read_only: true, access, ..api::Options::default() };
    Client::new(credentials, Limits::new(None, Clock::system()), options)
}
