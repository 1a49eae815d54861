//! Credits and calls in flight.

use std::time::Duration;

use bigin::sandbox::{Edition, Options};
use reqwest::Method;
use serde_json::json;

use crate::desk::{Answer, Desk};

/// Costs one credit, as everything that reaches the API does.
const ANYTHING: &str = "/bigin/v2/nowhere/at/all/really";

async fn books(desk: &Desk) -> serde_json::Value {
    desk.get("/__sandbox/ledger").await.expect(200)
}

#[tokio::test]
async fn allowances_are_the_published_ones() {
    for (edition, users, credits) in [
        (Edition::Free, 8, 5_000),
        (Edition::Express, 10, 52_500),
        (Edition::Premier, 8, 52_000),
        (Edition::Bigin360, 200, 100_000),
        (Edition::Premier, 1_000, 100_000),
    ] {
        let desk = Desk::with(Options { edition, users, deals: 0, ..Options::default() }).await;
        assert_eq!(books(&desk).await["limit"], credits, "{edition} {users}");
    }
}

#[tokio::test]
async fn every_call_that_reaches_the_api_costs_and_what_is_turned_away_does_not() {
    let desk = Desk::open().await;
    desk.get(ANYTHING).await.refused(404, "INVALID_URL_PATTERN");
    let stranger = desk.http.get(desk.url(ANYTHING)).send().await.expect("an answer");
    assert_eq!(stranger.status(), 401);
    let books = books(&desk).await;
    assert_eq!(books["used"], 1);
    let calls = books["calls"].as_array().expect("calls");
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0]["credits"], 1);
    assert_eq!(calls[0]["status"], 404);
    assert_eq!(calls[0]["method"], "GET");
    assert_eq!(calls[0]["path"], ANYTHING);
    assert_eq!(calls[1]["credits"], 0);
    assert_eq!(calls[1]["status"], 401);
}

#[tokio::test]
async fn credits_come_back_24_hours_after_their_call_began() {
    let desk = Desk::open().await;
    let token = desk.fresh_token().await;
    desk.get(ANYTHING).await;
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 3_000 })).await.expect(200);
    desk.get(ANYTHING).await;
    assert_eq!(books(&desk).await["used"], 2);
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 24 * 3_600 - 1_500 })).await.expect(200);
    assert_eq!(books(&desk).await["used"], 1);
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 3_600 })).await.expect(200);
    assert_eq!(books(&desk).await["used"], 0);
    assert!(!token.is_empty());
}

#[tokio::test]
async fn when_the_credits_are_spent_calls_are_refused_without_a_time_to_retry() {
    let desk = Desk::with(Options { edition: Edition::Free, deals: 0, ..Options::default() }).await;
    let mail = "/bigin/v2/Contacts/1/actions/send_mail";
    for sent in 1..=249 {
        assert_eq!(desk.post(mail, &json!({})).await.status, 400, "{sent}");
    }
    for _ in 0..10 {
        assert_eq!(desk.get(ANYTHING).await.status, 404);
    }
    assert_eq!(books(&desk).await["used"], 4_990);
    let refused = desk.post(mail, &json!({})).await;
    refused.refused(429, "TOO_MANY_REQUESTS");
    assert!(!refused.headers.contains_key("retry-after"));
    for _ in 0..10 {
        assert_eq!(desk.get(ANYTHING).await.status, 404);
    }
    desk.get(ANYTHING).await.refused(429, "TOO_MANY_REQUESTS");
    assert_eq!(books(&desk).await["used"], 5_000);
}

#[tokio::test]
async fn only_so_many_calls_of_a_user_and_app_may_be_in_flight() {
    for (edition, most) in [(Edition::Free, 5), (Edition::Premier, 10)] {
        let desk = Desk::with(Options { edition, deals: 0, ..Options::default() }).await;
        let slow =
            json!({ "rules": [{ "match": { "path": "/bigin/*" }, "do": "delay", "delay_ms": 60_000 }] });
        desk.post("/__sandbox/faults", &slow).await.expect(200);
        let held: Vec<_> =
            (0..most).map(|_| tokio::spawn(desk.request(Method::GET, ANYTHING).send())).collect();
        until(&desk, "in_flight", most).await;
        let refused = desk.get(ANYTHING).await;
        refused.refused(429, "TOO_MANY_REQUESTS");
        let retry = refused.headers["retry-after"].to_str().expect("text").parse::<u32>();
        assert!(retry.is_ok_and(|seconds| seconds > 0));
        let during = books(&desk).await;
        assert_eq!((&during["in_flight"], &during["peak"]), (&json!(most), &json!(most)));
        assert_eq!(during["used"], most);
        desk.post("/__sandbox/faults", &json!({ "rules": [] })).await.expect(200);
        held.iter().for_each(tokio::task::JoinHandle::abort);
        until(&desk, "in_flight", 0).await;
        desk.get(ANYTHING).await.refused(404, "INVALID_URL_PATTERN");
    }
}

