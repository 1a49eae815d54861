//! A sandbox, a worker that looks at it, and someone else who works in the same org.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bigin::{
    api::{AppKey, Backoff, Client, Clock, Credentials, Limits, Options, Timeouts},
    domain::{Catalog, DealRow, Link, Module},
    protocol::{
        DealFilter, DealSort, Event, Failure, Job, JobKey, ListId, ListSpec, Request, Rows, Scope, Slice,
        SortWay, StageChange, SyncState, WindowReply, WriteId,
    },
    sandbox::{self, Edition, Running},
    store::Place,
    sync::Pace,
    worker::{self, Server, Setup, Startup, Worker},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{Mutex, OnceCell, mpsc, watch},
    time::timeout,
};

/// How long anything may take before a test gives up on it.
const DEADLINE: Duration = Duration::from_secs(30);

pub struct Office {
    pub sandbox: Running,
    /// Someone else with the same rights.
    pub other: Client,
    control: reqwest::Client,
    worker: Option<Worker>,
    /// The worker's own, where it may crash.
    life: Option<Runtime>,
    /// Another window on the same folder, and what it says.
    beside: Option<(Option<Worker>, Mutex<mpsc::UnboundedReceiver<Event>>)>,
    events: Mutex<mpsc::UnboundedReceiver<Event>>,
    generation: AtomicU64,
    catalog: OnceCell<Catalog>,
    places: (Place, Place),
    /// Of workers that are started from now on.
    pub pace: Pace,
}

impl Office {
    /// A small demo organisation and a worker that has filled its mirror.
    pub async fn open() -> Self {
        Self::open_with(60).await
    }

    /// The same with so many deals.
    pub async fn open_with(deals: u32) -> Self {
        let mut office = Self::prepare(sandbox::Options { deals, ..sandbox::Options::default() }).await;
        office.start();
        office.synced().await;
        office
    }

    /// The same without a worker.
    pub async fn prepare(options: sandbox::Options) -> Self {
        let sandbox = sandbox::start(options).await.expect("the sandbox starts");
        sandbox.ready().await.expect("the organisation is seeded");
        // The control plane's own client needs a TLS provider even where no TLS is spoken.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let control = reqwest::Client::builder().no_proxy().build().expect("a client");
        let limits = Limits::new(None, Clock::system());
        let other = Client::new(credentials(&sandbox), limits, options_of_calls());
        let events = Mutex::new(mpsc::unbounded_channel().1);
        let places = (Place::Memory, Place::Memory);
        let milliseconds = Duration::from_millis;
        let pace = Pace {
            pull: Duration::from_secs(3_600),
            hold: milliseconds(100),
            retry: milliseconds(30),
            ..Pace::default()
        };
        let (generation, catalog) = (AtomicU64::new(0), OnceCell::new());
        Self {
            sandbox,
            other,
            control,
            worker: None,
            life: None,
            beside: None,
            events,
            generation,
            catalog,
            places,
            pace,
        }
    }

    /// Keeps mirror and keep in a folder, so that another worker finds them.
    pub fn keep_in(&mut self, folder: &std::path::Path) {
        self.places = (Place::File(folder.join("mirror.sqlite")), Place::File(folder.join("keep.sqlite")));
    }

    pub fn start(&mut self) {
        let (tell, startup) = watch::channel(Startup::Ready(credentials(&self.sandbox)));
        drop(tell);
        self.start_with(Server::Demo(startup));
    }

    pub fn start_with(&mut self, server: Server) {
        let (tell, events) = mpsc::unbounded_channel();
        let (mirror, keep) = self.places.clone();
        let queries = match &keep {
            Place::File(path) => Some(path.with_file_name("coql")),
            _ => None,
        };
        let setup = Setup {
            profile: "demo".to_owned(),
            mirror,
            keep,
            queries,
            server,
            options: options_of_calls(),
            pace: self.pace,
        };
        let runtime = self.life.as_ref().map_or_else(Handle::current, |life| life.handle().clone());
        // Events that nobody waits for any more are lost with the test.
        let worker = worker::start(setup, &runtime, move |event| drop(tell.send(event)));
        self.worker = Some(worker.expect("the worker starts"));
        self.events = Mutex::new(events);
    }

    /// Opens a second window on the same folder and turns to it.
    pub fn open_another(&mut self) {
        let first = (
            self.worker.take(),
            std::mem::replace(&mut self.events, Mutex::new(mpsc::unbounded_channel().1)),
        );
        self.beside = Some(first);
        self.start();
    }

    /// Turns to the other window.
    pub fn turn(&mut self) {
        let (worker, events) = self.beside.as_mut().expect("a second window");
        std::mem::swap(&mut self.worker, worker);
        std::mem::swap(&mut self.events, events);
    }

