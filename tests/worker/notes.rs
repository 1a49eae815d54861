//! Notes: written once, whatever happens on the way.

use bigin::{
    domain::DealRow,
    protocol::{DraftKey, Event, JobKey, ListSpec, NewNote, OutboxState, Request, Rows, Slice},
};
use serde_json::json;

use crate::office::{Office, link, small};

const POST: &str = "POST /bigin/v2/Pipelines/*/Notes";
const TEXT: &str = "Legal wants net-60; see you on the 20th";

fn write(office: &Office, deal: &DealRow, write: u64) {
    let note = NewNote { write, parent: link(deal), text: TEXT.to_owned() };
    office.send(JobKey::Write(write), Request::AddNote(note));
}

/// Notes with the text as the mirror shows them: whether each is pending.
async fn shown(office: &Office) -> Vec<bool> {
    let list = ListSpec::Notes { text: "net-60; see you".to_owned() };
    match office.window(list, Slice::Start, 50).await.rows {
        Rows::Notes(rows) => rows.iter().map(|note| note.pending).collect(),
        other => unreachable!("{other:?}"),
    }
}

async fn there(office: &Office, deal: &DealRow) -> usize {
    office.notes_there(deal).await.iter().filter(|text| *text == TEXT).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_shows_at_once_and_becomes_the_server_s() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    // Held up on its way, so that what is pending can be seen.
    office.faults(json!([{"match": POST, "times": 1, "do": "delay", "delay_ms": 300}])).await;
    write(&office, &deal, 1);
    office.event("the note on disk", |event| (event == Event::Taken { write: 1 }).then_some(())).await;
    assert_eq!(shown(&office).await, [true]);
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(shown(&office).await, [false]);
    assert_eq!(there(&office, &deal).await, 1);
    let asked = office.send(
        JobKey::Detail,
        Request::Detail { module: bigin::domain::Module::Pipelines, id: deal.id.clone(), fresh: true },
    );
    let mut answers = 0;
    let detail = office
        .event("the server's detail", |event| match event {
            Event::Detail { generation, detail, .. } if generation == asked => {
                answers += 1;
                detail.filter(|_| answers == 2)
            }
            _ => None,
        })
        .await;
    let mine: Vec<_> =
        detail.timeline.iter().filter(|entry| entry.lines.iter().any(|l| l.as_str() == TEXT)).collect();
    assert_eq!(mine.len(), 1);
    assert!(!mine[0].pending);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_whose_answer_is_lost_is_there_once() {
    for fault in ["apply_then_close", "close_mid_body"] {
        let office = Office::open().await;
        let deal = office.deals().await.remove(0);
        office.faults(json!([{"match": POST, "times": 1, "do": fault, "at_byte": 5}])).await;
        write(&office, &deal, 1);
        assert_eq!(office.verdict(1).await, None, "{fault}");
        assert_eq!(there(&office, &deal).await, 1, "{fault}");
        assert_eq!(shown(&office).await, [false], "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_was_lost_before_it_was_taken_is_sent_again() {
    for fault in [json!({"do": "close_before_read"}), json!({"do": "status", "status": 503})] {
        let office = Office::open().await;
        let deal = office.deals().await.remove(0);
        let mut rule = fault.clone();
        rule["match"] = json!(POST);
        rule["times"] = json!(1);
        office.faults(json!([rule])).await;
        write(&office, &deal, 1);
        assert_eq!(office.verdict(1).await, None, "{fault}");
        assert_eq!(there(&office, &deal).await, 1, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_text_twice_is_two_notes_even_if_an_answer_is_lost() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    write(&office, &deal, 1);
    assert_eq!(office.verdict(1).await, None);
    office.faults(json!([{"match": POST, "times": 1, "do": "close_before_read"}])).await;
    write(&office, &deal, 2);
    assert_eq!(office.verdict(2).await, None);
    assert_eq!(there(&office, &deal).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_note_is_resolved_by_the_next_run() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let deal = office.deals().await.remove(0);
    // The note is written, its answer lost, and nobody can look before the program ends.
    let notes = format!("GET /bigin/v2/Pipelines/{}/Notes", deal.id);
    office
        .faults(json!([
            {"match": POST, "times": 1, "do": "apply_then_close"},
            {"match": notes, "do": "close_before_read"},
        ]))
        .await;
    write(&office, &deal, 1);
    let path = format!("/bigin/v2/Pipelines/{}/Notes", deal.id);
    while office.seen("GET", &path).await == 0 {
        tokio::task::yield_now().await;
    }
    office.stop().await;
    office.faults(json!([])).await;
    office.start();
    office
        .event("empty outbox", |event| match event {
            Event::Outbox(OutboxState { pending: 0, .. }) => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(there(&office, &deal).await, 1);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_note_is_a_draft_again() {
    let office = Office::open().await;
    let deal = office.deals().await.remove(0);
    let text = "x".repeat(33_000);
    let note = NewNote { write: 4, parent: link(&deal), text: text.clone() };
    office.send(JobKey::Write(4), Request::AddNote(note));
    let failure = office.verdict(4).await.expect("refused");
    assert!(failure.what.as_str().contains("longer than the 32000 characters"), "{failure:?}");
    assert!(failure.way_on.as_str().contains("kept as a draft"), "{failure:?}");
    office.send(JobKey::Keep, Request::Drafts);
    let drafts = office
        .event("drafts", |event| match event {
            Event::Drafts(drafts) => Some(drafts),
            _ => None,
        })
        .await;
    assert_eq!(drafts.len(), 1);
    assert_eq!((&drafts[0].draft, drafts[0].text == text), (&DraftKey::Note(link(&deal)), true));
    office.send(JobKey::Keep, Request::DropDraft(DraftKey::Note(link(&deal))));
    office
        .event("outbox", |event| match event {
            Event::Outbox(OutboxState { pending: 0, refused: 0, .. }) => Some(()),
            _ => None,
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_kept_and_come_back() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(bigin::sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start_mortal();
    office.send(JobKey::Keep, Request::SaveDraft { draft: DraftKey::Coql, text: "select".to_owned() });
    office.event("kept", |event| matches!(event, Event::DraftKept { .. }).then_some(())).await;
    office.crash().await;
    office.start();
    office.send(JobKey::Keep, Request::Drafts);
    let drafts = office
        .event("drafts", |event| match event {
            Event::Drafts(drafts) => Some(drafts),
            _ => None,
        })
        .await;
    assert_eq!(drafts[0].text, "select");
    office.stop().await;
}
