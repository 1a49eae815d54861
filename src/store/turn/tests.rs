use serde_json::{Value, json};

use super::*;
use crate::{
    domain::Module,
    store::{Place, mirror},
    tables::Record,
};

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn now() -> Timestamp {
    at("2026-09-24T10:00:00Z")
}

fn record(number: u64, changes: Value) -> Record {
    let base = json!({
        "id": number.to_string(), "Deal_Name": format!("Deal {number}"), "Sub_Pipeline": "Standard",
        "Stage": "Proposal", "Amount": 48_000, "Closing_Date": "2026-09-25",
        "Created_Time": "2026-06-11T09:00:00Z", "Modified_Time": "2026-09-04T12:00:00Z",
    });
    let mut record = base.as_object().expect("object").clone();
    record.extend(changes.as_object().expect("object").clone());
    record
}

fn link(number: u64) -> Link {
    let (id, name) = (number.to_string().parse().expect("id"), SafeText::new(&format!("Deal {number}")));
    Link { module: Module::Pipelines, id, name }
}

fn store(deals: u64) -> Store {
    let mut store = Store::open(&Place::Memory, &Place::Memory).expect("open");
    store.mirror.set_catalog(mirror::example(), now()).expect("catalog");
    let page: Vec<Record> = (1..=deals).map(|number| record(number, json!({}))).collect();
    store.mirror.apply(Module::Pipelines, &page, None, now()).expect("page");
    store
}

/// The user moves deals, as one action, and the server takes it.
fn moved(store: &mut Store, deals: std::ops::RangeInclusive<u64>) {
    let before = store.mirror.image(&link(1)).expect("image").expect("the deal");
    let after =
        MoveImage { stage: "Negotiation".to_owned(), amount: None, closing: None, clears: Clears::NONE };
    let body = WriteBody::Move { before, after };
    let new = |number| NewWrite { write: number, record: link(number), body: body.clone(), based_on: None };
    let rows = store.keep.act(&deals.clone().map(new).collect::<Vec<_>>(), now()).expect("act");
    store.keep.begin(&rows).expect("begin");
    store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
    for number in deals {
        let fields = json!({"Stage": "Negotiation", "Modified_Time": "2026-09-24T10:00:00Z"});
        let fields = fields.as_object().expect("object").clone();
        store.mirror.amend(Module::Pipelines, &number.to_string(), &fields, now()).expect("amend");
    }
}

fn stages(store: &mut Store) -> Vec<(String, String)> {
    let outbox = store.keep.outbox().expect("outbox");
    let stage = |row: OutboxRow| match row.body {
        WriteBody::Move { after, .. } => (row.record.name.to_string(), after.stage),
        WriteBody::Note { text } => (row.record.name.to_string(), text),
        WriteBody::Removal { note, .. } => (row.record.name.to_string(), format!("without {note}")),
    };
    outbox.into_iter().map(stage).collect()
}

fn change(store: &mut Store, number: u64, fields: Value) {
    store.take_in(Module::Pipelines, &[record(number, fields)], None, now()).expect("news");
}

fn by_ben(stage: &str) -> Value {
    json!({"Stage": stage, "Modified_Time": "2026-09-24T11:30:00Z", "Modified_By": {"id": "901", "name": "Ben Okafor"}})
}

#[test]
fn several_records_are_undone_at_once() {
    let mut store = store(3);
    moved(&mut store, 1..=3);
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!(outcome.words.expect("done").as_str(), "3 records to Proposal");
    let back = |number| (format!("Deal {number}"), "Proposal".to_owned());
    assert_eq!(stages(&mut store), [1, 2, 3].map(back));
}

#[test]
fn a_record_that_someone_else_changed_stays_and_the_others_are_undone() {
    let mut store = store(2);
    moved(&mut store, 1..=2);
    change(&mut store, 1, by_ben("Qualification"));
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!(outcome.words.expect("done").as_str(), "Deal 2  Negotiation → Proposal");
    let reason = "Deal 1: Ben Okafor changed Stage to Qualification on 24 Sep 11:30";
    assert_eq!(outcome.kept.iter().map(SafeText::as_str).collect::<Vec<_>>(), [reason]);
    assert_eq!(stages(&mut store), [("Deal 2".to_owned(), "Proposal".to_owned())]);
}

#[test]
fn an_action_of_which_nothing_can_be_undone_gives_way_to_the_one_before() {
    let mut store = store(2);
    moved(&mut store, 2..=2);
    moved(&mut store, 1..=1);
    change(&mut store, 1, by_ben("Qualification"));
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!((outcome.words, outcome.kept.len()), (None, 1));
    assert_eq!(stages(&mut store), []);
    let outcome = store.turn(Undoing::Undo, 51, now()).expect("turn").expect("the one before");
    assert_eq!(outcome.records, [link(2)]);
}

#[test]
fn other_fields_that_changed_since_do_not_stand_in_the_way() {
    let mut store = store(1);
    moved(&mut store, 1..=1);
    let fields = json!({"Stage": "Negotiation", "Amount": 1, "Modified_Time": "2026-09-24T11:30:00Z"});
    change(&mut store, 1, fields);
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert!(outcome.kept.is_empty());
    let rows = store.keep.outbox().expect("outbox");
    let WriteBody::Move { before, after } = &rows[0].body else { unreachable!("a move") };
    assert_eq!((before.amount, after.amount), (Some(1.into()), None), "their amount stays");
}

