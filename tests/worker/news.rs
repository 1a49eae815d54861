//! What others change in the org.

use bigin::{
    domain::{DealRow, Module, RecordId},
    protocol::{DemoCommand, Event, Fault, JobKey, Request},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::office::Office;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_by_someone_else_comes_with_the_next_round() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let fields = json!({"Stage": next, "Amount": 1234.5}).as_object().expect("object").clone();
    office.other.update_one(Module::Pipelines, &deal.id, fields).await.expect("update");
    office.send(JobKey::Refresh, Request::Refresh);
    let is_there = |it: &DealRow| it.id == deal.id && it.stage == next && !it.pending;
    office.until("the change", |deals| deals.iter().any(is_there)).await;
    let now = office.deal(&deal.id).await;
    assert_eq!(now.amount, "1234.5".parse().ok());
    assert!(now.since.is_some_and(|since| since.observed), "this program saw the stage change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_and_deleted_deals_come_and_go() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    let new = json!({"Deal_Name": "Made elsewhere", "Sub_Pipeline": deal.sub_pipeline, "Stage": deal.stage});
    let new = office.other.insert(Module::Pipelines, vec![new.as_object().expect("object").clone()]);
    let id: RecordId = new.await.expect("insert")[0].done().and_then(|done| done.id.clone()).expect("an id");
    office.other.delete(Module::Pipelines, std::slice::from_ref(&deal.id)).await.expect("delete");
    office.send(JobKey::Refresh, Request::Refresh);
    let has = |deals: &[DealRow], id: &RecordId| deals.iter().any(|it| it.id == *id);
    office.until("both", |deals| has(deals, &id) && !has(deals, &deal.id)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fetching_everything_again_finds_what_no_round_told() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    // A server that does not tell what was deleted.
    let nothing = json!([{"match": "GET /bigin/v2/*/deleted", "do": "status", "status": 204}]);
    office.faults(nothing).await;
    office.other.delete(Module::Pipelines, std::slice::from_ref(&deal.id)).await.expect("delete");
    office.send(JobKey::Refresh, Request::Resync);
    office.until("the deal to be gone", |deals| !deals.iter().any(|it| it.id == deal.id)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_is_looked_up_is_as_fresh_as_the_server_s() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let fields = json!({ "Stage": next }).as_object().expect("object").clone();
    office.other.update_one(Module::Pipelines, &deal.id, fields).await.expect("update");
    let request = Request::Detail { module: Module::Pipelines, id: deal.id.clone(), fresh: true };
    let asked = office.send(JobKey::Detail, request);
    let mut stages = Vec::new();
    office
        .event("both answers", |event| match event {
            Event::Detail { generation, detail: Some(detail), .. } if generation == asked => {
                let stage = detail.fields.iter().find(|field| field.api_name == "Stage").expect("stage");
                stages.push(stage.lines[0].to_string());
                (stages.len() == 2).then_some(())
            }
            _ => None,
        })
        .await;
    assert_eq!(stages, [deal.stage, next], "the mirror's word first, then the server's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_is_gone_is_told_gone() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    office.other.delete(Module::Pipelines, std::slice::from_ref(&deal.id)).await.expect("delete");
    let request = Request::Detail { module: Module::Pipelines, id: deal.id.clone(), fresh: true };
    let asked = office.send(JobKey::Detail, request);
    office
        .event("its end", |event| match event {
            Event::Detail { generation, detail: None, .. } => (generation == asked).then_some(()),
            _ => None,
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_s_switches_work_and_ages_follow_its_clock() {
    let office = Office::open().await;
    office.send(JobKey::Demo, Request::Demo(DemoCommand::Advance(7 * 86_400)));
    let week = SignedDuration::from_hours(7 * 24);
    office
        .event("the time", |event| match event {
            Event::Clock { ahead } => ((ahead - week).abs() < SignedDuration::from_mins(1)).then_some(()),
            _ => None,
        })
        .await;
    let words = office
        .event("demo", |event| match event {
            Event::Demo(words) => Some(words),
            _ => None,
        })
        .await;
    assert!(words.as_str().contains("7 days later"), "{words:?}");
    office.send(JobKey::Demo, Request::Demo(DemoCommand::Fault(Fault::Status(503))));
    office.event("demo", |event| matches!(event, Event::Demo(_)).then_some(())).await;
    office.send(JobKey::Refresh, Request::Refresh);
    office.synced().await;
}
