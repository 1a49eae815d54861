use super::{answers::answer, desk::Desk};
use crate::{
    app::{CLIPBOARD, Effect, Place, actions::Action, fixture, overlay::Overlay, pane::CoqlFocus},
    protocol::{
        AnswerCopy, AnswerOrder, AnswerView, Event, ExportFormat, ExportState, JobKey, QuerySource, Request,
        Standing, Turn,
    },
};

/// The console with an answer that has the keys.
fn desk() -> Desk {
    let mut desk = Desk::at(fixture::coql());
    desk.press("esc");
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Result);
    desk.jobs();
    desk
}

/// What keys make happen.
fn pressed(desk: &mut Desk, keys: &str) -> Vec<Effect> {
    desk.effects.clear();
    desk.press(keys);
    std::mem::take(&mut desk.effects)
}

/// Answers everything that is asked until nothing is.
fn settle(desk: &mut Desk) {
    for _ in 0..20 {
        let jobs = desk.jobs();
        if jobs.is_empty() {
            return;
        }
        for job in jobs {
            if let Some(event) = answer(&job, true) {
                desk.hear(event);
            }
        }
    }
    unreachable!("it goes on asking");
}

fn turns(desk: &mut Desk) -> Vec<Turn> {
    let turns = desk.requests().into_iter().filter_map(|request| match request {
        Request::CoqlTurn { turn, .. } => Some(turn),
        _ => None,
    });
    turns.collect()
}

#[test]
fn a_cell_leads_to_other_statements() {
    for (keys, turn) in [
        ("F", Turn::Frequency { column: 1 }),
        ("=", Turn::Totals { column: 1 }),
        ("@", Turn::Like { row: 1, column: 1, keep: true }),
        ("f l", Turn::Like { row: 1, column: 1, keep: true }),
        ("f u", Turn::Like { row: 1, column: 1, keep: false }),
    ] {
        let mut desk = desk();
        desk.press("j").press("l").press(keys);
        assert_eq!(turns(&mut desk), [turn], "{keys}");
    }
}

#[test]
fn enter_opens_a_record_and_goes_behind_a_group() {
    let mut desk = desk();
    desk.press("enter");
    assert!(matches!(desk.model.trail.here, Place::Record(_)));
    let mut desk = Desk::at(fixture::grouped());
    desk.jobs();
    desk.press("j").press("enter");
    assert_eq!(turns(&mut desk), [Turn::Behind { row: 1 }]);
}

#[test]
fn what_follows_is_run_and_esc_goes_back_to_the_answer_as_it_was_left() {
    let mut desk = desk();
    let text = desk.model.panes.coql.editor.text();
    desk.press("s d");
    settle(&mut desk);
    desk.press("j").press("j").press("l").press("F");
    let before = desk.model.panes.coql.results.clone();
    settle(&mut desk);
    let results = &desk.model.panes.coql.results;
    assert_ne!(
        results.answer.as_ref().map(|answer| answer.id),
        before.answer.as_ref().map(|answer| answer.id)
    );
    assert_eq!((results.rows.cursor, results.order, results.earlier.len()), (0, None, 1));
    assert_eq!(desk.model.panes.coql.editor.text(), text, "what is typed is the user's");
    assert!(Action::OutOf.availability(&desk.model).reason().is_none());
    desk.press("esc");
    settle(&mut desk);
    let results = &desk.model.panes.coql.results;
    let back = results.answer.as_ref().expect("an answer");
    assert_eq!(Some(back.id), before.answer.as_ref().map(|answer| answer.id));
    assert_eq!((results.rows.cursor, results.column, results.order), (2, 1, before.order));
    assert!(Action::OutOf.availability(&desk.model).reason().is_some());
}

#[test]
fn a_statement_that_fails_leaves_the_way_back() {
    let mut desk = desk();
    desk.press("F");
    let job = desk.jobs().pop().expect("a job");
    desk.hear(answer(&job, true).expect("a statement"));
    let generation = desk.generation(&JobKey::Coql);
    let failure = super::answers::failure("no permission");
    desk.hear(Event::Coql { generation, result: Err(failure) });
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Result);
    assert!(desk.model.panes.coql.run.failure.is_some());
    desk.press("esc");
    assert!(desk.model.panes.coql.run.failure.is_none());
    assert!(desk.model.panes.coql.results.is_settled());
}

#[test]
fn sorting_asks_for_the_same_rows_in_another_order_and_for_no_run() {
    let mut desk = desk();
    desk.press("l").press("s d");
    let order = AnswerOrder { column: 1, descending: true };
    let requests = desk.requests();
    assert!(requests.iter().all(|request| !matches!(request, Request::Coql(_))));
    let asked =
        |request: &Request| matches!(request, Request::CoqlRows { view, .. } if view.order == Some(order));
    assert!(requests.iter().any(asked), "{requests:?}");
    assert_eq!(Action::FrequencyCoql.availability(&desk.model).reason(), Some("the rows are on their way"));
    assert_eq!(Action::SortNoneCoql.availability(&desk.model).reason(), None);
}

