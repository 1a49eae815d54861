//! Typing a query: what is said, completed and planned meanwhile.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::desk::Desk;
use crate::{
    app::{Effect, Model, Msg, actions::Context, fixture, overlay::Overlay, pane::CoqlFocus},
    coql::{Mode, RunOn},
    protocol::{Event, Guard, JobKey, Outlook, Question, Request},
};

/// The console with this text, the cursor behind it.
fn with(text: &str) -> Desk {
    let mut model = fixture::coql();
    model.panes.coql.editor.set(text);
    let mut desk = Desk::at(model);
    desk.send(Msg::Focus(true));
    desk
}

fn text(model: &Model) -> String {
    model.panes.coql.editor.text()
}

fn question(desk: &mut Desk) -> Option<Question> {
    desk.requests().into_iter().find_map(|request| match request {
        Request::Coql(question) => Some(*question),
        _ => None,
    })
}

/// The mirror tells what it knows.
fn outlook(desk: &mut Desk, mirror_age: Option<u64>, matching: Option<u64>) {
    desk.wait(200);
    let generation = desk.generation(&JobKey::CoqlOutlook);
    desk.hear(Event::CoqlOutlook { generation, outlook: Outlook { mirror_age, matching } });
    desk.effects.clear();
}

#[test]
fn keys_that_come_at_once_do_what_each_of_them_does() {
    let keys = |text: &str| {
        let code = |c| if c == '\r' { KeyCode::Enter } else { KeyCode::Char(c) };
        Msg::Keys(text.chars().map(|c| KeyEvent::new(code(c), KeyModifiers::NONE)).collect())
    };
    let (mut one_by_one, mut at_once) = (Desk::at(fixture::board()), Desk::at(fixture::board()));
    let text = "jnthe q and the W are letters of it";
    for c in text.chars() {
        one_by_one.send(keys(&c.to_string()));
    }
    at_once.send(keys(text));
    for desk in [&mut one_by_one, &mut at_once] {
        let Some(Overlay::Note(note)) = &desk.model.overlay else { unreachable!("the editor is open") };
        assert_eq!(note.text.lines(), ["the q and the W are letters of it"]);
    }
    at_once.send(keys("\r"));
    assert!(at_once.model.overlay.is_none(), "and Enter sends it");
}

#[test]
fn a_typo_is_said_and_one_key_puts_it_right() {
    let mut desk = with("select Deal_Name, Stge from Deals");
    let pane = &desk.model.panes.coql;
    let said = pane.reading.said(pane.editor.cursor()).expect("something is wrong");
    assert!(said.message.contains("did you mean Stage?"), "{}", said.message);
    assert!(pane.prospect.plan.is_none(), "what is wrong is not planned");
    desk.press("f5");
    assert_eq!(question(&mut desk), None, "what is wrong is not sent");
    assert_eq!(desk.model.panes.coql.editor.cursor(), 18, "the cursor is where it stands");
    desk.press("f3");
    assert_eq!(text(&desk.model), "select Deal_Name, Stage from Deals");
    assert_eq!(desk.model.panes.coql.editor.cursor(), 18);
    assert!(desk.model.panes.coql.prospect.plan.as_ref().is_some_and(Result::is_ok));
    desk.press("f3");
    assert!(desk.said().ends_with("there is nothing that one key puts right"), "{}", desk.said());
}

#[test]
fn completions_come_while_one_types_and_are_taken_or_closed() {
    let mut desk = with("select ");
    desk.type_text("sta");
    let first = |desk: &Desk| {
        let popup = desk.model.panes.coql.popup.as_ref()?;
        Some((popup.chosen()?.text.clone(), Context::of(&desk.model)))
    };
    assert_eq!(first(&desk), Some(("Stage".to_owned(), Context::CoqlPopup)));
    desk.press("esc");
    assert_eq!(
        (first(&desk), desk.model.panes.coql.focus),
        (None, CoqlFocus::Editor),
        "only the list closes"
    );
    desk.type_text("g").press("enter");
    assert_eq!(text(&desk.model), "select Stage");
    desk.press("enter").type_text("from Deal");
    assert!(text(&desk.model).contains("Stage\nfrom"), "Enter begins a line where nothing is listed");
    desk.press("tab");
    assert!(text(&desk.model).ends_with("from Deals"), "{}", text(&desk.model));
    desk.type_text(" where Stage = 'Neg").press("tab");
    assert!(text(&desk.model).ends_with("'Negotiation'"), "{}", text(&desk.model));
}

#[test]
fn completions_are_walked_round_and_round() {
    let mut desk = with("select ");
    desk.press("tab");
    let popup = desk.model.panes.coql.popup.clone().expect("a list");
    assert!(popup.items.len() > 3);
    desk.press("up");
    assert_eq!(desk.model.panes.coql.popup.as_ref().map(|popup| popup.cursor), Some(popup.items.len() - 1));
    desk.press("down").press("down");
    assert_eq!(desk.model.panes.coql.popup.as_ref().map(|popup| popup.cursor), Some(1));
    desk.press("left");
    assert_eq!(desk.model.panes.coql.popup, None, "the cursor has left");
}

