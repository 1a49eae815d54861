use super::*;
use crate::{
    app::fixture,
    domain::{NoteRow, SafeText},
};

const HEIGHT: u16 = 10;

fn rows(ordinals: std::ops::Range<u64>) -> Vec<NoteRow> {
    let row = |n: u64| NoteRow {
        id: fixture::id(n),
        parent: None,
        title: SafeText::default(),
        preview: SafeText::default(),
        author: SafeText::default(),
        at: fixture::now(),
        pending: false,
    };
    ordinals.map(row).collect()
}

fn list(total: u64, window: std::ops::Range<u64>) -> List<NoteRow> {
    let mut list = List::default();
    list.take(&Slice::At(window.start), window.start, total, rows(window), HEIGHT);
    list
}

#[test]
fn a_key_inside_the_window_asks_for_nothing() {
    let mut list = list(10_000, 0..100);
    list.go_to(5);
    assert_eq!(list.wants(HEIGHT), None);
}

#[test]
fn more_rows_are_asked_for_before_the_edge_is_reached() {
    let mut list = list(10_000, 0..100);
    list.go_to(75);
    assert_eq!(list.wants(HEIGHT), Some(Slice::After { id: fixture::id(99), ordinal: 99 }));
    list.take(&Slice::After { id: fixture::id(99), ordinal: 99 }, 100, 10_000, rows(100..180), HEIGHT);
    assert_eq!(list.wants(HEIGHT), None);
    assert_eq!(list.selected().map(|row| row.id.clone()), Some(fixture::id(75)));
}

#[test]
fn the_window_stays_small_while_one_scrolls_down_and_up_again() {
    let mut list = list(10_000, 0..80);
    let step = u64::from(reach(HEIGHT));
    for cursor in 0..2_000 {
        list.go_to(cursor);
        if let Some(slice @ Slice::After { ordinal, .. }) = list.wants(HEIGHT) {
            list.take(&slice, ordinal + 1, 10_000, rows(ordinal + 1..ordinal + 1 + step), HEIGHT);
        }
        assert!(list.selected().is_some() && list.rows.len() <= 3 * step as usize);
    }
    for cursor in (0..2_000).rev() {
        list.go_to(cursor);
        if let Some(slice @ Slice::Before { ordinal, .. }) = list.wants(HEIGHT) {
            let from = ordinal.saturating_sub(step);
            list.take(&slice, from, 10_000, rows(from..ordinal), HEIGHT);
        }
        assert!(list.selected().is_some() && list.rows.len() <= 4 * step as usize);
    }
}

#[test]
fn rows_that_do_not_join_are_not_taken() {
    let mut list = list(10_000, 0..100);
    list.go_to(75);
    list.take(&Slice::After { id: fixture::id(99), ordinal: 99 }, 100, 9_990, rows(100..180), HEIGHT);
    assert_eq!(list.selected().map(|row| row.id.clone()), Some(fixture::id(75)), "the screen stays");
    assert_eq!(list.wants(HEIGHT), Some(Slice::Around { id: fixture::id(75) }));
}

#[test]
fn a_jump_to_the_end_asks_for_the_end() {
    let mut list = list(10_000, 0..100);
    list.go_to(u64::MAX);
    assert_eq!(list.cursor, 9_999);
    assert_eq!(list.wants(HEIGHT), Some(Slice::End));
    list.go_to(0);
    assert_eq!(list.wants(HEIGHT), None);
}

#[test]
fn a_refresh_keeps_the_record_under_the_cursor_and_its_place_on_the_screen() {
    let mut list = list(100, 0..100);
    list.go_to(50);
    list.keep_in_view(HEIGHT);
    list.load = Load::Idle;
    assert_eq!(list.wants(HEIGHT), Some(Slice::Around { id: fixture::id(50) }));
    let mut fresh = rows(200..203);
    fresh.extend(rows(0..100));
    list.take(&Slice::Around { id: fixture::id(50) }, 0, 103, fresh, HEIGHT);
    assert_eq!((list.cursor, list.top), (53, 44), "three rows came before it");
}

#[test]
fn a_record_can_be_waited_for() {
    let mut list = list(10_000, 0..50);
    list.follow(&fixture::id(7_000));
    assert_eq!(list.wants(HEIGHT), Some(Slice::Around { id: fixture::id(7_000) }));
    list.take(&Slice::Around { id: fixture::id(7_000) }, 6_990, 10_000, rows(6_990..7_020), HEIGHT);
    assert_eq!((list.cursor, list.top), (7_000, 6_995), "in the middle of the screen");
    assert_eq!(list.follow, None);
}

#[test]
fn another_order_begins_at_its_first_row() {
    let mut list = list(100, 50..100);
    list.go_to(70);
    let spec = ListSpec::Notes { text: "x".to_owned() };
    list.show(spec);
    assert!(!list.rows.is_empty(), "the old rows stay on the screen");
    assert_eq!(list.wants(HEIGHT), Some(Slice::Start));
    list.take(&Slice::Start, 0, 100, rows(0..100).into_iter().rev().collect(), HEIGHT);
    assert_eq!((list.cursor, list.top), (0, 0));
}

#[test]
fn a_list_that_shrinks_keeps_cursor_and_viewport_inside() {
    let mut list = list(100, 0..100);
    list.go_to(99);
    list.keep_in_view(HEIGHT);
    list.take(&Slice::Around { id: fixture::id(99) }, 0, 4, rows(0..4), HEIGHT);
    list.keep_in_view(HEIGHT);
    assert_eq!((list.cursor, list.top), (3, 0));
}

#[test]
fn what_failed_is_asked_again_only_after_a_movement() {
    let mut list = list(100, 0..20);
    list.go_to(19);
    list.load = Load::Failed;
    assert_eq!(list.wants(HEIGHT), None);
    list.go_to(18);
    assert!(list.wants(HEIGHT).is_some());
}

#[test]
fn a_row_that_was_asked_for_before_the_list_is_known_is_gone_to_when_it_is() {
    for (asked, cursor) in [(29, 29), (u64::MAX, 102)] {
        let mut list = List::<NoteRow>::default();
        list.show(ListSpec::Notes { text: String::new() });
        list.jump_to(asked);
        list.keep_in_view(HEIGHT);
        list.take(&Slice::Start, 0, 103, rows(0..60), HEIGHT);
        assert_eq!(list.cursor, cursor);
        assert!((list.top..list.top + u64::from(HEIGHT)).contains(&cursor));
        list.take(&Slice::Start, 0, 103, rows(0..60), HEIGHT);
        assert_eq!(list.cursor, cursor, "it is gone to once");
    }
    // Another movement takes it back.
    let mut list = List::<NoteRow>::default();
    list.show(ListSpec::Notes { text: String::new() });
    list.jump_to(29);
    list.go_to(0);
    list.take(&Slice::Start, 0, 103, rows(0..60), HEIGHT);
    assert_eq!(list.cursor, 0);
}
