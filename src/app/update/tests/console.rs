use super::{answers::console_answer, desk::Desk};
use crate::{
    app::{Effect, Load, Place, fixture, pane::CoqlFocus},
    coql::Fix,
    domain::SafeText,
    protocol::{Answer, Cut, Event, Failure, Guard, JobKey, Request, Spot, Standing},
};

fn text(desk: &Desk) -> String {
    desk.model.panes.coql.editor.text()
}

/// The run is answered, and its first rows come.
fn answer(desk: &mut Desk) {
    let generation = desk.generation(&JobKey::Coql);
    desk.hear(Event::Coql { generation, result: Ok(Box::new(console_answer(generation))) });
    rows(desk);
}

fn rows(desk: &mut Desk) {
    for job in desk.jobs() {
        if matches!(job.request, Request::CoqlRows { .. }) {
            desk.hear(super::answers::answer(&job, true).expect("rows"));
        }
    }
}

/// The statement that was sent last.
fn asked(desk: &mut Desk) -> String {
    let mut questions = desk.requests().into_iter().rev().filter_map(|request| match request {
        Request::Coql(question) => Some(question.text),
        _ => None,
    });
    questions.next().expect("a question")
}

#[test]
fn the_first_query_is_there_and_is_a_good_one() {
    let mut desk = Desk::at(fixture::board());
    desk.press("g q");
    let query = crate::coql::parse(&text(&desk)).expect("a query of the documented grammar");
    crate::coql::check_limits(&query).expect("inside of the documented limits");
    desk.press("f5");
    assert_eq!(asked(&mut desk), text(&desk));
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
    let results = &desk.model.panes.coql.results;
    assert_eq!((results.rows.cursor, results.column), (1, 1));
    desk.press("G");
    assert_eq!(desk.model.panes.coql.results.rows.cursor, 12);
    desk.press("g g").press("enter");
    assert_eq!(desk.model.trail.here, Place::Record(fixture::northwind()));
    desk.press("J");
    assert!(matches!(&desk.model.trail.here, Place::Record(link) if link.id == fixture::id(1002)));
    desk.press("esc");
    assert_eq!((desk.model.trail.here.clone(), desk.model.panes.coql.results.rows.cursor), (Place::Coql, 1));
}

#[test]
fn esc_and_tab_change_between_text_and_result() {
    let mut desk = Desk::at(fixture::coql());
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Editor);
    desk.press("esc").press("g d");
    assert_eq!(desk.model.trail.here, Place::Deals, "every other key works there");
    desk.press("-").press("e").type_text("g");
    assert!(text(&desk).ends_with('g'));
    desk.press("backtab").press("tab");
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
        spot: Some(Box::new(Spot { span: 48..62, fix: None })),
    };
    let generation = desk.generation(&JobKey::Coql);
    desk.hear(Event::Coql { generation, result: Err(failure.clone()) });
    let pane = &desk.model.panes.coql;
    assert_eq!(
        (pane.run.failure.as_ref(), pane.run.load, pane.focus),
        (Some(&failure), Load::Ready, CoqlFocus::Editor)
    );
    assert!(pane.results.answer.is_some(), "the last answer stays");
    assert_eq!(pane.editor.area.cursor().0, 1, "the second line");
}

#[test]
fn a_running_query_is_stopped_and_its_late_answer_dropped() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    desk.press("ctrl-c");
    assert!(desk.effects.contains(&Effect::Cancel(JobKey::Coql)));
    assert_eq!(desk.model.panes.coql.run.load, Load::Ready);
    desk.hear(Event::Coql { generation, result: Ok(Box::new(console_answer(99))) });
    assert_eq!(desk.model.panes.coql.results.newest().map(|answer| answer.id), Some(0));
    desk.press("ctrl-c");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit), "twice in a row quits");
}

#[test]
fn esc_stops_what_runs_and_leaves_the_text_alone() {
    let mut desk = Desk::at(fixture::coql());
    desk.type_text(" --").press("f5");
    let typed = text(&desk);
    desk.effects.clear();
    desk.press("esc");
    assert!(desk.effects.contains(&Effect::Cancel(JobKey::Coql)));
    let pane = &desk.model.panes.coql;
    assert_eq!((pane.run.load, pane.focus), (Load::Ready, CoqlFocus::Editor), "one level at a time");
    desk.press("esc");
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Result);

    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    desk.hear(Event::CoqlProgress { generation, rows: 200, expected: Some(900), credits: 1 });
    desk.effects.clear();
    desk.press("esc");
    assert_eq!(desk.requests(), [Request::CoqlStop], "what has come is shown");
    desk.press("esc").press("esc");
    assert_eq!((desk.model.trail.here.clone(), text(&desk)), (Place::Coql, typed));
}

