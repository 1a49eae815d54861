use super::desk::Desk;
use crate::{
    app::{Place, fixture, input::area, overlay::Overlay},
    protocol::{DraftKey, Event, MoveValues, OutboxItem, OutboxOrder, OutboxState, Request, Stand, TakenOut},
};

fn orders(desk: &mut Desk) -> Vec<OutboxOrder> {
    let orders = desk.requests().into_iter().filter_map(|request| match request {
        Request::Outbox(order) => Some(order),
        _ => None,
    });
    orders.collect()
}

/// The outbox on the screen, with the cursor on the write with this number.
fn open(no: i64) -> Desk {
    let mut desk = Desk::at(fixture::board());
    desk.press("g u");
    assert_eq!(orders(&mut desk), [OutboxOrder::List]);
    desk.hear(Event::OutboxItems(fixture::outbox()));
    while selected(&desk).no != no {
        desk.press("j");
    }
    desk
}

fn selected(desk: &Desk) -> OutboxItem {
    match &desk.model.overlay {
        Some(Overlay::Outbox(view)) => view.selected().cloned().expect("a row"),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn the_outbox_is_one_key_away_and_follows_what_happens() {
    let mut desk = open(3);
    let mut rows = fixture::outbox();
    rows.remove(0);
    desk.hear(Event::Outbox(OutboxState { pending: 3, refused: 0, conflicts: 1 }));
    assert_eq!(orders(&mut desk), [OutboxOrder::List], "who looks at it sees it");
    desk.hear(Event::OutboxItems(rows));
    assert_eq!(selected(&desk).no, 3, "the cursor stays on its write");
    desk.press("esc");
    desk.hear(Event::Outbox(OutboxState::default()));
    assert_eq!(orders(&mut desk), []);
}

#[test]
fn each_key_says_what_is_to_be_done_with_the_write_under_the_cursor() {
    for (key, no, order) in [
        ("D", 9, OutboxOrder::Cancel(9)),
        ("r", 9, OutboxOrder::Send(9)),
        ("e", 3, OutboxOrder::Edit(3)),
        ("K", 1, OutboxOrder::Shift { no: 1, up: true }),
        ("J", 3, OutboxOrder::Shift { no: 3, up: false }),
    ] {
        let mut desk = open(no);
        desk.press(key);
        assert_eq!(orders(&mut desk), [order], "{key}");
    }
}

#[test]
fn a_refused_move_is_edited_by_picking_another_stage() {
    let mut desk = open(9);
    desk.press("e");
    assert!(
        matches!(&desk.model.overlay, Some(Overlay::Stage(picker)) if picker.deals[0].name.as_str() == "Northwind renewal")
    );
    desk.press("1");
    let moved = desk
        .requests()
        .into_iter()
        .any(|request| matches!(request, Request::MoveDeals(changes) if changes[0].to == "Qualification"));
    assert!(moved);
}

#[test]
fn enter_opens_the_record_of_a_write() {
    let mut desk = open(3);
    desk.press("enter");
    assert_eq!(desk.model.trail.here, Place::Record(fixture::ana()));
}

#[test]
fn a_note_taken_out_to_be_edited_opens_in_its_editor() {
    let mut desk = open(3);
    desk.press("e");
    let taken =
        TakenOut { write: 77, record: fixture::ana(), draft: Some("net-45 is fine".to_owned()), edit: true };
    desk.hear(Event::TakenOut(taken));
    match &desk.model.overlay {
        Some(Overlay::Note(note)) => {
            assert_eq!(
                (note.home.clone(), area::text(&note.text)),
                (fixture::ana(), "net-45 is fine".to_owned())
            );
        }
        other => unreachable!("{other:?}"),
    }
    assert!(desk.model.drafts.iter().any(|row| row.draft == DraftKey::Note(fixture::ana())));
}

#[test]
fn a_move_taken_out_goes_back_on_the_screen() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L");
    let write = *desk.model.moves.keys().next().expect("a move");
    let taken = TakenOut { write, record: fixture::northwind(), draft: None, edit: false };
    desk.hear(Event::TakenOut(taken));
    assert!(desk.model.moves.is_empty());
    let proposal = &desk.model.panes.board.columns[2];
    assert!(proposal.cards.rows.iter().any(|deal| deal.id == fixture::northwind().id && !deal.pending));
    assert!(desk.said().contains("stays as the server has it"), "{}", desk.said());
}

fn settled(desk: &mut Desk) -> (i64, MoveValues) {
    match orders(desk).into_iter().find(|order| matches!(order, OutboxOrder::Settle { .. })) {
        Some(OutboxOrder::Settle { no, values }) => (no, values),
        other => unreachable!("nothing is settled but {other:?}"),
    }
}

fn values(stage: &str, amount: i64) -> MoveValues {
    MoveValues { stage: stage.to_owned(), amount: Some(amount.into()), ..MoveValues::default() }
}

#[test]
fn a_conflict_is_decided_field_by_field() {
    for (keys, expected) in [
        (["m", "m"], values("Negotiation", 45_000)),
        (["t", "t"], values("Verbal yes", 52_000)),
        (["t", "m"], values("Verbal yes", 45_000)),
    ] {
        let mut desk = open(4);
        desk.press("enter");
        assert!(matches!(desk.model.overlay, Some(Overlay::Conflict(_))));
        for key in keys {
            desk.press(key);
        }
        assert_eq!(settled(&mut desk), (4, expected), "{keys:?}");
    }
}

#[test]
fn a_third_value_is_typed_and_checked() {
    let mut desk = open(4);
    desk.press("enter").press("e");
    desk.press("ctrl-u").type_text("moon").press("enter");
    let error = |desk: &Desk| match &desk.model.overlay {
        Some(Overlay::Conflict(view)) => view.error.clone(),
        other => unreachable!("{other:?}"),
    };
    assert!(error(&desk).is_some_and(|words| words.contains("no stage")));
    desk.press("ctrl-u").type_text("qual").press("enter");
    desk.press("e").press("ctrl-u").type_text("50k").press("enter");
    assert_eq!(settled(&mut desk), (4, values("Qualification", 50_000)));
}

#[test]
fn a_conflict_can_wait_and_may_end_by_itself() {
    let mut desk = open(4);
    desk.press("enter").press("e").press("esc");
    assert!(matches!(desk.model.overlay, Some(Overlay::Conflict(_))), "the line closes first");
    desk.press("esc");
    assert!(matches!(desk.model.overlay, Some(Overlay::Outbox(_))));
    assert!(orders(&mut desk).iter().all(|order| *order == OutboxOrder::List));
    let mut desk = open(4);
    desk.press("enter");
    let rows = fixture::outbox().into_iter().filter(|row| !matches!(row.stand, Stand::Conflict(_)));
    desk.hear(Event::OutboxItems(rows.collect()));
    assert!(matches!(desk.model.overlay, Some(Overlay::Outbox(_))), "another program decided it");
}
