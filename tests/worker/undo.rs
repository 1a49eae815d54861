//! Undoing and redoing what was done here.

use bigin::{
    api::{AppKey, Client, Clock, Credentials, Limits, NoteDraft, Options, oauth},
    domain::{DealRow, Module, SafeText},
    protocol::{
        Event, Failure, JobKey, NewNote, OutboxState, Request, StageChange, Turned, Undoing, WriteId,
    },
    store::{
        Keep, Place,
        keep::{MoveImage, NewWrite, WriteBody},
    },
};
use secrecy::SecretString;
use serde_json::json;

use crate::office::{Office, change, link, options_of_calls, small};

const PUTS: &str = "/bigin/v2/Pipelines";

/// What came of an order to undo or redo.
pub async fn turn(office: &Office, write: WriteId, turn: Undoing) -> Result<Turned, Failure> {
    office.send(JobKey::Write(write), Request::Undo { write, turn });
    office
        .event("an answer", |event| match event {
            Event::Turned(turned) if turned.write == write => Some(Ok(turned)),
            Event::Refused { write: refused, failure } if refused == write => Some(Err(failure)),
            _ => None,
        })
        .await
}

/// Waits until the server has taken everything.
pub async fn sent(office: &Office) {
    let empty = |event| match event {
        Event::Outbox(OutboxState { pending: 0, .. }) => Some(()),
        _ => None,
    };
    office.event("an empty outbox", empty).await;
}

