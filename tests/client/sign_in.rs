//! Access tokens: renewed once, in time, and never sent to strangers.

use std::sync::Arc;

use bigin::{
    api::{Client, Clock, Credentials, Kind, Limits, ListQuery, Options, UserType},
    domain::Module,
};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::json;

use crate::desk::{Desk, answer, options, someone, with};

const USERS: &str = "GET /bigin/v2/users";

async fn desk() -> Desk {
    let desk = Desk::open().await;
    desk.faults(json!([answer(USERS, 200, &someone())])).await;
    desk
}

async fn token_calls(desk: &Desk) -> usize {
    desk.seen("/oauth/v2/token").await.len()
}

fn client(credentials: Credentials) -> Client {
    Client::new(credentials, Limits::new(None, Clock::system()), options())
}

#[tokio::test]
async fn ten_calls_with_an_ended_token_renew_it_once() {
    let desk = Arc::new(desk().await);
    for round in 1..=5 {
        let calls = (0..10).map(|_| desk.client.current_user());
        for answer in join_all(calls).await {
            assert!(answer.expect("an answer").is_some());
        }
        assert_eq!(token_calls(&desk).await, round, "one renewal a round");
        desk.advance(3_600).await;
    }
    desk.agree();
}

#[tokio::test]
async fn a_late_refusal_of_the_old_token_does_not_renew_the_new_one() {
    let desk = desk().await;
    desk.client.current_user().await.expect("signed in");
    desk.advance(3_600).await;
    let slow = json!({"match": "GET /bigin/v2/org", "do": "trickle", "bytes_per_second": 400, "times": 1});
    let org = answer("GET /bigin/v2/org", 200, &json!({"org": [{"id": "1", "company_name": "Northwind"}]}));
    desk.faults(json!([answer(USERS, 200, &someone()), slow, org])).await;
    let (late, early) = tokio::join!(desk.client.org(), desk.client.current_user());
    assert_eq!(late.expect("an org").name, "Northwind");
    early.expect("a user");
    assert_eq!(token_calls(&desk).await, 2, "the first token and one renewal");
}

#[tokio::test]
async fn a_revoked_sign_in_asks_to_sign_in_again_and_all_waiting_calls_hear_it_from_one_attempt() {
    let desk = desk().await;
    let mut credentials = desk.credentials();
    credentials.refresh_token = SecretString::from("1000.revoked.revoked");
    let client = client(credentials);
    let calls = (0..10).map(|_| client.users(UserType::CurrentUser));
    for answer in join_all(calls).await {
        let error = answer.expect_err("not signed in");
        assert_eq!(error.sign_in_code(), Some("invalid_code"));
        assert!(error.advice().contains("bigin login"), "{}", error.advice());
    }
    assert_eq!(token_calls(&desk).await, 1);
    assert_eq!(client.limits().usage().used, 0, "nothing was sent to the API");
}

#[tokio::test]
async fn the_eleventh_token_in_ten_minutes_is_not_asked_for() {
    let desk = desk().await;
    for _ in 0..10 {
        desk.client.current_user().await.expect("an answer");
        desk.advance(3_600).await;
    }
    assert_eq!(token_calls(&desk).await, 10);
    let error = desk.client.current_user().await.expect_err("no token");
    assert!(matches!(error.kind(), Kind::Throttled { .. }), "{error}");
    assert!(error.retry_at().is_some(), "it is said when");
    assert_eq!(token_calls(&desk).await, 10);
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_of_a_walk_costs_no_page() {
    let desk = Desk::open().await;
    let ended =
        json!({"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"});
    let rule = with(with(answer("GET /bigin/v2/Pipelines", 401, &ended), "nth", 17), "times", 1);
    desk.faults(json!([rule])).await;
    let query = ListQuery { per_page: 2, ..ListQuery::of(["Deal_Name"]) };
    let mut pages = desk.client.pages(Module::Pipelines, query);
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await.expect("a page") {
        ids.extend(page.rows.iter().map(|row| row.id().clone()));
    }
    let different: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), different.len()), (60, 60));
    assert_eq!(token_calls(&desk).await, 2, "one renewal");
    desk.agree();
}

/// Two programs of one account: each has a client of its own, and they have the file.
fn two_programs(desk: &Desk, access: &std::path::Path) -> [Client; 2] {
    [(); 2].map(|()| {
        let options = Options { access: Some(access.to_owned()), ..options() };
        Client::new(desk.credentials(), Limits::new(None, Clock::system()), options)
    })
}

#[tokio::test]
async fn two_programs_that_need_a_token_at_once_ask_for_one() {
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk().await;
    let programs = two_programs(&desk, &home.path().join("access"));
    for round in 1..=5 {
        let calls = (0..10).map(|at| programs[at % 2].current_user());
        for answer in join_all(calls).await {
            assert!(answer.expect("an answer").is_some());
        }
        assert_eq!(token_calls(&desk).await, round, "one renewal a round");
        desk.advance(3_600).await;
    }
}

