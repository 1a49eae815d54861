//! What changed, here and elsewhere, as the journal tells it.

use bigin::{
    domain::{DealRow, FieldChange, Module},
    protocol::{Event, JobKey, Request},
};
use serde_json::{Value, json};

use crate::office::{Office, link};

/// What changed on a deal, newest first.
async fn history(office: &Office, deal: &DealRow) -> Vec<FieldChange> {
    let asked = office.send(JobKey::History, Request::History(link(deal)));
    office
        .event("history", |event| match event {
            Event::History { generation, changes, .. } if generation == asked => Some(changes),
            _ => None,
        })
        .await
}

/// A line of history without its time.
fn line(change: &FieldChange) -> String {
    let here = if change.here { "here" } else { "elsewhere" };
    format!("{}: {} > {} by {}, {here}", change.label, change.before, change.after, change.by)
}

async fn change_elsewhere(office: &Office, deal: &DealRow, fields: Value) {
    let fields = fields.as_object().expect("object").clone();
    office.other.update_one(Module::Pipelines, &deal.id, fields).await.expect("update");
    office.send(JobKey::Refresh, Request::Refresh);
    office.synced().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_made_here_and_elsewhere_are_told_once_each() {
    let office = Office::open().await;
    let (deal, next) = office.open_deal().await;
    assert_eq!(history(&office, &deal).await, [], "a first fill knows of no change");
    office.carry(1, &deal, &deal.stage, &next);
    assert_eq!(office.verdict(1).await, None);
    change_elsewhere(&office, &deal, json!({ "Amount": 4321 })).await;
    let lines: Vec<String> = history(&office, &deal).await.iter().map(line).collect();
    assert_eq!(lines.len(), 2, "the echo of the move is no news: {lines:?}");
    assert!(
        lines[0].starts_with("Amount: ") && lines[0].ends_with("> 4,321 USD by you, elsewhere"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("Stage: ") && lines[1].ends_with("by you, here"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closing_date_that_slips_shows_on_the_card() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    let closing = deal.closing.expect("a closing date");
    let later = closing.checked_add(jiff::Span::new().days(13)).expect("a date");
    change_elsewhere(&office, &deal, json!({ "Closing_Date": later.to_string() })).await;
    let slips = office.deal(&deal.id).await.slips;
    assert_eq!(slips.map(|slips| (slips.times, slips.days)), Some((1, 13)));
}
