use std::sync::Arc;

use jiff::tz::TimeZone;

use super::desk::Desk;
use crate::{
    app::{Effect, Load, Model, Msg, Options, Place, Size, fixture},
    domain::SafeText,
    protocol::{DraftKey, Event, Failure, Guard, JobKey, Request, Scope, Session, SyncState},
};

fn new() -> Desk {
    let options =
        Options { ascii: false, peek: true, peek_list: false, read_only: false, guard: Guard::default() };
    Desk::at(Model::new(fixture::now(), TimeZone::UTC, Size { cols: 120, rows: 36 }, options))
}

fn failure(what: &str) -> Failure {
    Failure {
        doing: SafeText::new("reach Bigin"),
        what: SafeText::new(what),
        way_on: SafeText::new("it is tried again"),
        retry_at: None,
        spot: None,
    }
}

#[test]
fn the_board_of_the_first_pipeline_is_asked_for_once_the_org_is_known() {
    let mut desk = new();
    desk.press("j").press("l").press("g d").press("g p");
    assert_eq!(desk.requests(), [], "nothing can be asked yet");
    desk.hear(Event::Catalog(Arc::new(fixture::catalog())));
    let first = &fixture::catalog().pipelines[0].sub_pipelines[0];
    let scope = Scope { pipeline: fixture::id(1), sub_pipeline: Some(first.name.clone()) };
    assert_eq!(desk.model.scope, Some(scope.clone()));
    assert_eq!(desk.model.zone.iana_name(), Some("Europe/Madrid"));
    let asked = desk.requests();
    assert!(
        matches!(&asked[0], Request::Board { scope: of, per_column: 30.., .. } if *of == scope),
        "{asked:?}"
    );
    assert!(matches!(&asked[1], Request::Summary { .. }));
    assert_eq!(asked.len(), 2, "nothing that is not on the screen");
}

#[test]
fn drafts_are_asked_for_once_and_told() {
    let mut desk = new();
    let session = Session {
        profile: "demo".to_owned(),
        org: SafeText::default(),
        user: SafeText::default(),
        demo: true,
        web: None,
        unkept: None,
        found: None,
    };
    desk.hear(Event::Session(session.clone())).hear(Event::Session(session));
    assert_eq!(desk.requests(), [Request::Drafts]);
    desk.hear(Event::Drafts(fixture::drafts()));
    assert_eq!(desk.said(), "a draft is kept; gN lists them");
}

#[test]
fn the_console_begins_with_what_was_typed_last() {
    for late in [false, true] {
        let mut desk = new();
        if late {
            desk.press("g q").hear(Event::Drafts(fixture::drafts()));
        } else {
            desk.hear(Event::Drafts(fixture::drafts())).press("g q");
        }
        assert_eq!(desk.model.panes.coql.editor.area.lines(), ["select Full_Name from Contacts"]);
    }
    assert!(fixture::drafts().iter().any(|row| row.draft == DraftKey::Coql));
}

#[test]
fn an_old_answer_is_dropped() {
    let mut desk = Desk::at(fixture::deals());
    desk.model.panes.pipelines.load = Load::Idle;
    desk.press("g P");
    let old = desk.generation(&JobKey::Pipelines);
    desk.hear(Event::Changed);
    let totals = fixture::pipelines().panes.pipelines.totals;
    desk.hear(Event::Pipelines { generation: old - 1, totals: totals.clone() });
    assert!(desk.model.panes.pipelines.totals.is_empty());
    desk.hear(Event::Pipelines { generation: old, totals });
    assert!(!desk.model.panes.pipelines.totals.is_empty());
}

#[test]
fn a_change_asks_again_only_for_what_is_on_the_screen() {
    let mut desk = Desk::at(fixture::deals());
    desk.hear(Event::Changed);
    let keys: Vec<JobKey> = desk.jobs().into_iter().map(|job| job.key).collect();
    assert_eq!(keys, [JobKey::List(crate::protocol::ListId::Deals), JobKey::Summary]);
    desk.press("b");
    assert!(desk.jobs().iter().any(|job| job.key == JobKey::Board), "the board when it is shown");
}

#[test]
fn a_change_while_an_answer_is_on_its_way_asks_once_more_after_it() {
    let mut desk = Desk::at(fixture::pipelines());
    desk.hear(Event::Changed);
    desk.jobs();
    desk.hear(Event::Changed).hear(Event::Changed);
    assert_eq!(desk.jobs().len(), 0, "the answer on its way is waited for");
    let generation = desk.generation(&JobKey::Pipelines);
    desk.hear(Event::Pipelines { generation, totals: Vec::new() });
    assert_eq!(desk.requests(), [Request::Pipelines]);
}