#[tokio::test]
async fn two_programs_together_ask_for_ten_tokens_in_ten_minutes_and_say_when_there_are_more() {
    let home = tempfile::tempdir().expect("a folder");
    let access = home.path().join("access");
    let desk = desk().await;
    let programs = two_programs(&desk, &access);
    for round in 0..10 {
        programs[round % 2].current_user().await.expect("an answer");
        desk.advance(3_600).await;
    }
    let [late, _] = two_programs(&desk, &access);
    for program in programs.iter().chain([&late]) {
        let error = program.current_user().await.expect_err("no token");
        assert!(matches!(error.kind(), Kind::Throttled { .. }), "{error}");
        assert!(error.to_string().starts_with("could not renew the sign-in: "), "{error}");
        let wait = error.retry_at().expect("a time").duration_since(jiff::Timestamp::now()).as_secs();
        assert!((0..=600).contains(&wait), "{wait}");
    }
    assert_eq!(token_calls(&desk).await, 10);
}

#[tokio::test]
async fn a_throttle_that_one_program_met_stops_the_other_too() {
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk().await;
    let throttle = json!({"error": "Access Denied", "error_description": "later", "status": "failure"});
    desk.faults(json!([answer("POST /oauth/v2/token", 400, &throttle)])).await;
    for program in two_programs(&desk, &home.path().join("access")) {
        let error = program.current_user().await.expect_err("no token");
        assert!(matches!(error.kind(), Kind::Throttled { .. }), "{error}");
    }
    assert_eq!(token_calls(&desk).await, 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_shared_stops_nobody() {
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk().await;
    // A folder stands where the file belongs.
    for program in two_programs(&desk, home.path()) {
        assert!(program.current_user().await.expect("an answer").is_some());
    }
    assert_eq!(token_calls(&desk).await, 2);
}

#[tokio::test]
async fn the_throttle_of_the_accounts_server_is_heeded_without_asking_again() {
    let desk = desk().await;
    let throttle = json!({"error": "Access Denied", "error_description": "later", "status": "failure"});
    desk.faults(json!([answer("POST /oauth/v2/token", 400, &throttle)])).await;
    for _ in 0..3 {
        let error = desk.client.current_user().await.expect_err("no token");
        assert!(matches!(error.kind(), Kind::Throttled { .. }), "{error}");
    }
    assert_eq!(token_calls(&desk).await, 1);
}

#[tokio::test]
async fn a_renewal_survives_a_failing_accounts_server() {
    let desk = Desk::open().await;
    let failing = with(answer("POST /oauth/v2/token", 503, &json!({})), "times", 2);
    desk.faults(json!([failing, answer(USERS, 200, &someone())])).await;
    desk.client.current_user().await.expect("the third try gives a token");
    assert_eq!(token_calls(&desk).await, 3);
}

#[tokio::test]
async fn a_renewal_that_gets_no_answer_of_the_accounts_server_names_itself_and_the_way_on() {
    let token = "POST /oauth/v2/token";
    let html =
        json!({"match": token, "do": "status", "status": 200, "body": "<html>Sign in to the wifi</html>"});
    for (fault, reason, way) in [
        (json!({"match": token, "do": "status", "status": 401, "body": ""}), "HTTP 401", "proxy"),
        (answer(token, 401, &json!({"error": "invalid_client"})), "invalid_client", "bigin login"),
        (json!({"match": token, "do": "status", "status": 204}), "broke off", "Try again"),
        (json!({"match": token, "do": "close_mid_body", "at_byte": 9}), "broke off", "Try again"),
        (html, "<html>Sign in to the wifi", "a network that wants a login"),
    ] {
        let desk = desk().await;
        desk.faults(json!([fault])).await;
        let error = desk.client.current_user().await.expect_err("no token");
        assert!(error.to_string().starts_with("could not renew the sign-in: "), "{error}");
        assert!(
            error.to_string().contains(reason) && error.advice().contains(way),
            "{error} {}",
            error.advice()
        );
        assert_eq!(desk.client.limits().usage().used, 0, "nothing was sent to the API");
    }
}

#[tokio::test]
async fn no_token_goes_to_an_api_domain_that_only_the_accounts_server_names() {
    let desk = Desk::open().await;
    let grant = json!({"access_token": "1000.canary.canary", "api_domain": "https://www.zohoapis.evil.test",
        "token_type": "Bearer", "expires_in": 3600});
    desk.faults(json!([answer("POST /oauth/v2/token", 200, &grant)])).await;
    let error = desk.client.current_user().await.expect_err("refused");
    assert!(matches!(error.kind(), Kind::UnknownDomain { .. }), "{error}");
    assert!(!format!("{error} {error:?} {:?}", desk.client).contains("canary"));
}

#[tokio::test]
async fn a_token_that_is_refused_twice_ends_the_sign_in() {
    let desk = Desk::open().await;
    let refused =
        json!({"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"});
    desk.faults(json!([answer(USERS, 401, &refused)])).await;
    let error = desk.client.current_user().await.expect_err("refused");
    assert_eq!(error.sign_in_code(), Some("INVALID_TOKEN"));
    assert_eq!(token_calls(&desk).await, 2);
    desk.agree();
    assert_eq!(desk.client.limits().usage().used, 0, "what is turned away for its token costs nothing");
}

#[tokio::test]
async fn secrets_do_not_show() {
    let desk = desk().await;
    desk.client.current_user().await.expect("signed in");
    let shown = format!("{:?} {:?}", desk.client, desk.credentials());
    for secret in [&desk.sandbox.client_secret, &desk.sandbox.refresh_token] {
        assert!(!shown.contains(secret.as_str()));
    }
    assert!(
        !shown.contains("1000.") || shown.contains(&desk.sandbox.client_id),
        "only the client id begins so"
    );
}
