use rust_decimal::Decimal;

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

fn image(stage: &str) -> MoveImage {
    MoveImage { stage: stage.to_owned(), amount: None, closing: None, clears: Clears::NONE }
}

fn step(from: &str, to: &str) -> WriteBody {
    WriteBody::Move { before: image(from), after: image(to) }
}

fn trouble() -> Trouble {
    Trouble { what: "Bigin refused it".to_owned(), way_on: "gu lists it".to_owned() }
}

fn state(pending: u32, refused: u32, conflicts: u32) -> OutboxState {
    OutboxState { pending, refused, conflicts }
}

fn put(keep: &mut Keep, write: WriteId, body: &WriteBody) -> i64 {
    keep.write(write, &deal(), body, at(1), None).expect("write")
}

#[test]
fn writing_a_note_takes_its_draft_along() {
    let mut keep = keep();
    keep.save_draft(&DraftKey::Note(deal()), "net-45 ok", at(1)).expect("draft");
    let no = keep.write(7, &deal(), &note("net-45 ok"), at(2), Some(at(1))).expect("write");
    assert_eq!(keep.drafts().expect("drafts"), []);
    let rows = keep.outbox().expect("rows");
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].no, rows[0].write, rows[0].state), (no, 7, WriteState::Written));
    assert_eq!((&rows[0].body, rows[0].based_on), (&note("net-45 ok"), Some(at(1))));
    assert_eq!(keep.outbox_state().expect("state"), state(1, 0, 0));
}

#[test]
fn a_refused_note_becomes_a_draft_again_and_loses_nothing_typed_since() {
    let mut keep = keep();
    put(&mut keep, 1, &note("first"));
    keep.save_draft(&DraftKey::Note(deal()), "second", at(2)).expect("draft");
    let row = keep.outbox().expect("rows").remove(0);
    keep.refuse(&row, &trouble(), at(3)).expect("refuse");
    assert_eq!(keep.drafts().expect("drafts")[0].text, "first\n\nsecond");
    assert_eq!(keep.outbox_state().expect("state"), state(0, 1, 0));
    assert_eq!(keep.outbox_view().expect("view")[0].trouble, Some(trouble()));
    put(&mut keep, 2, &note("again"));
    assert_eq!(keep.outbox_state().expect("state"), state(1, 0, 0));
}

#[test]
fn a_refused_note_is_sent_again_with_what_its_draft_says_now() {
    let mut keep = keep();
    let no = put(&mut keep, 1, &note("to long"));
    let row = keep.outbox().expect("rows").remove(0);
    keep.refuse(&row, &trouble(), at(3)).expect("refuse");
    keep.save_draft(&DraftKey::Note(deal()), "shorter", at(4)).expect("draft");
    assert!(keep.send_again(no).expect("send"));
    let rows = keep.outbox().expect("rows");
    assert_eq!(
        (&rows[0].body, rows[0].state, &rows[0].trouble),
        (&note("shorter"), WriteState::Written, &None)
    );
    assert_eq!(keep.drafts().expect("drafts"), []);
    assert!(!keep.send_again(no).expect("send"), "it waits already");
}

#[test]
fn a_confirmed_note_is_remembered_for_as_long_as_it_can_be_undone() {
    let mut keep = keep();
    let no = keep.write(1, &deal(), &note("one"), at(0), None).expect("write");
    assert_eq!(keep.begin(&[no]).expect("begin"), [no]);
    assert_eq!(keep.outbox().expect("rows")[0].state, WriteState::Sending);
    keep.confirm(&[(&[no], Some("99"))], at(5)).expect("confirm");
    assert_eq!(keep.outbox().expect("rows"), []);
    assert_eq!(keep.confirmed_notes(&deal(), at(0)).expect("ids"), ["99"]);
    keep.confirm(&[], at(2 * 86_400)).expect("confirm");
    assert_eq!(keep.confirmed_notes(&deal(), at(0)).expect("ids"), ["99"]);
    keep.pass_over(1).expect("passed over");
    keep.confirm(&[], at(2 * 86_400)).expect("confirm");
    assert_eq!(keep.confirmed_notes(&deal(), at(0)).expect("ids"), Vec::<String>::new());
}

