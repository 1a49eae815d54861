//! Files that are damaged under a program that runs.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use bigin::{
    protocol::{Event, JobKey, ListId, ListSpec, NewNote, Request, Rows, Scope, Slice, SortWay},
    sandbox,
};
use rusqlite::Connection;
use serde_json::json;

use crate::office::{Office, link};

/// Writes over every `step`th page but the first, and has every program see that the file is another one.
fn damage(path: &Path, step: usize) {
    let other = Connection::open(path).expect("open");
    other.busy_timeout(Duration::from_secs(30)).expect("patience");
    let pages: i64 = other
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .and_then(|()| other.pragma_query_value(None, "page_count", |row| row.get(0)))
        .expect("everything is in the file");
    // A commit of somebody else: nobody trusts what they remember of the file.
    other.pragma_update(None, "application_id", 1).expect("commit");
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("in the file");
    let mut file = File::options().write(true).open(path).expect("file");
    for page in (1..pages.unsigned_abs()).step_by(step) {
        file.seek(SeekFrom::Start(page * 4096)).expect("seek");
        file.write_all(&[0xA5; 4096]).expect("damage");
    }
}

/// Asks for the list of deals until it has as many.
async fn list_has(office: &Office, wanted: usize) {
    let scope = Scope { pipeline: office.catalog().await.pipelines[0].id.clone(), sub_pipeline: None };
    let (filter, sort, way) = (Default::default(), Default::default(), SortWay::Ascending);
    let list = ListSpec::Deals { scope, filter, sort, way };
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let request = Request::Window { list: list.clone(), slice: Slice::Start, len: 10_000 };
        let asked = office.send(JobKey::List(ListId::Deals), request);
        let found = office.event("the list, or why not", |event| match event {
            Event::Window { generation, window, .. } if generation == asked => match window.rows {
                Rows::Deals(rows) => Some(rows.len()),
                other => unreachable!("{other:?}"),
            },
            Event::Failed { generation, .. } if generation == asked => Some(0),
            _ => None,
        });
        if found.await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("the list does not come back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_that_is_damaged_while_the_program_runs_is_fetched_again_and_the_outbox_stays() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(sandbox::Options { deals: 60, ..sandbox::Options::default() }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let deals = office.deals().await;
    office
        .faults(
            json!([{"match": {"method": "POST", "path": "/bigin/v2/*Notes"}, "do": "status", "status": 503}]),
        )
        .await;
    let note = NewNote { write: 7, parent: link(&deals[0]), text: "outlives the cache".to_owned() };
    office.send(JobKey::Write(7), Request::AddNote(note));
    office.event("the note on disk", |event| matches!(event, Event::Taken { write: 7 }).then_some(())).await;

    damage(&folder.path().join("mirror.sqlite"), 1);
    office.send(JobKey::Board, Request::Pipelines);
    list_has(&office, deals.len()).await;
    let aside = std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry"));
    let names: Vec<_> = aside.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().any(|name| name.starts_with("mirror.sqlite.damaged-")), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("keep.sqlite.damaged-")), "{names:?}");
    office.faults(json!([])).await;
    assert_eq!(office.verdict(7).await, None);
    assert_eq!(
        office.notes_there(&deals[0]).await.iter().filter(|text| *text == "outlives the cache").count(),
        1
    );
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keep_that_is_damaged_while_the_program_runs_is_set_aside_and_new_words_are_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(sandbox::Options { deals: 60, ..sandbox::Options::default() }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let deals = office.deals().await;
    damage(&folder.path().join("keep.sqlite"), 1);
    let note = NewNote { write: 7, parent: link(&deals[0]), text: "kept all the same".to_owned() };
    office.send(JobKey::Write(7), Request::AddNote(note));
    assert_eq!(office.verdict(7).await, None);
    office.stop().await;
    let names = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().any(|name| name.to_string_lossy().starts_with("keep.sqlite.damaged-")));
    assert_eq!(
        office.notes_there(&deals[0]).await.iter().filter(|text| *text == "kept all the same").count(),
        1
    );
}