async fn done(office: &Office, write: WriteId, deal: &DealRow, to: &str) {
    office.carry(write, deal, &deal.stage, to);
    assert_eq!(office.verdict(write).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_is_undone_and_redone_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let (deal, next) = office.open_deal().await;
    done(&office, 1, &deal, &next).await;
    office.stop().await;
    office.start();
    office.synced().await;
    let turned = turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!(turned.words.as_str(), format!("{}  {next} → {}", deal.name, deal.stage));
    sent(&office).await;
    assert_eq!(office.stage_there(&deal).await, deal.stage);
    assert_eq!(office.deal(&deal.id).await.stage, deal.stage);
    turn(&office, 3_000, Undoing::Redo).await.expect("redone");
    sent(&office).await;
    assert_eq!(office.stage_there(&deal).await, next);
    let nothing = turn(&office, 5_000, Undoing::Redo).await.expect_err("nothing is left");
    assert_eq!(nothing.what.as_str(), "nothing was undone that could be done again");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_has_not_left_is_taken_back_and_nothing_is_sent() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    office.faults(json!([{"match": format!("PUT {PUTS}*"), "do": "status", "status": 503}])).await;
    office.carry(1, &deal, &deal.stage, &next);
    let stuck = |event| match event {
        Event::Outbox(OutboxState { pending: 1, .. }) => Some(()),
        _ => None,
    };
    office.event("the outbox", stuck).await;
    // A try may be on its way just now: then the undo is a write of its own, and otherwise the move is taken
    // back. Either way the deal is where it was.
    turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!(office.deal(&deal.id).await.stage, deal.stage);
    office.faults(json!([])).await;
    assert_eq!(office.stage_there(&deal).await, deal.stage);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_amount_and_a_date_that_were_empty_are_empty_again_after_an_undo() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    let empty = json!({ "Amount": null, "Closing_Date": null }).as_object().expect("object").clone();
    office.other.update_one(Module::Pipelines, &deal.id, empty).await.expect("update");
    office.send(JobKey::Refresh, Request::Refresh);
    office.synced().await;
    let values = |deal: &DealRow| (deal.amount, deal.closing);
    let before = office.deal(&deal.id).await;
    assert_eq!(values(&before), (None, None));
    let filled = StageChange {
        amount: Some(900.into()),
        closing: Some(jiff::civil::date(2026, 12, 24)),
        ..change(1, &before, &before.stage, &before.stage)
    };
    office.send(JobKey::Write(1), Request::MoveDeals(vec![filled]));
    assert_eq!(office.verdict(1).await, None);
    turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!(values(&office.deal(&deal.id).await), (None, None), "at once");
    sent(&office).await;
    let there = office.other.get(Module::Pipelines, &deal.id, None).await.expect("get").expect("the deal");
    let is_empty = |field| there.get(field).is_none_or(serde_json::Value::is_null);
    assert!(is_empty("Amount") && is_empty("Closing_Date"));
    turn(&office, 3_000, Undoing::Redo).await.expect("redone");
    sent(&office).await;
    assert_eq!(values(&office.deal(&deal.id).await).0, Some(900.into()));
}

/// Writes a note, which the server takes.
async fn noted(office: &Office, write: WriteId, deal: &DealRow, text: &str) {
    let note = NewNote { write, parent: link(deal), text: text.to_owned() };
    office.send(JobKey::Write(write), Request::AddNote(note));
    assert_eq!(office.verdict(write).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_bigin_has_is_deleted_and_written_anew() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    let before = office.notes_there(&deal).await;
    noted(&office, 1, &deal, "Net-45 is fine if we sign by Wed.").await;
    assert_eq!(office.notes_there(&deal).await.len(), before.len() + 1);
    // The first answer is lost: the note is looked for before anything is repeated.
    office.faults(json!([{"match": "DELETE /bigin/v2/Notes*", "times": 1, "do": "apply_then_close"}])).await;
    turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    sent(&office).await;
    assert_eq!(office.notes_there(&deal).await, before);
    assert_eq!(office.seen("DELETE", "/bigin/v2/Notes").await, 1);
    turn(&office, 3_000, Undoing::Redo).await.expect("redone");
    sent(&office).await;
    assert_eq!(office.notes_there(&deal).await.len(), before.len() + 1);
    turn(&office, 5_000, Undoing::Undo).await.expect("undone once more");
    sent(&office).await;
    assert_eq!(office.notes_there(&deal).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_a_colleague_edited_is_not_deleted() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    noted(&office, 1, &deal, "Net-45 is fine.").await;
    let of = Some((Module::Pipelines, &deal.id));
    let page = office.other.notes(of, bigin::api::At::Number(1)).await.expect("notes");
    let note = page.rows.into_iter().find(|note| note.content.as_deref() == Some("Net-45 is fine."));
    let draft = NoteDraft { title: None, content: Some("Net-60, says Ben.".to_owned()) };
    let id = note.expect("the note").id;
    office.other.update_note(Module::Pipelines, &deal.id, &id, &draft).await.expect("edited");
    turn(&office, 1_000, Undoing::Undo).await.expect("written down");
    let failure = office.verdict(1_000).await.expect("refused");
    assert_eq!(failure.what.as_str(), "somebody edited the note since");
    assert!(office.notes_there(&deal).await.contains(&"Net-60, says Ben.".to_owned()));
}

/// Someone else than the user who signed in.
pub async fn colleague(office: &Office) -> (Client, String) {
    let me = office.catalog().await.me.clone();
    let users = &office.catalog().await.users;
    let user = users.iter().find(|user| user.id != me).expect("a colleague");
    let scope = "ZohoBigin.modules.ALL,ZohoBigin.settings.ALL";
    let code = office.code_of(user.id.as_str(), scope).await;
    let app = AppKey {
        id: office.sandbox.client_id.clone(),
        secret: SecretString::from(office.sandbox.client_secret.as_str()),
    };
    let accounts = oauth::Accounts::new(&office.sandbox.url, Options::default().timeouts);
    let granted = accounts.exchange(&app, &SecretString::from(code)).await.expect("a grant");
    let credentials = Credentials {
        app,
        refresh_token: granted.refresh_token.expect("a token"),
        accounts: office.sandbox.url.clone(),
        api_domain: office.sandbox.url.clone(),
    };
    let limits = Limits::new(None, Clock::system());
    (Client::new(credentials, limits, options_of_calls()), user.name.clone())
}

async fn changed_by_colleague(office: &Office, deal: &DealRow, stage: &str) -> String {
    let (client, name) = colleague(office).await;
    let fields = json!({ "Stage": stage }).as_object().expect("object").clone();
    client.update_one(Module::Pipelines, &deal.id, fields).await.expect("update");
    name
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_colleague_changed_since_is_not_undone_and_the_reason_is_said() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let sub = &office.catalog().await.pipelines[0].sub_pipelines;
    let sub = sub.iter().find(|sub| sub.name == deal.sub_pipeline).expect("a sub-pipeline");
    let third = sub.stages.iter().map(|it| &it.value).find(|it| **it != deal.stage && **it != next);
    let third = third.expect("a third stage");
    done(&office, 1, &deal, &next).await;
    let name = changed_by_colleague(&office, &deal, third).await;
    office.send(JobKey::Refresh, Request::Refresh);
    office.synced().await;
    let failure = turn(&office, 1_000, Undoing::Undo).await.expect_err("refused");
    let what = failure.what.as_str();
    let begin = format!("{}: {name} changed Stage to {third} on ", deal.name);
    assert!(what.starts_with(&begin), "{what} should begin with {begin}");
    assert_eq!(office.stage_there(&deal).await, *third);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_colleague_changed_unseen_is_asked_about_before_it_is_overwritten() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    let sub = &office.catalog().await.pipelines[0].sub_pipelines;
    let sub = sub.iter().find(|sub| sub.name == deal.sub_pipeline).expect("a sub-pipeline");
    let third = sub.stages.iter().map(|it| &it.value).find(|it| **it != deal.stage && **it != next);
    let third = third.expect("a third stage");
    done(&office, 1, &deal, &next).await;
    // Times of the service are whole seconds: what a colleague does comes later than what was done here.
    office.advance(5).await;
    changed_by_colleague(&office, &deal, third).await;
    turn(&office, 1_000, Undoing::Undo).await.expect("written down");
    office.event("the question", |event| matches!(event, Event::Clashed { .. }).then_some(())).await;
    assert_eq!(office.stage_there(&deal).await, *third);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_over_several_deals_is_undone_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let (first, next) = office.open_deal().await;
    let all = office.deals().await;
    let same = all.into_iter().filter(|deal| deal.stage == first.stage && deal.pipeline == first.pipeline);
    let deals: Vec<DealRow> = same.filter(|deal| deal.sub_pipeline == first.sub_pipeline).take(3).collect();
    office.stop().await;
    let mut keep = Keep::open(&Place::File(folder.path().join("keep.sqlite"))).expect("the keep");
    let image = |stage: &str| MoveImage {
        stage: stage.to_owned(),
        amount: None,
        closing: None,
        clears: bigin::store::keep::Clears::NONE,
    };
    let writes: Vec<NewWrite> = (1..)
        .zip(&deals)
        .map(|(write, deal)| {
            let before = MoveImage {
                amount: deal.amount,
                closing: deal.closing.map(|date| date.to_string()),
                ..image(&deal.stage)
            };
            let body = WriteBody::Move { before, after: image(&next) };
            NewWrite { write, record: link(deal), body, based_on: None }
        })
        .collect();
    keep.act(&writes, jiff::Timestamp::now()).expect("act");
    drop(keep);
    office.start();
    sent(&office).await;
    for deal in &deals {
        assert_eq!(office.stage_there(deal).await, next);
    }
    let turned = turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!(turned.records.len(), deals.len());
    assert_eq!(turned.kept, Vec::<SafeText>::new());
    sent(&office).await;
    for deal in &deals {
        assert_eq!(office.stage_there(deal).await, deal.stage);
    }
    office.stop().await;
}
