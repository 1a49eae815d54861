//! What a working day costs: eight hours at the board, on the edition with the fewest credits.
//!
//! The loop is the program's, the clocks are moved by the test; every call is really sent.

use std::{io::Write as _, sync::Arc, time::Duration};

use bigin::{
    api::{Client, Clock, Limits, ListQuery},
    domain::{Allowance, Link, Module, Purpose, RecordId, SafeText, Spending},
    protocol::{Attention, Event, SyncState},
    sandbox::Edition,
    store::{self, Place, Store},
    sync::{Announcer, Line, Pace, Puller, Wake, look_up},
};
use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, watch};

use crate::office::{Office, credentials, options_of_calls, small};

/// Minutes of the day.
const MINUTES: u32 = 480;

/// What a person does in it.
const EDITS: u32 = 40;
const OPENED: u32 = 30;

/// Records that colleagues change.
const COLLEAGUES: u32 = 200;

/// How often something that happens `times` a day has happened by the end of a minute, beyond the one before.
fn now_and_then(times: u32, minute: u32) -> u32 {
    (minute + 1) * times / MINUTES - minute * times / MINUTES
}

async fn ids(client: &Client, module: Module) -> Vec<RecordId> {
    let page = client.list(module, &ListQuery::of(["Modified_Time"])).await.expect("a page");
    page.rows.iter().map(|record| record.id().clone()).collect()
}

fn description(text: &str) -> Map<String, Value> {
    Map::from_iter([("Description".to_owned(), json!(text))])
}

/// The loop that keeps the mirror true, at a clock that the test moves.
struct Desk {
    clock: Clock,
    client: Client,
    store: store::Desk,
    attention: watch::Sender<Attention>,
    events: mpsc::UnboundedReceiver<Event>,
    /// Ends the loop when it is dropped.
    _wake: mpsc::Sender<Wake>,
}

impl Desk {
    /// In the morning: everything is here.
    async fn open(office: &Office) -> Self {
        let clock = Clock::starting_at(office.sandbox.sandbox().clock.now().as_millisecond());
        let limits = Limits::new(Some(Allowance::FREE), clock.clone());
        let client = Client::new(credentials(&office.sandbox), limits, options_of_calls());
        let open = || Store::open(&Place::Memory, &Place::Memory);
        let (store, _clerk) = store::Desk::start(open, |opened| assert!(opened.is_ok())).expect("a thread");
        let (tell, events) = mpsc::unbounded_channel();
        let (wake, woken) = mpsc::channel(1);
        let (attention, attended) = watch::channel(at_the_board());
        let report = Arc::new(move |event| drop(tell.send(event)));
        let (announcer, line) = (Announcer::default(), Line::default());
        let puller = Puller::new(&client, store.clone(), report, announcer, line, Pace::default());
        tokio::spawn(puller.run(woken, attended));
        let mut desk = Self { clock, client, store, attention, events, _wake: wake };
        desk.event(|event| matches!(event, Event::Sync(SyncState::Synced { .. }))).await;
        desk.attention.send_replace(Attention { paused: true, ..at_the_board() });
        desk.event(|event| matches!(event, Event::Plan(plan) if plan.paused)).await;
        desk
    }

    async fn event(&mut self, wanted: impl Fn(&Event) -> bool) {
        let found = async { while !wanted(&self.events.recv().await.expect("the loop runs")) {} };
        tokio::time::timeout(Duration::from_secs(30), found).await.expect("the event");
    }

    /// Lets the loop do what is due at this moment, and nothing after it: it looks up only when that is done.
    async fn turn(&mut self, attention: Attention) {
        for paused in [false, true] {
            self.attention.send_replace(Attention { paused, ..attention });
            self.event(|event| matches!(event, Event::Plan(plan) if plan.paused == paused)).await;
        }
    }
}

fn at_the_board() -> Attention {
    Attention { focused: true, shown: Some(Module::Pipelines), paused: false }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_working_day_on_the_free_edition_costs_at_most_600_credits() {
    let office = Office::prepare(small(Edition::Free)).await;
    let mut desk = Desk::open(&office).await;
    let client = desk.client.clone();
    let writes = client.meant_for(Purpose::Write);
    let (deals, contacts) =
        (ids(&office.other, Module::Pipelines).await, ids(&office.other, Module::Contacts).await);
    let fill = client.limits().spending();
    let mut acts = 0usize;
    for minute in 0..MINUTES {
        office.advance(60).await;
        desk.clock.advance(60_000);
        for _ in 0..now_and_then(COLLEAGUES, minute) {
            acts += 1;
            let deal = &deals[acts % deals.len()];
            let text = format!("a colleague was here in minute {minute}");
            office.other.update_one(Module::Pipelines, deal, description(&text)).await.expect("changed");
        }
        for _ in 0..now_and_then(EDITS, minute) {
            acts += 1;
            // At worst, what someone else changed is looked at before it is written.
            let deal = &deals[(acts * 7) % deals.len()];
            writes.get(Module::Pipelines, deal, None).await.expect("an answer").expect("the deal");
            let text = format!("edited in minute {minute}");
            writes.update_one(Module::Pipelines, deal, description(&text)).await.expect("changed");
        }
        for _ in 0..now_and_then(OPENED, minute) {
            acts += 1;
            let id = contacts[(acts * 5) % contacts.len()].clone();
            let link = Link { module: Module::Contacts, id, name: SafeText::new("a contact") };
            assert!(look_up(&client, &desk.store, &link).await.expect("an answer"));
        }
        // An hour among the contacts, the rest at the board.
        let shown = if (180..240).contains(&minute) { Module::Contacts } else { Module::Pipelines };
        desk.turn(Attention { shown: Some(shown), ..at_the_board() }).await;
    }

    let spending = client.limits().spending();
    let of = |purpose: Purpose| -> u32 {
        let sum = |spending: &Spending| -> u32 {
            spending.shares.iter().filter(|share| share.purpose == purpose).map(|share| share.credits).sum()
        };
        sum(&spending) - sum(&fill)
    };
    let (sync, metadata) = (of(Purpose::Sync), of(Purpose::Metadata));
    let (records, writes) = (of(Purpose::Record), of(Purpose::Write));
    let credits = spending.usage.used - fill.usage.used;
    assert_eq!(sync + metadata + records + writes, credits, "every credit has its purpose");
    assert_eq!(writes, 2 * EDITS);
    // Past the capture of test output: the figure is the result.
    let line = format!(
        "a working day: {credits} credits (sync {sync}, pipelines and fields {metadata}, records {records}, writes {writes})"
    );
    writeln!(std::io::stderr(), "{line}").expect("a line");
    assert!(sync > 100, "the loop ran: {line}");
    assert!(credits <= 600, "{line}");
}
