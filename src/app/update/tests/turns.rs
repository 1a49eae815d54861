use super::{answers::answer, desk::Desk};
use crate::{
    app::{actions::Action, fixture},
    domain::SafeText,
    protocol::{DraftKey, Event, Failure, Request, TakenOut, Turned, Turns, Undoing, WriteId},
};

const SOMETHING: Event = Event::Turns(Turns { undo: true, redo: true });

fn orders(desk: &mut Desk) -> Vec<(WriteId, Undoing)> {
    let orders = desk.requests().into_iter().filter_map(|request| match request {
        Request::Undo { write, turn } => Some((write, turn)),
        _ => None,
    });
    orders.collect()
}

fn turned(write: WriteId, taken: Vec<TakenOut>, kept: &[&str]) -> Event {
    Event::Turned(Turned {
        write,
        turn: Undoing::Undo,
        words: SafeText::new("Northwind renewal  Negotiation → Proposal"),
        records: vec![fixture::northwind()],
        taken,
        kept: kept.iter().map(|text| SafeText::new(text)).collect(),
    })
}

#[test]
fn u_undoes_and_shift_u_does_it_again() {
    let mut desk = Desk::at(fixture::board());
    desk.hear(SOMETHING).press("u").press("U");
    let orders = orders(&mut desk);
    assert_eq!(orders.iter().map(|(_, turn)| *turn).collect::<Vec<_>>(), [Undoing::Undo, Undoing::Redo]);
    assert!(orders[1].0 >= orders[0].0 + 1_000, "names are kept free for the writes that an undo takes");
}

#[test]
fn what_cannot_be_undone_is_said_with_the_reason() {
    let mut desk = Desk::at(fixture::board());
    let reason = |desk: &Desk, action: Action| action.availability(&desk.model).reason();
    assert_eq!(reason(&desk, Action::Undo), Some("nothing was changed here that could be undone"));
    assert_eq!(reason(&desk, Action::Redo), Some("nothing was undone that could be done again"));
    desk.press("u");
    assert_eq!(desk.said(), "Undo: nothing was changed here that could be undone");
    assert_eq!(orders(&mut desk), []);
    desk.hear(SOMETHING);
    assert_eq!((reason(&desk, Action::Undo), reason(&desk, Action::Redo)), (None, None));
    desk.model.options.read_only = true;
    assert_eq!(reason(&desk, Action::Undo), Some("this session is read-only"));
}

#[test]
fn what_was_just_done_can_be_undone_before_the_worker_says_so() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L").press("u");
    assert_eq!(orders(&mut desk).len(), 1);
}

#[test]
fn an_undone_move_is_no_longer_shown_where_it_went() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L").press("u");
    let write = orders(&mut desk)[0].0;
    assert_eq!(desk.model.moves.len(), 1);
    desk.hear(turned(write, Vec::new(), &[]));
    assert_eq!(desk.said(), "Undid: Northwind renewal  Negotiation → Proposal");
    assert!(desk.model.moves.is_empty(), "the worker's word counts from here on");
    let requests = desk.requests();
    assert!(requests.iter().any(|request| matches!(request, Request::Board { .. })), "{requests:?}");
}

#[test]
fn the_cursor_goes_back_with_the_deal() {
    let mut desk = Desk::at(fixture::board());
    let before = desk.model.panes.board.focus;
    desk.press("L");
    assert_eq!(desk.model.panes.board.focus, before + 1);
    desk.press("u");
    let write = orders(&mut desk)[0].0;
    desk.hear(turned(write, Vec::new(), &[]));
    for job in desk.jobs() {
        if let Some(event) = answer(&job, true) {
            desk.hear(event);
        }
    }
    let board = &desk.model.panes.board;
    assert_eq!(board.focus, before);
    assert_eq!(board.card().map(|card| card.id.clone()), Some(fixture::northwind().id));
}

#[test]
fn a_move_made_after_the_undo_was_asked_for_stays() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L").press("u").press("L");
    let write = orders(&mut desk)[0].0;
    desk.hear(turned(write, Vec::new(), &[]));
    assert_eq!(desk.model.moves.len(), 1);
}

#[test]
fn a_note_that_is_taken_back_is_a_draft_again() {
    let mut desk = Desk::at(fixture::board());
    desk.hear(SOMETHING).press("u");
    let write = orders(&mut desk)[0].0;
    let (record, draft) = (fixture::northwind(), Some("net-45 is fine".to_owned()));
    desk.hear(turned(write, vec![TakenOut { write: 3, record: record.clone(), draft, edit: false }], &[]));
    assert!(desk.said().ends_with("the text is a draft again: gN lists it"), "{}", desk.said());
    let kept = desk.model.drafts.iter().find(|row| row.draft == DraftKey::Note(record.clone()));
    assert_eq!(kept.map(|row| row.text.as_str()), Some("net-45 is fine"));
}

#[test]
fn what_stays_as_it_is_is_said_with_who_and_when() {
    let mut desk = Desk::at(fixture::board());
    desk.hear(SOMETHING).press("u");
    let write = orders(&mut desk)[0].0;
    let reason = "Quarry Hotels: Ben Okafor changed Stage to Verbal yes on 24 Sep 10:05";
    desk.hear(turned(write, Vec::new(), &[reason]));
    assert!(desk.said().ends_with(&format!("; kept {reason}")), "{}", desk.said());
    let failure = Failure {
        doing: SafeText::new("undo"),
        what: SafeText::new(reason),
        way_on: SafeText::default(),
        retry_at: None,
        spot: None,
    };
    desk.hear(Event::Refused { write, failure });
    assert!(desk.failed() && desk.said().contains(reason));
}