#[test]
fn a_field_that_was_empty_is_emptied_again_and_filled_again() {
    let mut store = store(1);
    let before = store.mirror.image(&link(1)).expect("image").expect("the deal");
    let empty = json!({"Amount": null, "Modified_Time": "2026-09-04T13:00:00Z"});
    change(&mut store, 1, empty);
    let (stage, amount) = (before.stage.clone(), Some(900.into()));
    let body = WriteBody::Move {
        before: MoveImage { amount: None, ..before },
        after: MoveImage { stage, amount, closing: None, clears: Clears::NONE },
    };
    store.keep.write(1, &link(1), &body, now(), None).expect("write");
    let rows: Vec<i64> = store.keep.outbox().expect("outbox").iter().map(|row| row.no).collect();
    store.keep.begin(&rows).expect("begin");
    store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
    change(&mut store, 1, json!({"Amount": 900, "Modified_Time": "2026-09-24T10:00:00Z"}));

    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert!(outcome.kept.is_empty());
    let after = |store: &Store| match store.keep.outbox().expect("outbox").remove(0).body {
        WriteBody::Move { after, .. } => after,
        other => unreachable!("{other:?} is no move"),
    };
    let cleared = after(&store);
    assert_eq!((cleared.amount, cleared.clears), (None, Clears { amount: true, closing: false }));
    let outbox = store.keep.outbox().expect("outbox");
    store.mirror.show_pending(&outbox, now()).expect("shown");
    assert_eq!(store.mirror.image(&link(1)).expect("image").expect("the deal").amount, None);
    let taken_back = store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
    assert_eq!((taken_back.withdrawn.len(), store.keep.outbox().expect("outbox").len()), (1, 0));
}

/// The user writes a note, and the server takes it as the note 77.
fn noted(store: &mut Store, text: &str) {
    let body = WriteBody::Note { text: text.to_owned() };
    let no = store.keep.write(1, &link(1), &body, now(), None).expect("write");
    store.keep.begin(&[no]).expect("begin");
    store.keep.confirm(&[(&[no], Some("77"))], now()).expect("confirm");
}

fn note_there(store: &mut Store, text: &str) {
    let note = json!({"id": "77", "Note_Content": text, "Parent_Id": {"id": "1"}});
    let note = note.as_object().expect("object").clone();
    store.mirror.apply(Module::Notes, &[note], None, now()).expect("note");
}

#[test]
fn a_note_that_bigin_has_goes_and_comes_back_as_a_new_one() {
    let mut store = store(1);
    noted(&mut store, "net-45 is fine");
    note_there(&mut store, "net-45 is fine\r\n");
    store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "without 77".to_owned())]);
    let taken_back = store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
    assert_eq!(taken_back.withdrawn.len(), 1, "it has not left yet");
    assert_eq!(store.keep.draft_of(&link(1)).expect("draft"), None);

    store.turn(Undoing::Undo, 70, now()).expect("turn").expect("an action");
    let rows: Vec<i64> = store.keep.outbox().expect("outbox").iter().map(|row| row.no).collect();
    store.keep.begin(&rows).expect("begin");
    store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
    store.turn(Undoing::Redo, 80, now()).expect("turn").expect("an action");
    assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "net-45 is fine".to_owned())]);
}

#[test]
fn a_note_that_somebody_edited_stays() {
    let mut store = store(1);
    noted(&mut store, "net-45 is fine");
    note_there(&mut store, "net-60, says Ben");
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!(
        (outcome.words, outcome.kept[0].as_str()),
        (None, "Deal 1: somebody edited the note since; it stays")
    );
    assert_eq!(stages(&mut store), []);
}

#[test]
fn a_note_on_its_way_is_undone_when_it_is_there() {
    let mut store = store(1);
    let body = WriteBody::Note { text: "net-45 is fine".to_owned() };
    let no = store.keep.write(1, &link(1), &body, now(), None).expect("write");
    store.keep.begin(&[no]).expect("begin");
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert!(outcome.later && outcome.words.is_none());
    store.keep.confirm(&[(&[no], Some("77"))], now()).expect("confirm");
    assert!(store.turn(Undoing::Undo, 60, now()).expect("turn").expect("an action").words.is_some());
}

#[test]
fn a_note_that_has_not_left_becomes_a_draft_again() {
    let mut store = store(1);
    let body = WriteBody::Note { text: "net-45 is fine".to_owned() };
    store.keep.write(1, &link(1), &body, now(), None).expect("write");
    let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
    assert_eq!(outcome.words.expect("done").as_str(), "Deal 1  note");
    assert_eq!(store.keep.draft_of(&link(1)).expect("draft").as_deref(), Some("net-45 is fine"));
    store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
    assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "net-45 is fine".to_owned())]);
    assert_eq!(store.keep.draft_of(&link(1)).expect("draft"), None);
}
