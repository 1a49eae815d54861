use super::desk::Desk;
use crate::{
    app::{Marks, Place, fixture},
    domain::{DealRow, Module, Row},
    protocol::{Event, JobKey, ListSpec, Request, Rows, Slice, WindowReply},
};

fn marked(desk: &Desk) -> Vec<String> {
    let names = |marks: &Marks| marks.iter().map(|link| link.name.to_string()).collect();
    desk.model.marks().map_or_else(Vec::new, names)
}

fn rows(desk: &Desk, ordinals: std::ops::RangeInclusive<u64>) -> Vec<String> {
    let list = &desk.model.panes.deals;
    let mut rows: Vec<&DealRow> = ordinals.filter_map(|at| list.row(at)).collect();
    rows.sort_by_key(|row| row.id());
    rows.into_iter().map(|row| row.name.to_string()).collect()
}

#[test]
fn space_marks_and_moves_on_and_takes_a_mark_away_again() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space").press("space");
    assert_eq!(marked(&desk), rows(&desk, 0..=1));
    assert_eq!(desk.model.panes.deals.cursor, 2);
    desk.press("k").press("space");
    assert_eq!(marked(&desk), rows(&desk, 0..=0));
    desk.press("g v");
    assert!(!desk.model.has_marks());
}

#[test]
fn a_range_runs_from_v_to_v_in_either_direction() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("j").press("j").press("j").press("v").press("k").press("k");
    assert_eq!(desk.model.range(), Some((1, 3)));
    desk.press("v");
    assert_eq!((desk.model.range(), marked(&desk)), (None, rows(&desk, 1..=3)));
}

#[test]
fn escape_leaves_a_range_and_marks_nothing() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("v").press("j").press("esc");
    assert_eq!((desk.model.range(), desk.model.has_marks()), (None, false));
    assert_eq!(desk.model.trail.here, Place::Deals);
}

#[test]
fn marks_stay_while_a_list_is_sorted_filtered_and_left() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space");
    let marks = marked(&desk);
    desk.press("s n").press("f m").press("r").press("enter").press("esc");
    assert_eq!(desk.model.trail.here, Place::Deals);
    assert_eq!(marked(&desk), marks);
    assert!(desk.model.panes.contacts.rows.is_empty());
    desk.press("g c");
    assert!(!desk.model.has_marks(), "contacts have marks of their own");
}

#[test]
fn a_deal_is_marked_on_the_board_and_in_the_list() {
    let mut desk = Desk::at(fixture::board());
    desk.press("space").press("l").press("space").press("b");
    assert_eq!((desk.model.trail.here.clone(), marked(&desk).len()), (Place::Deals, 2));
}

#[test]
fn a_range_ends_where_its_column_is_left() {
    let mut desk = Desk::at(fixture::board());
    desk.press("v").press("j").press("l").press("h");
    assert_eq!(desk.model.range(), None);
}

#[test]
fn all_rows_of_a_list_in_hand_are_marked_from_memory() {
    let mut desk = Desk::at(fixture::board());
    let cards = desk.model.panes.board.column().expect("a stage").count;
    desk.press("V");
    assert_eq!((desk.jobs(), marked(&desk).len() as u64), (vec![], cards));
}

#[test]
fn rows_that_are_not_in_hand_are_asked_for() {
    let mut desk = Desk::at(fixture::deals());
    let spec = desk.model.panes.deals.spec.clone().expect("a list");
    desk.model.panes.deals.total = Some(41_230);
    desk.press("V");
    let asked = desk.requests().into_iter().find_map(|request| match request {
        Request::Window { list, slice: Slice::Start, len: 1_000 } => Some(list),
        _ => None,
    });
    assert_eq!(asked.as_ref(), Some(&spec));
    let rows = Rows::Deals(fixture::deal_rows());
    let many = fixture::deal_rows().len();
    let window = WindowReply { list: spec, slice: Slice::Start, first: 0, total: 41_230, rows };
    let generation = desk.generation(&JobKey::Marks);
    desk.hear(Event::Window { key: JobKey::Marks, generation, window });
    assert_eq!(desk.model.panes.marks[&Module::Pipelines].len(), many);
    assert_eq!(desk.said(), format!("no more than 1000 can be marked at once; {} are not", 41_230 - many));
}

#[test]
fn a_long_range_asks_for_exactly_its_rows() {
    let mut desk = Desk::at(fixture::deals());
    desk.model.panes.deals.total = Some(5_000);
    desk.press("j").press("v").press("G").press("v");
    let asked = desk.requests().into_iter().find_map(|request| match request {
        Request::Window { list: ListSpec::Deals { .. }, slice: Slice::At(middle), len } => {
            Some((middle - u64::from(len) / 2, len))
        }
        _ => None,
    });
    assert_eq!(asked, Some((1, 1_000)));
}

#[test]
fn marks_that_no_row_shows_are_counted() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space").press("space");
    assert_eq!(desk.model.marks_out_of_sight(), 0);
    let list = &mut desk.model.panes.deals;
    list.rows.remove(0);
    assert_eq!(desk.model.marks_out_of_sight(), 0, "it may be anywhere in the list");
    desk.model.panes.deals.total = Some(32);
    assert_eq!(desk.model.marks_out_of_sight(), 1);
}
