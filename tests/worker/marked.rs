//! Several deals that change as one action.

use std::collections::BTreeMap;

use bigin::{
    domain::DealRow,
    protocol::{Event, JobKey, OutboxState, Request, Rows, StageChange, Undoing, WriteId},
};

use crate::{
    office::{Office, change},
    undo::{sent, turn},
};

const PUTS: &str = "/bigin/v2/Pipelines";

/// Moves deals, each one stage on, as one action whose writes are named from 1 on.
async fn carried(office: &Office, many: usize) -> Vec<(DealRow, String)> {
    let deals: Vec<_> = office.open_deals().await.into_iter().take(many).collect();
    assert_eq!(deals.len(), many);
    let changes = (1..).zip(&deals).map(|(write, (deal, next))| change(write, deal, &deal.stage, next));
    move_all(office, changes.collect());
    deals
}

fn move_all(office: &Office, changes: Vec<StageChange>) {
    office.send(JobKey::Write(changes[0].write), Request::MoveDeals(changes));
}

/// What became of so many writes: the reason of each refusal.
async fn ends(office: &Office, many: usize) -> BTreeMap<WriteId, Option<String>> {
    let mut ends = BTreeMap::new();
    office
        .event("the end of every write", |event| {
            match event {
                Event::Confirmed { write } => drop(ends.insert(write, None)),
                Event::Refused { write, failure } => drop(ends.insert(write, Some(failure.what.to_string()))),
                _ => {}
            }
            (ends.len() == many).then_some(())
        })
        .await;
    ends
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marked_deals_move_in_one_call_and_one_undo_brings_them_back_in_one() {
    let office = Office::open().await;
    let deals = carried(&office, 7).await;
    assert!(ends(&office, 7).await.values().all(Option::is_none));
    assert_eq!(office.seen("PUT", PUTS).await, 1);
    for (deal, next) in &deals {
        assert_eq!(office.stage_there(deal).await, *next);
    }
    let turned = turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!((turned.records.len(), turned.kept.len()), (7, 0));
    sent(&office).await;
    assert_eq!(office.seen("PUT", PUTS).await, 2);
    for (deal, _) in &deals {
        assert_eq!(office.stage_there(deal).await, deal.stage);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_refused_of_several_is_told_and_the_others_are_moved_and_undone() {
    let office = Office::open().await;
    let mut deals: Vec<_> = office.open_deals().await.into_iter().take(7).collect();
    deals[3].1 = "Moon landing".to_owned();
    let changes = (1..).zip(&deals).map(|(write, (deal, next))| change(write, deal, &deal.stage, next));
    move_all(&office, changes.collect());
    let ends = ends(&office, 7).await;
    let refused: Vec<_> = ends.iter().filter_map(|(write, reason)| Some((write, reason.as_ref()?))).collect();
    assert_eq!(refused.len(), 1);
    assert!(*refused[0].0 == 4 && refused[0].1.contains("does not take this stage"), "{refused:?}");
    let turned = turn(&office, 1_000, Undoing::Undo).await.expect("undone");
    assert_eq!((turned.records.len(), turned.kept.as_slice()), (6, [].as_slice()));
    let empty = OutboxState { pending: 0, refused: 1, conflicts: 0 };
    office.outbox_is(empty).await;
    for (deal, _) in &deals {
        assert_eq!(office.stage_there(deal).await, deal.stage);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_told_as_lists_show_them_and_those_that_are_gone_are_left_out() {
    let office = Office::open().await;
    let deals: Vec<DealRow> = office.deals().await.into_iter().take(3).collect();
    let mut ids: Vec<_> = deals.iter().map(|deal| deal.id.clone()).collect();
    ids.push("999".parse().expect("an id"));
    let asked =
        office.send(JobKey::Marked, Request::Records { module: bigin::domain::Module::Pipelines, ids });
    let rows = office.event("the records", |event| match event {
        Event::Records { generation, rows } if generation == asked => Some(rows),
        _ => None,
    });
    assert_eq!(rows.await, Rows::Deals(deals));
}
