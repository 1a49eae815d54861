//! Answers that are late, broken or not the API's.

use std::time::Duration;

use bigin::{
    api::{Backoff, Client, Clock, Fields, Kind, Limits, NoteDraft, Options},
    domain::{Module, RecordId},
};
use serde_json::{Value, json};

use crate::desk::{Desk, answer, options, someone, with};

const USERS: &str = "GET /bigin/v2/users";
const NOTES: &str = "POST /bigin/v2/Contacts/42/Notes";

async fn desk(rules: Value) -> Desk {
    let desk = Desk::open().await;
    desk.faults(rules).await;
    desk
}

async fn note(desk: &Desk) -> bigin::api::Error {
    let id: RecordId = "42".parse().expect("an id");
    let draft = NoteDraft { content: Some("Wants samples".to_owned()), ..NoteDraft::default() };
    desk.client.create_note(Module::Contacts, &id, &draft).await.expect_err("no answer")
}

#[tokio::test]
async fn a_read_is_tried_again_until_the_service_recovers() {
    for fault in [
        with(answer(USERS, 503, &json!({})), "times", 4),
        with(answer(USERS, 429, &json!({})), "times", 4),
        json!({"match": USERS, "do": "close_after_read", "times": 4}),
        json!({"match": USERS, "do": "close_before_read", "times": 4}),
    ] {
        let desk = desk(json!([fault, answer(USERS, 200, &someone())])).await;
        assert!(desk.client.current_user().await.expect("the fifth try").is_some());
        assert_eq!(desk.seen("/bigin").await.len(), 5);
    }
}

#[tokio::test]
async fn after_five_tries_a_read_says_what_failed() {
    let busy = desk(json!([answer(USERS, 429, &json!({}))])).await;
    let error = busy.client.current_user().await.expect_err("busy");
    assert!(matches!(error.kind(), Kind::TooMany { .. }));
    assert_eq!(error.to_string(), "could not list users: Bigin takes no more calls for now");
    assert_eq!(busy.seen("/bigin").await.len(), 5);
    assert!(busy.client.waiting().borrow().is_none(), "nothing waits any more");
    let failing =
        desk(json!([answer(USERS, 500, &json!({"code": "INTERNAL_ERROR", "status": "error"}))])).await;
    let error = failing.client.current_user().await.expect_err("failing");
    assert!(matches!(error.kind(), Kind::Server { status: 500 }), "{error}");
}

#[tokio::test]
async fn a_wait_that_the_service_asks_for_is_taken_but_not_for_ever() {
    for asked in ["86400", "Mon, 04 May 2099 10:00:00 GMT", "-5", "soon"] {
        let busy = json!({"match": USERS, "do": "headers", "status": 429, "headers": {"retry-after": asked},
            "times": 1});
        let desk = desk(json!([busy, answer(USERS, 200, &someone())])).await;
        assert!(desk.client.current_user().await.expect(asked).is_some());
    }
}

#[tokio::test]
async fn a_wait_for_the_next_try_is_told_while_it_lasts() {
    let busy = json!({"match": USERS, "do": "headers", "status": 429, "headers": {"retry-after": "1"}});
    let desk = desk(json!([busy])).await;
    let patient = Backoff { base: Duration::from_secs(60), cap: Duration::from_secs(60) };
    let limits = Limits::new(None, Clock::system());
    let client = Client::new(desk.credentials(), limits, Options { backoff: patient, ..options() });
    let mut waiting = client.waiting();
    let call = client.current_user();
    let told = async { waiting.wait_for(Option::is_some).await.expect("told").clone() };
    let wait = tokio::select! { _ = call => unreachable!("it waits"), told = told => told };
    let wait = wait.expect("a wait");
    assert_eq!(wait.error.to_string(), "could not list users: Bigin takes no more calls for now");
    assert!(wait.until > client.clock().now() - jiff::SignedDuration::from_secs(5));
    assert!(client.waiting().borrow().is_none(), "given up, it waits no more");
}

#[tokio::test]
async fn a_change_stays_uncertain_when_the_second_try_does_not_arrive() {
    let put = "PUT /bigin/v2/Pipelines/42";
    let lost = json!({"match": put, "do": "close_after_read", "times": 1});
    let desk = desk(json!([lost, answer(put, 429, &json!({}))])).await;
    let id: RecordId = "42".parse().expect("an id");
    let error = desk.client.update_one(Module::Pipelines, &id, Fields::new()).await.expect_err("no answer");
    assert!(matches!(error.kind(), Kind::TooMany { .. }) && error.outcome_uncertain(), "{error:?}");
}

