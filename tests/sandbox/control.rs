//! The control plane: time, faults, reset, journal.

use std::time::{Duration, Instant};

use bigin::sandbox::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

const ANYTHING: &str = "/bigin/v2/nowhere/at/all/really";

async fn faults(desk: &Desk, rules: Value) {
    desk.post("/__sandbox/faults", &json!({ "rules": rules })).await.expect(200);
}

/// How far an answer's `now` is past an instant.
#[track_caller]
fn seconds_after(instant: &str, answer: &Value) -> u64 {
    let read = |text: &str| text.parse::<jiff::Timestamp>().expect(text).as_second();
    let now = read(answer["now"].as_str().expect("a time"));
    u64::try_from(now - read(instant)).expect("not before")
}

/// Whether a call fails on its way, without a whole answer.
async fn is_lost(desk: &Desk, request: reqwest::RequestBuilder) -> bool {
    assert!(!desk.token.is_empty());
    match request.send().await {
        Err(_) => true,
        Ok(response) => response.bytes().await.is_err(),
    }
}

#[tokio::test]
async fn time_starts_where_told_and_moves_forward_only() {
    let clock = Some("2026-05-01T10:00:00Z".parse().expect("a time"));
    let desk = Desk::with(Options { clock, deals: 0, ..Options::default() }).await;
    let now = desk.get("/__sandbox/clock").await.expect(200);
    assert!(seconds_after("2026-05-01T10:00:00Z", &now) < 60, "{now}");
    let later = desk.post("/__sandbox/clock", &json!({ "advance_seconds": 7 * 86_400 })).await.expect(200);
    assert!(seconds_after("2026-05-08T10:00:00Z", &later) < 60, "{later}");
    for wrong in [json!({ "advance_seconds": -1 }), json!({ "advance_seconds": "1" }), json!({}), json!([])] {
        assert_eq!(desk.post("/__sandbox/clock", &wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn tokens_end_by_the_sandbox_s_time() {
    let desk = Desk::open().await;
    desk.get(ANYTHING).await.refused(404, "INVALID_URL_PATTERN");
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 3_601 })).await.expect(200);
    desk.get(ANYTHING).await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_status_fault_answers_in_the_place_of_the_operation() {
    let desk = Desk::open().await;
    faults(
        &desk,
        json!([{ "match": { "method": "GET", "path": "/bigin/v2/settings/*" }, "nth": 2, "times": 1,
        "do": "status", "status": 503, "body": "<html>", "headers": { "content-type": "text/html" } }]),
    )
    .await;
    let path = "/bigin/v2/settings/modules";
    let first = desk.get(path).await;
    let second = desk.get(path).await;
    assert_ne!(first.status, 503);
    assert_eq!((second.status, second.text.as_str()), (503, "<html>"));
    assert_eq!(second.headers["content-type"], "text/html");
    assert_eq!(desk.get(path).await.status, first.status);
}

#[tokio::test]
async fn connections_can_be_lost_at_any_point() {
    let desk = Desk::open().await;
    for action in ["close_before_read", "close_after_read", "apply_then_close", "close_mid_body"] {
        faults(&desk, json!([{ "match": "GET /bigin/*", "times": 1, "do": action, "at_byte": 10 }])).await;
        assert!(is_lost(&desk, desk.request(Method::GET, ANYTHING)).await, "{action}");
        assert!(!is_lost(&desk, desk.request(Method::GET, ANYTHING)).await, "after {action}");
    }
}

#[tokio::test]
async fn a_cut_body_comes_through_up_to_the_byte() {
    let desk = Desk::open().await;
    faults(&desk, json!([{ "times": 1, "do": "close_mid_body", "at_byte": 17 }])).await;
    let mut response = desk.request(Method::GET, ANYTHING).send().await.expect("headers");
    assert!(response.content_length().is_some_and(|length| length > 17));
    let mut seen = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        seen.extend_from_slice(&piece);
    }
    assert_eq!(seen, br#"{"code":"INVALID_"#);
}

#[tokio::test]
async fn answers_can_be_late_and_bodies_and_headers_replaced() {
    let desk = Desk::open().await;
    faults(&desk, json!([{ "times": 1, "do": "delay", "delay_ms": 40 }])).await;
    let asked = Instant::now();
    desk.get(ANYTHING).await.refused(404, "INVALID_URL_PATTERN");
    assert!(asked.elapsed() >= Duration::from_millis(40));

    faults(&desk, json!([{ "times": 1, "do": "body", "body": "{\"data\":[" }])).await;
    let broken = desk.get(ANYTHING).await;
    assert_eq!((broken.status, broken.text.as_str()), (404, "{\"data\":["));

    faults(&desk, json!([{ "times": 1, "do": "headers", "headers": { "Content-Type": "text/plain" } }]))
        .await;
    let plain = desk.get(ANYTHING).await;
    assert_eq!(plain.headers["content-type"], "text/plain");
    plain.refused(404, "INVALID_URL_PATTERN");
}

#[tokio::test]
async fn faults_touch_the_accounts_server_too_and_never_the_control_plane() {
    let desk = Desk::open().await;
    faults(&desk, json!([{ "do": "status", "status": 500 }])).await;
    let token = desk.http.post(desk.url("/oauth/v2/token")).send().await.expect("an answer");
    assert_eq!(token.status(), 500);
    desk.get("/__sandbox/ledger").await.expect(200);
    faults(&desk, json!([])).await;
    desk.fresh_token().await;
}

#[tokio::test]
async fn reset_brings_the_start_back() {
    let desk = Desk::open().await;
    desk.get(ANYTHING).await;
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 90_000 })).await.expect(200);
    faults(&desk, json!([{ "do": "status", "status": 500 }])).await;
    let now = desk.post("/__sandbox/reset", &json!({})).await.expect(200);
    assert!(seconds_after("2026-03-02T09:00:00Z", &now) < 60, "{now}");
    desk.get(ANYTHING).await.refused(401, "INVALID_TOKEN");
    let books = desk.get("/__sandbox/ledger").await.expect(200);
    assert_eq!((&books["used"], &books["peak"]), (&json!(0), &json!(0)));
    desk.fresh_token().await;
}

