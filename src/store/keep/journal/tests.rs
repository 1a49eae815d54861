use serde_json::json;

use super::*;
use crate::{
    domain::{Module, SafeText},
    store::{
        Place,
        keep::{MoveImage, Trouble},
    },
};

fn deal() -> Link {
    Link {
        module: Module::Pipelines,
        id: "6201840000000412007".parse().expect("id"),
        name: SafeText::new("Northwind renewal"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("time")
}

fn image(stage: &str, amount: Option<&str>, closing: Option<&str>) -> MoveImage {
    MoveImage {
        stage: stage.to_owned(),
        amount: amount.map(|amount| amount.parse().expect("amount")),
        closing: closing.map(str::to_owned),
        clears: crate::store::keep::Clears::NONE,
    }
}

fn moved() -> WriteBody {
    WriteBody::Move {
        before: image("Proposal", Some("48000.00"), Some("2026-09-25")),
        after: image("Negotiation", Some("48000"), Some("2026-10-02")),
    }
}

fn seen(field: &str, before: Json, after: Json, at: Timestamp) -> Change {
    let person = Some("Ben Okafor".to_owned());
    Change { record: deal(), field: field.to_owned(), before, after, at, person, here: false }
}

fn lines(keep: &Keep) -> Vec<(String, Json, Json)> {
    let changes = keep.history(&deal(), 100).expect("history");
    changes.into_iter().map(|change| (change.field, change.before, change.after)).collect()
}

#[test]
fn a_write_and_its_fields_before_and_after_are_one_commit() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    keep.write(1, &deal(), &moved(), at(10), None).expect("write");
    let expected = [
        ("Closing_Date".to_owned(), json!("2026-09-25"), json!("2026-10-02")),
        ("Stage".to_owned(), json!("Proposal"), json!("Negotiation")),
    ];
    assert_eq!(lines(&keep), expected, "an amount that is only spelled anew is no change");
    let stage = keep.history(&deal(), 100).expect("history").remove(1);
    assert_eq!((stage.record, stage.at, stage.person, stage.here), (deal(), at(10), None, true));
}

#[test]
fn the_echo_of_a_change_made_here_is_no_news() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    let no = keep.write(1, &deal(), &moved(), at(10), None).expect("write");
    keep.confirm(&[(&[no], None)], at(11)).expect("confirm");
    let echo = seen("Stage", json!("Proposal"), json!("Negotiation"), at(11));
    assert_eq!(keep.note_seen(std::slice::from_ref(&echo), at(12)).expect("seen"), 0);
    let back = seen("Stage", json!("Negotiation"), json!("Proposal"), at(20));
    assert_eq!(keep.note_seen(&[back.clone(), echo.clone()], at(21)).expect("seen"), 2);
    let last = keep.history(&deal(), 1).expect("history").remove(0);
    assert_eq!(last, back, "newest first, by the time of the change");
}

#[test]
fn what_was_refused_or_cancelled_is_no_history() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    keep.write(1, &deal(), &moved(), at(10), None).expect("write");
    let row = keep.outbox().expect("rows").remove(0);
    keep.begin(&[row.no]).expect("begin");
    assert_eq!(lines(&keep).len(), 2, "it may have happened");
    let trouble = Trouble { what: "no".to_owned(), way_on: String::new() };
    keep.refuse(&row, &trouble, at(11)).expect("refuse");
    assert_eq!(lines(&keep), []);
}

#[test]
fn what_was_confirmed_stays_when_its_row_leaves() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    let no = keep.write(1, &deal(), &moved(), at(0), None).expect("write");
    keep.confirm(&[(&[no], None)], at(90_000)).expect("confirm, and forget after a day");
    assert_eq!(lines(&keep).len(), 2);
}

#[test]
fn the_journal_reaches_back_a_year_and_no_further() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    let day = 86_400;
    let amount = |number: i64, at| seen("Amount", json!(number), json!(number + 1), at);
    keep.note_seen(&[amount(1, at(0)), amount(2, at(100 * day))], at(100 * day)).expect("seen");
    assert_eq!(lines(&keep).len(), 2);
    keep.note_seen(&[amount(3, at(401 * day))], at(401 * day)).expect("seen");
    assert_eq!(lines(&keep).len(), 2);
}

#[test]
fn values_are_the_same_however_they_are_spelled() {
    assert!(same(&json!(48000), &json!(48000.0)));
    assert!(same(&json!({"id": "1", "name": "Ana"}), &json!({"id": "1", "name": "Ana Ruiz"})));
    assert!(!same(&json!("48000"), &json!("48000.0")));
    assert!(!same(&json!(null), &json!("")));
}

#[test]
fn what_was_changed_here_is_newer_than_what_a_call_brought() {
    let mut keep = Keep::open(&Place::Memory).expect("open");
    let changed = |keep: &Keep, since| {
        let mut changed = keep.changed_here(Module::Pipelines, since).expect("changes");
        changed.sort_by(|one, two| one.1.cmp(&two.1));
        changed.into_iter().map(|(_, field, value)| (field, value)).collect::<Vec<_>>()
    };
    let first = keep.unheard().expect("a line");
    assert_eq!((first, changed(&keep, first)), (1, Vec::new()));
    let no = keep.write(1, &deal(), &moved(), at(10), None).expect("write");
    let own = [("Closing_Date".to_owned(), json!("2026-10-02")), ("Stage".to_owned(), json!("Negotiation"))];
    assert_eq!(changed(&keep, first), own);
    let while_pending = keep.unheard().expect("a line");
    assert_eq!(while_pending, first, "what has not arrived is not in an answer that is asked for now");

    keep.confirm(&[(&[no], None)], at(20)).expect("confirm");
    assert_eq!(changed(&keep, while_pending), own, "it has arrived behind that answer");
    let later = keep.unheard().expect("a line");
    assert_eq!(changed(&keep, later), []);

    keep.note_seen(&[seen("Stage", json!("Negotiation"), json!("Lost"), at(30))], at(30)).expect("seen");
    assert_eq!(changed(&keep, later), [], "what others changed is theirs to show");
    assert_eq!(changed(&keep, first)[1].1, json!("Lost"), "unless it is what became of a change made here");
    assert_eq!(keep.changed_here(Module::Contacts, 0).expect("changes"), []);
}
