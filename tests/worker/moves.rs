//! Deals that are carried over the board.

use bigin::{
    domain::DealRow,
    protocol::{Event, OutboxState, SyncState},
};
use serde_json::json;

use crate::office::{Office, small};

const PUTS: &str = "/bigin/v2/Pipelines/";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_shows_at_once_and_is_confirmed() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    // Held up on its way, so that what is pending can be seen.
    office
        .faults(json!([{"match": format!("PUT {PUTS}*"), "times": 1, "do": "delay", "delay_ms": 500}]))
        .await;
    office.carry(1, &deal, &deal.stage, &next);
    office.event("the move on disk", |event| (event == Event::Taken { write: 1 }).then_some(())).await;
    let shown = office.deal(&deal.id).await;
    assert_eq!((shown.stage.as_str(), shown.pending), (next.as_str(), true));
    assert_eq!(office.verdict(1).await, None);
    let shown = office.deal(&deal.id).await;
    assert_eq!((shown.stage.as_str(), shown.pending), (next.as_str(), false));
    assert!(shown.since.is_some_and(|since| since.observed));
    assert_eq!(office.stage_there(&deal).await, next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_moves_are_one_write_and_each_is_confirmed() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    office.carry(1, &deal, &deal.stage, &next);
    office.carry(2, &deal, &next, &deal.stage);
    office.carry(3, &deal, &deal.stage, &next);
    for write in 1..=3 {
        assert_eq!(office.verdict(write).await, None);
    }
    assert_eq!(office.seen("PUT", PUTS).await, 1);
    assert_eq!(office.stage_there(&deal).await, next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_move_goes_back_with_the_reason_in_words() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    office.carry(7, &deal, &deal.stage, "Moon landing");
    let failure = office.verdict(7).await.expect("refused");
    assert!(failure.doing.as_str().contains(deal.name.as_str()), "{failure:?}");
    assert!(failure.doing.as_str().contains("Moon landing"), "{failure:?}");
    assert!(failure.what.as_str().contains("does not take this stage"), "{failure:?}");
    assert!(failure.way_on.as_str().contains("back where it was"), "{failure:?}");
    assert_eq!(office.deal(&deal.id).await, deal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_refusal_of_the_server_puts_the_deal_back() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let refusal =
        json!({"data": [{"code": "RECORD_LOCKED", "details": {}, "message": "locked", "status": "error"}]});
    let rule = json!([{"match": format!("PUT {PUTS}*"), "times": 1, "do": "status", "status": 400,
        "body": refusal.to_string()}]);
    office.faults(rule).await;
    office.carry(7, &deal, &deal.stage, &next);
    let failure = office.verdict(7).await.expect("refused");
    assert!(failure.what.as_str().contains("the record is locked"), "{failure:?}");
    assert_eq!(office.deal(&deal.id).await, deal);
    assert_eq!(office.stage_there(&deal).await, deal.stage);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_whose_answer_is_lost_is_confirmed_all_the_same() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let rule = json!([{"match": format!("PUT {PUTS}*"), "times": 9, "do": "apply_then_close"}]);
    office.faults(rule).await;
    office.carry(1, &deal, &deal.stage, &next);
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(office.stage_there(&deal).await, next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_made_offline_waits_and_a_pull_does_not_undo_it() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    office.faults(json!([{"match": format!("PUT {PUTS}*"), "do": "close_before_read"}])).await;
    office.carry(1, &deal, &deal.stage, &next);
    office
        .event("outbox", |event| match event {
            Event::Outbox(OutboxState { pending: 1, .. }) => Some(()),
            _ => None,
        })
        .await;
    let renamed = json!({"id": deal.id.as_str(), "Deal_Name": "Renamed by someone else"});
    let renamed = vec![renamed.as_object().expect("object").clone()];
    office.other.update(bigin::domain::Module::Pipelines, renamed).await.expect("update");
    office.send(bigin::protocol::JobKey::Refresh, bigin::protocol::Request::Refresh);
    office.event("sync", |event| matches!(event, Event::Sync(SyncState::Synced { .. })).then_some(())).await;
    let is_renamed = |it: &DealRow| it.name.as_str() == "Renamed by someone else";
    let shown = office.until("the new name", |deals| deals.iter().any(is_renamed)).await;
    let shown = shown.into_iter().find(is_renamed).expect("the deal");
    assert_eq!((shown.stage.as_str(), shown.pending), (next.as_str(), true));
    office.faults(json!([])).await;
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(office.stage_there(&deal).await, next);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_survives_a_kill_and_is_sent_by_the_next_run() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let (deal, next) = office.open_deal().await;
    office.faults(json!([{"match": format!("PUT {PUTS}*"), "do": "close_before_read"}])).await;
    office.carry(1, &deal, &deal.stage, &next);
    office.stop().await;
    office.faults(json!([])).await;
    assert_eq!(office.stage_there(&deal).await, deal.stage);
    office.start();
    office
        .event("empty outbox", |event| match event {
            Event::Outbox(OutboxState { pending: 0, .. }) => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(office.stage_there(&deal).await, next);
    let shown = office.deal(&deal.id).await;
    assert_eq!((shown.stage.as_str(), shown.pending), (next.as_str(), false));
    office.stop().await;
}