#[tokio::test]
async fn a_lost_answer_to_a_note_is_not_asked_for_again() {
    for fault in [
        json!({"match": NOTES, "do": "close_after_read"}),
        json!({"match": NOTES, "do": "apply_then_close"}),
        json!({"match": NOTES, "do": "close_mid_body", "at_byte": 3}),
        answer(NOTES, 502, &json!({})),
        answer(NOTES, 200, &Value::from("<html>")),
        json!({"match": NOTES, "do": "status", "status": 204}),
    ] {
        let desk = desk(json!([fault])).await;
        let error = note(&desk).await;
        assert!(error.outcome_uncertain(), "{fault}: {error}");
        assert!(error.advice().contains("look before"), "{}", error.advice());
        assert_eq!(desk.seen("/bigin").await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_note_that_was_refused_is_certainly_not_there() {
    let refused = json!({"data": [{"code": "INVALID_DATA", "message": "invalid data", "status": "error",
        "details": {"maximum_length": 32_000, "api_name": "Note_Content", "json_path": "$.data[0].Note_Content"}}]});
    for (status, body) in [
        (400, refused.clone()),
        (207, refused),
        (
            403,
            json!({"code": "NO_PERMISSION", "details": {}, "message": "permission denied", "status": "error"}),
        ),
        (
            401,
            json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "Unauthorized", "status": "error"}),
        ),
    ] {
        let desk = desk(json!([answer(NOTES, status, &body)])).await;
        let error = note(&desk).await;
        assert!(!error.outcome_uncertain(), "{error}");
        assert_eq!(desk.seen("/bigin").await.len(), 1);
        match error.kind() {
            Kind::Refused(refusal) => assert_eq!(refusal.field(), Some("Note_Content")),
            Kind::Forbidden { .. } => {}
            Kind::Scope { needed } => assert!(needed.contains("ZohoBigin.modules.notes.CREATE"), "{needed}"),
            other => unreachable!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_note_put_off_for_haste_is_sent_once_it_may() {
    let busy = with(answer(NOTES, 429, &json!({})), "times", 2);
    let done = json!({"data": [{"code": "SUCCESS", "details": {"id": "77"}, "message": "record added", "status": "success"}]});
    let desk = desk(json!([busy, answer(NOTES, 201, &done)])).await;
    let id: RecordId = "42".parse().expect("an id");
    let draft = NoteDraft { content: Some("Wants samples".to_owned()), ..NoteDraft::default() };
    let done = desk.client.create_note(Module::Contacts, &id, &draft).await.expect("a note");
    assert_eq!(done.id.map(String::from).as_deref(), Some("77"));
    desk.agree();
}

#[tokio::test]
async fn a_change_is_sent_once_more_when_its_answer_is_lost() {
    let put = "PUT /bigin/v2/Pipelines/42";
    let desk = desk(json!([{"match": put, "do": "close_after_read"}])).await;
    let id: RecordId = "42".parse().expect("an id");
    let fields = json!({"Stage": "Proposal"}).as_object().expect("an object").clone();
    let error = desk.client.update_one(Module::Pipelines, &id, fields).await.expect_err("no answer");
    assert!(error.outcome_uncertain());
    assert!(error.to_string().starts_with("could not update a deal: "), "{error}");
    assert_eq!(desk.seen("/bigin").await, ["PUT /bigin/v2/Pipelines/42", "PUT /bigin/v2/Pipelines/42"]);
}

#[tokio::test]
async fn a_login_page_or_a_foreign_shape_is_named_and_nothing_is_read_from_it() {
    let page = json!({"match": USERS, "do": "status", "status": 200, "body": "<html>\u{1b}[2JHotel guests"});
    let error = desk(json!([page])).await.client.current_user().await.expect_err("not the API");
    assert!(error.to_string().contains("not the API's answer (HTTP 200): <html>␛[2JHotel guests"), "{error}");
    let odd = answer(USERS, 200, &json!({"people": []}));
    let error = desk(json!([odd])).await.client.current_user().await.expect_err("not the shape");
    assert!(matches!(error.kind(), Kind::Unexpected { .. }), "{error}");
    let away = json!({"match": USERS, "do": "status", "status": 302});
    let away = with(with(away, "do", "headers"), "headers", json!({"location": "https://evil.test/login"}));
    let error = desk(json!([away])).await.client.current_user().await.expect_err("not followed");
    assert!(matches!(error.kind(), Kind::Redirected { .. }), "{error}");
}

#[tokio::test]
async fn read_only_mode_lets_no_write_leave() {
    let desk = desk(json!([answer(USERS, 200, &someone())])).await;
    desk.client.set_read_only(true);
    assert!(matches!(note(&desk).await.kind(), Kind::ReadOnly));
    desk.client.current_user().await.expect("reading goes on");
    assert_eq!(desk.seen("/bigin").await, ["GET /bigin/v2/users"]);
}

#[tokio::test]
async fn a_call_that_is_given_up_frees_its_place() {
    let desk = desk(json!([with(answer(USERS, 200, &someone()), "delay_ms", 60_000)])).await;
    let given_up = tokio::time::timeout(Duration::from_millis(300), desk.client.current_user()).await;
    assert!(given_up.is_err());
    assert_eq!(desk.client.limits().usage().in_flight, 0);
    desk.faults(json!([answer(USERS, 200, &someone())])).await;
    desk.client.current_user().await.expect("the next call is answered");
}
