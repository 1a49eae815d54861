//! The server goes and comes back.

use bigin::protocol::{ContactSort, Event, JobKey, ListSpec, Request, Slice, SortWay, SyncState};
use serde_json::json;

use crate::office::{Office, small};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_connection_everything_here_stays_and_comes_back_alone() {
    let office = Office::open().await;
    let before = office.deals().await;
    office.faults(json!([{"match": {"path": "/bigin/*"}, "do": "close_before_read"}])).await;
    office.send(JobKey::Refresh, Request::Refresh);
    let failure = office
        .event("offline", |event| match event {
            Event::Sync(SyncState::Offline { failure, since: Some(_) }) => Some(failure),
            _ => None,
        })
        .await;
    assert!(failure.what.as_str().contains("cannot be reached"), "{failure:?}");
    assert!(failure.retry_at.is_some(), "{failure:?}");
    office.faults(json!([])).await;
    office.synced().await;
    assert_eq!(office.deals().await, before);
}

/// However long it takes: one try a turn, and turns a minute apart in the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_server_is_away_one_call_at_a_time_asks_for_it() {
    let office = Office::open().await;
    let offline = || async {
        office
            .event("offline", |event| matches!(event, Event::Sync(SyncState::Offline { .. })).then_some(()))
            .await;
    };
    office.faults(json!([{"match": {"path": "/bigin/*"}, "do": "close_before_read"}])).await;
    office.send(JobKey::Refresh, Request::Refresh);
    offline().await;
    let before = office.tries().await;
    for _ in 0..5 {
        offline().await;
    }
    let tries = office.tries().await - before;
    assert!((5..=6).contains(&tries), "{tries} tries in five turns");
    office.faults(json!([])).await;
    office.synced().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_cannot_be_renewed_for_now_names_itself_and_stays() {
    let throttle = json!({"error": "Access Denied", "error_description": "later", "status": "failure"});
    let token = "POST /oauth/v2/token";
    for (rule, throttled) in [
        (json!({"match": token, "do": "status", "status": 503}), false),
        (json!({"match": token, "do": "status", "status": 400, "body": throttle.to_string()}), true),
    ] {
        let mut office = Office::open().await;
        office.stop().await;
        office.faults(json!([rule])).await;
        office.start();
        let failure = office
            .event("what is waited for", |event| match event {
                Event::Sync(SyncState::Offline { failure, .. }) if !throttled => Some(failure),
                Event::Sync(SyncState::Waiting { failure, until }) if throttled => {
                    let minutes = until.duration_since(jiff::Timestamp::now()).as_mins();
                    assert!((9..=10).contains(&minutes), "the screen counts down to it: {minutes}");
                    Some(failure)
                }
                Event::Sync(SyncState::SignedOut(failure)) => unreachable!("{failure:?}"),
                _ => None,
            })
            .await;
        assert_eq!(failure.doing.as_str(), "renew the sign-in");
        if !throttled {
            office.faults(json!([])).await;
            office.synced().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_not_the_api_s_change_nothing() {
    for (rule, words) in [
        (json!({"do": "body", "body": "<html>Please log in</html>"}), "not the API's answer"),
        (json!({"do": "close_mid_body", "at_byte": 40}), "broke off"),
        (json!({"do": "status", "status": 500}), "HTTP 500"),
    ] {
        let office = Office::open().await;
        let before = office.deals().await;
        let mut rule = rule;
        rule["match"] = json!("GET /bigin/v2/Pipelines*");
        office.faults(json!([rule])).await;
        let mut fields = serde_json::Map::new();
        fields.insert("Amount".to_owned(), 1.into());
        office
            .other
            .update_one(bigin::domain::Module::Pipelines, &before[0].id, fields)
            .await
            .expect("update");
        office.send(JobKey::Refresh, Request::Refresh);
        let failure = office
            .event("failure", |event| match event {
                Event::Sync(SyncState::Offline { failure, .. }) => Some(failure),
                _ => None,
            })
            .await;
        assert!(failure.what.as_str().contains(words), "{failure:?}");
        assert_eq!(office.deals().await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fill_that_breaks_off_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.faults(json!([{"match": "GET /bigin/v2/Contacts", "do": "close_before_read"}])).await;
    office.start();
    office
        .event("offline", |event| matches!(event, Event::Sync(SyncState::Offline { .. })).then_some(()))
        .await;
    let deals = office.deals().await.len();
    assert!(deals > 0, "the default pipeline is here");
    office.stop().await;
    let pages = office.seen("GET", "/bigin/v2/Pipelines").await;
    office.faults(json!([])).await;
    office.start();
    office.synced().await;
    assert_eq!(office.deals().await.len(), deals);
    let first = bigin::api::ListQuery::of(["id"]);
    let contacts = office.other.list(bigin::domain::Module::Contacts, &first).await.expect("list").rows.len();
    assert!(contacts > 0);
    let again = office.seen("GET", "/bigin/v2/Pipelines").await - pages;
    assert!(again <= 5, "{again} pages of deals were fetched again");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_that_is_closed_to_the_user_does_not_stop_the_others() {
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    let body = json!({"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_View_Calls"]},
        "message": "permission denied", "status": "error"});
    let rule =
        json!([{"match": "GET /bigin/v2/Calls", "do": "status", "status": 403, "body": body.to_string()}]);
    office.faults(rule).await;
    office.start();
    let failure = office
        .event("the closed module", |event| match event {
            Event::Failed { key: JobKey::Refresh, failure, .. } => Some(failure),
            _ => None,
        })
        .await;
    assert!(failure.doing.as_str().contains("calls"), "{failure:?}");
    office.synced().await;
    assert!(!office.deals().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_no_longer_holds_is_said() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let before = office.deals().await;
    office.stop().await;
    let refused = json!({"error": "invalid_code"});
    office
        .faults(json!([
            {"match": "POST /oauth/v2/token", "do": "status", "status": 400, "body": refused.to_string()},
        ]))
        .await;
    office.start();
    let failure = office
        .event("signed out", |event| match event {
            Event::Sync(SyncState::SignedOut(failure)) => Some(failure),
            _ => None,
        })
        .await;
    assert!(failure.way_on.as_str().contains("bigin login"), "{failure:?}");
    assert_eq!(office.deals().await, before, "what is here stays readable");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_credits_nothing_is_asked_and_everything_here_can_be_read() {
    let office = Office::open().await;
    let before = office.deals().await;
    let spent = json!({"x-api-credits-remaining": "0"});
    office.faults(json!([{"match": {"path": "/bigin/*"}, "do": "headers", "headers": spent}])).await;
    let waiting = || async {
        office.send(JobKey::Refresh, Request::Refresh);
        office
            .event("the wait", |event| match event {
                Event::Sync(SyncState::Waiting { failure, until }) => Some((failure, until)),
                _ => None,
            })
            .await
    };
    let (failure, until) = waiting().await;
    assert!(failure.what.as_str().contains("credits") && until > jiff::Timestamp::now(), "{failure:?}");
    let tries = office.tries().await;
    waiting().await;
    assert_eq!(office.tries().await, tries, "nothing was asked");
    assert_eq!(office.deals().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_token_that_ended_leaves_no_hole() {
    let options = bigin::sandbox::Options { deals: 600, ..small(bigin::sandbox::Edition::Premier) };
    let mut office = Office::prepare(options).await;
    let contacts = bigin::domain::Module::Contacts;
    let there = office.other.count(contacts, None).await.expect("count");
    assert!(there > 200, "more than a page");
    let body = json!({"code": "EXPIRED_VALUE", "details": {"api_name": "page_token"},
        "message": "Page token expired", "status": "error"});
    office
        .faults(
            json!([{"match": "GET /bigin/v2/Contacts", "nth": 2, "times": 1, "do": "status", "status": 400,
            "body": body.to_string()}]),
        )
        .await;
    office.start();
    office.synced().await;
    let list = ListSpec::Contacts { text: String::new(), sort: ContactSort::Name, way: SortWay::Ascending };
    assert_eq!(office.window(list, Slice::Start, 1).await.total, there);
    assert!(office.seen("POST", "/bigin/v2/coql").await > 0, "the rest was asked for below the lowest id");
}
