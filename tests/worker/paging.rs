//! The org changes while its lists are read page by page.

use std::time::Duration;

use bigin::{
    domain::{Module, RecordId},
    sandbox::{self, Edition},
    store::{Mirror, Place},
};
use serde_json::{Map, Value, json};

use crate::{
    convergence::story::check_mirror,
    office::{Office, small},
};

/// How many orders of events are tried; more with this variable.
const SEEDS: &str = "BIGIN_SEEDS";

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

/// Ids of the deals that the server has.
async fn deals(office: &Office) -> Vec<RecordId> {
    let truth = office.truth().await;
    let deals = truth["Pipelines"].as_array().expect("deals").iter();
    deals.map(|deal| deal["id"].as_str().expect("an id").parse().expect("an id")).collect()
}

/// Fetches what is left, ends the worker, and holds its mirror against the server.
async fn check(mut office: Office, folder: &std::path::Path) {
    // A round that was under way is not the one that was asked for.
    for _ in 0..3 {
        office.pull().await;
    }
    office.stop().await;
    let mirror = Mirror::open(&Place::File(folder.join("mirror.sqlite"))).expect("the mirror");
    check_mirror(&mirror, folder, &office.truth().await);
}

/// Someone who changes, creates and deletes records for as long as this is polled.
async fn bustle(office: &Office, ids: &mut Vec<RecordId>, dice: &mut fastrand::Rng) {
    loop {
        let id = ids[dice.usize(..ids.len())].clone();
        let done = match dice.u8(..10) {
            0 => {
                ids.retain(|known| *known != id);
                office.other.delete(Module::Pipelines, &[id]).await.map(drop)
            }
            1 => {
                let new = json!({"Last_Name": format!("New {}", dice.u32(..))});
                office.other.insert(Module::Contacts, vec![fields(new)]).await.map(drop)
            }
            _ => {
                let change = json!({"Amount": dice.u32(..90_000)});
                office.other.update_one(Module::Pipelines, &id, fields(change)).await.map(drop)
            }
        };
        done.expect("the other's call");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_while_pages_are_read_is_here_in_the_end() {
    let seeds = std::env::var(SEEDS).ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    for seed in 0..seeds {
        let folder = tempfile::tempdir().expect("folder");
        let latency = Duration::from_millis(3);
        let options = sandbox::Options { deals: 500, latency, ..sandbox::Options::default() };
        let mut office = Office::prepare(options).await;
        office.keep_in(folder.path());
        let mut ids = deals(&office).await;
        let mut dice = fastrand::Rng::with_seed(seed);
        office.start();
        // While everything is fetched for the first time, and while changes are.
        for round in 0..3 {
            let fetched = async { if round == 0 { office.synced().await } else { office.pull().await } };
            tokio::select! {
                () = bustle(&office, &mut ids, &mut dice) => {}
                () = fetched => {}
            }
        }
        check(office, folder.path()).await;
    }
}

/// Gives so many deals to another owner: in one call, and so in one second.
async fn give_away(office: &Office, ids: &[RecordId], to: usize) {
    let owner = office.catalog().await.users[to].id.clone();
    for ids in ids.chunks(500) {
        office.other.change_owner(Module::Pipelines, ids, &owner, false).await.expect("given away");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_records_of_the_same_second_all_come_over_the_edges_of_pages() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(sandbox::Options { deals: 500, ..sandbox::Options::default() }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let ids = deals(&office).await;
    assert_eq!(ids.len(), 500);
    for to in [1, 2] {
        give_away(&office, &ids, to).await;
        office.pull().await;
    }
    let pages = office.seen("GET", "/bigin/v2/Pipelines").await;
    assert!(pages >= 6, "{pages} pages");
    // Some of them change once more, perhaps in the second that the mark of the last round stands at.
    give_away(&office, &ids[150..250], 3).await;
    check(office, folder.path()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_token_that_ends_between_pages_of_changes_begins_them_again() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(sandbox::Options { deals: 500, ..small(Edition::Premier) }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let ids = deals(&office).await;
    give_away(&office, &ids, 1).await;
    let body = json!({"code": "EXPIRED_VALUE", "details": {"api_name": "page_token"},
        "message": "Page token expired", "status": "error"});
    let rule = json!([{"match": "GET /bigin/v2/Pipelines", "nth": 2, "times": 1, "do": "status", "status": 400,
        "body": body.to_string()}]);
    office.faults(rule).await;
    check(office, folder.path()).await;
}
