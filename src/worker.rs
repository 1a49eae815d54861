//! Does what the app asks for, off the screen's thread, and says what came of it.
//!
//! Reads are answered by the thread that owns the databases, in their order; a newer job with the same key
//! drops an older one that nobody has begun. Calls to the server run as tasks of the given runtime; a newer
//! job with the same key aborts an older one. Writes are never replaced. Nothing here makes a screen wait:
//! [`start`] returns before a file is opened.

mod busy;
mod call;
mod clock;
mod console;
mod credits;
mod demo;
pub mod export;
mod generations;
mod library;
mod neighbour;
mod online;
mod priority;
pub mod query;
mod read;
mod session;
mod usage;

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use self::{
    call::Calls, console::Console, credits::Credits, generations::Generations, library::Library,
    online::Online, read::Reads, session::Teller,
};
pub use self::{demo::Startup, online::Server, priority::behind_the_screen};
pub use crate::sync::Pace;
use crate::{
    api::{self, Clock, Limits},
    domain::Module,
    protocol::{Attention, Event, Job, JobKey, Request},
    store::{Clerk, Desk, Place, Store},
    sync::{Announcer, Books, Line, Report, Wake, show_outbox},
};

/// What a worker is started with.
pub struct Setup {
    /// Name of the profile.
    pub profile: String,
    /// Where the mirror lives.
    pub mirror: Place,
    /// Where the keep lives.
    pub keep: Place,
    /// The folder of the user's saved queries; none where nothing is kept.
    pub queries: Option<PathBuf>,
    /// Whom to talk to.
    pub server: Server,
    /// How calls behave.
    pub options: api::Options,
    /// How often and how soon.
    pub pace: Pace,
}

/// A running worker.
pub struct Worker {
    reads: Reads,
    calls: Calls,
    writes: mpsc::UnboundedSender<Request>,
    wakes: mpsc::Sender<Wake>,
    desk: Desk,
    clerk: Clerk,
    books: Books,
    attention: watch::Sender<Attention>,
    credits: Credits,
    writer: JoinHandle<()>,
    online: watch::Receiver<Option<Online>>,
    runtime: Handle,
    end: CancellationToken,
}

/// How long stopping waits for writes to reach the disk.
const LAST_WRITES: Duration = Duration::from_secs(1);