#[test]
fn a_try_in_vain_is_counted_and_says_whether_the_server_may_have_it() {
    let mut keep = keep();
    let no = put(&mut keep, 1, &note("one"));
    for (vain, expected) in [(WriteState::Written, 1), (WriteState::Sending, 2)] {
        keep.begin(&[no]).expect("begin");
        keep.in_vain(&[no], vain, &trouble()).expect("in vain");
        let row = keep.outbox().expect("rows").remove(0);
        assert_eq!((row.state, row.tries, row.trouble), (vain, expected, Some(trouble())));
    }
}

#[test]
fn a_refused_move_stays_to_be_seen_and_the_next_one_begins_where_it_did() {
    let mut keep = keep();
    let exact = MoveImage { amount: Some(Decimal::new(480_000_001, 4)), ..image("Proposal") };
    let body = WriteBody::Move { before: exact.clone(), after: image("Negotiation") };
    put(&mut keep, u64::MAX, &body);
    put(&mut keep, 2, &step("Negotiation", "Won"));
    let row = keep.outbox().expect("rows").remove(0);
    assert_eq!((row.write, &row.body), (u64::MAX, &body));
    keep.refuse(&row, &trouble(), at(1)).expect("refuse");
    assert_eq!(keep.outbox_state().expect("state"), state(1, 1, 0));
    assert_eq!(keep.outbox().expect("rows")[0].body, step("Proposal", "Won"));
    put(&mut keep, 3, &step("Proposal", "Lost"));
    assert_eq!(keep.outbox_state().expect("state"), state(2, 0, 0), "another move settles the refusal");
}

#[test]
fn only_what_is_not_on_its_way_can_be_taken_out() {
    let mut keep = keep();
    let (first, second) = (put(&mut keep, 1, &step("A", "B")), put(&mut keep, 2, &step("B", "C")));
    keep.begin(&[second]).expect("begin");
    assert_eq!(keep.take_out(second).expect("take out"), None);
    let out = keep.take_out(first).expect("take out").expect("a row");
    assert_eq!((out.write, out.body), (1, step("A", "B")));
    assert_eq!(keep.outbox().expect("rows")[0].body, step("A", "C"));
    assert_eq!(keep.begin(&[first, second]).expect("begin"), [second], "what is gone is not sent");
}

#[test]
fn a_note_that_is_taken_out_is_a_draft_and_a_refused_one_is_thrown_away() {
    let mut keep = keep();
    let no = put(&mut keep, 1, &note("words"));
    assert!(keep.cancel(no, at(2)).expect("cancel").is_some());
    assert_eq!(keep.drafts().expect("drafts")[0].text, "words");
    let no = put(&mut keep, 2, &note("words"));
    let row = keep.outbox().expect("rows").remove(0);
    keep.refuse(&row, &trouble(), at(3)).expect("refuse");
    assert!(keep.cancel(no, at(4)).expect("cancel").is_some());
    assert_eq!(keep.drafts().expect("drafts"), []);
    assert_eq!(keep.outbox_state().expect("state"), state(0, 0, 0));
}

#[test]
fn writes_change_places_but_moves_of_a_deal_keep_their_order() {
    let mut keep = keep();
    let nos = [
        put(&mut keep, 1, &note("one")),
        put(&mut keep, 2, &note("two")),
        put(&mut keep, 3, &step("A", "B")),
        put(&mut keep, 4, &step("B", "C")),
    ];
    let order = |keep: &Keep| keep.outbox().expect("rows").iter().map(|row| row.write).collect::<Vec<_>>();
    assert!(keep.shift(nos[1], true).expect("shift"));
    assert_eq!(order(&keep), [2, 1, 3, 4]);
    assert!(!keep.shift(nos[1], true).expect("shift"), "it is the first");
    assert!(!keep.shift(nos[3], true).expect("shift"), "it begins where the one before ends");
    assert!(keep.shift(nos[0], false).expect("shift"));
    assert_eq!(order(&keep), [2, 3, 1, 4]);
}

