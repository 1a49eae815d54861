use super::*;
use crate::{
    domain::Module,
    protocol::OutboxState,
    store::{
        Place,
        keep::{MoveImage, Trouble, WriteState},
    },
};

fn deal(number: u64) -> Link {
    Link {
        module: Module::Pipelines,
        id: number.to_string().parse().expect("id"),
        name: SafeText::new("Northwind renewal"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("time")
}

fn keep() -> Keep {
    Keep::open(&Place::Memory).expect("open")
}

fn moved(from: &str, to: &str) -> WriteBody {
    let image = |stage: &str| MoveImage {
        stage: stage.to_owned(),
        amount: None,
        closing: None,
        clears: crate::store::keep::Clears::NONE,
    };
    WriteBody::Move { before: image(from), after: image(to) }
}

fn new(write: WriteId, number: u64, from: &str, to: &str) -> NewWrite {
    NewWrite { write, record: deal(number), body: moved(from, to), based_on: None }
}

fn act(keep: &mut Keep, write: WriteId, from: &str, to: &str) -> i64 {
    keep.act(&[new(write, 1, from, to)], at(1)).expect("act")[0]
}

fn next(keep: &Keep, turn: Undoing) -> Option<i64> {
    keep.next_action(turn).expect("read").map(|action| action.no)
}

fn turn(keep: &mut Keep, turn: Undoing) {
    let action = keep.next_action(turn).expect("read").expect("an action");
    let unsent = keep.unsent_of(action.no, &deal(1)).expect("read");
    let back = [new(90, 1, "b", "a")];
    let writes = if unsent.is_some() { &[][..] } else { &back[..] };
    keep.turn(action.no, turn, unsent.as_slice(), writes, at(5)).expect("turn");
}

#[test]
fn actions_are_undone_from_the_last_and_redone_in_their_order() {
    let mut keep = keep();
    for (write, (from, to)) in (1..).zip([("a", "b"), ("b", "c"), ("c", "d")]) {
        act(&mut keep, write, from, to);
    }
    assert_eq!((next(&keep, Undoing::Undo), next(&keep, Undoing::Redo)), (Some(3), None));
    turn(&mut keep, Undoing::Undo);
    turn(&mut keep, Undoing::Undo);
    assert_eq!((next(&keep, Undoing::Undo), next(&keep, Undoing::Redo)), (Some(1), Some(2)));
    turn(&mut keep, Undoing::Redo);
    assert_eq!((next(&keep, Undoing::Undo), next(&keep, Undoing::Redo)), (Some(2), Some(3)));
    act(&mut keep, 4, "c", "e");
    assert_eq!(next(&keep, Undoing::Redo), None, "something else was done since");
    turn(&mut keep, Undoing::Undo);
    assert_eq!(next(&keep, Undoing::Undo), Some(2), "what was undone stays undone");
}

#[test]
fn what_has_not_left_is_taken_out_with_its_history() {
    let mut keep = keep();
    act(&mut keep, 1, "a", "b");
    turn(&mut keep, Undoing::Undo);
    assert_eq!(keep.outbox_state().expect("state"), OutboxState::default());
    assert_eq!(keep.history(&deal(1), 9).expect("history"), []);
    assert_eq!(next(&keep, Undoing::Redo), Some(1), "it can be done all the same");
}

#[test]
fn an_action_over_several_records_is_one() {
    let mut keep = keep();
    let writes: Vec<NewWrite> = (1..=3).map(|number| new(number, number, "a", "b")).collect();
    let rows = keep.act(&writes, at(1)).expect("act");
    let action = keep.next_action(Undoing::Undo).expect("read").expect("an action");
    assert_eq!(
        action.steps.iter().map(|(record, _)| record.clone()).collect::<Vec<_>>(),
        [1, 2, 3].map(deal)
    );
    let out = keep.turn(action.no, Undoing::Undo, &rows, &[], at(2)).expect("turn");
    assert_eq!(out.iter().map(|row| row.write).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((next(&keep, Undoing::Undo), next(&keep, Undoing::Redo)), (None, Some(action.no)));
}

#[test]
fn actions_survive_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("keep.sqlite"));
    let mut first = Keep::open(&place).expect("open");
    let no = act(&mut first, 1, "a", "b");
    first.confirm(&[(&[no], None)], at(2)).expect("confirm");
    drop(first);
    let again = Keep::open(&place).expect("again");
    let action = again.next_action(Undoing::Undo).expect("read").expect("an action");
    assert_eq!(action.steps, [(deal(1), moved("a", "b"))]);
    assert_eq!(again.unsent_of(action.no, &deal(1)).expect("read"), None);
}

#[test]
fn what_never_happened_cannot_be_undone() {
    let trouble = Trouble { what: "no".to_owned(), way_on: String::new() };
    let mut keep = keep();
    let cancelled = act(&mut keep, 1, "a", "b");
    keep.cancel(cancelled, at(2)).expect("cancel").expect("a row");
    assert_eq!(next(&keep, Undoing::Undo), None);

    act(&mut keep, 2, "a", "b");
    let row = keep.outbox().expect("rows").remove(0);
    keep.begin(&[row.no]).expect("begin");
    keep.refuse(&row, &trouble, at(3)).expect("refuse");
    assert_eq!(keep.turns().expect("turns"), Turns::default());
}

#[test]
fn an_undo_that_is_refused_leaves_the_action_done() {
    let trouble = Trouble { what: "no".to_owned(), way_on: String::new() };
    let mut keep = keep();
    let no = act(&mut keep, 1, "a", "b");
    keep.begin(&[no]).expect("begin");
    keep.confirm(&[(&[no], None)], at(2)).expect("confirm");
    turn(&mut keep, Undoing::Undo);
    assert_eq!(keep.turns().expect("turns"), Turns { undo: false, redo: true });
    let row = keep.outbox().expect("rows").remove(0);
    assert_eq!((row.write, row.state), (90, WriteState::Written));
    keep.begin(&[row.no]).expect("begin");
    keep.refuse(&row, &trouble, at(3)).expect("refuse");
    assert_eq!(keep.turns().expect("turns"), Turns { undo: true, redo: false });
}