/// Starts a worker, which opens the databases, connects and keeps the mirror true. `sink` is told everything,
/// from several threads; it must not block.
///
/// # Errors
/// When no thread can be started.
pub fn start(
    setup: Setup,
    runtime: &Handle,
    sink: impl Fn(Event) + Send + Sync + 'static,
) -> io::Result<Worker> {
    let Setup { profile, mirror, keep, queries, server, options, pace } = setup;
    let clock = Clock::system();
    let limits = Limits::new(None, clock.clone());
    let teller = Arc::new(Teller::new(profile, &server, sink));
    let report: Report = {
        let teller = Arc::clone(&teller);
        Arc::new(move |event| teller.tell(event))
    };
    let places = [keep.clone(), mirror.clone()];
    let open = move || {
        behind_the_screen();
        Store::open(&mirror, &keep)
    };
    let (desk, clerk) = Desk::start(open, {
        let (teller, limits) = (Arc::clone(&teller), limits.clone());
        move |opened| match opened {
            Ok(store) => {
                if let Some(catalog) = store.mirror.catalog() {
                    limits.set_allowance(catalog.org.allowance);
                }
                // What it fails of is tried again, and said, once the server can be asked.
                let _ = show_outbox(store, limits.clock().now());
                teller.opened(store);
            }
            Err(error) => teller.cannot_open(&error),
        }
    })?;

    let books = Books::new(limits.clone(), desk.clone());
    let end = CancellationToken::new();
    let (wakes, woken) = mpsc::channel(8);
    let (tell_online, online) = watch::channel(None);
    // Until it is told otherwise, someone looks at the board.
    let at_first = Attention { focused: true, shown: Some(Module::Pipelines), paused: false };
    let (attention, attended) = watch::channel(at_first);
    let (announcer, line) = (Announcer::default(), Line::default());
    let connect = online::Connect {
        server,
        limits: limits.clone(),
        books: books.clone(),
        places,
        options,
        pace,
        desk: desk.clone(),
        report: Arc::clone(&report),
        announcer: announcer.clone(),
        line,
    };
    spawn(runtime, &end, connect.run(woken, attended, tell_online));
    spawn(runtime, &end, announcer.clone().run(Arc::clone(&report)));
    spawn(runtime, &end, usage::run(limits.clone(), books.clone(), Arc::clone(&report)));
    let (writes, written) = mpsc::unbounded_channel();
    let writer = runtime.spawn(online::write(online.clone(), written));
    let credits =
        Credits { limits, desk: desk.clone(), report: Arc::clone(&report), runtime: runtime.clone() };
    let generations = Generations::default();
    let console = Console::new(desk.clone(), clock.clone(), Arc::clone(&report), online.clone());
    let library = Library::new(desk.clone(), Arc::clone(&report), queries);
    let reads = Reads::new(desk.clone(), clock, Arc::clone(&report), generations, wakes.clone());
    let calls =
        Calls::new(runtime.clone(), reads.clone(), online.clone(), report, announcer, console, library);
    let runtime = runtime.clone();
    Ok(Worker {
        reads,
        calls,
        writes,
        wakes,
        desk,
        clerk,
        books,
        attention,
        credits,
        writer,
        online,
        runtime,
        end,
    })
}

fn spawn(runtime: &Handle, end: &CancellationToken, work: impl Future<Output = ()> + Send + 'static) {
    let end = end.clone();
    runtime.spawn(async move { end.run_until_cancelled(work).await });
}

impl Worker {
    /// Takes a job; never blocks.
    pub fn send(&self, job: Job) {
        match job.request {
            Request::MoveDeals(_) | Request::AddNote(_) | Request::Undo { .. } | Request::Outbox(_) => {
                // The writer ends only after this handle is gone.
                let _ = self.writes.send(job.request);
            }
            // A puller that is awake already has no need of another bell.
            // Nobody is there to hear it when the worker ends.
            Request::Attention(attention) => drop(self.attention.send_replace(attention)),
            Request::Credits => self.credits.tell(job.generation),
            Request::ExportLedger { path } => self.credits.export(job.generation, path),
            Request::Refresh => drop(self.wakes.try_send(Wake::Refresh)),
            Request::Resync => drop(self.wakes.try_send(Wake::Resync)),
            Request::Demo(_) | Request::Search { .. } => self.calls.take(job),
            ref request if Console::takes(request) || Library::takes(request) => self.calls.take(job),
            Request::Detail { fresh: true, .. } => {
                self.reads.take(job.clone());
                self.calls.take(job);
            }
            _ => self.reads.take(job),
        }
    }

    /// Gives up a call under way. Reads end by themselves, and writes are never given up.
    pub fn cancel(&self, key: &JobKey) {
        self.calls.cancel(key);
    }

    /// Ends: writes and drafts that were handed in reach the disk first. Calls under way are given up; what
    /// they carried is in the outbox.
    pub fn stop(self) {
        let Self { writes, desk, clerk, books, writer, online, runtime, end, .. } = self;
        drop(writes);
        end.cancel();
        let connected = online.borrow().is_some();
        let last = async {
            if connected {
                // A writer that panicked has handed in all it will.
                drop(writer.await);
            }
            books.exchange().await;
        };
        // Time out on a disk that hangs: whoever quits is not kept waiting.
        drop(runtime.block_on(async { timeout(LAST_WRITES, last).await }));
        desk.close();
        // A clerk that panicked has nothing more to write.
        drop(clerk.join());
    }
}
