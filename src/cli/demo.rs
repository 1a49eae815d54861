//! `bigin --demo`: the whole program on an emulated Bigin in the same process.

use jiff::Timestamp;
use tokio::sync::watch;

use crate::{
    api::{self, AppKey, Credentials},
    domain::SafeText,
    protocol::Progress,
    runtime::StartWorker,
    sandbox::{self, Running},
    store::Place,
    worker::{self, Pace, Server, Setup, Startup},
};

/// Deals from which the mirror no longer lives in memory.
const MANY: u32 = 20_000;

/// Arguments of the demo.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// Try everything on an invented company: no account, no network, nothing is kept.
    #[arg(long)]
    demo: bool,
    /// Deals of the invented company.
    #[arg(long, value_name = "N", requires = "demo", default_value_t = 600)]
    deals: u32,
    /// The same number invents the same company.
    #[arg(long, value_name = "N", requires = "demo", default_value_t = 7)]
    seed: u64,
    /// When the invented company's time starts, such as 2026-03-02T09:00:00Z; now if not given.
    #[arg(long, value_name = "TIME", requires = "demo")]
    clock: Option<Timestamp>,
}

impl DemoArgs {
    /// Whether the demo is asked for.
    pub const fn wanted(&self) -> bool {
        self.demo
    }

    /// The emulated server that is asked for.
    pub fn options(&self) -> sandbox::Options {
        sandbox::Options {
            seed: self.seed,
            deals: self.deals,
            clock: self.clock,
            ..sandbox::Options::default()
        }
    }
}

/// Starts the emulated server and a worker on it.
pub fn worker(args: DemoArgs) -> StartWorker {
    Box::new(move |network, sink| {
        let (tell, startup) = watch::channel(starting(args.deals, &sandbox::Progress::default()));
        network.spawn(serve(args.clone(), tell));
        let setup = Setup {
            profile: "demo".to_owned(),
            mirror: if args.deals < MANY { Place::Memory } else { Place::Temporary },
            keep: Place::Memory,
            queries: None,
            server: Server::Demo(startup),
            options: api::Options::default(),
            pace: Pace::default(),
        };
        worker::start(setup, network, sink)
    })
}

/// Runs the emulated server until the program ends, and tells how far it is.
async fn serve(args: DemoArgs, tell: watch::Sender<Startup>) {
    let running = match sandbox::start(args.options()).await {
        Ok(running) => running,
        Err(error) => return drop(tell.send(Startup::Failed(error.to_string()))),
    };
    let mut progress = running.progress();
    loop {
        let seen = progress.borrow_and_update().clone();
        let word = match &seen.end {
            None => starting(args.deals, &seen),
            Some(Ok(())) => Startup::Ready(credentials(&running)),
            Some(Err(reason)) => Startup::Failed(reason.clone()),
        };
        tell.send_replace(word);
        if seen.end.is_some() || progress.changed().await.is_err() {
            break;
        }
    }
    std::future::pending::<()>().await;
}

fn starting(deals: u32, seen: &sandbox::Progress) -> Startup {
    Startup::Starting(Progress {
        doing: SafeText::new(&format!("inventing a company with {deals} deals")),
        done: seen.rows,
        total: (seen.of > 0).then_some(seen.of),
    })
}

/// The keys of the emulated server's client.
pub fn credentials(running: &Running) -> Credentials {
    Credentials {
        app: AppKey { id: running.client_id.clone(), secret: running.client_secret.clone().into() },
        refresh_token: running.refresh_token.clone().into(),
        accounts: running.url.clone(),
        api_domain: running.url.clone(),
    }
}
