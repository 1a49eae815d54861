use super::*;
use crate::protocol::DraftKey;

#[test]
fn a_kept_file_syncs_every_commit_and_reads_back() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("new/keep.sqlite"));
    let keep = Keep::open(&place).expect("open");
    assert_eq!(keep.unkept(), None);
    let level: i64 = keep.conn.pragma_query_value(None, "synchronous", |row| row.get(0)).expect("read");
    assert_eq!(level, 2);
    keep.save_draft(&DraftKey::Coql, "select", jiff::Timestamp::UNIX_EPOCH).expect("save");
    drop(keep);
    let drafts = Keep::open(&place).expect("again").drafts().expect("drafts");
    assert_eq!(drafts.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["select"]);
}

#[test]
fn a_damaged_file_is_set_aside_and_said() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keep.sqlite");
    std::fs::write(&path, "not a database, but long enough to be read as one".repeat(100)).expect("write");
    let keep = Keep::open(&Place::File(path)).expect("open");
    assert!(keep.mended().is_some_and(|words| words.contains("damaged-")), "{:?}", keep.mended());
    assert_eq!(keep.unkept(), None, "what is written from now on is on disk");
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("read")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("keep.sqlite.damaged-")), "{names:?}");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_a_keep_in_memory_that_says_so() {
    let keep = Keep::open(&Place::File("/proc/nowhere/keep.sqlite".into())).expect("open");
    assert!(keep.unkept().is_some_and(|words| words.contains("until you quit")), "{:?}", keep.unkept());
    keep.save_draft(&DraftKey::Coql, "select", jiff::Timestamp::UNIX_EPOCH).expect("save");
    assert_eq!(keep.drafts().expect("drafts").len(), 1);
}

#[test]
fn one_program_sends_what_the_outbox_holds() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("keep.sqlite"));
    let (mut one, mut other) = (Keep::open(&place).expect("open"), Keep::open(&place).expect("open"));
    assert!(one.lease() && one.lease());
    assert!(!other.lease());
    drop(one);
    assert!(other.lease());
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keep.sqlite");
    drop(Keep::open(&Place::File(path.clone())).expect("open"));
    Connection::open(&path).expect("raw").pragma_update(None, "user_version", 99).expect("bump");
    let keep = Keep::open(&Place::File(path.clone())).expect("open");
    assert!(
        keep.unkept().is_some_and(|words| words.contains("newer bigin (format 99")),
        "{:?}",
        keep.unkept()
    );
    drop(keep);
    let version: i64 = Connection::open(&path)
        .expect("raw")
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("version");
    assert_eq!(version, 99);
}

/// A note's place and text.
fn note(number: u64) -> (crate::domain::Link, WriteBody) {
    let link = crate::domain::Link {
        module: crate::domain::Module::Pipelines,
        id: (1_000 + number).to_string().parse().expect("id"),
        name: crate::domain::SafeText::new("deal"),
    };
    (link, WriteBody::Note { text: format!("{number} {}", "words ".repeat(300)) })
}

fn texts(keep: &Keep) -> Vec<String> {
    let mut texts: Vec<String> = keep.drafts().expect("drafts").into_iter().map(|row| row.text).collect();
    texts.sort();
    texts
}

#[test]
fn a_full_disk_refuses_a_write_as_a_whole_and_takes_it_once_there_is_room() {
    let folder = tempfile::tempdir().expect("folder");
    let mut keep = Keep::open(&Place::File(folder.path().join("keep.sqlite"))).expect("open");
    let pages: i64 = keep.conn.pragma_query_value(None, "page_count", |row| row.get(0)).expect("read");
    keep.conn.pragma_update_and_check(None, "max_page_count", pages + 6, |_| Ok(())).expect("a small disk");
    let at = jiff::Timestamp::UNIX_EPOCH;
    let mut taken = 0;
    let refused = loop {
        let (link, body) = note(taken);
        keep.save_draft(&DraftKey::Note(link.clone()), "the draft", at).ok();
        match keep.write(taken, &link, &body, at, None) {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 100, "the disk is small");
    };
    let StoreError::Sql(error) = &refused else { unreachable!("{refused}") };
    assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
    assert!(taken > 0);
    assert_eq!(keep.outbox().expect("outbox").len() as u64, taken, "nothing of what was refused is there");
    keep.conn.pragma_update_and_check(None, "max_page_count", 1_000_000, |_| Ok(())).expect("room");
    let (link, body) = note(taken);
    keep.write(taken, &link, &body, at, None).expect("there is room");
    assert_eq!(keep.outbox().expect("outbox").len() as u64, taken + 1);
    assert_eq!(texts(&keep), [""; 0], "each took its draft along");
}