#[test]
fn the_mirror_is_asked_once_typing_pauses_and_the_plan_follows() {
    let mut desk = with("select Stage from Deals");
    desk.wait(100).type_text(" where Amount > 5").wait(100).type_text("0").press("esc");
    let asks = |desk: &mut Desk| {
        desk.requests().iter().filter(|request| matches!(request, Request::CoqlOutlook(_))).count()
    };
    assert_eq!(asks(&mut desk), 0);
    desk.wait(200);
    assert_eq!(asks(&mut desk), 1);
    let plan = |desk: &Desk| match &desk.model.panes.coql.prospect.plan {
        Some(Ok(plan)) => (plan.on_mirror(), plan.cost.credits.number()),
        other => unreachable!("{other:?}"),
    };
    assert_eq!(plan(&desk), (false, None));
    outlook(&mut desk, Some(12), Some(900));
    assert_eq!(plan(&desk), (true, Some(0)), "the mirror is whole");
    desk.press("f6");
    assert_eq!(plan(&desk), (false, Some(5)), "900 rows in pages of 200");
    desk.press("f5");
    let asked = question(&mut desk).expect("a question");
    assert_eq!((asked.run_on, asked.matching), (RunOn::Server, Some(900)));
}

#[test]
fn a_run_above_the_guard_is_asked_for_twice() {
    let mut desk = with("select Stage from Deals where Amount > 5");
    outlook(&mut desk, Some(12), Some(200_000));
    desk.press("f6").press("f5");
    assert_eq!(question(&mut desk), None);
    assert!(desk.said().starts_with("200000 rows for 1000 credits are over the limit"), "{}", desk.said());
    desk.press("f5");
    assert_eq!(question(&mut desk).map(|question| question.guard), Some(Guard::OFF));
    desk.press("esc").press("esc").press(":").type_text("guard 250000 2000").press("enter").press("f5");
    let guard = Guard { rows: 250_000, credits: 2_000 };
    assert_eq!(question(&mut desk).map(|question| question.guard), Some(guard));
}

#[test]
fn parameters_are_asked_for_and_remembered() {
    let mut desk = with(
        "-- :least = 500  smallest amount\nselect Stage from Deals where Amount > :least and Stage in (:stages)",
    );
    desk.press("f5");
    let Some(Overlay::Parameters(form)) = &desk.model.overlay else { unreachable!("a form") };
    let lines: Vec<_> =
        form.fields.iter().map(|(name, line, _)| (name.as_str(), line.text.as_str())).collect();
    assert_eq!(lines, [("least", "500"), ("stages", "")]);
    desk.press("tab").type_text("Proposal; Negotiation").press("enter");
    let asked = question(&mut desk).expect("a question");
    assert_eq!(asked.parameters["least"], ["500"]);
    assert_eq!(asked.parameters["stages"], ["Proposal", "Negotiation"]);
    desk.press("f5");
    let Some(Overlay::Parameters(form)) = &desk.model.overlay else { unreachable!("a form") };
    assert_eq!(form.fields[1].1.text, "Proposal; Negotiation");
    desk.press("esc");
    assert!(desk.model.overlay.is_none() && question(&mut desk).is_none());
}

#[test]
fn the_strict_language_has_its_own_errors() {
    let mut desk = with("select Stage from Pipelines");
    let wrong = |desk: &Desk| desk.model.panes.coql.reading.analysis.diagnostics().count();
    assert_eq!(wrong(&desk), 0);
    desk.press("f7");
    assert_eq!((desk.model.panes.coql.terms.mode, wrong(&desk)), (Mode::Strict, 1), "where is missing");
    desk.press("f3").press("f5");
    assert_eq!(question(&mut desk).map(|question| question.mode), Some(Mode::Strict));
    assert!(text(&desk.model).ends_with("where id is not null"));
}

#[test]
fn a_text_is_read_once_for_a_key() {
    let mut desk = with("select Stage from Deals");
    desk.model.panes.coql.reading.analysis.statements.clear();
    desk.press("left").press("up");
    assert!(desk.model.panes.coql.reading.analysis.statements.is_empty(), "the same text is not read again");
    desk.type_text("x");
    assert!(!desk.model.panes.coql.reading.analysis.statements.is_empty());
    assert!(!desk.effects.contains(&Effect::Quit));
}

#[test]
fn what_comes_back_from_an_editor_is_read() {
    let mut desk = with("select Stage from Deals");
    desk.press("f4");
    assert!(desk.effects.contains(&Effect::Edit("select Stage from Deals".to_owned())));
    desk.send(Msg::Edited(Some("select Stge from Deals\n".to_owned())));
    assert_eq!(text(&desk.model), "select Stge from Deals");
    assert_eq!(desk.model.panes.coql.reading.analysis.diagnostics().count(), 1);
}