#[tokio::test]
async fn the_journal_lists_every_request_and_no_secret() {
    let desk = Desk::open().await;
    desk.post("/bigin/v2/nowhere?a=b", &json!({ "x": 1 })).await;
    let answer = desk.get("/__sandbox/calls").await;
    for secret in [&desk.token, &desk.sandbox.refresh_token, &desk.sandbox.client_secret] {
        assert!(!answer.text.contains(secret));
    }
    let calls = answer.expect(200)["calls"].clone();
    assert_eq!(calls[0]["path"], "/oauth/v2/token");
    assert_eq!(calls[1]["path"], "/bigin/v2/nowhere");
    assert_eq!(calls[1]["query"], "a=b");
    assert_eq!(calls[1]["body_bytes"], 7);
    let digest = "8e7ed7be2b46a8b7e20bbe69bfb4f4bd0cd3d7a3e7b1f5b1e83b2b7ab0b0e0e0".len();
    assert_eq!(calls[1]["body_sha256"].as_str().map(str::len), Some(digest));
}

#[tokio::test]
async fn what_the_control_plane_does_not_have_it_says() {
    let desk = Desk::open().await;
    assert_eq!(desk.get("/__sandbox/nothing").await.status, 404);
    assert_eq!(desk.get("/__sandbox/faults/extra").await.status, 404);
    assert_eq!(desk.get("/__sandbox/faults").await.status, 405);
    let wrong = json!({ "rules": [{ "do": "explode" }] });
    assert_eq!(desk.post("/__sandbox/faults", &wrong).await.status, 400);
}

#[tokio::test]
async fn other_hosts_and_pages_of_other_sites_are_turned_away() {
    let desk = Desk::open().await;
    for (name, value) in [("Host", "evil.example"), ("Origin", "https://evil.example")] {
        for path in ["/__sandbox/ledger", ANYTHING] {
            let request = desk.request(Method::GET, path).header(name, value);
            let answer = Answer::of(request.send().await.expect("an answer")).await;
            assert_eq!(answer.status, 403, "{name} {path}");
        }
    }
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_lets_calls_finish() {
    let Desk { sandbox, http, token } = Desk::open().await;
    let url = format!("{}{ANYTHING}", sandbox.url);
    let idle = http.get(&url).send().await.expect("an answer");
    assert_eq!(idle.status(), 401);
    drop((idle, token));
    tokio::time::timeout(Duration::from_secs(10), sandbox.stop()).await.expect("it ends").expect("well");
    assert!(http.get(&url).send().await.is_err());
}
