//! The console at three sizes.

use bigin::{
    app::{
        Model, Msg, fixture,
        pane::{CoqlFocus, Ran, Results},
        update,
    },
    coql::Fix,
    domain::SafeText,
    protocol::{Answer, Cut, Event, Failure, JobKey, Outlook, Spot, Standing},
};
use crossterm::event::{KeyCode, KeyEvent};

use crate::drawing::{look, text};

fn failure() -> Failure {
    Failure {
        doing: SafeText::new("run the query"),
        what: SafeText::new("Bigin has no Stag to query, or does not show it to you"),
        way_on: SafeText::new("Look at the field's name in Bigin's settings."),
        retry_at: None,
        spot: Some(Box::new(Spot { span: 62..66, fix: Some(Fix::replace(62..66, "Stage")) })),
    }
}

/// The console with this text, the cursor behind it, and what the mirror tells of it.
fn with(text: &str, outlook: Option<Outlook>) -> Model {
    let mut model = fixture::coql();
    model.panes.coql.editor.set(text);
    update(&mut model, Msg::Focus(true));
    if let (Some(due), Some(outlook)) = (model.panes.coql.prospect.due, outlook) {
        model.now = due;
        update(&mut model, Msg::Due);
        let generation = model.generations[&JobKey::CoqlOutlook];
        update(&mut model, Msg::Worker(Event::CoqlOutlook { generation, outlook }));
    }
    model
}

fn press(model: &mut Model, code: KeyCode) {
    update(model, Msg::Key(KeyEvent::from(code)));
}

fn changed(mut model: Model, change: impl FnOnce(&mut Answer)) -> Model {
    change(model.panes.coql.results.answer.as_mut().expect("an answer"));
    model
}

const GROUPS: &str = "select Stage, count(*) n, sum(Amount)\nfrom Deals\nwhere Amount > 5000 group by Stage";

#[test]
fn an_answer() {
    look("coql", &fixture::coql());
    let mut walked = fixture::coql();
    walked.panes.coql.focus = CoqlFocus::Result;
    for _ in 0..3 {
        press(&mut walked, KeyCode::Char('j'));
    }
    press(&mut walked, KeyCode::Char('l'));
    look("coql-walked", &walked);
}

#[test]
fn before_the_first_run() {
    let mut model = fixture::coql();
    model.panes.coql.results = Results::default();
    look("coql-new", &model);
}

#[test]
fn nothing_typed() {
    let mut model = with("", None);
    model.panes.coql.results = Results::default();
    look("coql-blank", &model);
}

#[test]
fn a_refusal_at_its_place() {
    let mut model = fixture::coql();
    model.panes.coql.run.failure = Some(failure());
    let text = model.panes.coql.editor.text();
    model.panes.coql.run.ran = Some(Ran { span: 0..text.len(), text });
    look("coql-error", &model);
}

#[test]
fn what_is_wrong_while_typing() {
    look("coql-typo", &with("select Deal_Name, Stge\nfrom Deals\nwhere Amount > 5", None));
}

#[test]
fn completions() {
    let mut model = with("select Deal_Name from Deals\nwhere ", None);
    for letter in ['s', 't'] {
        press(&mut model, KeyCode::Char(letter));
    }
    look("coql-completing", &model);
}

#[test]
fn a_plan_of_each_place() {
    let outlook = Outlook { mirror_age: Some(12), matching: Some(4_300) };
    let mut model = with(GROUPS, Some(outlook));
    look("coql-plan-mirror", &model);
    press(&mut model, KeyCode::F(6));
    model.notices.clear();
    look("coql-plan-server", &model);
    press(&mut model, KeyCode::F(5));
    model.notices.clear();
    look("coql-plan-over", &model);
}

#[test]
fn rows_that_come_and_rows_that_are_missing() {
    let mut running = fixture::coql();
    press(&mut running, KeyCode::F(5));
    let generation = running.generations[&JobKey::Coql];
    let progress = Event::CoqlProgress { generation, rows: 1_400, expected: Some(9_800), credits: 7 };
    update(&mut running, Msg::Worker(progress));
    look("coql-running", &running);

    let cut = changed(fixture::coql(), |answer| {
        answer.standing = Standing::Cut(Cut::Lost(failure()));
        (answer.fetched, answer.expected, answer.credits) = (1_400, Some(9_800), 7);
    });
    look("coql-cut", &cut);
    let screen = text(&cut);
    assert!(screen.contains("fetched 1,400 of 9,800 rows (cut by a failure, F8 goes on)"), "{screen}");
}

#[test]
fn values_of_parameters() {
    let text = "-- :least = 500  smallest amount\nselect Stage from Deals where Amount > :least and Stage in (:stages)";
    let mut model = with(text, None);
    press(&mut model, KeyCode::F(5));
    look("coql-values", &model);
}
