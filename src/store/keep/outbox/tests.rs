use super::*;
use crate::{
    domain::{Module, SafeText},
    store::Place,
};

fn deal() -> Link {
    Link {
        module: Module::Pipelines,
        id: "6201840000000412007".parse().expect("id"),
        name: SafeText::new("Northwind renewal"),
    }
}

fn note(text: &str) -> WriteBody {
    WriteBody::Note { text: text.to_owned() }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("time")
}

fn keep() -> Keep {
    Keep::open(&Place::Memory).expect("open")
}

#[test]
fn writing_a_note_takes_its_draft_along() {
    let mut keep = keep();
    keep.save_draft(&DraftKey::Note(deal()), "net-45 ok", at(1)).expect("draft");
    let no = keep.write(7, &deal(), &note("net-45 ok"), at(2)).expect("write");
    assert_eq!(keep.drafts().expect("drafts"), []);
    let rows = keep.outbox().expect("rows");
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].no, rows[0].write, rows[0].state), (no, 7, WriteState::Written));
    assert_eq!(rows[0].body, note("net-45 ok"));
    assert_eq!(keep.outbox_state().expect("state"), OutboxState { pending: 1, refused: 0 });
}

#[test]
fn a_refused_note_becomes_a_draft_again_and_loses_nothing_typed_since() {
    let mut keep = keep();
    keep.write(1, &deal(), &note("first"), at(1)).expect("write");
    keep.save_draft(&DraftKey::Note(deal()), "second", at(2)).expect("draft");
    let row = keep.outbox().expect("rows").remove(0);
    keep.refuse(&row, at(3)).expect("refuse");
    assert_eq!(keep.drafts().expect("drafts")[0].text, "first\n\nsecond");
    assert_eq!(keep.outbox_state().expect("state"), OutboxState { pending: 0, refused: 1 });
    keep.write(2, &deal(), &note("again"), at(4)).expect("write");
    assert_eq!(keep.outbox_state().expect("state"), OutboxState { pending: 1, refused: 0 });
}

#[test]
fn confirmed_rows_are_remembered_for_a_day() {
    let mut keep = keep();
    let no = keep.write(1, &deal(), &note("one"), at(0)).expect("write");
    keep.mark(&[no], WriteState::Sending).expect("mark");
    assert_eq!(keep.outbox().expect("rows")[0].state, WriteState::Sending);
    keep.confirm(&[no], Some("99"), at(5)).expect("confirm");
    assert_eq!(keep.outbox().expect("rows"), []);
    assert_eq!(keep.confirmed_notes(&deal(), at(0)).expect("ids"), ["99"]);
    keep.confirm(&[], None, at(2 * 86_400)).expect("confirm");
    assert_eq!(keep.confirmed_notes(&deal(), at(0)).expect("ids"), Vec::<String>::new());
}

#[test]
fn a_move_keeps_the_image_it_goes_back_to() {
    let mut keep = keep();
    let image = |stage: &str| MoveImage {
        stage: stage.to_owned(),
        amount: Some(Decimal::new(480_000_001, 4)),
        closing: Some("2026-09-25".to_owned()),
    };
    let body = WriteBody::Move { before: image("Proposal"), after: image("Negotiation") };
    keep.write(u64::MAX, &deal(), &body, at(0)).expect("write");
    let row = keep.outbox().expect("rows").remove(0);
    assert_eq!((row.write, &row.body), (u64::MAX, &body));
    keep.refuse(&row, at(1)).expect("refuse");
    assert_eq!(keep.outbox_state().expect("state"), OutboxState::default());
}
