use super::*;
use crate::domain::{Module, SafeText};

const HOLD: SignedDuration = SignedDuration::from_millis(800);

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("time")
}

fn deal(number: u32) -> Link {
    Link {
        module: Module::Pipelines,
        id: number.to_string().parse().expect("id"),
        name: SafeText::new("deal"),
    }
}

fn image(stage: &str) -> MoveImage {
    MoveImage {
        stage: stage.to_owned(),
        amount: None,
        closing: None,
        clears: crate::store::keep::Clears::NONE,
    }
}

fn moved(no: i64, of: u32, from: &str, to: &str, when: i64) -> OutboxRow {
    OutboxRow {
        no,
        write: no.unsigned_abs() * 10,
        state: WriteState::Written,
        record: deal(of),
        body: WriteBody::Move { before: image(from), after: image(to) },
        intent: at(when),
        based_on: None,
        tries: 0,
        trouble: None,
        theirs: None,
    }
}

fn noted(no: i64, of: u32, text: &str) -> OutboxRow {
    OutboxRow { body: WriteBody::Note { text: text.to_owned() }, ..moved(no, of, "", "", 0) }
}

fn now(rows: &[OutboxRow], milliseconds: i64) -> Due {
    due(rows, at(milliseconds), HOLD, &Held::default())
}

fn rows_of(due: &Due) -> Vec<Vec<i64>> {
    due.now.iter().map(|parcel| parcel.rows.clone()).collect()
}

#[test]
fn a_field_is_based_on_what_was_seen_when_it_was_changed() {
    let priced = |amount: i64, stage: &str| MoveImage { amount: Some(amount.into()), ..image(stage) };
    let amount = WriteBody::Move { before: priced(5, "A"), after: priced(9, "A") };
    let rows = [OutboxRow { body: amount, ..moved(1, 7, "", "", 0) }, moved(2, 7, "C", "D", 500)];
    let parcel = now(&rows, 5_000).now.remove(0);
    assert_eq!(parcel.load, Load::Move { before: priced(5, "C"), after: priced(9, "D") });
}

#[test]
fn quick_moves_of_a_deal_leave_as_one() {
    let rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 500)];
    let early = now(&rows, 900);
    assert_eq!((early.now.len(), early.next), (0, Some(at(1_300))));
    let late = now(&rows, 1_300);
    assert_eq!(late.now.len(), 1);
    assert_eq!(late.now[0].writes, [10, 20]);
    assert_eq!(late.now[0].load, Load::Move { before: image("A"), after: image("C") });
}

#[test]
fn what_was_sent_and_lost_leaves_alone_and_at_once() {
    let mut rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "A", 500)];
    rows[0].state = WriteState::Sending;
    let due = now(&rows, 600);
    assert_eq!((rows_of(&due), due.now[0].lost), (vec![vec![1]], true));
    assert_eq!(due.now[0].load, Load::Move { before: image("A"), after: image("B") });
}

#[test]
fn a_later_write_waits_for_the_one_of_its_record_that_is_on_its_way() {
    let rows =
        [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 900), noted(3, 7, "x"), moved(4, 8, "A", "B", 0)];
    assert_eq!(rows_of(&due(&rows, at(9_000), HOLD, &Held { rows: vec![1], ..Held::default() })), [[4]]);
}

#[test]
fn a_record_keeps_the_order_of_its_writes_and_a_note_ends_the_wait_of_a_move() {
    let rows = [moved(1, 7, "A", "B", 0), noted(2, 7, "it went well"), moved(3, 7, "B", "C", 10)];
    assert_eq!(rows_of(&now(&rows, 20)), [[1]]);
    assert_eq!(rows_of(&now(&rows[1..], 20)), [[2]]);
    assert_eq!(rows_of(&now(&rows[2..], 20)), Vec::<Vec<i64>>::new());
}

#[test]
fn notes_leave_at_once_each_by_itself_and_lost_ones_alone() {
    let mut rows = [noted(1, 7, "one"), noted(2, 7, "two"), noted(3, 8, "three")];
    assert_eq!(rows_of(&now(&rows, 0)), [[1], [2], [3]]);
    rows[0].state = WriteState::Sending;
    let due = now(&rows, 0);
    let lost: Vec<_> = due.now.iter().map(|parcel| (parcel.rows[0], parcel.lost)).collect();
    assert_eq!(lost, [(1, true), (3, false)]);
}

#[test]
fn moves_of_a_deal_that_waits_for_a_decision_wait_too_and_notes_do_not() {
    let mut rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 0), noted(3, 7, "note")];
    rows[0].state = WriteState::Conflict;
    assert_eq!(rows_of(&now(&rows, 9_000)), [[3]]);
}

#[test]
fn what_failed_waits_for_its_time() {
    let rows = [noted(1, 7, "one"), noted(2, 8, "two")];
    let not_before = HashMap::from([(deal(7).id, at(4_000))]);
    let waits = Held { not_before, ..Held::default() };
    let early = due(&rows, at(3_000), HOLD, &waits);
    assert_eq!((early.now[0].rows[0], early.next), (2, Some(at(4_000))));
    assert_eq!(due(&rows, at(4_000), HOLD, &waits).now.len(), 2);
}

#[test]
fn what_was_refused_together_leaves_one_by_one() {
    let rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 0), moved(3, 7, "C", "D", 0)];
    let held = Held { apart: [1, 2].into(), ..Held::default() };
    let first = |rows: &[OutboxRow]| rows_of(&due(rows, at(9_000), HOLD, &held));
    assert_eq!(first(&rows), [[1]]);
    assert_eq!(first(&rows[1..]), [[2]]);
    let mixed = Held { apart: [2].into(), ..Held::default() };
    assert_eq!(rows_of(&due(&rows, at(9_000), HOLD, &mixed)), [[1]]);
}

#[test]
fn a_call_holds_a_hundred_parcels_of_one_kind() {
    let rows: Vec<OutboxRow> =
        (1..=250).map(|no| noted(no, u32::try_from(no).expect("small"), "x")).collect();
    let calls = pack(now(&rows, 0).now, |parcel| (!parcel.lost).then_some(()));
    assert_eq!(calls.iter().map(|(_, call)| call.len()).collect::<Vec<_>>(), [100]);
    let alone = pack(now(&rows[..3], 0).now, |_| None::<()>);
    assert_eq!(alone.len(), 3);
}

#[test]
fn a_lost_note_is_known_by_author_text_and_time() {
    let me: RecordId = "900".parse().expect("id");
    let note = |id: &str, text: &str, author: &str, created: i64| SeenNote {
        id: id.to_owned(),
        text: text.to_owned(),
        author: author.parse().ok(),
        created: Some(at(created)),
    };
    let seen = [
        note("1", "net-45 ok", "901", 1_000_000),
        note("2", "net-45 ok", "900", 500_000),
        note("3", "net-45\r\nok ", "900", 1_000_000),
        note("4", "net-45 ok", "900", 1_010_000),
        note("5", "net-45 ok", "900", 1_020_000),
    ];
    let found = |text: &str, taken: &[&str]| {
        let taken: Vec<String> = taken.iter().map(|id| (*id).to_owned()).collect();
        became(&seen, text, &me, at(1_000_000), &taken).map(|note| note.id.clone())
    };
    assert_eq!(found("net-45 ok", &[]).as_deref(), Some("4"));
    assert_eq!(found("net-45 ok", &["4"]).as_deref(), Some("5"), "the same text twice is two notes");
    assert_eq!(found("net-45\nok", &[]).as_deref(), Some("3"));
    assert_eq!(found("something else", &[]), None);
}
