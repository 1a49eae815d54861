//! An outbox that grew for a week without a line.

use std::{collections::BTreeMap, io::Write as _, time::Instant};

use bigin::{
    protocol::{Event, OutboxState},
    sandbox::Edition,
    store::{
        Keep, Place,
        keep::{NewWrite, WriteBody},
    },
};

use crate::office::{Office, link, small};

/// How many notes wait; more with this variable.
const ROWS: &str = "BIGIN_ROWS";

/// Waits until no more than so much is left.
async fn left(office: &Office, most: u32) {
    let few = |event| match event {
        Event::Outbox(OutboxState { pending, .. }) => (pending <= most).then_some(()),
        _ => None,
    };
    office.event("fewer writes", few).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_outbox_leaves_in_order_and_in_few_calls_and_can_be_stopped() {
    let rows: u32 = std::env::var(ROWS).ok().and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let deals = office.deals().await;
    office.stop().await;

    let mut keep = Keep::open(&Place::File(folder.path().join("keep.sqlite"))).expect("the keep");
    let now = jiff::Timestamp::now();
    for (number, deal) in (0..rows).zip(deals.iter().cycle()) {
        let body = WriteBody::Note { text: format!("note {number}") };
        let write = NewWrite { write: number.into(), record: link(deal), body, based_on: None };
        keep.act(&[write], now).expect("written");
    }
    drop(keep);

    // Stopped in the middle: what was on its way is looked for by the next run.
    let begun = Instant::now();
    office.start();
    left(&office, rows / 2).await;
    office.stop().await;
    let calls = office.seen("POST", "/bigin/v2/Notes").await;
    assert!(calls <= (rows / 100) as usize, "{calls} calls for half of {rows} notes");
    office.start();
    left(&office, 0).await;
    // For whoever runs it with `--nocapture`; nobody may be listening.
    let _ = writeln!(std::io::stdout(), "{rows} notes in {:?}", begun.elapsed());
    office.stop().await;

    let truth = office.truth().await;
    let mut there: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for note in truth["Notes"].as_array().expect("notes") {
        let number = note["Note_Content"].as_str().and_then(|text| text.strip_prefix("note ")?.parse().ok());
        if let (Some(number), Some(parent)) = (number, note["Parent_Id"]["id"].as_str()) {
            there.entry(parent).or_default().push(number);
        }
    }
    assert_eq!(there.values().map(Vec::len).sum::<usize>(), rows as usize, "each is there once");
    for (parent, numbers) in there {
        assert!(numbers.is_sorted(), "on {parent}: {numbers:?}");
    }
}
