//! The way to the server: the client, what pulls, what pushes.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::{
    api::{Client, Credentials, Limits, Options},
    domain::{Purpose, SafeText},
    protocol::{Attention, Event, Request, SyncState},
    store::{Desk, Place},
    sync::{Announcer, Books, Line, Pace, Puller, Pusher, Report, Wake, failure},
};

use super::{busy, clock, demo::Startup, neighbour::Neighbour};

/// Whom a worker talks to.
pub enum Server {
    /// An account at Zoho, or at any server that these credentials name.
    Account(Credentials),
    /// The emulated server, once it is ready.
    Demo(watch::Receiver<Startup>),
}

/// What jobs that need the server work with.
#[derive(Clone)]
pub(super) struct Online {
    pub client: Client,
    pub pusher: Pusher,
    /// Base URL of the emulated server's control plane; none for an account.
    pub control: Option<String>,
}

/// Connects, then keeps the mirror true.
pub(super) struct Connect {
    pub server: Server,
    pub limits: Limits,
    pub books: Books,
    /// The files that another program may have open too.
    pub places: [Place; 2],
    pub options: Options,
    pub pace: Pace,
    pub desk: Desk,
    pub report: Report,
    pub announcer: Announcer,
    pub line: Line,
}

impl Connect {
    /// Runs until it is dropped.
    pub(super) async fn run(
        self,
        woken: mpsc::Receiver<Wake>,
        attention: watch::Receiver<Attention>,
        online: watch::Sender<Option<Online>>,
    ) {
        let Self { server, limits, books, places, options, pace, desk, report, announcer, line } = self;
        let (credentials, control) = match server {
            Server::Account(credentials) => (credentials, None),
            Server::Demo(startup) => match await_demo(startup, &report).await {
                Some(credentials) => {
                    let url = credentials.api_domain.clone();
                    (credentials, Some(url))
                }
                None => return,
            },
        };
        // What earlier runs spent counts before anything is asked for.
        books.exchange().await;
        let client = Client::new(credentials, limits, options);
        let pusher = Pusher::new(
            client.meant_for(Purpose::Write),
            desk.clone(),
            Arc::clone(&report),
            line.clone(),
            pace,
        );
        if let Err(error) = pusher.show().await {
            let failure = failure::of_store("read the outbox", &error, "");
            report(Event::Failed { key: crate::protocol::JobKey::Outbox, generation: 0, failure });
        }
        online.send_replace(Some(Online { client: client.clone(), pusher: pusher.clone(), control }));
        let neighbour = Neighbour {
            places,
            desk: desk.clone(),
            pusher: pusher.clone(),
            announcer: announcer.clone(),
            report: Arc::clone(&report),
        };
        let telling = busy::run(client.clone(), Arc::clone(&report));
        let clock = clock::run(client.clock().clone(), Arc::clone(&report));
        let puller = Puller::new(&client, desk, report, announcer, line, pace);
        tokio::join!(pusher.run(), puller.run(woken, attention), neighbour.watch(), telling, clock);
    }
}

/// Waits for the emulated server, and says how far it is.
async fn await_demo(mut startup: watch::Receiver<Startup>, report: &Report) -> Option<Credentials> {
    let stopped = |what: &str| {
        let way_on = "Start again; `bigin sandbox` shows the server by itself.";
        report(Event::Stopped(failure::plain("start the demo", what, way_on)));
    };
    loop {
        let now = startup.borrow_and_update().clone();
        match now {
            Startup::Starting(progress) => report(Event::Sync(SyncState::Starting(progress))),
            Startup::Ready(credentials) => return Some(credentials),
            Startup::Failed(reason) => {
                stopped(SafeText::new(&reason).as_str());
                return None;
            }
        }
        if startup.changed().await.is_err() {
            stopped("the server ended before it was ready");
            return None;
        }
    }
}

/// Hands writes to the pusher in the order in which they were asked for, until no more can come.
pub(super) async fn write(
    mut online: watch::Receiver<Option<Online>>,
    mut writes: mpsc::UnboundedReceiver<Request>,
) {
    let Ok(pusher) =
        online.wait_for(Option::is_some).await.map(|online| online.as_ref().map(|it| it.pusher.clone()))
    else {
        return;
    };
    let Some(pusher) = pusher else { return };
    while let Some(write) = writes.recv().await {
        match write {
            Request::MoveDeals(changes) => pusher.moved(changes).await,
            Request::AddNote(note) => pusher.note(note).await,
            Request::Undo { write, turn } => pusher.turn(write, turn).await,
            Request::Outbox(order) => pusher.order(order).await,
            _ => {}
        }
    }
}
