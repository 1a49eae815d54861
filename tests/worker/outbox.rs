//! What waits to be sent: batches, refusals, conflicts, and what the user does about them.

use std::time::Duration;

use bigin::{
    domain::{DealRow, Module},
    protocol::{
        Event, JobKey, MoveValues, NewNote, OutboxItem, OutboxOrder, OutboxState, Request, StageChange,
        Stand, TakenOut, Writing,
    },
    sandbox::Edition,
};
use serde_json::{Value, json};

use crate::office::{Office, link, small};

const PUTS: &str = "PUT /bigin/v2/Pipelines*";

impl Office {
    pub fn order(&self, order: OutboxOrder) {
        self.send(JobKey::Outbox, Request::Outbox(order));
    }

    pub async fn outbox(&self) -> Vec<OutboxItem> {
        self.order(OutboxOrder::List);
        self.event("the outbox", |event| match event {
            Event::OutboxItems(items) => Some(items),
            _ => None,
        })
        .await
    }

    /// Waits until the writes in the outbox are as `wanted` says, looking again after every change of it.
    async fn outbox_until(&self, what: &str, wanted: impl Fn(&[OutboxItem]) -> bool) -> Vec<OutboxItem> {
        loop {
            let items = self.outbox().await;
            if wanted(&items) {
                return items;
            }
            self.event(what, |event| matches!(event, Event::Outbox(_)).then_some(())).await;
        }
    }

    /// Waits until the outbox holds so much.
    pub async fn outbox_is(&self, wanted: OutboxState) {
        self.event("the outbox's state", |event| (event == Event::Outbox(wanted)).then_some(())).await;
    }

    /// Open deals of the default pipeline, each with the stage after its own.
    pub async fn open_deals(&self) -> Vec<(DealRow, String)> {
        let deals = self.deals().await;
        let subs = &self.catalog().await.pipelines[0].sub_pipelines;
        let with_next = deals.into_iter().filter_map(|deal| {
            let sub = subs.iter().find(|sub| sub.name == deal.sub_pipeline)?;
            let next = sub.next_open(&deal.stage)?.value.clone();
            Some((deal, next))
        });
        with_next.collect()
    }

    /// Someone else changes fields of a deal.
    async fn elsewhere(&self, deal: &DealRow, fields: Value) {
        let fields = fields.as_object().expect("an object").clone();
        self.other.update_one(Module::Pipelines, &deal.id, fields).await.expect("the other's update");
    }

    async fn there(&self, deal: &DealRow) -> (String, Value) {
        let record = self.other.get(Module::Pipelines, &deal.id, None).await.expect("get").expect("the deal");
        (
            record.text("Stage").unwrap_or_default().to_owned(),
            record.get("Amount").cloned().unwrap_or_default(),
        )
    }

    /// Waits until a write is stopped by what someone else did.
    async fn clash(&self, wanted: u64) -> String {
        self.event("conflict", |event| match event {
            Event::Clashed { write, failure } if write == wanted => Some(failure.what.to_string()),
            _ => None,
        })
        .await
    }
}

