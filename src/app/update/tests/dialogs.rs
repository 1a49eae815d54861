use super::{answers::answer, desk::Desk};
use crate::{
    app::{
        Effect, Msg, Place, fixture,
        overlay::{Overlay, PaletteRow},
    },
    protocol::{Event, Found, JobKey, Request},
};

fn palette(desk: &Desk) -> Vec<String> {
    let Some(Overlay::Palette(palette)) = &desk.model.overlay else { return Vec::new() };
    let name = |row: &PaletteRow| match row {
        PaletteRow::Action { name, disabled: None, .. } => (*name).to_owned(),
        PaletteRow::Action { name, disabled: Some(_), .. } => format!("({name})"),
        PaletteRow::Record(found) => found.link.name.to_string(),
        PaletteRow::Server { credits } => format!("server, {credits} credits"),
    };
    palette.rows.iter().map(name).collect()
}

#[test]
fn the_palette_finds_actions_at_once_and_records_behind() {
    let mut desk = Desk::at(fixture::board());
    desk.press("ctrl-k").type_text("contacts");
    assert_eq!(palette(&desk).first().map(String::as_str), Some("go.contacts"));
    desk.press("ctrl-u").type_text("ana");
    let generation = desk.generation(&JobKey::Find);
    assert_eq!(generation, 11, "each text is another question, but the empty one");
    let hits = vec![Found { link: fixture::ana(), note: fixture::ana().name }];
    desk.hear(Event::Found { generation: generation - 1, hits: hits.clone() });
    assert!(!palette(&desk).contains(&"Ana Ruiz".to_owned()), "an answer to an older text");
    desk.hear(Event::Found { generation, hits });
    let rows = palette(&desk);
    let record = rows.iter().position(|row| row == "Ana Ruiz").expect("the record");
    let disabled = rows.iter().position(|row| row.starts_with('(')).unwrap_or(rows.len());
    assert!(record < disabled, "what cannot be used comes last: {rows:?}");
    for _ in 0..record {
        desk.press("down");
    }
    desk.press("enter");
    assert_eq!(desk.model.trail.here, Place::Record(fixture::ana()));
}

#[test]
fn the_palette_offers_the_server_last_with_its_price_and_asks_once_for_a_text() {
    let mut desk = Desk::at(fixture::board());
    desk.press("ctrl-k").type_text("q");
    assert!(!palette(&desk).iter().any(|row| row.starts_with("server")), "too short for the service");
    desk.type_text("uay");
    assert_eq!(palette(&desk).last().map(String::as_str), Some("server, 3 credits"));
    for _ in 1..palette(&desk).len() {
        desk.press("down");
    }
    desk.requests();
    desk.press("enter");
    assert_eq!(desk.requests(), [Request::Search { text: "quay".to_owned(), limit: 30 }]);
    assert!(!palette(&desk).iter().any(|row| row.starts_with("server")), "it is asked already");
    let generation = desk.generation(&JobKey::Find);
    desk.hear(Event::Found {
        generation,
        hits: vec![Found { link: fixture::ana(), note: fixture::ana().name }],
    });
    assert!(palette(&desk).contains(&"Ana Ruiz".to_owned()));
    desk.type_text("s");
    assert_eq!(palette(&desk).last().map(String::as_str), Some("server, 3 credits"));
}

#[test]
fn the_palette_runs_what_it_shows_and_says_why_it_cannot() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("f2").type_text("go to notes").press("enter");
    assert_eq!(desk.model.trail.here, Place::Notes);
    desk.press("ctrl-k").type_text("deal.won").press("enter");
    assert_eq!(desk.said(), "Won: choose a deal first");
    assert!(desk.model.overlay.is_some());
    desk.press("ctrl-u").type_text("§").press("enter");
    assert_eq!(desk.said(), "nothing matches");
}

#[test]
fn the_help_is_filtered_and_scrolled() {
    let mut desk = Desk::at(fixture::board());
    desk.press("?").press("j").press("j").press("/").type_text("carry");
    let Some(Overlay::Help(help)) = &desk.model.overlay else { unreachable!("the help") };
    let groups = help.groups(&desk.model);
    let titles: Vec<&str> = groups.iter().flat_map(|group| &group.rows).map(|row| row.title).collect();
    assert_eq!(titles, ["Carry to the stage before", "Carry to the next stage"]);
    desk.press("enter").press("j").press("esc");
    assert!(desk.model.overlay.is_none());
    desk.press("f1").press("q");
    assert!(desk.model.overlay.is_none());
}