#[test]
fn a_conflict_makes_one_of_several_moves_and_waits_for_a_decision() {
    let mut keep = keep();
    let both = MoveImage { amount: Some(9.into()), ..image("B") };
    let first = put(&mut keep, 1, &WriteBody::Move { before: image("A"), after: both.clone() });
    let last = put(&mut keep, 2, &step("B", "C"));
    let theirs = Theirs { image: image("D"), by: Some("Ben".to_owned()), at: Some(5_000) };
    keep.begin(&[first, last]).expect("begin");
    keep.stop(&[first, last], &theirs).expect("stop");
    assert_eq!(keep.outbox_state().expect("state"), state(0, 0, 1));
    let row = keep.outbox().expect("rows").remove(0);
    let merged = MoveImage { stage: "C".to_owned(), ..both };
    assert_eq!(row.body, WriteBody::Move { before: image("A"), after: merged });
    assert_eq!((row.no, row.theirs.as_ref()), (last, Some(&theirs)));

    let mixed =
        MoveImage { stage: "D".to_owned(), amount: Some(9.into()), closing: None, clears: Clears::NONE };
    let row = keep.settle(last, &mixed).expect("settle").expect("the amount is still to be sent");
    assert_eq!((row.state, row.based_on), (WriteState::Written, Some(at(5))));
    assert_eq!(row.body, WriteBody::Move { before: image("D"), after: mixed });
    keep.begin(&[last]).expect("begin");
    keep.stop(&[last], &theirs).expect("stop");
    assert_eq!(keep.settle(last, &image("D")).expect("settle"), None, "theirs is there already");
    assert_eq!(keep.outbox_state().expect("state"), state(0, 0, 0));
}

#[test]
fn a_conflict_about_the_amount_leaves_the_stage_that_they_chose() {
    let mut keep = keep();
    let priced = |stage: &str, amount: i64| MoveImage { amount: Some(amount.into()), ..image(stage) };
    let no = put(&mut keep, 1, &WriteBody::Move { before: priced("A", 5), after: priced("A", 9) });
    keep.begin(&[no]).expect("begin");
    let theirs = Theirs { image: priced("C", 7), by: None, at: None };
    keep.stop(&[no], &theirs).expect("stop");
    let row = keep.settle(no, &priced("A", 9)).expect("settle").expect("the amount is to be sent");
    assert_eq!(row.body, WriteBody::Move { before: priced("C", 7), after: priced("C", 9) });
}

#[test]
fn writes_of_another_run_have_names_that_this_one_does_not_give() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("keep.sqlite"));
    let (mut one, other) = (Keep::open(&place).expect("open"), Keep::open(&place).expect("open"));
    put(&mut one, 7, &note("one"));
    assert_eq!(one.outbox().expect("rows")[0].write, 7);
    assert!(other.outbox().expect("rows")[0].write > 1 << 61);
}

#[test]
fn an_outbox_of_an_earlier_version_reads_in_its_order() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("keep.sqlite");
    let conn = Connection::open(&path).expect("raw");
    conn.execute_batch(super::super::SCHEMA).expect("schema");
    conn.pragma_update(None, "user_version", 1).expect("version");
    for text in ["one", "two"] {
        conn.execute(
            "INSERT INTO outbox(write_id, state, kind, module, record, name, body, intent)
             VALUES (1, 'sending', 'note', 'Pipelines', '7', 'deal', ?1, 0)",
            [json(&note(text)).expect("JSON")],
        )
        .expect("row");
    }
    drop(conn);
    let rows = Keep::open(&Place::File(path)).expect("open").outbox().expect("rows");
    assert_eq!(rows.iter().map(|row| row.body.clone()).collect::<Vec<_>>(), [note("one"), note("two")]);
    assert_eq!(rows[0].state, WriteState::Sending);
}
