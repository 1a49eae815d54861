//! `bigin sandbox`: serves the emulated Bigin until it is told to stop.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use serde_json::json;
use strum::VariantNames;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    domain::SafeText,
    sandbox::{self, Edition, Options, Running},
};

/// How long calls in flight may take to end once the sandbox is told to stop.
const PATIENCE: Duration = Duration::from_secs(2);

/// Threads that answer: they take turns on one database, and each that there is holds memory. One may be held by the
/// making of the organisation, another by a bulk job.
const BLOCKING: usize = 4;

/// Serve an emulated Bigin on this machine, with its limits and its errors. Prints one line of JSON that
/// says where it listens and which app and refresh token to use, then nothing more.
#[derive(Debug, clap::Args)]
pub struct SandboxArgs {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The seed of everything that looks random; with the same clock it gives the same organisation. The
    /// folder's own where one keeps an organisation, otherwise 7.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Deals in the organisation.
    #[arg(long, value_name = "N", default_value_t = 600)]
    deals: u32,
    /// The edition, which decides credits and concurrency.
    #[arg(long, default_value = "premier", value_parser = edition())]
    edition: Edition,
    /// Users and licences.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    users: u32,
    /// When the sandbox's time starts, such as 2026-03-01T09:00:00Z; the machine's time if not given. The
    /// time in a folder goes on from where it was, and never back.
    #[arg(long, value_name = "TIME")]
    clock: Option<Timestamp>,
    /// Life of an access token.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    token_lifetime: u32,
    /// How long the search index lags behind writes.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    search_lag: u32,
    /// How long a bulk job waits before it begins, and again before it ends.
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    job_step: u32,
    /// Added to every answer of the API.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency_ms: u32,
    /// Keep the organisation in this folder; without it, it lives in memory.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Follow the documentation to the letter (the default).
    #[arg(long, conflicts_with = "lenient")]
    strict: bool,
    /// Also take what organisations are reported to take, such as COQL without WHERE.
    #[arg(long)]
    lenient: bool,
    /// Allow an address that other machines can reach.
    #[arg(long)]
    public: bool,
    /// Log requests on stderr, never tokens or bodies.
    #[arg(long, short)]
    verbose: bool,
}

fn edition() -> impl TypedValueParser<Value = Edition> {
    PossibleValuesParser::new(Edition::VARIANTS.iter().copied()).try_map(|word| word.parse::<Edition>())
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// When stdout or stderr cannot be written, or the process can have no threads or signals.
pub fn run(args: SandboxArgs) -> io::Result<ExitCode> {
    if args.verbose {
        tracing_subscriber::fmt()
            .with_writer(io::stderr)
            .with_ansi(false)
            .with_target(false)
            .with_level(false)
            .init();
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(BLOCKING).enable_all().build()?;
    let ended = runtime.block_on(serve(args));
    // An organisation that is still being seeded must not hold the process.
    runtime.shutdown_background();
    ended
}

async fn serve(args: SandboxArgs) -> io::Result<ExitCode> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let options = options(args);
    let listen = options.listen;
    if options.public && !listen.ip().is_loopback() {
        complain("anybody who can reach this address can use the sandbox and control it")?;
    }
    let running = match sandbox::start(options).await {
        Ok(running) => running,
        Err(error) => {
            complain(&format!("cannot listen on {listen}: {error}"))?;
            if error.kind() == io::ErrorKind::InvalidInput {
                complain("give --public to open the sandbox to other machines")?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    announce(&running)?;
    let told = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let unfit = async {
        match running.ready().await {
            Err(error) => error,
            Ok(()) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = told => {}
        error = unfit => {
            complain(&error.to_string())?;
            return Ok(ExitCode::FAILURE);
        }
    }
    tokio::select! {
        stopped = tokio::time::timeout(PATIENCE, running.stop()) => {
            if let Ok(stopped) = stopped {
                stopped?;
            }
        }
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn options(args: SandboxArgs) -> Options {
    let kept = args.dir.as_deref().and_then(sandbox::world::World::kept_seed);
    let defaults = Options::default();
    Options {
        listen: args.listen,
        public: args.public,
        seed: args.seed.or(kept).unwrap_or(defaults.seed),
        deals: args.deals,
        edition: args.edition,
        users: args.users,
        clock: args.clock,
        token_lifetime: Duration::from_secs(args.token_lifetime.into()),
        search_lag: Duration::from_secs(args.search_lag.into()),
        job_step: Duration::from_secs(args.job_step.into()),
        latency: Duration::from_millis(args.latency_ms.into()),
        dir: args.dir,
        strict: !args.lenient,
    }
}

/// The one line on stdout.
fn announce(running: &Running) -> io::Result<()> {
    let sandbox = running.sandbox();
    let line = json!({
        "listening": running.url.trim_start_matches("http://"),
        "api_domain": running.url,
        "accounts": running.url,
        "client_id": running.client_id,
        "client_secret": running.client_secret,
        "refresh_token": running.refresh_token,
        "org_id": running.org_id,
        "edition": sandbox.options.edition.to_string(),
        "credits": sandbox.gate.credits(),
        "concurrency": sandbox.gate.concurrency(),
        "seed": sandbox.options.seed,
    });
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

fn complain(reason: &str) -> io::Result<()> {
    writeln!(io::stderr(), "bigin sandbox: {}", SafeText::new(reason))
}