const fn state(pending: u32, refused: u32, conflicts: u32) -> OutboxState {
    OutboxState { pending, refused, conflicts }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_offline_leaves_when_the_line_is_back() {
    let mut office = Office::prepare(small(Edition::Premier)).await;
    // After a try in vain nothing is on its way until someone asks for it.
    office.pace.retry = Duration::from_secs(3_600);
    office.start();
    office.synced().await;
    let deals = office.open_deals().await;
    let all = u32::try_from(deals.len()).expect("a few");
    assert!((6..=100).contains(&all), "{all} deals");
    // Surely not taken, so that nothing has to be looked for.
    office.faults(json!([{"match": {"method": "PUT"}, "do": "status", "status": 429}])).await;
    for (write, (deal, next)) in (1..).zip(&deals) {
        office.carry(write, deal, &deal.stage, next);
    }
    let waiting = office
        .outbox_until("every write tried in vain", |items| {
            items.len() == deals.len() && items.iter().all(|it| it.tries > 0 && it.stand == Stand::Waiting)
        })
        .await;
    let before = office.seen("PUT", "/bigin/v2/Pipelines").await;
    office.faults(json!([])).await;
    office.order(OutboxOrder::Send(waiting[0].no));
    office.outbox_is(state(0, 0, 0)).await;
    assert_eq!(office.seen("PUT", "/bigin/v2/Pipelines").await - before, 1, "{all} deals leave in one call");
    for (deal, next) in &deals {
        assert_eq!(office.stage_there(deal).await, *next);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_item_of_a_mixed_answer_has_its_own_end() {
    let office = Office::open().await;
    let mut deals: Vec<_> = office.open_deals().await.into_iter().take(3).collect();
    deals[1].1 = "Moon landing".to_owned();
    for (write, (deal, next)) in (1..).zip(&deals) {
        office.carry(write, deal, &deal.stage, next);
    }
    office.outbox_is(state(0, 1, 0)).await;
    assert_eq!(office.stage_there(&deals[0].0).await, deals[0].1);
    assert_eq!(office.stage_there(&deals[1].0).await, deals[1].0.stage);
    assert_eq!(office.stage_there(&deals[2].0).await, deals[2].1);
    let items = office.outbox().await;
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0].stand, &items[0].record.id), (&Stand::Refused, &deals[1].0.id));
    let (what, _) = items[0].trouble.as_ref().expect("a reason");
    assert!(what.as_str().contains("does not take this stage"), "{what}");
    let Writing::Move { after, .. } = &items[0].what else { unreachable!("{:?}", items[0]) };
    assert_eq!(after.stage, "Moon landing", "the value is kept");

    // Sent once more it is refused once more; another move of the deal settles it.
    office.order(OutboxOrder::Send(items[0].no));
    office.outbox_is(state(1, 0, 0)).await;
    office.outbox_is(state(0, 1, 0)).await;
    let subs = office.open_deals().await;
    let (deal, next) = subs.iter().find(|(deal, _)| deal.id == deals[1].0.id).expect("it is where it was");
    office.carry(9, deal, &deal.stage, next);
    assert_eq!(office.verdict(9).await, None);
    assert_eq!(office.outbox().await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_changes_that_are_refused_together_what_bigin_takes_is_taken() {
    let office = Office::open().await;
    let (deal, _) = office.open_deal().await;
    office.carry(1, &deal, &deal.stage, "Moon landing");
    let stage = "Moon landing".to_owned();
    let change = StageChange {
        write: 2,
        deal: link(&deal),
        from: stage.clone(),
        to: stage,
        amount: Some(4_321.into()),
        closing: None,
    };
    office.send(JobKey::Write(2), Request::MoveDeals(vec![change]));
    let failure = office.verdict(1).await.expect("refused");
    assert!(failure.what.as_str().contains("does not take this stage"), "{failure:?}");
    assert_eq!(office.verdict(2).await, None);
    assert_eq!(office.outbox().await.len(), 1, "the refused one");
    let shown = office.deal(&deal.id).await;
    assert_eq!((shown.stage, shown.amount), (deal.stage, Some(4_321.into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_waits_is_taken_out_and_its_words_are_kept() {
    let office = Office::open().await;
    let deals = office.open_deals().await;
    let (deal, next) = &deals[0];
    // Surely not taken: what may have arrived cannot be taken back.
    office
        .faults(json!([{"match": {"method": "PUT"}, "do": "status", "status": 429},
            {"match": "POST /bigin/v2/*Notes", "do": "status", "status": 429}]))
        .await;
    office.carry(1, deal, &deal.stage, next);
    let note = NewNote { write: 2, parent: link(deal), text: "never mind".to_owned() };
    office.send(JobKey::Write(2), Request::AddNote(note));
    office.outbox_is(state(2, 0, 0)).await;
    for item in office.outbox().await {
        // One that is being tried at this moment cannot be taken out: then it is tried again.
        loop {
            office.order(OutboxOrder::Cancel(item.no));
            let taken: Option<TakenOut> = office
                .event("an answer", |event| match event {
                    Event::TakenOut(taken) => Some(Some(taken)),
                    Event::Failed { key: JobKey::Outbox, .. } => Some(None),
                    _ => None,
                })
                .await;
            if let Some(taken) = taken {
                let is_note = matches!(item.what, Writing::Note(_));
                assert_eq!(taken.draft.as_deref(), is_note.then_some("never mind"));
                break;
            }
        }
    }
    office.faults(json!([])).await;
    assert_eq!(office.outbox().await, []);
    assert_eq!(office.deal(&deal.id).await, *deal, "it is shown as before");
    assert_eq!(office.stage_there(deal).await, deal.stage);
    assert_eq!(office.notes_there(deal).await.iter().filter(|text| *text == "never mind").count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_fields_merge_and_cost_nothing_unless_someone_changed_the_record() {
    let office = Office::open().await;
    let deals = office.open_deals().await;
    let (deal, next) = &deals[0];
    office.carry(1, deal, &deal.stage, next);
    assert_eq!(office.verdict(1).await, None);
    let reads = office.seen("GET", &format!("/bigin/v2/Pipelines/{}", deal.id)).await;
    assert_eq!(reads, 0, "nobody touched the deal: no call but the write");

    let (deal, next) = &deals[1];
    office.elsewhere(deal, json!({"Amount": 4321})).await;
    office.carry(2, deal, &deal.stage, next);
    assert_eq!(office.verdict(2).await, None);
    assert_eq!(office.there(deal).await, (next.clone(), json!(4321)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_field_changed_there_is_asked_and_never_overwritten() {
    let office = Office::open().await;
    let subs = &office.catalog().await.pipelines[0].sub_pipelines;
    let lost_of = |deal: &DealRow| {
        let sub = subs.iter().find(|sub| sub.name == deal.sub_pipeline).expect("its sub-pipeline");
        sub.stages.last().expect("a last stage").value.clone()
    };
    let deals = office.open_deals().await;
    for (write, keep_mine) in [(1, true), (2, false)] {
        let at = usize::try_from(write).expect("small");
        let (deal, next) = &deals[at];
        let theirs = lost_of(deal);
        office.elsewhere(deal, json!({"Stage": theirs})).await;
        let change = StageChange {
            write,
            deal: link(deal),
            from: deal.stage.clone(),
            to: next.clone(),
            amount: Some(777.into()),
            closing: None,
        };
        office.send(JobKey::Write(write), Request::MoveDeals(vec![change]));
        let words = office.clash(write).await;
        assert!(words.contains("changed it on the server"), "{words}");
        assert_eq!(office.stage_there(deal).await, theirs, "nothing was written over");
        let item = office.outbox().await.remove(0);
        let Stand::Conflict(there) = &item.stand else { unreachable!("{item:?}") };
        assert_eq!((there.values.stage.as_str(), there.by.as_str().is_empty()), (theirs.as_str(), false));

        let stage = if keep_mine { next.clone() } else { theirs.clone() };
        let values = MoveValues { stage: stage.clone(), amount: Some(777.into()), ..MoveValues::default() };
        office.order(OutboxOrder::Settle { no: item.no, values });
        assert_eq!(office.verdict(write).await, None);
        assert_eq!(
            office.there(deal).await,
            (stage, json!(777)),
            "the amount, which nobody touched, goes along"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_whose_answer_was_lost_is_looked_for_before_it_is_repeated() {
    let office = Office::open().await;
    let deals = office.open_deals().await;
    let (deal, next) = &deals[0];
    // Done and lost, and every further try of the same call too; then someone else moves the deal on.
    office.faults(json!([{"match": PUTS, "times": 1, "do": "apply_then_close"},
        {"match": PUTS, "do": "close_before_read"}, {"match": "GET /bigin/v2/Pipelines/*", "do": "close_before_read"}]))
        .await;
    office.carry(1, deal, &deal.stage, next);
    let is_unsure = |items: &[OutboxItem]| items.first().is_some_and(|item| item.stand == Stand::Unsure);
    let items = office.outbox_until("the lost move", is_unsure).await;
    assert!(items[0].tries > 0 && items[0].trouble.is_some(), "{items:?}");
    office.faults(json!([])).await;
    let before = office.seen("PUT", "/bigin/v2/Pipelines").await;
    office.order(OutboxOrder::Send(items[0].no));
    assert_eq!(office.verdict(1).await, None);
    assert_eq!(office.stage_there(deal).await, *next);
    assert_eq!(
        office.seen("PUT", "/bigin/v2/Pipelines").await,
        before,
        "it was there: nothing is sent again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_got_lost_on_a_deal_that_is_gone_comes_back() {
    let office = Office::open().await;
    let (deal, _) = office.open_deals().await.remove(0);
    office.faults(json!([{"match": "POST /bigin/v2/*Notes", "do": "close_after_read"}])).await;
    let note = NewNote { write: 1, parent: link(&deal), text: "too late".to_owned() };
    office.send(JobKey::Write(1), Request::AddNote(note));
    let is_unsure = |items: &[OutboxItem]| items.first().is_some_and(|item| item.stand == Stand::Unsure);
    office.outbox_until("the lost note", is_unsure).await;
    office.other.delete(Module::Pipelines, std::slice::from_ref(&deal.id)).await.expect("deleted");
    office.faults(json!([])).await;
    let failure = office.verdict(1).await.expect("refused");
    assert!(failure.way_on.as_str().contains("kept as a draft"), "{failure:?}");
    let items = office.outbox().await;
    assert_eq!(items.iter().map(|item| &item.stand).collect::<Vec<_>>(), [&Stand::Refused]);
}
