//! A first fill by the file.

use std::time::Duration;

use bigin::{
    domain::Module,
    protocol::{DealFilter, Event, ListSpec, Scope, Slice, SortWay, SyncState},
    sandbox,
    sync::plan,
};
use serde_json::json;

use crate::office::Office;

/// Deals of an organisation whose default pipeline does not fit on a page.
const MANY: u32 = 600;

/// An office that fetches deals by the file from far fewer on than pays.
async fn large() -> Office {
    let options = sandbox::Options { deals: MANY, job_step: Duration::ZERO, ..sandbox::Options::default() };
    let mut office = Office::prepare(options).await;
    office.pace.files_from = 500;
    office
}

/// Calls that concern deals but not what they point to, as names of operations with their credits.
async fn calls_for_deals(office: &Office) -> Vec<(&'static str, u64)> {
    let ledger = office.ledger().await;
    let calls = ledger["calls"].as_array().expect("calls").iter();
    let named = calls.filter_map(|call| {
        let name = match call["path"].as_str()? {
            "/bigin/v2/coql" => "coql",
            "/bigin/v2/Pipelines" => "list",
            "/bigin/v2/Pipelines/actions/count" => "count",
            "/bigin/bulk/v2/read" => "file",
            path if path.starts_with("/bigin/bulk/v2/read/") && path.ends_with("/result") => "result",
            path if path.starts_with("/bigin/bulk/v2/read/") => "look",
            path => path.contains("/Pipelines").then_some("other")?,
        };
        Some((name, call["credits"].as_u64()?))
    });
    named.collect()
}

async fn files_asked_for(office: &Office) -> usize {
    let ledger = office.ledger().await;
    let calls = ledger["calls"].as_array().expect("calls").iter();
    calls.filter(|call| call["method"] == "POST" && call["path"] == "/bigin/bulk/v2/read").count()
}

async fn deals(office: &Office) -> u64 {
    let mut deals = 0;
    for pipeline in &office.catalog().await.pipelines {
        let list = ListSpec::Deals {
            scope: Scope { pipeline: pipeline.id.clone(), sub_pipeline: None },
            filter: DealFilter::default(),
            sort: Default::default(),
            way: SortWay::Ascending,
        };
        deals += office.window(list, Slice::Start, 1).await.total;
    }
    deals
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_deals_come_by_the_file_and_are_what_pages_would_have_brought() {
    let mut office = large().await;
    office.start();
    let mut totals = Vec::new();
    office
        .event("sync", |event| match event {
            Event::Sync(SyncState::Filling(progress)) => {
                totals.extend(progress.total);
                None
            }
            Event::Sync(SyncState::Synced { .. }) => Some(()),
            _ => None,
        })
        .await;
    assert!(totals.iter().any(|total| *total >= u64::from(MANY)), "a total is told: {totals:?}");
    let calls = calls_for_deals(&office).await;
    let times = |name: &str| calls.iter().filter(|(other, _)| *other == name).count() as u64;
    assert!(office.catalog().await.pipelines.len() > 1, "the other pipelines have no pages of their own");
    let once = ["list", "count", "file", "result"].map(times);
    assert_eq!((once, times("other")), ([1; 4], 0), "{calls:?}");
    assert!((1..=plan::URGENT).contains(&times("coql")), "{calls:?}");
    let credits: u64 = calls.iter().map(|(_, credits)| credits).sum();
    let planned = plan::fill_of_deals(MANY.into()) - plan::by_file(MANY.into());
    let file = 50 + times("look") + 1;
    assert_eq!(credits, planned - plan::URGENT + times("coql") + file, "{calls:?}");
    assert_eq!(deals(&office).await, u64::from(MANY));
    let shown = office.deals().await;
    let known =
        |name: &dyn Fn(&bigin::domain::DealRow) -> bool| shown.iter().filter(|deal| name(deal)).count();
    assert!(known(&|deal| deal.company.is_some()) > shown.len() / 2, "files name records by id only");
    let deal = shown.iter().find(|deal| deal.amount.is_some()).expect("a deal with an amount");
    let there =
        office.other.get(Module::Pipelines, &deal.id, None).await.expect("an answer").expect("the deal");
    assert_eq!(there.text("Deal_Name"), Some(deal.name.as_str()));
    assert_eq!(there.text("Stage"), Some(deal.stage.as_str()));
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_fill_goes_on_with_the_file_that_was_paid_for() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = large().await;
    office.keep_in(folder.path());
    let no_file = json!([{"match": {"path": "/bigin/bulk/v2/read/*"}, "do": "close_before_read"}]);
    office.faults(no_file).await;
    office.start();
    office
        .event("offline", |event| matches!(event, Event::Sync(SyncState::Offline { .. })).then_some(()))
        .await;
    office.stop().await;
    assert_eq!(files_asked_for(&office).await, 1);
    office.faults(json!([])).await;
    office.start();
    office.synced().await;
    assert_eq!(files_asked_for(&office).await, 1, "the job is not paid for again");
    assert_eq!(deals(&office).await, u64::from(MANY));
    office.stop().await;
}

/// The price is known and said, and a file is asked for twice at most, whatever the program lives through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_request_gets_no_answer_is_asked_for_once_more_and_then_no_more() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = large().await;
    office.keep_in(folder.path());
    let lost = json!([{"match": "POST /bigin/bulk/v2/read", "do": "apply_then_close"}]);
    office.faults(lost).await;
    office.start_mortal();
    let failure = office
        .event("offline", |event| match event {
            Event::Sync(SyncState::Offline { failure, .. }) => Some(failure),
            _ => None,
        })
        .await;
    let way_on = failure.way_on.as_str();
    assert!(way_on.contains("50 credits") && way_on.contains("no way to look"), "{way_on}");
    office.crash().await;
    office.start();
    office.synced().await;
    assert_eq!(files_asked_for(&office).await, 2);
    assert_eq!(deals(&office).await, u64::from(MANY), "they came by the page");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_for_a_file_that_surely_did_nothing_counts_for_nothing() {
    let mut office = large().await;
    let busy = json!([{"match": "POST /bigin/bulk/v2/read", "do": "status", "status": 429, "times": 12}]);
    office.faults(busy).await;
    office.start();
    office.synced().await;
    let calls = calls_for_deals(&office).await;
    let files: Vec<u64> = calls.iter().filter(|(name, _)| *name == "file").map(|(_, paid)| *paid).collect();
    assert_eq!(files.iter().sum::<u64>(), 50, "{calls:?}");
    assert_eq!(deals(&office).await, u64::from(MANY));
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_forgets_its_files_is_not_paid_for_ever() {
    let mut office = large().await;
    let gone =
        json!({"code": "RESOURCE_NOT_FOUND", "details": {}, "message": "not there", "status": "error"});
    let rule = json!([{"match": "GET /bigin/bulk/v2/read/*", "do": "status", "status": 404, "body": gone.to_string()}]);
    office.faults(rule).await;
    office.start();
    office.synced().await;
    assert_eq!(files_asked_for(&office).await, 2);
    assert_eq!(deals(&office).await, u64::from(MANY));
    office.stop().await;
}
