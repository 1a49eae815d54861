use serde_json::json;

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
    MoveImage { stage: stage.to_owned(), amount: None, closing: None }
}

fn moved(no: i64, of: u32, from: &str, to: &str, when: i64) -> OutboxRow {
    OutboxRow {
        no,
        write: no.unsigned_abs() * 10,
        state: WriteState::Written,
        record: deal(of),
        body: WriteBody::Move { before: image(from), after: image(to) },
        intent: at(when),
    }
}

fn noted(no: i64, of: u32, text: &str) -> OutboxRow {
    OutboxRow { body: WriteBody::Note { text: text.to_owned() }, ..moved(no, of, "", "", 0) }
}

fn now(rows: &[OutboxRow], milliseconds: i64) -> Due {
    due(rows, at(milliseconds), HOLD, &[], &HashMap::new())
}

#[test]
fn quick_moves_of_a_deal_leave_as_one() {
    let rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 500)];
    let early = now(&rows, 900);
    assert_eq!((early.now.len(), early.next), (0, Some(at(1_300))));
    let late = now(&rows, 1_300);
    assert_eq!(late.now.len(), 1);
    assert_eq!(late.now[0].writes, [10, 20]);
    assert_eq!(late.now[0].load, Load::Move(json!({"Stage": "C"}).as_object().expect("object").clone()));
}

#[test]
fn a_deal_that_came_back_needs_no_call() {
    let rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "A", 500)];
    assert_eq!(now(&rows, 5_000).now[0].load, Load::Move(Map::new()));
    let mut lost = rows;
    lost[0].state = WriteState::Sending;
    let due = now(&lost, 600);
    assert_eq!(due.now[0].load, Load::Move(json!({"Stage": "A"}).as_object().expect("object").clone()));
}

#[test]
fn only_what_changes_is_sent_and_amounts_are_numbers() {
    let mut row = moved(1, 7, "A", "B", 0);
    row.body = WriteBody::Move {
        before: MoveImage { amount: Some(5.into()), closing: Some("2026-09-25".to_owned()), ..image("A") },
        after: MoveImage {
            amount: "18250.5".parse().ok(),
            closing: Some("2026-09-25".to_owned()),
            ..image("B")
        },
    };
    let expected = json!({"Stage": "B", "Amount": 18250.5});
    assert_eq!(now(&[row], 5_000).now[0].load, Load::Move(expected.as_object().expect("object").clone()));
}

#[test]
fn a_later_move_waits_for_the_one_on_its_way() {
    let rows = [moved(1, 7, "A", "B", 0), moved(2, 7, "B", "C", 900), moved(3, 8, "A", "B", 0)];
    let due = due(&rows, at(9_000), HOLD, &[1], &HashMap::new());
    assert_eq!(due.now.iter().map(|parcel| parcel.rows.clone()).collect::<Vec<_>>(), [[3]]);
}

#[test]
fn notes_leave_at_once_each_by_itself_and_lost_ones_are_marked() {
    let mut rows = [noted(1, 7, "one"), noted(2, 7, "two")];
    rows[0].state = WriteState::Sending;
    let due = now(&rows, 0);
    assert_eq!(
        due.now.iter().map(|parcel| (parcel.rows[0], parcel.lost)).collect::<Vec<_>>(),
        [(1, true), (2, false)]
    );
}

#[test]
fn what_failed_waits_for_its_time() {
    let rows = [noted(1, 7, "one"), noted(2, 8, "two")];
    let waits = HashMap::from([(deal(7).id, at(4_000))]);
    let early = due(&rows, at(3_000), HOLD, &[], &waits);
    assert_eq!((early.now[0].rows[0], early.next), (2, Some(at(4_000))));
    assert_eq!(due(&rows, at(4_000), HOLD, &[], &waits).now.len(), 2);
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
