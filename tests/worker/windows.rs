//! Two programs of one account on one machine.

use bigin::{
    domain::DealRow,
    protocol::{Event, JobKey, NewNote, OutboxState, Request},
    sandbox::Edition,
};
use serde_json::json;

use crate::office::{Office, link, small};

/// Two windows on one folder; the second one is looked at.
async fn two() -> (Office, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    office.open_another();
    // What the first one fetched is there when it is committed, and so seen by the second one.
    office.synced().await;
    (office, folder)
}

async fn stop_both(mut office: Office) {
    office.stop().await;
    office.turn();
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sends_what_the_other_wrote_and_both_hear_of_it() {
    let (mut office, folder) = two().await;
    assert_eq!(office.seen("GET", "/bigin/v2/org").await, 1, "one of them fetches");
    let (deal, next) = office.open_deal().await;
    office.carry(1, &deal, &deal.stage, &next);
    let note = NewNote { write: 2, parent: link(&deal), text: "from the second window".to_owned() };
    office.send(JobKey::Write(2), Request::AddNote(note));
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(office.verdict(2).await, None);
    assert_eq!(office.stage_there(&deal).await, next);
    let notes = office.notes_there(&deal).await;
    assert_eq!(notes.iter().filter(|text| *text == "from the second window").count(), 1);
    office.turn();
    let is_there = |it: &DealRow| it.id == deal.id && it.stage == next && !it.pending;
    office.until("the move in the first window", |deals| deals.iter().any(is_there)).await;
    stop_both(office).await;
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sees_what_the_other_did() {
    let (mut office, folder) = two().await;
    let (deal, next) = office.open_deal().await;
    office.turn();
    office.carry(1, &deal, &deal.stage, &next);
    assert_eq!(office.verdict(1).await, None);
    office.turn();
    let is_there = |it: &DealRow| it.id == deal.id && it.stage == next;
    office.until("the other's change", |deals| deals.iter().any(is_there)).await;
    stop_both(office).await;
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_one_that_sends_ends_the_other_goes_on() {
    let (mut office, folder) = two().await;
    office.faults(json!([{"match": {"method": "PUT"}, "do": "close_before_read"}])).await;
    let (deal, next) = office.open_deal().await;
    office.carry(1, &deal, &deal.stage, &next);
    let waits = OutboxState { pending: 1, refused: 0, conflicts: 0 };
    office.event("the write", |event| (event == Event::Outbox(waits)).then_some(())).await;
    office.turn();
    office.stop().await;
    office.faults(json!([])).await;
    office.turn();
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(office.stage_there(&deal).await, next);
    office.stop().await;
    drop(folder);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_an_account_is_open_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let (office, folder) = two().await;
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).expect("folder").map(|file| file.expect("file")).collect();
    assert!(files.iter().any(|file| file.file_name() == "keep.lock"), "{files:?}");
    for file in files {
        let mode = file.metadata().expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
    stop_both(office).await;
}
