use super::desk::Desk;
use crate::{
    app::{Effect, Load, Place, fixture, input::area, pane::CoqlFocus},
    domain::SafeText,
    protocol::{Event, Failure, JobKey, Request},
};

fn text(desk: &Desk) -> String {
    area::text(&desk.model.panes.coql.editor)
}

fn answer(desk: &mut Desk) {
    let generation = desk.generation(&JobKey::Coql);
    let table = fixture::coql().panes.coql.table.expect("a table");
    desk.hear(Event::Coql { generation, result: Ok(table) });
}

#[test]
fn the_first_query_is_there_and_is_a_good_one() {
    let mut desk = Desk::at(fixture::board());
    desk.press("g q");
    let query = crate::coql::parse(&text(&desk)).expect("a query of the documented grammar");
    crate::coql::check_limits(&query).expect("inside of the documented limits");
    desk.press("f5");
    assert_eq!(desk.requests().last(), Some(&Request::Coql { text: text(&desk) }));
    answer(&mut desk);
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Result);
}

#[test]
fn a_query_is_typed_run_and_walked() {
    let mut desk = Desk::at(fixture::board());
    desk.press("g q");
    for _ in 0..5 {
        desk.press("ctrl-u").press("backspace");
    }
    desk.type_text("select id").press("enter").type_text("from Contacts");
    assert_eq!(text(&desk), "select id\nfrom Contacts");
    desk.press("alt-enter");
    answer(&mut desk);
    desk.press("j").press("l").press("l").press("h");
    assert_eq!((desk.model.panes.coql.row, desk.model.panes.coql.column), (1, 1));
    desk.press("G");
    assert_eq!(desk.model.panes.coql.row, 12);
    desk.press("g g").press("enter");
    assert_eq!(desk.model.trail.here, Place::Record(fixture::northwind()));
    desk.press("J");
    assert!(matches!(&desk.model.trail.here, Place::Record(link) if link.id == fixture::id(1002)));
    desk.press("esc");
    assert_eq!((desk.model.trail.here.clone(), desk.model.panes.coql.row), (Place::Coql, 1));
}

#[test]
fn esc_and_tab_change_between_text_and_result() {
    let mut desk = Desk::at(fixture::coql());
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Editor);
    desk.press("esc").press("g d");
    assert_eq!(desk.model.trail.here, Place::Deals, "every other key works there");
    desk.press("-").press("e").type_text("g");
    assert!(text(&desk).ends_with('g'));
    desk.press("tab").press("tab");
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Editor);
}

#[test]
fn an_error_comes_back_to_its_place_in_the_text() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5");
    let failure = Failure {
        doing: SafeText::new("run the query"),
        what: SafeText::new("Bigin refused it: no field is called Stge"),
        way_on: SafeText::default(),
        retry_at: None,
        span: Some(48..62),
    };
    let generation = desk.generation(&JobKey::Coql);
    desk.hear(Event::Coql { generation, result: Err(failure.clone()) });
    let pane = &desk.model.panes.coql;
    assert_eq!(
        (pane.failure.as_ref(), pane.load, pane.focus),
        (Some(&failure), Load::Ready, CoqlFocus::Editor)
    );
    assert!(pane.table.is_some(), "the last answer stays");
    assert_eq!(pane.editor.cursor().0, 1, "the second line");
}

#[test]
fn a_running_query_is_stopped_and_its_late_answer_dropped() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    desk.press("ctrl-c");
    assert!(desk.effects.contains(&Effect::Cancel(JobKey::Coql)));
    assert_eq!(desk.model.panes.coql.load, Load::Ready);
    let mut table = fixture::coql().panes.coql.table.expect("a table");
    table.credits = 99;
    desk.hear(Event::Coql { generation, result: Ok(table) });
    assert_eq!(desk.model.panes.coql.table.as_ref().map(|table| table.credits), Some(1));
    desk.press("ctrl-c");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit), "twice in a row quits");
}

#[test]
fn old_queries_come_back() {
    let mut desk = Desk::at(fixture::coql());
    let first = text(&desk);
    desk.press("f5").type_text(" --2").press("f5").type_text(" typed");
    let typed = text(&desk);
    desk.press("alt-up");
    assert_eq!(text(&desk), format!("{first} --2"));
    desk.press("alt-up").press("alt-up");
    assert_eq!(text(&desk), first);
    desk.press("alt-down").press("alt-down");
    assert_eq!(text(&desk), typed, "what was being typed is not lost");
}

#[test]
fn the_text_of_the_console_is_kept() {
    let mut desk = Desk::at(fixture::coql());
    desk.type_text("x").wait(400);
    assert!(
        desk.requests()
            .iter()
            .any(|r| matches!(r, Request::SaveDraft { draft: crate::protocol::DraftKey::Coql, .. }))
    );
}

#[test]
fn an_empty_query_is_not_run() {
    let mut desk = Desk::at(fixture::coql());
    desk.model.panes.coql.editor = area::with(" \n ");
    desk.press("f5");
    assert_eq!(desk.said(), "Run the query: there is no query to run");
    assert!(desk.requests().is_empty());
}
