//! Files that are damaged, of another version, or cannot be written.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::*;
use crate::{
    protocol::DraftKey,
    store::{Store, mirror::schema},
};

const PAGE: u64 = 4096;

/// Bytes that are no page.
fn overwrite(path: &Path, page: u64) {
    let mut file = fs::File::options().write(true).open(path).expect("file");
    file.seek(SeekFrom::Start(page * PAGE)).expect("seek");
    file.write_all(&[0xA5; PAGE as usize]).expect("damage");
}

/// A mirror with some hundred deals and contacts.
fn full(place: &Place) {
    let mut mirror = Mirror::open(place).expect("open");
    mirror.set_catalog(catalog(), now()).expect("catalog");
    let rows: Vec<serde_json::Value> = (1..300)
        .map(|id| deal(id, &format!("deal {id} {}", "words ".repeat(8)), "Proposal", 5, None))
        .collect();
    put(&mut mirror, Module::Pipelines, &rows);
}

/// Reads what the screens read, and writes as a pull does.
fn use_everything(store: &mut Store) -> Result<u64> {
    let moment = store.mirror.moment(now());
    let list = deals(DealFilter::default(), DealSort::Name);
    let total = store.mirror.window(&list, &Slice::Start, 1_000, &moment)?.total;
    let words = DealFilter { text: "deal words".to_owned(), ..DealFilter::default() };
    store.mirror.window(&deals(words, DealSort::Amount), &Slice::Start, 1_000, &moment)?;
    store.mirror.find("deal", 20)?;
    store.mirror.summary(&list, &moment)?;
    for id in (1..300).step_by(20) {
        let id = id.to_string().parse().expect("id");
        store.mirror.detail(Module::Pipelines, &id, &moment)?;
    }
    let page = [record(deal(1, "another name", "Qualification", 5, None))];
    store.mirror.apply(Module::Pipelines, &page, None, now())?;
    store.mirror.commit();
    Ok(total)
}

#[test]
fn whatever_page_is_damaged_it_is_found_set_aside_and_begun_anew_and_the_keep_stays() {
    let sound = tempfile::tempdir().expect("folder");
    full(&Place::File(sound.path().join("mirror.sqlite")));
    let pages = fs::metadata(sound.path().join("mirror.sqlite")).expect("file").len() / PAGE;
    assert!(pages > 60, "{pages} pages");
    let mut found = 0;
    for page in (0..pages).step_by((pages / 20).max(1) as usize) {
        let folder = tempfile::tempdir().expect("folder");
        let (mirror, keep) = (folder.path().join("mirror.sqlite"), folder.path().join("keep.sqlite"));
        fs::copy(sound.path().join("mirror.sqlite"), &mirror).expect("copy");
        overwrite(&mirror, page);
        let mut store = Store::open(&Place::File(mirror), &Place::File(keep)).expect("open");
        store.keep.save_draft(&DraftKey::Coql, "select", now()).expect("draft");
        let told_at_start = store.mirror.mended().is_some();
        match use_everything(&mut store) {
            Err(error) if error.is_damage() => {
                let words = store.mend(now()).expect("mended");
                assert!(words.contains("mirror.sqlite.damaged-"), "{words}");
                assert!(use_everything(&mut store).is_ok(), "page {page} afterwards");
                found += 1;
            }
            // What a page of texts held reads as other texts, or the page is of no use to anyone.
            Err(error) => assert!(matches!(error, StoreError::Value(..)), "page {page}: {error}"),
            Ok(_) => found += u32::from(told_at_start),
        }
        assert_eq!(store.keep.drafts().expect("drafts")[0].text, "select");
    }
    assert!(found > 10, "{found} of {pages}");
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("mirror.sqlite");
    full(&Place::File(path.clone()));
    let raw = Connection::open(&path).expect("raw");
    raw.pragma_update(None, "user_version", 99).expect("bump");
    let mirror = Mirror::open(&Place::File(path)).expect("open");
    assert!(mirror.unkept().is_some_and(|words| words.contains("newer bigin (format 99")));
    let rows: i64 = raw.query_row("SELECT count(*) FROM deal", [], |row| row.get(0)).expect("rows");
    assert_eq!(rows, 299);
}

#[test]
fn records_of_a_file_that_cannot_be_written_are_here() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("with space & more?/mirror.sqlite"));
    full(&place);
    let copy = schema::copy(&place).expect("a copy");
    let rows: i64 = copy.query_row("SELECT count(*) FROM deal", [], |row| row.get(0)).expect("rows");
    assert_eq!(rows, 299);
    copy.execute("DELETE FROM deal WHERE row = 1", []).expect("it can be written");
    assert!(schema::copy(&Place::File(folder.path().join("none"))).is_none());
}