#[test]
fn columns_become_wider_and_narrower() {
    let mut desk = desk();
    desk.press("l").press(">").press(">").press("<");
    assert_eq!(desk.model.panes.coql.results.widths.get(&1), Some(&4));
}

#[test]
fn a_file_is_written_behind_and_can_be_given_up() {
    let mut desk = desk();
    desk.press("x").press("down");
    let Some(Overlay::Export(dialog)) = &desk.model.overlay else { unreachable!("a dialog") };
    assert_eq!((dialog.format, dialog.path.text.as_str()), (ExportFormat::Tsv, "bigin-2026-09-24.tsv"));
    desk.press("enter");
    let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Export).expect("a job");
    let (key, generation) = (job.key.clone(), job.generation);
    desk.hear(Event::Export { generation, state: ExportState::Writing { done: 5, total: 13 } });
    assert_eq!(desk.model.panes.coql.writing.as_ref().map(|writing| writing.done), Some(5));
    let effects = pressed(&mut desk, "ctrl-c");
    assert!(effects.contains(&Effect::Cancel(key)), "{effects:?}");
    assert!(desk.model.panes.coql.writing.is_none());
    let late = ExportState::Written { path: "x".into(), rows: 13, bytes: 9 };
    desk.hear(Event::Export { generation, state: late });
    assert!(matches!(desk.model.overlay, Some(Overlay::Export(_))), "an older word is not heard");
}

#[test]
fn a_file_that_is_there_is_replaced_by_a_second_press_only() {
    let mut desk = desk();
    desk.press("x").press("enter");
    let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Export).expect("a job");
    assert!(matches!(job.request, Request::Export { replace: false, .. }));
    desk.hear(answer(&job, false).expect("it is there"));
    desk.press("enter");
    let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Export).expect("a job");
    assert!(matches!(job.request, Request::Export { replace: true, .. }));
    desk.hear(answer(&job, true).expect("it is written"));
    assert!(desk.model.overlay.is_none());
    assert!(desk.model.notice().is_some_and(|notice| notice.text.as_str().contains("wrote 13 rows")));
}

#[test]
fn a_query_of_the_history_comes_into_the_editor_and_what_was_there_can_be_brought_back() {
    let mut desk = desk();
    let before = desk.model.panes.coql.editor.text();
    desk.press("ctrl-r").type_text("Stage");
    settle(&mut desk);
    desk.press("enter");
    assert_eq!(desk.model.panes.coql.editor.text(), fixture::runs()[0].text);
    assert_eq!(desk.model.panes.coql.focus, CoqlFocus::Editor);
    desk.press("alt-up");
    assert_eq!(desk.model.panes.coql.editor.text(), before);
}

#[test]
fn a_saved_query_is_found_by_letters_and_run() {
    let mut desk = desk();
    desk.press("f12");
    settle(&mut desk);
    desk.type_text("won").press("f5");
    let ran = desk.requests().into_iter().any(|request| matches!(request, Request::Coql(_)));
    assert!(ran && desk.model.overlay.is_none());
    assert_eq!(desk.model.panes.coql.editor.text(), fixture::saved()[2].text);
}

#[test]
fn a_query_is_saved_under_a_name() {
    let mut desk = desk();
    desk.press("f9").type_text("late-ones").press("enter");
    let job = desk.jobs().pop().expect("a job");
    let text = desk.model.panes.coql.editor.text();
    let asked = Request::SaveQuery { name: "late-ones".to_owned(), text, replace: false };
    assert_eq!(job.request, asked);
    desk.hear(answer(&job, false).expect("it is there"));
    desk.press("enter");
    let job = desk.jobs().pop().expect("a job");
    assert!(matches!(job.request, Request::SaveQuery { replace: true, .. }));
    desk.hear(answer(&job, true).expect("it is saved"));
    assert!(desk.model.overlay.is_none());
}

#[test]
fn cells_rows_and_tables_are_copied() {
    let mut desk = Desk::at(fixture::grouped());
    desk.jobs();
    let copied = |desk: &mut Desk, keys: &str| {
        let effects = pressed(desk, keys);
        effects.into_iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        })
    };
    assert_eq!(copied(&mut desk, "y v").as_deref(), Some("214900"));
    assert_eq!(copied(&mut desk, "y r").as_deref(), Some("Proposal\t11\t214900"));
    let answer = desk.model.panes.coql.results.answer.as_ref().expect("an answer");
    assert_eq!((answer.source, &answer.standing), (QuerySource::Mirror(12), &Standing::Complete));
}

#[test]
fn a_deal_of_the_answer_is_moved_and_noted() {
    let mut desk = desk();
    assert_eq!(
        desk.model.current_deal().map(|deal| deal.id.clone()),
        desk.model.current().map(|link| link.id)
    );
    desk.press("L");
    desk.wait(2_000);
    let moved = desk.requests().into_iter().find_map(|request| match request {
        Request::MoveDeals(changes) => Some(changes[0].deal.clone()),
        _ => None,
    });
    assert_eq!(moved, desk.model.panes.coql.results.link().cloned());
    desk.press("n");
    assert!(matches!(desk.model.overlay, Some(Overlay::Note(_))));
}