/// Waits until a figure of the books has this value.
async fn until(desk: &Desk, figure: &str, value: u32) {
    let reached = async {
        while books(desk).await[figure] != value {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reached).await.expect(figure);
}

#[tokio::test]
async fn the_next_call_may_follow_at_once_when_an_answer_is_read() {
    let desk = Desk::with(Options { edition: Edition::Free, deals: 0, ..Options::default() }).await;
    let rounds = (0..5).map(|_| async {
        for _ in 0..40 {
            let answer = desk.request(Method::GET, ANYTHING).send().await.expect("an answer");
            assert_eq!(Answer::of(answer).await.status, 404);
        }
    });
    futures_util::future::join_all(rounds).await;
    let books = books(&desk).await;
    assert_eq!(books["used"], 200);
    assert_eq!(books["in_flight"], 0);
    assert!(books["peak"].as_u64().is_some_and(|peak| peak <= 5));
}

#[tokio::test]
async fn heavy_calls_of_all_users_share_ten_seats() {
    let desk = Desk::with(Options { deals: 5, ..Options::default() }).await;
    desk.sandbox.ready().await.expect("a seeded organisation");
    let mut tokens = Vec::new();
    for (id, _) in desk.sandbox.sandbox().people().iter().take(3) {
        tokens.push(desk.token_for("ZohoBigin.send_mail.all.CREATE", Some(id)).await);
    }
    let slow = json!({ "rules": [{ "match": { "path": "*send_mail" }, "do": "delay", "delay_ms": 60_000 }] });
    desk.post("/__sandbox/faults", &slow).await.expect(200);
    let send = |token: &str, path: &str| {
        let request = desk.http.post(desk.url(path)).header("Authorization", format!("Bearer {token}"));
        request.json(&json!({ "data": [] })).send()
    };
    let heavy = "/bigin/v2/Contacts/1/actions/send_mail";
    let held: Vec<_> = (0..10).map(|turn| tokio::spawn(send(&tokens[turn % 2], heavy))).collect();
    until(&desk, "sub_in_flight", 10).await;
    let refused = Answer::of(send(&tokens[2], heavy).await.expect("an answer")).await;
    refused.refused(429, "TOO_MANY_REQUESTS");
    assert!(refused.headers.contains_key("retry-after"));
    let light = Answer::of(send(&tokens[2], ANYTHING).await.expect("an answer")).await;
    light.refused(404, "INVALID_URL_PATTERN");
    assert_eq!(books(&desk).await["sub_peak"], 10);
    held.iter().for_each(tokio::task::JoinHandle::abort);
    until(&desk, "sub_in_flight", 0).await;
}

#[tokio::test]
async fn ten_users_with_five_calls_each_in_flight_are_all_served_and_all_counted() {
    let desk = Desk::with(Options { users: 10, deals: 20, ..Options::default() }).await;
    desk.sandbox.ready().await.expect("a seeded organisation");
    let mut tokens = Vec::new();
    for (id, _) in desk.sandbox.sandbox().people() {
        tokens.push(desk.token_for("ZohoBigin.users.READ,ZohoBigin.settings.modules.READ", Some(&id)).await);
    }
    let paths = ["/bigin/v2/users", "/bigin/v2/settings/modules", "/bigin/v2/users?type=CurrentUser"];
    let lanes = tokens.iter().flat_map(|token| (0..5).map(move |lane| (token, lane)));
    let served = futures_util::future::join_all(lanes.map(|(token, lane)| {
        let desk = &desk;
        async move {
            for turn in 0..12 {
                let request = desk.http.get(desk.url(paths[(lane + turn) % paths.len()]));
                let request = request.header("Authorization", format!("Zoho-oauthtoken {token}"));
                Answer::of(request.send().await.expect("an answer")).await.expect(200);
            }
        }
    }));
    assert_eq!(served.await.len(), 50);
    let books = books(&desk).await;
    assert_eq!((&books["used"], &books["in_flight"]), (&json!(600), &json!(0)));
    assert!(books["peak"].as_u64().is_some_and(|peak| peak <= 50));
}
