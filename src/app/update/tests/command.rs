use super::{super::command::run as run_line, desk::Desk};
use crate::{
    app::{Effect, Place, actions::ACTIONS, command, fixture, overlay::Overlay},
    protocol::{DemoCommand, Fault, Request},
};

fn error(desk: &Desk) -> &str {
    match &desk.model.overlay {
        Some(Overlay::Command(line)) => line.error.as_deref().unwrap_or(""),
        _ => "",
    }
}

fn line(desk: &Desk) -> &str {
    match &desk.model.overlay {
        Some(Overlay::Command(line)) => &line.input.text,
        _ => "",
    }
}

fn run(desk: &mut Desk, text: &str) {
    desk.press(":").type_text(text).press("enter");
}

#[test]
fn every_action_outside_of_dialogs_is_a_command() {
    for row in ACTIONS.iter().filter(|row| !row.contexts.only_overlays()) {
        let mut model = fixture::board();
        let result = run_line(&mut model, row.name, &mut Vec::new());
        let reason = (row.available)(&fixture::board()).reason().map(str::to_owned);
        assert_eq!(result.err(), reason, "{}", row.name);
    }
    let mut model = fixture::board();
    assert!(run_line(&mut model, "note.save", &mut Vec::new()).is_err());
}

#[test]
fn verbs_take_an_argument() {
    let mut desk = Desk::at(fixture::board());
    run(&mut desk, "stage nego");
    run(&mut desk, "note two words");
    let asked = desk.requests();
    assert!(asked.iter().any(|r| matches!(r, Request::MoveDeals(changes) if changes[0].to == "Negotiation")));
    assert!(asked.iter().any(|r| matches!(r, Request::AddNote(note) if note.text == "two words")));
    run(&mut desk, "pipeline renewals");
    assert_eq!(desk.model.scope.as_ref().map(|scope| scope.pipeline.clone()), Some(fixture::id(3)));
    run(&mut desk, "go cont");
    assert_eq!(desk.model.trail.here, Place::Contacts);
    run(&mut desk, "pick 2");
    run(&mut desk, "q");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit));
}

#[test]
fn what_is_wrong_is_said_in_the_line() {
    let mut desk = Desk::at(fixture::board());
    run(&mut desk, "gibberish-zz");
    assert!(error(&desk).starts_with("gibberish-zz is no command"));
    desk.type_text("x");
    assert_eq!(error(&desk), "", "typing on takes the error away");
    desk.press("ctrl-u").type_text("stage nowhere").press("enter");
    assert!(error(&desk).contains("no stage is called nowhere; there are Qualification"));
    desk.press("ctrl-u").type_text("go").press("enter");
    assert!(error(&desk).starts_with("go where? board, deals"));
    desk.press("ctrl-u").type_text("demo fault ten").press("enter");
    assert!(error(&desk).starts_with("demo what?"));
    desk.press("esc");
    assert!(desk.model.overlay.is_none());
}

#[test]
fn the_demo_takes_its_switches_and_a_real_account_does_not() {
    let read = |text: &str| command::demo(text).ok();
    assert_eq!(read("fault 429"), Some(DemoCommand::Fault(Fault::Status(429))));
    assert_eq!(read("slow 2000"), Some(DemoCommand::Fault(Fault::Slow(2000))));
    assert_eq!(read("lost"), Some(DemoCommand::Fault(Fault::LostAnswer)));
    assert_eq!(read("dead"), Some(DemoCommand::Fault(Fault::Dead)));
    assert_eq!(read("clear"), Some(DemoCommand::Clear));
    assert_eq!(read("+7d"), Some(DemoCommand::Advance(604_800)));
    for wrong in ["", "fault", "fault 200", "+7x", "+99999999999999999999d", "7d"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    let mut desk = Desk::at(fixture::board());
    run(&mut desk, "demo +7d");
    assert_eq!(desk.requests(), [Request::Demo(DemoCommand::Advance(604_800))]);
    if let Some(session) = &mut desk.model.account.session {
        session.demo = false;
    }
    run(&mut desk, "demo clear");
    assert!(error(&desk).contains("real account"));
}

#[test]
fn tab_completes_and_goes_round() {
    let mut desk = Desk::at(fixture::board());
    desk.press(":").type_text("pipe").press("tab");
    assert_eq!(line(&desk), "pipeline ");
    desk.press("tab").press("backtab");
    assert_eq!(line(&desk), "pipeline ");
    desk.press("esc").press(":").type_text("stage ver").press("tab");
    assert_eq!(line(&desk), "stage Verbal yes");
    desk.press("esc").press(":").type_text("note.n").press("tab");
    assert_eq!(line(&desk), "note.new");
}

#[test]
fn commands_come_back_with_the_arrow() {
    let mut desk = Desk::at(fixture::board());
    run(&mut desk, "1");
    run(&mut desk, "go deals");
    desk.press(":").type_text("go").press("up");
    assert_eq!(line(&desk), "go deals");
    desk.press("up").press("up");
    assert_eq!(line(&desk), "1");
    desk.press("down").press("down");
    assert_eq!(line(&desk), "go", "what was typed is there again");
}