#[test]
fn esc_closes_the_list_of_completions_before_it_stops_a_run() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5").type_text(" and S");
    assert!(desk.model.panes.coql.popup.is_some());
    desk.effects.clear();
    desk.press("esc");
    assert!(desk.model.panes.coql.popup.is_none() && desk.model.panes.coql.run.is_running());
    desk.press("esc");
    assert!(desk.effects.contains(&Effect::Cancel(JobKey::Coql)));
}

#[test]
fn a_refusal_is_put_right_by_a_key_at_its_place() {
    let mut desk = Desk::at(fixture::coql());
    desk.model.panes.coql.editor.set("select id from Deals;\n\nselect Amount, id from Deals limit 9");
    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    let fix = Fix::replace(7..15, "");
    let spot = Some(Box::new(Spot { span: 7..13, fix: Some(fix) }));
    let failure = Failure { spot, ..super::answers::failure("Bigin has no Amount") };
    desk.hear(Event::Coql { generation, result: Err(failure) });
    desk.press("f3");
    assert_eq!(text(&desk), "select id from Deals;\n\nselect id from Deals limit 9");
    desk.press("f3");
    assert!(desk.said().contains("nothing that one key puts right"), "{}", desk.said());
    desk.press("f5");
    assert_eq!(asked(&mut desk), "select id from Deals limit 9");
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
    desk.model.panes.coql.editor.set(" \n ");
    desk.press("f5");
    assert_eq!(desk.said(), "Run the query: there is no query to run");
    assert!(desk.requests().is_empty());
}

#[test]
fn of_several_statements_the_one_under_the_cursor_is_run() {
    let mut desk = Desk::at(fixture::coql());
    desk.model.panes.coql.editor.set("select id from Deals;\nselect id from Contacts;");
    desk.press("f5");
    assert_eq!(asked(&mut desk), "select id from Contacts");
    answer(&mut desk);
    desk.press("e").press("up").press("f5");
    assert_eq!(asked(&mut desk), "select id from Deals");
}

#[test]
fn what_came_before_a_query_was_stopped_is_shown_and_gone_on_with() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    desk.hear(Event::CoqlProgress { generation, rows: 200, expected: Some(900), credits: 1 });
    assert_eq!(desk.model.panes.coql.run.progress.map(|progress| progress.rows), Some(200));
    desk.effects.clear();
    desk.press("ctrl-c");
    assert_eq!(desk.requests(), [Request::CoqlStop]);
    let stopped = desk.generation(&JobKey::Coql);
    let cut = Answer { standing: Standing::Cut(Cut::Stopped), ..console_answer(generation) };
    desk.hear(Event::Coql { generation: stopped, result: Ok(Box::new(cut)) });
    rows(&mut desk);
    assert_eq!(desk.model.panes.coql.results.answer.as_ref().map(|answer| answer.id), Some(generation));
    desk.press("f8");
    assert_eq!(desk.requests(), [Request::CoqlResume(Guard::OFF)]);
    answer(&mut desk);
    desk.press("f8");
    assert!(desk.said().ends_with("nothing is missing of the answer"), "{}", desk.said());
}

#[test]
fn rows_that_come_later_leave_the_cursor_where_it_is() {
    let mut desk = Desk::at(fixture::coql());
    desk.press("f5");
    let generation = desk.generation(&JobKey::Coql);
    let part = Answer { standing: Standing::Running, total: 5, ..console_answer(generation) };
    desk.hear(Event::Coql { generation, result: Ok(Box::new(part)) });
    rows(&mut desk);
    desk.press("j").press("j").press("l");
    desk.hear(Event::Coql { generation, result: Ok(Box::new(console_answer(generation))) });
    rows(&mut desk);
    let results = &desk.model.panes.coql.results;
    assert_eq!((results.rows.cursor, results.column, results.rows.total), (2, 1, Some(13)));
    assert_eq!(results.rows.load, Load::Ready);
}