#[test]
fn a_deal_is_moved_from_its_row_at_once_and_its_row_is_read_anew() {
    let mut desk = desk();
    let stage = |desk: &Desk| desk.model.current_deal().expect("a deal").stage.clone();
    assert_eq!(stage(&desk), "Proposal");
    desk.press("L");
    let next = stage(&desk);
    assert_ne!(next, "Proposal");
    desk.press("L");
    assert_ne!(stage(&desk), next, "the next press goes on from there");
    desk.effects.clear();
    desk.hear(Event::Changed);
    let asks = |request: &Request| matches!(request, Request::CoqlRows { .. });
    assert_eq!(desk.requests().iter().filter(|request| asks(request)).count(), 1);
    desk.hear(Event::Changed);
    assert!(!desk.requests().iter().any(asks), "one request at a time");
}

#[test]
fn the_keys_of_a_row_stay_as_they_are_while_the_cursor_moves() {
    let mut desk = desk();
    let hints = |desk: &Desk| crate::app::actions::footer(&desk.model);
    let before = hints(&desk);
    assert!(before.iter().any(|hint| hint.label == "move stage" && hint.usable));
    desk.press("j");
    assert_eq!(hints(&desk), before);
    assert_eq!(desk.requests(), [], "the row has what its keys need");
    settle(&mut desk);
    assert_eq!(hints(&desk), before);
}

#[test]
fn a_deal_that_the_mirror_has_not_yet_is_asked_for() {
    let mut desk = desk();
    let rows = &mut desk.model.panes.coql.results.rows.rows;
    rows[1].deal = None;
    let link = rows[1].link.clone().expect("a record");
    desk.press("j");
    let asked = desk.jobs().into_iter().find(|job| job.key == JobKey::Peek).expect("a request");
    assert_eq!(asked.request, Request::Detail { module: link.module, id: link.id, fresh: false });
    assert_eq!(desk.model.current_deal(), None);
    desk.hear(answer(&asked, true).expect("an answer"));
    assert!(desk.model.current_deal().is_some());
}

#[test]
fn the_whole_answer_is_copied_through_the_worker_and_says_where_it_is_cut() {
    let mut desk = desk();
    for (rows, total, what) in [
        (13, 13, "all 13 rows"),
        (1, 1, "1 row"),
        (700, 10_000, "only 700 of 10000 rows, x writes all of them to a file"),
    ] {
        desk.press("y t");
        let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Copy).expect("a job");
        let Request::CoqlCopy { rows: excerpt, most } = job.request else { unreachable!("{job:?}") };
        assert_eq!((excerpt.view, excerpt.only, most), (AnswerView::default(), Vec::new(), CLIPBOARD));
        let copy = AnswerCopy { text: "Stage\nLost\u{1b}[31m".to_owned(), rows, total };
        desk.effects.clear();
        desk.hear(Event::CoqlCopied { generation: job.generation, copy });
        assert_eq!(desk.effects, [Effect::CopyOf(what.to_owned(), "Stage\nLost[31m".to_owned())]);
    }
}

#[test]
fn rows_of_an_answer_are_marked_and_the_marked_ones_leave() {
    let mut desk = desk();
    desk.press("space").press("j").press("space");
    let marked = |desk: &Desk| desk.model.panes.coql.results.marks.len();
    assert_eq!((marked(&desk), desk.model.panes.coql.results.rows.cursor), (2, 3));
    desk.press("y t");
    let ids: Vec<_> = desk.model.panes.coql.results.marks.iter().map(|link| link.id.clone()).collect();
    let copied = desk.requests().into_iter().find_map(|request| match request {
        Request::CoqlCopy { rows, .. } => Some(rows.only),
        _ => None,
    });
    assert_eq!(copied.as_ref(), Some(&ids));
    desk.press("x").press("enter");
    let written = desk.requests().into_iter().find_map(|request| match request {
        Request::Export { rows, .. } => Some(rows.only),
        _ => None,
    });
    assert_eq!(written, Some(ids));
    desk.press("esc").press("s a");
    settle(&mut desk);
    assert_eq!(marked(&desk), 2, "a mark is on a record, not on a row");
    desk.press("g v");
    assert_eq!(marked(&desk), 0);

    // One deal of several is out of hand: the worker tells which they are.
    let rows = &mut desk.model.panes.coql.results.rows;
    rows.rows.truncate(4);
    desk.press("V");
    settle(&mut desk);
    assert_eq!(marked(&desk), 13);
    desk.press("L");
    assert!(matches!(desk.model.overlay, Some(Overlay::Confirm(_))), "what is marked is moved as one action");
}

#[test]
fn groups_are_no_records_to_mark() {
    let mut desk = Desk::at(fixture::grouped());
    desk.press("esc").press("V").press("space");
    assert!(desk.model.panes.coql.results.marks.is_empty());
    assert!(desk.said().contains("choose a record first"), "{}", desk.said());
}