#[test]
fn figures_that_another_pane_replaced_are_asked_for_again() {
    let mut desk = Desk::at(fixture::board());
    desk.hear(Event::Changed);
    let generation = desk.generation(&JobKey::Board);
    let scope = fixture::scope();
    desk.hear(Event::Board { generation, scope, columns: Vec::new() });
    desk.press("g d").hear(Event::Changed);
    desk.jobs();
    desk.press("g p");
    assert!(desk.jobs().iter().any(|job| job.key == JobKey::Summary));
}

#[test]
fn trouble_with_the_connection_is_said_once() {
    let mut desk = Desk::at(fixture::board());
    let offline = |what| SyncState::Offline { failure: failure(what), since: None };
    desk.hear(Event::Sync(offline("no route")));
    assert!(desk.failed() && desk.said() == "reach Bigin: no route");
    desk.press("j");
    assert_eq!(desk.said(), "", "a key says that it was read");
    desk.hear(Event::Sync(SyncState::Pulling)).hear(Event::Sync(offline("no route")));
    assert_eq!(desk.said(), "", "the same failure does not nag");
    desk.hear(Event::Sync(SyncState::Synced { at: fixture::now() }));
    assert_eq!(desk.said(), "Bigin answers again");
}

#[test]
fn text_that_could_not_be_kept_is_said_whatever_it_answers() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("x").wait(300);
    desk.hear(Event::Failed { key: JobKey::Keep, generation: 0, failure: failure("the disk is full") });
    assert!(desk.failed() && desk.said().contains("the disk is full"));
}

#[test]
fn a_text_that_the_disk_refused_is_handed_to_it_again_and_not_left_behind_by_mistake() {
    let saved = |desk: &mut Desk| {
        let is_save = |request: &Request| matches!(request, Request::SaveDraft { text, .. } if text == "x");
        desk.requests().iter().any(is_save)
    };
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("x").press("esc");
    assert!(saved(&mut desk));
    desk.hear(Event::Failed { key: JobKey::Keep, generation: 0, failure: failure("the disk is full") });
    desk.wait(5_000);
    assert!(saved(&mut desk), "after a while");
    desk.hear(Event::Failed { key: JobKey::Keep, generation: 0, failure: failure("the disk is full") });
    desk.press("q");
    assert!(!desk.effects.contains(&Effect::Quit));
    assert!(desk.said().contains("not on disk") && saved(&mut desk), "{}", desk.said());
    desk.press("j").press("q");
    assert!(!desk.effects.contains(&Effect::Quit), "another key lies between");
    desk.press("q");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit));
    let mut desk = Desk::at(fixture::board());
    let draft = DraftKey::Coql;
    desk.hear(Event::Failed { key: JobKey::Keep, generation: 0, failure: failure("the disk is full") });
    desk.hear(Event::DraftKept { draft, at: fixture::now() }).press("q");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit), "it has everything again");
}

#[test]
fn a_pipeline_that_is_no_more_gives_way_to_the_first_one() {
    let mut desk = Desk::at(fixture::board());
    let mut catalog = fixture::catalog();
    catalog.pipelines[0].sub_pipelines.remove(0);
    let next = catalog.pipelines[0].sub_pipelines.first().map(|sub| sub.name.clone());
    desk.hear(Event::Catalog(Arc::new(catalog)));
    assert_eq!(desk.model.scope, Some(Scope { pipeline: fixture::id(1), sub_pipeline: next }));
    assert!(desk.requests().iter().any(|request| matches!(request, Request::Board { .. })));
}

#[test]
fn with_nothing_due_the_program_sleeps() {
    let mut desk = Desk::at(fixture::board());
    assert_eq!(desk.model.next_due(), None);
    desk.press("g");
    assert!(desk.model.next_due().is_some());
    desk.wait(300);
    assert!(desk.model.prefix.as_ref().is_some_and(|prefix| prefix.shown), "the strip is open");
    assert_eq!(desk.model.next_due(), None);
    desk.press("x");
    assert_eq!(desk.said(), "gx is no key; g alone shows what can follow");
    desk.wait(10_000);
    assert_eq!(desk.model.next_due(), None, "the notice has run out");
    assert_eq!(desk.model.trail.here, Place::Board);
}

#[test]
fn being_told_to_end_keeps_what_was_typed_and_leaves() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("half a th").send(Msg::Terminate);
    let effects = &desk.effects;
    let last = effects.len() - 1;
    assert!(matches!(&effects[last - 1], Effect::Ask(job)
        if matches!(&job.request, Request::SaveDraft { text, .. } if text == "half a th")));
    assert_eq!(effects[last], Effect::Quit);
}
