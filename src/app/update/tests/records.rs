use super::desk::Desk;
use crate::{
    app::{Effect, Load, Place, fixture, geometry, overlay::Overlay, pane::RecordFocus},
    domain::{EntryKind, SafeText},
    protocol::{Event, JobKey, Request},
};

fn here(desk: &Desk) -> &str {
    match &desk.model.trail.here {
        Place::Record(link) => link.name.as_str(),
        Place::Board => "board",
        Place::Deals => "deals",
        Place::Contacts => "contacts",
        Place::Companies => "companies",
        Place::Notes => "notes",
        Place::Pipelines => "pipelines",
        Place::Coql => "coql",
        Place::Credits => "credits",
    }
}

/// Gives the record on the screen its content.
fn arrive(desk: &mut Desk) {
    let Place::Record(link) = desk.model.trail.here.clone() else { unreachable!("a record") };
    let generation = desk.generation(&JobKey::Detail);
    let detail = fixture::detail(&link).map(Box::new);
    desk.hear(Event::Detail { key: JobKey::Detail, generation, link, detail });
}

#[test]
fn enter_follows_every_relation_and_esc_comes_out_the_same_way() {
    let mut desk = Desk::at(fixture::board());
    desk.press("enter");
    assert!(desk.requests().iter().any(|r| matches!(r, Request::Detail { fresh: true, .. })));
    arrive(&mut desk);
    let company = desk.model.record().and_then(|pane| pane.detail.as_ref()).expect("a deal").fields.iter();
    let at = company.clone().position(|field| field.api_name == "Account_Name").expect("a company");
    for _ in 0..at {
        desk.press("j");
    }
    desk.press("enter");
    assert_eq!(here(&desk), "Northwind Traders");
    arrive(&mut desk);
    desk.press("G").press("enter");
    assert_eq!(here(&desk), "Chi Tran", "the last of its people");
    arrive(&mut desk);
    desk.press("esc");
    assert_eq!(here(&desk), "Northwind Traders");
    assert!(desk.model.record().is_some_and(|pane| pane.detail.is_some()), "from memory, at once");
    desk.press("esc").press("esc");
    assert_eq!(here(&desk), "board");
    desk.press("esc").press("esc");
    assert_eq!(here(&desk), "board");
    assert!(!desk.effects.contains(&Effect::Quit), "Esc never quits");
}

#[test]
fn a_note_leads_to_its_parent_and_an_entry_to_its_record() {
    let mut desk = Desk::at(fixture::notes());
    desk.press("j").press("enter");
    assert_eq!(here(&desk), "Ana Ruiz");
    arrive(&mut desk);
    desk.press("tab").press("j").press("j").press("j").press("enter");
    assert_eq!(here(&desk), "Northwind renewal", "the note in her timeline is on the deal");
    desk.press("-").press("-");
    assert_eq!(here(&desk), "notes");
    desk.press("alt-right");
    assert_eq!(here(&desk), "Ana Ruiz");
}

#[test]
fn parts_of_a_record_are_walked_by_themselves() {
    let mut desk = Desk::at(fixture::record(fixture::contacts(), &fixture::ana()));
    desk.press("j").press("tab").press("j").press("j");
    let pane = desk.model.record().expect("a record");
    assert_eq!((pane.focus, pane.fact, pane.entry), (RecordFocus::Timeline, 1, 2));
    desk.press("h").press("k");
    let pane = desk.model.record().expect("a record");
    assert_eq!((pane.focus, pane.fact, pane.entry), (RecordFocus::Facts, 0, 2));
    desk.press("enter");
    assert_eq!(desk.said(), "Open: nothing under the cursor leads anywhere");
}

#[test]
fn a_note_that_is_longer_than_the_screen_is_read_to_its_end() {
    let mut desk = Desk::at(fixture::record(fixture::deals(), &fixture::northwind()));
    let pane = desk.model.panes.record.as_mut().expect("a record");
    let detail = pane.detail.as_mut().expect("its detail");
    let note = detail.timeline.iter().position(|entry| entry.kind == EntryKind::Note && entry.on.is_none());
    let note = note.expect("a note of its own");
    detail.timeline[note].lines = vec![SafeText::new(&"word ".repeat(2_000))];
    (pane.focus, pane.entry) = (RecordFocus::Timeline, note);
    let top = |desk: &Desk| match &desk.model.overlay {
        Some(Overlay::Entry(view)) => view.top,
        other => unreachable!("{other:?}"),
    };
    desk.press("enter");
    desk.press("j").press("j").press("k");
    assert_eq!(top(&desk), 1);
    desk.press("G");
    let (columns, rows) = geometry::entry_text(desk.model.size);
    let Some(Overlay::Entry(view)) = &desk.model.overlay else { unreachable!() };
    assert_eq!(view.top + usize::from(rows), view.lines(columns), "the last line is the last on the screen");
    desk.press("g g");
    assert_eq!(top(&desk), 0);
    desk.press("esc");
    assert!(desk.model.overlay.is_none());
}