#[test]
fn a_key_without_a_meaning_leads_to_the_help() {
    let mut desk = Desk::at(fixture::board());
    desk.press("t");
    assert_eq!(desk.said(), "t does nothing here; ? lists every key");
    desk.press("ctrl-t").press("f9");
    assert_eq!(desk.model.notices.len(), 1);
}

#[test]
fn the_editor_of_a_text_needs_a_text() {
    let mut desk = Desk::at(fixture::board());
    desk.press("ctrl-k").type_text("text.editor").press("enter");
    assert!(desk.said().ends_with("only in a note and in the COQL console"), "{}", desk.said());
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Edit(_))));
}

#[test]
fn messages_are_kept() {
    let mut desk = Desk::at(fixture::board());
    desk.press("9").press("g m");
    let Some(Overlay::Messages(messages)) = &desk.model.overlay else { unreachable!("the messages") };
    assert_eq!(messages.rows[0].text.as_str(), "there is no stage with this number");
    desk.press("q");
    assert!(desk.model.overlay.is_none());
    desk.send(Msg::Told("copied 12 bytes by OSC 52".to_owned()));
    assert_eq!(desk.said(), "copied 12 bytes by OSC 52");
}

#[test]
fn the_history_of_the_record_under_the_cursor_is_asked_for_and_kept_up_to_date() {
    let mut desk = Desk::at(fixture::board());
    desk.press("g h");
    let history = |desk: &mut Desk| {
        let jobs = desk.jobs().into_iter().filter(|job| matches!(job.request, Request::History(_)));
        jobs.collect::<Vec<_>>()
    };
    let asked = history(&mut desk);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].request, Request::History(fixture::northwind()));
    desk.hear(answer(&asked[0], true).expect("an answer")).press("G");
    let Some(Overlay::History(view)) = &desk.model.overlay else { unreachable!("the history") };
    assert_eq!((view.rows.len(), view.top), (6, 5));
    desk.hear(Event::Changed);
    assert_eq!(history(&mut desk).len(), 1, "what is shown is asked for again");
    desk.press("q");
    assert!(desk.model.overlay.is_none());
}

#[test]
fn the_terminal_s_own_keys_work_everywhere() {
    for open in ["j", "n", "?", "ctrl-k", ":", "/", "m", "P", "W"] {
        let mut desk = Desk::at(fixture::board());
        desk.press(open).press("ctrl-l").press("ctrl-z");
        assert!(desk.effects.contains(&Effect::Redraw) && desk.effects.contains(&Effect::Suspend), "{open}");
        desk.press("ctrl-c");
        assert!(desk.model.overlay.is_none(), "{open}");
        assert!(!desk.effects.contains(&Effect::Quit));
        desk.press("ctrl-c");
        assert_eq!(desk.effects.last(), Some(&Effect::Quit));
    }
}

#[test]
fn a_second_ctrl_c_much_later_does_not_quit() {
    let mut desk = Desk::at(fixture::board());
    desk.press("ctrl-c").wait(10_000).press("ctrl-c");
    assert!(!desk.effects.contains(&Effect::Quit));
    desk.press("j").press("ctrl-c");
    assert!(!desk.effects.contains(&Effect::Quit), "another key lies between");
}

#[test]
fn what_is_pasted_where_nothing_is_typed_is_not_read_as_keys() {
    let mut desk = Desk::at(fixture::board());
    desk.send(Msg::Paste("qqqLW\n".to_owned()));
    assert!(!desk.effects.contains(&Effect::Quit) && desk.requests().is_empty());
    assert!(desk.said().contains("nothing here takes pasted text"));
    desk.press(":").send(Msg::Paste("go\ndeals\n".to_owned()));
    assert!(matches!(&desk.model.overlay, Some(Overlay::Command(line)) if line.input.text == "go deals"));
    assert!(desk.requests().iter().all(|r| !matches!(r, Request::MoveDeals(_))));
}
