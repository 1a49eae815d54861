use super::desk::Desk;
use crate::{
    app::{Effect, Msg, Place, fixture, input::area, overlay::Overlay},
    domain::SafeText,
    protocol::{DraftKey, Event, Failure, NewNote, Request},
};

fn editor(desk: &Desk) -> (String, String) {
    match &desk.model.overlay {
        Some(Overlay::Note(note)) => (note.target.name.to_string(), area::text(&note.text)),
        other => unreachable!("no note is open but {other:?}"),
    }
}

fn sent(desk: &mut Desk) -> Vec<NewNote> {
    let notes = desk.requests().into_iter().filter_map(|request| match request {
        Request::AddNote(note) => Some(note),
        _ => None,
    });
    notes.collect()
}

#[test]
fn a_note_goes_on_what_is_under_the_cursor_everywhere() {
    let cases = [
        (fixture::board(), "Northwind renewal"),
        (fixture::contacts(), "Ana Ruiz"),
        (fixture::companies(), "Northwind Traders"),
        (fixture::notes(), "Northwind renewal"),
        (fixture::record(fixture::contacts(), &fixture::ana()), "Ana Ruiz"),
    ];
    for (model, target) in cases {
        let mut desk = Desk::at(model);
        desk.press("n");
        assert_eq!(editor(&desk), (target.to_owned(), String::new()));
        desk.type_text("hello").press("enter");
        let notes = sent(&mut desk);
        assert_eq!((notes.len(), notes[0].text.as_str()), (1, "hello"));
        assert_eq!(notes[0].parent.name.as_str(), target);
        assert!(desk.model.overlay.is_none() && desk.said() == format!("saving the note on {target}"));
    }
    let mut console = Desk::at(fixture::coql());
    console.press("esc").press("n");
    assert_eq!(editor(&console).0, "Northwind renewal");
}

#[test]
fn keys_are_letters_while_a_note_is_written() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("gq: G? /:q").press("ctrl-j").type_text("2").press("alt-enter").type_text("3");
    assert_eq!(editor(&desk).1, "gq: G? /:q\n2\n3");
    assert_eq!(desk.model.trail.here, Place::Board);
}

#[test]
fn pasted_lines_never_send() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").send(Msg::Paste("one\r\ntwo\u{1b}[2J\n".to_owned()));
    assert_eq!(editor(&desk).1, "one\ntwo[2J\n");
    assert!(sent(&mut desk).is_empty());
}

#[test]
fn a_note_that_is_too_long_stays_in_the_editor() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").send(Msg::Paste("x".repeat(NewNote::LONGEST + 2)));
    desk.press("enter");
    assert_eq!(desk.said(), "Bigin takes no note of this length; 2 characters have to go first");
    assert!(sent(&mut desk).is_empty());
    desk.press("backspace").press("backspace").press("enter");
    assert_eq!(sent(&mut desk).len(), 1);
}

#[test]
fn what_is_typed_is_on_its_way_to_the_disk_within_300_milliseconds() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("a");
    for _ in 0..4 {
        desk.wait(70).type_text("b");
    }
    desk.wait(20);
    let saves: Vec<String> = desk
        .requests()
        .into_iter()
        .filter_map(|request| match request {
            Request::SaveDraft { text, draft: DraftKey::Note(link) } if link == fixture::northwind() => {
                Some(text)
            }
            _ => None,
        })
        .collect();
    assert_eq!(saves, ["abbbb"], "typing on does not put it off");
    desk.hear(Event::DraftKept { draft: DraftKey::Note(fixture::northwind()), at: fixture::now() });
    assert!(matches!(&desk.model.overlay, Some(Overlay::Note(note)) if note.kept_at.is_some()));
}

#[test]
fn esc_keeps_the_draft_and_n_brings_it_back() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("net-45 is fine").press("esc");
    assert!(desk.said().contains("the draft is kept"));
    assert!(
        desk.requests()
            .iter()
            .any(|r| matches!(r, Request::SaveDraft { text, .. } if text == "net-45 is fine"))
    );
    desk.press("j").press("n");
    assert_eq!(editor(&desk).1, "", "another deal has another draft");
    desk.press("esc").press("k").press("n");
    assert_eq!(editor(&desk).1, "net-45 is fine");
    desk.press("ctrl-u").press("esc");
    assert!(desk.requests().iter().any(|r| matches!(r, Request::DropDraft(_))), "emptied, so forgotten");
}