    /// Ends the worker as quitting does.
    pub async fn stop(&mut self) {
        let worker = self.worker.take().expect("a worker");
        tokio::task::spawn_blocking(move || worker.stop()).await.expect("the worker ends");
        self.life.take().into_iter().for_each(Runtime::shutdown_background);
    }

    /// Starts a worker that can crash.
    pub fn start_mortal(&mut self) {
        let life = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        self.life = Some(life.expect("a runtime"));
        self.start();
    }

    /// Ends the worker in the middle of whatever it does, and waits until its files are free.
    pub async fn crash(&mut self) {
        drop(self.worker.take());
        self.life.take().expect("a worker that can crash").shutdown_background();
        let Place::File(keep) = &self.places.1 else { return };
        let free = async {
            while is_open(keep) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(DEADLINE, free).await.expect("the files are free");
    }

    /// The first event from now on that `wanted` makes something of.
    pub async fn event<T>(&self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let mut seen = Vec::new();
        let wait = async {
            let mut events = self.events.lock().await;
            loop {
                let event = events.recv().await.expect("the worker runs");
                seen.push(format!("{event:?}").chars().take(300).collect::<String>());
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        match timeout(DEADLINE, wait).await {
            Ok(found) => found,
            Err(_) => unreachable!("no {what} in time; seen: {seen:#?}"),
        }
    }

    pub async fn synced(&self) {
        self.event("sync", |event| matches!(event, Event::Sync(SyncState::Synced { .. })).then_some(()))
            .await;
    }

    /// Has the worker ask for what changed, and waits until it did or could not.
    pub async fn pull(&self) {
        self.send(JobKey::Refresh, Request::Refresh);
        let mut pulling = false;
        self.event("the end of a round", |event| match event {
            Event::Sync(SyncState::Pulling) => {
                pulling = true;
                None
            }
            Event::Sync(SyncState::Synced { .. }) => pulling.then_some(()),
            Event::Sync(SyncState::Offline { .. } | SyncState::Waiting { .. }) => Some(()),
            _ => None,
        })
        .await;
    }

    pub fn send(&self, key: JobKey, request: Request) -> u64 {
        let generation = self.generation.fetch_add(1, Ordering::Relaxed) + 1;
        self.worker.as_ref().expect("a worker").send(Job { key, generation, request });
        generation
    }

    pub fn cancel(&self, key: &JobKey) {
        self.worker.as_ref().expect("a worker").cancel(key);
    }

    pub async fn window(&self, list: ListSpec, slice: Slice, len: u32) -> WindowReply {
        let asked = self.send(JobKey::List(ListId::Deals), Request::Window { list, slice, len });
        self.event("window", |event| match event {
            Event::Window { generation, window, .. } if generation == asked => Some(window),
            _ => None,
        })
        .await
    }

    pub async fn catalog(&self) -> &Catalog {
        let read = || async { bigin::sync::catalog(&self.other).await.expect("the catalog") };
        self.catalog.get_or_init(read).await
    }

    /// Every deal of the default pipeline.
    pub async fn deals(&self) -> Vec<DealRow> {
        let scope = Scope { pipeline: self.catalog().await.pipelines[0].id.clone(), sub_pipeline: None };
        let list = ListSpec::Deals {
            scope,
            filter: DealFilter::default(),
            sort: DealSort::Name,
            way: SortWay::Ascending,
        };
        match self.window(list, Slice::Start, 10_000).await.rows {
            Rows::Deals(rows) => rows,
            other => unreachable!("{other:?}"),
        }
    }

    pub async fn deal(&self, id: &bigin::domain::RecordId) -> DealRow {
        self.deals().await.into_iter().find(|deal| deal.id == *id).expect("the deal")
    }

    /// Waits until the deals are as `wanted` says, looking again after every change.
    pub async fn until(&self, what: &str, wanted: impl Fn(&[DealRow]) -> bool) -> Vec<DealRow> {
        loop {
            let deals = self.deals().await;
            if wanted(&deals) {
                return deals;
            }
            self.event(what, |event| (event == Event::Changed).then_some(())).await;
        }
    }

    /// An open deal of the default pipeline, with the stage after its own.
    pub async fn open_deal(&self) -> (DealRow, String) {
        let catalog = self.catalog().await;
        let next = |deal: &DealRow| {
            let sub = catalog.pipelines[0].sub_pipelines.iter().find(|sub| sub.name == deal.sub_pipeline);
            sub.and_then(|sub| sub.next_open(&deal.stage)).map(|stage| stage.value.clone())
        };
        // A second window reads what the first one fetched, which may not be there yet.
        let deals = self.until("an open deal", |deals| deals.iter().any(|deal| next(deal).is_some())).await;
        let open = deals.into_iter().find_map(|deal| next(&deal).map(|stage| (deal, stage)));
        open.expect("there is one")
    }

    pub fn carry(&self, write: WriteId, deal: &DealRow, from: &str, to: &str) {
        self.send(JobKey::Write(write), Request::MoveDeals(vec![change(write, deal, from, to)]));
    }

    /// The write's end: none if the server took it.
    pub async fn verdict(&self, wanted: WriteId) -> Option<Failure> {
        self.event("verdict", |event| match event {
            Event::Confirmed { write } if write == wanted => Some(None),
            Event::Refused { write, failure } if write == wanted => Some(Some(failure)),
            _ => None,
        })
        .await
    }

    /// Sets rules of what goes wrong.
    pub async fn faults(&self, rules: Value) {
        let answer = self.post("faults", &json!({ "rules": rules })).await;
        assert!(answer["rules"].is_number(), "{answer}");
    }

    /// Moves the server's time forward.
    pub async fn advance(&self, seconds: u32) {
        self.post("clock", &json!({ "advance_seconds": seconds })).await;
    }

    /// The stage that the server has of a deal.
    pub async fn stage_there(&self, deal: &DealRow) -> String {
        let fields = ["Stage".to_owned()];
        let record = self.other.get(Module::Pipelines, &deal.id, Some(&fields)).await.expect("get");
        record.expect("the deal").text("Stage").expect("a stage").to_owned()
    }

    /// Texts of the notes that the server has on a deal.
    pub async fn notes_there(&self, deal: &DealRow) -> Vec<String> {
        let of = Some((Module::Pipelines, &deal.id));
        let mut texts = Vec::new();
        for number in 1.. {
            let page = self.other.notes(of, bigin::api::At::Number(number)).await.expect("notes");
            texts.extend(page.rows.into_iter().filter_map(|note| note.content));
            if !page.more {
                break;
            }
        }
        texts
    }

    /// How many requests to the API the service saw.
    pub async fn tries(&self) -> usize {
        self.seen("GET", "/bigin/").await + self.seen("POST", "/bigin/").await
    }

    /// The requests that the service saw, as method and path.
    pub async fn seen(&self, method: &str, prefix: &str) -> usize {
        let calls = self.get("calls").await;
        let calls = calls["calls"].as_array().expect("calls").iter();
        let is = |call: &&Value| {
            call["method"] == method && call["path"].as_str().is_some_and(|path| path.starts_with(prefix))
        };
        calls.filter(is).count()
    }

    /// What the API console's "Generate Code" gives a user for a self client.
    pub async fn code_of(&self, user: &str, scope: &str) -> String {
        let answer = self.post("self_client_code", &json!({ "scope": scope, "user": user })).await;
        answer["code"].as_str().expect("a code").to_owned()
    }

    pub async fn ledger(&self) -> Value {
        self.get("ledger").await
    }

    /// What the server has, by module.
    pub async fn truth(&self) -> Value {
        self.get("state").await["records"].take()
    }

    async fn get(&self, what: &str) -> Value {
        let answer = self.control.get(self.url(what)).send().await.expect("the control plane");
        answer.json().await.expect("JSON")
    }

    async fn post(&self, what: &str, body: &Value) -> Value {
        let answer = self.control.post(self.url(what)).json(body).send().await.expect("the control plane");
        answer.json().await.expect("JSON")
    }

    fn url(&self, what: &str) -> String {
        format!("{}/__sandbox/{what}", self.sandbox.url)
    }
}

/// A deal on its way from a stage to another.
pub fn change(write: WriteId, deal: &DealRow, from: &str, to: &str) -> StageChange {
    let (deal, from, to) = (link(deal), from.to_owned(), to.to_owned());
    StageChange { write, deal, from, to, amount: None, closing: None }
}

/// Whether this process has a file open; false where the system does not tell.
fn is_open(path: &std::path::Path) -> bool {
    let files = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    files.filter_map(|file| file.path().read_link().ok()).any(|file| file == path)
}

impl Drop for Office {
    fn drop(&mut self) {
        // A runtime that is dropped where others run waits for its tasks.
        self.life.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

pub fn link(deal: &DealRow) -> Link {
    Link { module: Module::Pipelines, id: deal.id.clone(), name: deal.name.clone() }
}

/// Short waits: what is waited for in earnest is never waited for here.
pub fn options_of_calls() -> Options {
    let backoff = Backoff { base: Duration::from_millis(1), cap: Duration::from_millis(20) };
    let timeouts = Timeouts { answer: Duration::from_secs(20), ..Timeouts::default() };
    Options { timeouts, backoff, ..Options::default() }
}

pub fn credentials(sandbox: &Running) -> Credentials {
    let secret = SecretString::from(sandbox.client_secret.as_str());
    Credentials {
        app: AppKey { id: sandbox.client_id.clone(), secret },
        refresh_token: SecretString::from(sandbox.refresh_token.as_str()),
        accounts: sandbox.url.clone(),
        api_domain: sandbox.url.clone(),
    }
}

/// The organisation of the demo in an edition.
pub fn small(edition: Edition) -> sandbox::Options {
    sandbox::Options { deals: 60, edition, ..sandbox::Options::default() }
}