#[test]
fn a_log_that_is_cut_anywhere_leaves_a_beginning_of_what_was_written() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keep.sqlite");
    let keep = Keep::open(&Place::File(path.clone())).expect("open");
    keep.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("the log is empty");
    for number in 0..20 {
        let (link, _) = note(number);
        let text = format!("{number:02}");
        keep.save_draft(&DraftKey::Note(link), &text, jiff::Timestamp::UNIX_EPOCH).expect("draft");
    }
    let log = std::fs::read(folder.path().join("keep.sqlite-wal")).expect("the log");
    let seen: std::collections::BTreeSet<usize> = (0..=50)
        .map(|cut| {
            let folder = tempfile::tempdir().expect("folder");
            let copy = folder.path().join("keep.sqlite");
            std::fs::copy(&path, &copy).expect("copy");
            std::fs::write(folder.path().join("keep.sqlite-wal"), &log[..log.len() * cut / 50]).expect("cut");
            if cut % 2 == 0 {
                // The index of the log is of another time.
                std::fs::write(folder.path().join("keep.sqlite-shm"), [0x5A; 32_768]).expect("stale");
            }
            let keep = Keep::open(&Place::File(copy)).expect("open");
            assert_eq!((keep.unkept(), keep.mended()), (None, None), "cut at {cut}");
            let texts = texts(&keep);
            let beginning: Vec<String> = (0..texts.len()).map(|number| format!("{number:02}")).collect();
            assert_eq!(texts, beginning, "cut at {cut}");
            texts.len()
        })
        .collect();
    assert!(seen.contains(&0) && seen.contains(&20) && seen.len() > 10, "{seen:?}");
}

/// A keep of the first version, with a draft and a write.
fn first_version(path: &std::path::Path) {
    let mut conn = Connection::open(path).expect("a file");
    conn.pragma_update(None, "journal_mode", "wal").expect("wal");
    Migrations::new(vec![M::up(SCHEMA)]).to_latest(&mut conn).expect("the first step");
    conn.execute_batch(
        "INSERT INTO draft VALUES ('note', 'Pipelines', '1', 'deal', 'a draft', 0);
         INSERT INTO outbox(write_id, state, kind, module, record, name, body, intent)
         VALUES (1, 'written', 'note', 'Pipelines', '2', 'deal', '{\"note\":{\"text\":\"a note\"}}', 0);",
    )
    .expect("rows");
}

fn assert_whole(path: &std::path::Path, when: &str) {
    let keep = Keep::open(&Place::File(path.to_owned())).expect("open");
    assert_eq!((keep.unkept(), keep.mended()), (None, None), "{when}");
    assert_eq!(texts(&keep), ["a draft"], "{when}");
    assert_eq!(keep.outbox().expect("outbox").len(), 1, "{when}");
}

#[test]
fn a_migration_that_is_broken_off_anywhere_loses_nothing_and_goes_on_next_time() {
    let mut breaks = 0;
    for steps in (0..).step_by(150) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keep.sqlite");
        first_version(&path);
        let mut conn = Connection::open(&path).expect("open");
        let mut taken = 0;
        let gives_up = move || {
            taken += 1;
            taken > steps
        };
        conn.progress_handler(1, Some(gives_up)).expect("a handler");
        let done = migrate(&mut conn);
        drop(conn);
        assert_whole(&path, &format!("broken off after {steps} steps"));
        if done.is_ok() {
            break;
        }
        breaks += 1;
    }
    assert!(breaks > 10, "{breaks}");
}

#[test]
fn two_programs_that_migrate_at_once_take_turns() {
    for round in 0..4 {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keep.sqlite");
        first_version(&path);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert_whole(&path, &format!("round {round}")));
            }
        });
    }
}

#[test]
fn a_migration_waits_for_who_has_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keep.sqlite");
    first_version(&path);
    let other = Connection::open(&path).expect("open");
    other.execute_batch("BEGIN EXCLUSIVE").expect("held");
    let (begin, begun) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            begin.send(()).expect("heard");
            assert_whole(&path, "behind another program");
        });
        begun.recv().expect("the thread runs");
        other.execute_batch("COMMIT").expect("let go");
    });
}