#[test]
fn tab_puts_the_note_on_contact_or_company() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("hi").press("tab");
    assert_eq!(editor(&desk), ("Ana Ruiz".to_owned(), "hi".to_owned()));
    desk.press("tab");
    assert_eq!(editor(&desk).0, "Northwind Traders");
    desk.press("backtab").press("enter");
    let note = sent(&mut desk).remove(0);
    assert_eq!(note.parent, fixture::ana());
    assert!(desk.model.drafts.is_empty());
    let dropped = |desk: &mut Desk| desk.requests().iter().any(|it| matches!(it, Request::DropDraft(_)));
    assert!(!dropped(&mut desk), "until the note is on disk the draft is all that is");
    desk.hear(Event::Taken { write: note.write });
    assert!(dropped(&mut desk));
}

#[test]
fn a_refused_note_is_a_draft_again() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("precious").press("enter");
    let write = sent(&mut desk)[0].write;
    assert!(desk.model.drafts.is_empty());
    let failure = Failure {
        doing: SafeText::new("add a note to Northwind renewal"),
        what: SafeText::new("Bigin refused it: no permission"),
        way_on: SafeText::new("the text is kept; n opens it"),
        retry_at: None,
        spot: None,
    };
    desk.press("n").type_text("more").hear(Event::Refused { write, failure });
    assert!(desk.failed() && desk.said().contains("no permission"));
    assert_eq!(editor(&desk).1, "precious\nmore", "beside what is being typed now");
    desk.press("esc").press("n");
    assert_eq!(editor(&desk).1, "precious\nmore");
}

#[test]
fn a_saved_note_is_told() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("done").press("enter");
    let write = sent(&mut desk)[0].write;
    desk.hear(Event::Confirmed { write });
    assert_eq!(desk.said(), "the note is on Northwind renewal");
}

#[test]
fn an_empty_note_is_not_sent() {
    let mut desk = Desk::at(fixture::board());
    desk.press("n").type_text("  ").press("enter");
    assert!(sent(&mut desk).is_empty() && desk.model.overlay.is_some());
    assert_eq!(desk.said(), "the note is empty; Esc closes it");
}

#[test]
fn drafts_are_listed_opened_and_thrown_away() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("g N");
    assert_eq!(desk.said(), "there are no drafts");
    desk.hear(Event::Drafts(fixture::drafts())).press("g N").press("enter");
    assert_eq!(editor(&desk).0, "Northwind renewal");
    assert!(editor(&desk).1.starts_with("Call w/ Ana"));
    desk.press("esc").press("g N").press("D");
    assert!(desk.requests().iter().any(|r| matches!(r, Request::DropDraft(DraftKey::Note(_)))));
    desk.press("enter");
    assert_eq!(desk.model.trail.here, Place::Coql);
    assert_eq!(desk.model.panes.coql.editor.area.lines(), ["select Full_Name from Contacts"]);
}

#[test]
fn a_note_can_be_written_in_an_editor() {
    let mut desk = Desk::at(fixture::board());
    desk.press("N");
    assert_eq!(desk.effects.last(), Some(&Effect::Edit(String::new())));
    desk.send(Msg::Edited(Some("from vi\n".to_owned())));
    assert_eq!(editor(&desk).1, "from vi");
    desk.press("f4").send(Msg::Edited(None));
    assert_eq!(editor(&desk).1, "from vi");
    assert!(desk.said().contains("the text is as it was"));
}

#[test]
fn write_ids_grow_over_sessions() {
    let mut first = Desk::at(fixture::board());
    first.press("n").type_text("1").press("enter").press("n").type_text("2").press("enter");
    let old: Vec<u64> = sent(&mut first).iter().map(|note| note.write).collect();
    assert!(old[0] < old[1]);
    let mut second = Desk::at(fixture::board());
    second.wait(60_000).press("n").type_text("3").press("enter");
    assert!(sent(&mut second)[0].write > old[1]);
}