#[test]
fn records_are_stepped_through_without_going_back() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("enter").press("J").press("J");
    assert_eq!(here(&desk), "Chi Tran");
    desk.press("K");
    assert_eq!(here(&desk), "Ben Okafor");
    desk.press("K").press("K");
    assert_eq!(desk.said(), "this is the first record of the list");
    desk.press("J").press("esc");
    assert_eq!((here(&desk), desk.model.panes.contacts.cursor), ("contacts", 1), "the list has followed");
    let mut alone = Desk::at(fixture::board());
    alone.press("ctrl-k").press("esc");
    alone.model.trail.here = Place::Record(fixture::ana());
    alone.press("J");
    assert_eq!(alone.said(), "Next record: there is no list behind this record");
}

#[test]
fn stepping_near_the_end_of_the_window_fills_it() {
    let mut desk = Desk::at(fixture::contacts());
    desk.model.panes.contacts.total = Some(1_000);
    desk.press("enter").press("J");
    assert!(desk.jobs().iter().any(|job| matches!(job.request, Request::Window { .. })));
}

#[test]
fn a_deal_is_carried_from_its_own_screen() {
    let mut desk = Desk::at(fixture::record(fixture::board(), &fixture::northwind()));
    desk.press("L");
    assert!(
        desk.requests()
            .iter()
            .any(|r| matches!(r, Request::MoveDeals(changes) if changes[0].to == "Negotiation"))
    );
    let detail = desk.model.record().and_then(|pane| pane.detail.as_ref()).expect("a deal");
    let stage = detail.fields.iter().find(|field| field.api_name == "Stage").expect("a stage");
    assert_eq!(stage.lines[0].as_str(), "Negotiation");
    assert!(desk.model.panes.board.columns[3].cards.rows.iter().any(|row| row.id == fixture::northwind().id));
    assert_eq!(desk.model.current_deal().map(|deal| deal.pending), Some(true));
}

#[test]
fn a_record_that_is_gone_says_so_and_keeps_what_was_seen() {
    let mut desk = Desk::at(fixture::record(fixture::board(), &fixture::northwind()));
    desk.hear(Event::Changed);
    let generation = desk.generation(&JobKey::Detail);
    let link = fixture::northwind();
    desk.hear(Event::Detail { key: JobKey::Detail, generation, link, detail: None });
    let pane = desk.model.record().expect("a record");
    assert!(pane.gone && pane.detail.is_some() && pane.load == Load::Ready);
}

#[test]
fn a_change_reads_the_record_again_without_a_call() {
    let mut desk = Desk::at(fixture::record(fixture::board(), &fixture::northwind()));
    desk.hear(Event::Changed);
    let asked = desk.requests();
    assert!(asked.iter().all(|r| !matches!(r, Request::Detail { fresh: true, .. })), "{asked:?}");
    assert!(asked.iter().any(|r| matches!(r, Request::Detail { fresh: false, .. })));
}

#[test]
fn refresh_on_a_record_asks_the_server_for_it() {
    let mut desk = Desk::at(fixture::record(fixture::board(), &fixture::northwind()));
    desk.press("r");
    let asked = desk.requests();
    let mut details = asked.iter().filter(|request| matches!(request, Request::Detail { .. }));
    assert!(matches!(details.next_back(), Some(Request::Detail { fresh: true, .. })), "{asked:?}");
    assert!(asked.contains(&Request::Refresh));
}

#[test]
fn q_leaves_a_record_and_then_the_program() {
    let mut desk = Desk::at(fixture::record(fixture::contacts(), &fixture::ana()));
    desk.press("q");
    assert_eq!(here(&desk), "contacts");
    desk.press("q");
    assert_eq!(desk.effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_pipeline_opens_its_board() {
    let mut desk = Desk::at(fixture::pipelines());
    desk.press("j").press("enter");
    assert_eq!(here(&desk), "board");
    assert_eq!(
        desk.model.scope.as_ref().and_then(|scope| scope.sub_pipeline.clone()),
        Some("Partners".to_owned())
    );
}
