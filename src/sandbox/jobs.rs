//! What the sandbox does behind its answers: bulk jobs, and calls to addresses that clients gave.

pub mod archive;
pub mod callback;
pub mod export;
pub mod import;
mod post;
pub mod sheet;
pub mod table;
pub mod watch;

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch as channel};

pub use post::{Delivery, Post};

use self::{
    table::{Job, Kind, State},
    watch::news,
};
use super::{
    Sandbox, assumptions,
    gate::lock,
    routes::{bulk_read, bulk_write, mail},
    server::Progress,
    world::{Id, World},
};

/// How long jobs rest when the organisation cannot be read or written.
const PAUSE: Duration = Duration::from_secs(1);

/// The work that goes on behind the answers.
#[derive(Debug, Default)]
pub struct Jobs {
    /// Calls to addresses that clients gave.
    pub post: Arc<Post>,
    added: Notify,
    stopping: AtomicBool,
    downloads: Mutex<VecDeque<Timestamp>>,
}

impl Jobs {
    /// Whether one more result of a bulk read may be downloaded now; if so, it counts.
    pub fn may_download(&self, now: Timestamp) -> bool {
        const MINUTE: SignedDuration = SignedDuration::from_secs(60);
        let mut downloads = lock(&self.downloads);
        while downloads.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            downloads.pop_front();
        }
        let may = downloads.len() < assumptions::DOWNLOADS_A_MINUTE;
        if may {
            downloads.push_back(now);
        }
        may
    }

    /// Lets jobs under way end at their next batch; a kept organisation goes on with them when it is opened.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Forgets what was sent and downloaded.
    pub(super) fn forget(&self) {
        self.post.forget();
        lock(&self.downloads).clear();
    }
}

/// Makes what is missing of the tables.
pub(super) fn create(conn: &rusqlite::Connection) -> rusqlite::Result<()> {
    conn.execute_batch(table::TABLE)?;
    conn.execute_batch(import::TABLE)?;
    conn.execute_batch(watch::TABLE)
}

/// Takes on a job, which begins when its time has come.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn add(
    sandbox: &Sandbox,
    world: &World,
    kind: Kind,
    user: Id,
    body: Value,
    now: Timestamp,
) -> rusqlite::Result<Job> {
    let (id, due) = (world.next_id()?, later(now, sandbox));
    let (state, outcome) = (State::Added, Value::Null);
    let job = Job { id, kind, state, user, created: now, due, ended: None, body, outcome };
    job.save(&world.conn)?;
    sandbox.jobs.added.notify_one();
    Ok(job)
}

fn later(at: Timestamp, sandbox: &Sandbox) -> Timestamp {
    let step = SignedDuration::try_from(sandbox.options.job_step).unwrap_or_default();
    at.saturating_add(step).unwrap_or(Timestamp::MAX)
}

/// Tells those who watch what happened to records since this was last asked.
pub(super) fn announce(sandbox: &Sandbox) {
    let mut world = sandbox.world();
    let events = world.take_events();
    if events.is_empty() {
        return;
    }
    match news::of(sandbox, &world, &events) {
        Ok(deliveries) => deliveries.into_iter().for_each(|delivery| sandbox.jobs.post.send(delivery)),
        Err(error) => tracing::warn!(target: "bigin::sandbox", %error, "changes were not told"),
    }
}

/// Does the work, for as long as it is polled.
pub(super) async fn run(sandbox: Arc<Sandbox>, mut progress: channel::Receiver<Progress>) {
    let deliver = Arc::clone(&sandbox.jobs.post).deliver();
    let work = async {
        let seeded = progress.wait_for(|progress| progress.end.is_some()).await;
        if seeded.is_ok_and(|progress| progress.end == Some(Ok(()))) {
            work(&sandbox).await;
        }
    };
    tokio::join!(deliver, work);
}

/// Takes every job through its states, each when its time has come by the sandbox's clock.
async fn work(sandbox: &Arc<Sandbox>) {
    loop {
        let mut added = pin!(sandbox.jobs.added.notified());
        added.as_mut().enable();
        let went = match blocking(sandbox, |sandbox| Job::next(&sandbox.world().conn)).await {
            Some(None) => {
                added.await;
                continue;
            }
            Some(Some(job)) => tokio::select! {
                () = sandbox.clock.until(job.due) => blocking(sandbox, move |sandbox| step(sandbox, job)).await,
                () = added => continue,
            },
            None => None,
        };
        if went.is_none() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Runs work where it may block; none when it went wrong.
async fn blocking<T: Send + 'static>(
    sandbox: &Arc<Sandbox>,
    work: impl FnOnce(&Sandbox) -> rusqlite::Result<T> + Send + 'static,
) -> Option<T> {
    let sandbox = Arc::clone(sandbox);
    match tokio::task::spawn_blocking(move || work(&sandbox)).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            tracing::warn!(target: "bigin::sandbox", %error, "a bulk job did not go on");
            None
        }
        Err(_) => None,
    }
}

/// Takes a job one state further. A job that is not there any more, or is another one by now, is left.
fn step(sandbox: &Sandbox, job: Job) -> rusqlite::Result<()> {
    let same = |world: &World| -> rusqlite::Result<bool> {
        Ok(Job::find(&world.conn, job.kind, job.id)?.as_ref() == Some(&job))
    };
    if job.state == State::Added {
        let world = sandbox.world();
        if same(&world)? {
            let due = later(job.due, sandbox);
            Job { state: State::InProgress, due, ..job }.save(&world.conn)?;
        }
        return Ok(());
    }
    let (outcome, file) = match job.kind {
        Kind::Read => export::run(sandbox, &job),
        Kind::Write => (import::run(sandbox, &job), None),
    };
    let world = sandbox.world();
    if sandbox.jobs.is_stopping() || !same(&world)? {
        return Ok(());
    }
    let failed = outcome["status"] == "FAILED";
    let state = if failed { State::Failed } else { State::Completed };
    let done = Job { state, ended: Some(sandbox.clock.now()), outcome, ..job };
    if let Some(file) = file {
        Job::keep(&world.conn, done.id, &file)?;
    }
    done.save(&world.conn)?;
    let body = match done.kind {
        Kind::Read => bulk_read::told(&done),
        Kind::Write => bulk_write::shown(sandbox.url(), &world, &done)?,
    };
    if let Ok(Some(url)) = callback::read(done.body.get("callback")) {
        let at = sandbox.clock.now();
        sandbox.jobs.post.send(Delivery { kind: "callback", url, body, at });
    }
    Ok(())
}

/// What left the sandbox, or would have: mails, callbacks and notifications. For the control plane.
///
/// # Errors
/// Whatever SQLite refuses.
pub(super) fn outgoing(sandbox: &Sandbox, world: &World) -> rusqlite::Result<Value> {
    Ok(json!({ "mails": mail::sent(world)?, "deliveries": sandbox.jobs.post.log() }))
}
