//! What a working day costs: eight hours at the board, on the edition with the fewest credits.
//!
//! Time is the plan's and the sandbox's; every call is really sent.

use std::{collections::BTreeMap, io::Write as _, time::Duration};

use bigin::{
    api::{Client, Clock, Limits, ListQuery},
    domain::{Allowance, Module, Purpose, RecordId},
    sandbox::Edition,
    sync::plan::{self, Errand, Scene},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

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

/// Does an errand of the plan. Says whether anything had changed.
async fn run(client: &Client, errand: Errand, since: Timestamp) -> bool {
    match errand {
        Errand::News(module) => {
            let name = if module == Module::Notes { "Note_Title" } else { "Modified_Time" };
            let query = ListQuery { modified_since: Some(since), ..ListQuery::of([name]) };
            !client.list(module, &query).await.expect("news").rows.is_empty()
        }
        Errand::Gone(module) => {
            !client.deleted(module, Some(since), 1).await.expect("what was deleted").rows.is_empty()
        }
        Errand::Metadata => {
            bigin::sync::catalog(&client.meant_for(Purpose::Metadata)).await.expect("the catalog");
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_working_day_on_the_free_edition_costs_at_most_600_credits() {
    let office = Office::prepare(small(Edition::Free)).await;
    let limits = Limits::new(Some(Allowance::FREE), Clock::system());
    let client = Client::new(credentials(&office.sandbox), limits, options_of_calls());
    let (sync, person, writes) = (
        client.background().meant_for(Purpose::Sync),
        client.meant_for(Purpose::Record),
        client.meant_for(Purpose::Write),
    );
    let (deals, contacts) =
        (ids(&office.other, Module::Pipelines).await, ids(&office.other, Module::Contacts).await);

    let mut now = office.sandbox.sandbox().clock.now();
    // The mirror is as of this morning.
    let mut done: BTreeMap<Errand, Timestamp> = Errand::all().map(|errand| (errand, now)).collect();
    let (mut changed, mut acts) = (now, 0usize);
    for minute in 0..MINUTES {
        office.advance(60).await;
        now += SignedDuration::from_mins(1);
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
            let contact = &contacts[(acts * 5) % contacts.len()];
            person.get(Module::Contacts, contact, None).await.expect("an answer").expect("the contact");
            person
                .related(Module::Contacts, contact, "Notes", &ListQuery::of(["Note_Title"]))
                .await
                .expect("the notes");
        }
        // An hour among the contacts, the rest at the board.
        let shown = if (180..240).contains(&minute) { Module::Contacts } else { Module::Pipelines };
        let scene = Scene {
            now,
            usage: client.limits().usage(),
            focused: true,
            shown: Some(shown),
            paused: false,
            touched: now,
            changed,
            usual: Duration::from_mins(1),
        };
        for errand in plan::due(&plan::rhythm(&scene), &done, now).0 {
            if run(&sync, errand, done[&errand]).await {
                changed = now;
            }
            done.insert(errand, now);
        }
    }

    let spending = client.limits().spending();
    let of = |purpose: Purpose| -> u32 {
        spending.shares.iter().filter(|share| share.purpose == purpose).map(|share| share.credits).sum()
    };
    let (sync, metadata) = (of(Purpose::Sync), of(Purpose::Metadata));
    let (records, writes) = (of(Purpose::Record), of(Purpose::Write));
    let credits = spending.usage.used;
    assert_eq!(sync + metadata + records + writes, credits, "every credit has its purpose");
    assert_eq!(writes, 2 * EDITS);
    // Past the capture of test output: the figure is the result.
    let line = format!(
        "a working day: {credits} credits (sync {sync}, pipelines and fields {metadata}, records {records}, writes {writes})"
    );
    writeln!(std::io::stderr(), "{line}").expect("a line");
    assert!(credits <= 600, "{line}");
}
