//! The server: starting, listening, stopping.

mod entry;
mod host;
mod intake;
mod line;
mod outlet;

use std::{io, sync::Arc};

use axum::Router;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(super) use self::host::is_loopback;
use self::line::{Cut, Lines};
use super::{Options, Sandbox, gate, ids, jobs, world::World};

/// How far the organisation is seeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows written.
    pub rows: u64,
    /// Rows to write; 0 until the count is known.
    pub of: u64,
    /// How it ended: ready, or why it cannot be.
    pub end: Option<Result<(), String>>,
}

/// A sandbox that listens. Dropping it stops it at once; [`Running::stop`] lets calls in flight end.
#[derive(Debug)]
pub struct Running {
    /// Base URL of the API and of the accounts server, without a slash at the end.
    pub url: String,
    /// Id of the registered app.
    pub client_id: String,
    /// Secret of the registered app.
    pub client_secret: String,
    /// A refresh token of the super administrator for the registered app.
    pub refresh_token: String,
    /// Id of the organisation.
    pub org_id: String,
    sandbox: Arc<Sandbox>,
    progress: watch::Receiver<Progress>,
    stop: CancellationToken,
    server: JoinHandle<io::Result<()>>,
    worker: JoinHandle<()>,
}

/// Starts a sandbox. It listens when this returns, and goes on to seed its organisation behind: tokens are
/// given at once, calls to the API wait until the organisation is ready.
///
/// # Errors
/// When the address cannot be bound, or is not loopback and `options.public` does not allow that.
pub async fn start(options: Options) -> io::Result<Running> {
    if !options.listen.ip().is_loopback() && !options.public {
        let reason = format!("{} is not a loopback address", options.listen);
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let listener = TcpListener::bind(options.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let sandbox = Arc::new(Sandbox::new(options, url.clone()));
    let (client_id, client_secret, refresh_token) = gate::lock(&sandbox.gate.tokens).demo();
    let (report, progress) = watch::channel(Progress::default());
    let seeded = Arc::clone(&sandbox);
    tokio::task::spawn_blocking(move || seed(&seeded, &report));

    let stop = CancellationToken::new();
    let entry = entry::Entry { sandbox: Arc::clone(&sandbox), progress: progress.clone() };
    let app = Router::new().fallback(entry::answer).with_state(entry);
    let app = app.into_make_service_with_connect_info::<Cut>();
    let stopped = stop.clone().cancelled_owned();
    let server = axum::serve(Lines(listener), app).with_graceful_shutdown(stopped);
    let server = tokio::spawn(server.into_future());
    let worker = tokio::spawn(jobs::run(Arc::clone(&sandbox), progress.clone()));
    let org_id = ids::org(sandbox.options.seed).to_string();
    Ok(Running {
        url,
        client_id,
        client_secret,
        refresh_token,
        org_id,
        sandbox,
        progress,
        stop,
        server,
        worker,
    })
}

impl Running {
    /// Waits until the organisation is seeded.
    ///
    /// # Errors
    /// When it could not be.
    pub async fn ready(&self) -> io::Result<()> {
        let mut progress = self.progress.clone();
        let end = progress.wait_for(|progress| progress.end.is_some()).await.map(|seen| seen.end.clone());
        match end {
            Ok(Some(Err(reason))) => Err(io::Error::other(reason)),
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("seeding the sandbox was interrupted")),
        }
    }

    /// How far the organisation is seeded, as it changes.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.clone()
    }

    /// The sandbox itself: its clock, its books.
    #[must_use]
    pub fn sandbox(&self) -> &Arc<Sandbox> {
        &self.sandbox
    }

    /// Takes no more connections, lets calls in flight and the seeding end, and ends. What a directory keeps
    /// is one file then.
    ///
    /// # Errors
    /// When the server had failed, or the directory cannot be written.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.cancel();
        (&mut self.server).await??;
        self.ready().await?;
        self.sandbox.fold().map_err(|error| io::Error::other(error.to_string()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        self.worker.abort();
        self.sandbox.jobs.stop();
    }
}

fn seed(sandbox: &Sandbox, report: &watch::Sender<Progress>) {
    let tell = |rows, of| {
        report.send_replace(Progress { rows, of, end: None });
    };
    let end = World::open(&sandbox.options, seed_time(sandbox), &tell).map(|world| sandbox.settle(world));
    report.send_modify(|progress| progress.end = Some(end.map_err(|error| error.to_string())));
}

/// The time at which the seeded organisation stands. Without a given clock it is the last midnight, so
/// that the same seed gives the same organisation all day.
fn seed_time(sandbox: &Sandbox) -> Timestamp {
    let start = sandbox.clock.start();
    if sandbox.options.clock.is_some() {
        return start;
    }
    const DAY: i64 = 24 * 60 * 60;
    let seconds = start.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(DAY)).unwrap_or(start)
}
