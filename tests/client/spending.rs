//! Credits and permits: what the client counts is what the service counts.

use bigin::{
    api::{Client, Clock, Kind, Limits},
    domain::{Allowance, CallEnd},
    sandbox::Edition,
};
use futures_util::future::join_all;
use serde_json::json;

use crate::desk::{Desk, answer, options, someone, with};

const USERS: &str = "GET /bigin/v2/users";

async fn desk(edition: Edition) -> Desk {
    let desk = Desk::of(edition).await;
    desk.faults(json!([answer(USERS, 200, &someone())])).await;
    desk
}

#[tokio::test]
async fn many_calls_stay_within_the_concurrency_of_the_edition() {
    let desk = desk(Edition::Free).await;
    let slow = with(with(answer(USERS, 200, &someone()), "do", "status"), "delay_ms", 5);
    desk.faults(json!([slow])).await;
    let background = desk.client.background();
    let (people, others) = tokio::join!(
        join_all((0..40).map(|_| desk.client.current_user())),
        join_all((0..40).map(|_| background.current_user()))
    );
    assert!(people.iter().chain(&others).all(Result::is_ok));
    let ledger = desk.ledger().await;
    assert!(ledger["peak"].as_u64() <= Some(5), "{}", ledger["peak"]);
    assert_eq!(ledger["used"], 80, "no call was refused and sent again");
    desk.agree();
    let usage = desk.client.limits().usage();
    assert_eq!((usage.used, usage.in_flight, usage.queued, usage.concurrency), (80, 0, 0, 5));
}

#[tokio::test]
async fn a_service_that_allows_less_is_learned_and_every_call_gets_through() {
    let desk = desk(Edition::Free).await;
    let slow = with(answer(USERS, 200, &someone()), "delay_ms", 5);
    desk.faults(json!([slow])).await;
    let limits = Limits::new(Some(Allowance::paid(8)), Clock::system());
    let client = Client::new(desk.credentials(), limits, options());
    client.current_user().await.expect("signed in");
    let calls = (0..10).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.current_user().await })
    });
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Ok(_)))), "{answers:?}");
    assert!(client.limits().usage().concurrency < 10);
    let used = desk.ledger().await["used"].as_u64();
    assert_eq!(used, Some(client.limits().usage().used.into()), "what is refused for haste costs nothing");
}

#[tokio::test]
async fn every_answer_but_401_and_429_costs_what_the_service_says() {
    let desk = desk(Edition::Premier).await;
    let refused =
        json!({"code": "INVALID_DATA", "details": {}, "message": "invalid data", "status": "error"});
    let denied = json!({"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_Api_Access"]},
        "message": "permission denied", "status": "error"});
    let scope = json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "invalid oauth scope to access this URL",
        "status": "error"});
    for (status, body) in [(200, &someone()), (400, &refused), (403, &denied), (401, &scope)] {
        desk.faults(json!([answer(USERS, status, body)])).await;
        let _ = desk.client.current_user().await;
        desk.agree();
    }
    assert_eq!(desk.client.limits().usage().used, 3);
    desk.faults(json!([answer(USERS, 429, &json!({})), answer(USERS, 503, &json!({}))])).await;
    let _ = desk.client.current_user().await;
    desk.agree();
}

#[tokio::test]
async fn credits_that_are_gone_stop_calls_here_and_come_back_a_day_after_their_call() {
    let desk = desk(Edition::Free).await;
    let limits = Limits::new(Some(Allowance { credits: 3, ..Allowance::FREE }), Clock::system());
    let client = Client::new(desk.credentials(), limits, options());
    for _ in 0..3 {
        client.current_user().await.expect("an answer");
    }
    let before = desk.seen("/bigin").await.len();
    let error = client.current_user().await.expect_err("no credits");
    let Kind::Credits { until: Some(until), cost: 1 } = *error.kind() else { unreachable!("{error}") };
    let hours = (until.as_second() - client.clock().now().as_second()) / 3_600;
    assert!((23..=24).contains(&hours), "{hours}");
    assert_eq!(desk.seen("/bigin").await.len(), before, "nothing was sent");
    client.clock().advance(24 * 3_600 * 1_000);
    assert_eq!(client.limits().usage().used, 0);
}

#[tokio::test]
async fn credits_are_counted_by_the_service_s_time() {
    let desk = desk(Edition::Premier).await;
    for expected in [1, 2, 2, 2] {
        desk.client.current_user().await.expect("an answer");
        assert_eq!(desk.client.limits().usage().used, expected);
        desk.agree();
        desk.advance(13 * 3_600).await;
    }
}

#[tokio::test]
async fn the_usage_channel_follows_every_call() {
    let desk = desk(Edition::Premier).await;
    let mut usage = desk.client.limits().subscribe();
    assert_eq!((usage.borrow().used, usage.borrow().limit), (0, 52_000));
    desk.client.current_user().await.expect("an answer");
    assert!(usage.has_changed().expect("open"));
    let seen = *usage.borrow_and_update();
    assert_eq!((seen.used, seen.in_flight), (1, 0));
    assert_eq!(desk.ledger().await["limit"], 52_000);
}

#[tokio::test]
async fn the_log_tells_of_every_call_and_of_no_secret() {
    let desk = desk(Edition::Premier).await;
    desk.client.current_user().await.expect("an answer");
    let ended = json!({"code": "INVALID_DATA", "details": {}, "message": "no", "status": "error"});
    desk.faults(json!([answer(USERS, 400, &ended)])).await;
    desk.client.current_user().await.expect_err("refused");
    desk.faults(json!([{"match": USERS, "do": "close_before_read"}])).await;
    desk.client.once().current_user().await.expect_err("no answer");
    let calls = desk.client.limits().calls();
    let told: Vec<_> = calls.iter().map(|call| (call.route.as_str(), call.credits, &call.end)).collect();
    let route = "GET /bigin/v2/users";
    let [lost, refused, good] = told.as_slice() else { unreachable!("{told:?}") };
    assert_eq!((good, refused), (&(route, 1, &CallEnd::Status(200)), &(route, 1, &CallEnd::Status(400))));
    assert!(matches!(lost.2, CallEnd::Nothing(reason) if reason.as_str().contains("reached")), "{lost:?}");
    assert!(calls[2].curl.contains("/bigin/v2/users?type=CurrentUser"), "{}", calls[2].curl);
    let all = format!("{calls:?}");
    let secrets = [&desk.sandbox.client_secret, &desk.sandbox.refresh_token];
    assert!(!secrets.iter().any(|secret| all.contains(secret.as_str())) && !all.contains("1000."), "{all}");
}
