use rust_decimal::Decimal;

use super::desk::Desk;
use crate::{
    app::{Load, Place, fixture, overlay::Overlay},
    domain::SafeText,
    protocol::{Event, Failure, JobKey, Request, StageChange},
};

fn moves(desk: &mut Desk) -> Vec<StageChange> {
    let moves = desk.requests().into_iter().filter_map(|request| match request {
        Request::MoveDeals(changes) => Some(changes),
        _ => None,
    });
    moves.flatten().collect()
}

fn refusal() -> Failure {
    Failure {
        doing: SafeText::new("move Northwind renewal to Negotiation"),
        what: SafeText::new("Bigin refused it: a task must be done first"),
        way_on: SafeText::new("it is back in Proposal"),
        retry_at: None,
        spot: None,
    }
}

fn figures(desk: &Desk, at: usize) -> (u64, Decimal, Decimal) {
    let column = &desk.model.panes.board.columns[at];
    (column.count, column.sum, column.weighted)
}

#[test]
fn keys_walk_over_stages_and_cards() {
    let mut desk = Desk::at(fixture::board());
    desk.press("j").press("j").press("k");
    assert_eq!(desk.model.panes.board.column().expect("a stage").cards.cursor, 1);
    desk.press("l");
    assert_eq!(desk.model.panes.board.focus, 3);
    desk.press("1");
    assert_eq!(desk.model.panes.board.focus, 0);
    desk.press("h").press("5").press("l");
    assert_eq!(desk.model.panes.board.focus, 4, "there is nothing beyond both ends");
    desk.press("9");
    assert_eq!(desk.said(), "there is no stage with this number");
}

#[test]
fn a_carried_deal_is_in_the_next_stage_at_once_with_one_write() {
    let mut desk = Desk::at(fixture::board());
    let (from, to) = (figures(&desk, 2), figures(&desk, 3));
    let amount = Decimal::from(48_000);
    desk.press("L");
    assert_eq!(desk.model.panes.board.focus, 3, "the cursor goes with the card");
    let card = desk.model.panes.board.card().expect("the card");
    assert_eq!(
        (card.name.as_str(), card.stage.as_str(), card.pending),
        ("Northwind renewal", "Negotiation", true)
    );
    let half = amount / Decimal::TWO;
    assert_eq!(figures(&desk, 2), (from.0 - 1, from.1 - amount, from.2 - half));
    assert_eq!(figures(&desk, 3), (to.0 + 1, to.1 + amount, to.2 + amount * Decimal::new(7, 1)));
    let sent = moves(&mut desk);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].from.as_str(), sent[0].to.as_str()), ("Proposal", "Negotiation"));
    assert_eq!(sent[0].deal, fixture::northwind());
}

#[test]
fn a_confirmed_move_is_no_longer_pending() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L").press("L");
    let sent = moves(&mut desk);
    assert_eq!(sent.len(), 2);
    assert!(sent[0].write < sent[1].write);
    desk.hear(Event::Confirmed { write: sent[1].write });
    assert!(desk.model.moves.is_empty(), "the last write of a deal stands for those before it");
    assert!(!desk.model.panes.board.card().expect("the card").pending);
}

#[test]
fn a_refused_move_goes_back_and_says_why() {
    let mut desk = Desk::at(fixture::board());
    let before: Vec<_> = (0..5).map(|at| figures(&desk, at)).collect();
    desk.press("L").press("L");
    let sent = moves(&mut desk);
    desk.hear(Event::Refused { write: sent[1].write, failure: refusal() });
    let after: Vec<_> = (0..5).map(|at| figures(&desk, at)).collect();
    assert_eq!(after, before);
    let card = desk.model.panes.board.card().expect("the card");
    assert_eq!((card.name.as_str(), card.stage.as_str()), ("Northwind renewal", "Proposal"));
    assert!(desk.failed() && desk.said().contains("a task must be done first"));
    assert!(desk.jobs().iter().any(|job| job.key == JobKey::Board), "the truth is asked for");
}

#[test]
fn only_the_refused_one_of_two_moves_goes_back() {
    let mut desk = Desk::at(fixture::board());
    desk.press("L");
    let first = moves(&mut desk)[0].write;
    desk.press("L");
    desk.hear(Event::Refused { write: first, failure: refusal() });
    assert_eq!(desk.model.panes.board.card().expect("the card").stage, "Verbal yes");
    let later = desk.model.moves.values().next().expect("the second move");
    assert_eq!(later.from, "Proposal", "if it is refused too, this is where it goes back to");
}

#[test]
fn a_board_that_was_read_before_the_move_shows_the_move() {
    let mut desk = Desk::at(fixture::board());
    desk.hear(Event::Changed);
    let generation = desk.generation(&JobKey::Board);
    desk.press("L");
    let old = fixture::board().panes.board.columns.into_iter().map(|column| crate::protocol::BoardColumn {
        stage: column.stage.value,
        count: column.count,
        sum: column.sum,
        weighted: column.weighted,
        median_days: column.median_days,
        rows: column.cards.rows,
    });
    desk.hear(Event::Board { generation, scope: fixture::scope(), columns: old.collect() });
    let card = desk.model.panes.board.card().expect("the card");
    assert_eq!((card.name.as_str(), card.stage.as_str()), ("Northwind renewal", "Negotiation"));
}

#[test]
fn the_ends_of_the_stages_say_what_else_there_is() {
    let mut desk = Desk::at(fixture::board());
    desk.press("5").press("L");
    assert!(desk.said().contains("W closes the deal as won"), "{}", desk.said());
    desk.press("1").press("H");
    assert!(desk.said().contains("this is the first stage"));
    assert!(moves(&mut desk).is_empty());
}

#[test]
fn a_read_only_session_writes_nothing() {
    let mut desk = Desk::at(fixture::board());
    desk.model.options.read_only = true;
    for key in ["L", "H", "m", "W", "X", "n", "N"] {
        desk.press(key);
        assert!(desk.said().ends_with("this session is read-only"), "{key}: {}", desk.said());
        assert!(desk.model.overlay.is_none());
    }
    desk.press(":").type_text("note hello").press("enter");
    assert!(matches!(&desk.model.overlay, Some(Overlay::Command(line)) if line.error.is_some()));
    assert!(
        desk.requests().iter().all(|request| !matches!(request, Request::MoveDeals(_) | Request::AddNote(_)))
    );
}

#[test]
fn a_stage_is_picked_by_digit_or_by_letters() {
    let mut desk = Desk::at(fixture::board());
    desk.press("m").press("1");
    assert_eq!(moves(&mut desk)[0].to, "Qualification");
    desk.press("m").type_text("nego").press("enter");
    assert_eq!(moves(&mut desk)[0].to, "Negotiation");
    desk.press("m").press("enter");
    assert!(desk.said().contains("is in Negotiation already"));
    desk.press("m").press("esc");
    assert!(desk.model.overlay.is_none() && moves(&mut desk).is_empty());
}

#[test]
fn winning_asks_for_amount_and_date_and_takes_the_card_off_the_board() {
    let mut desk = Desk::at(fixture::board());
    let before = figures(&desk, 2);
    desk.press("W");
    let Some(Overlay::Deal(close)) = &desk.model.overlay else { unreachable!("the dialog") };
    assert_eq!((close.amount.text.as_str(), close.closing.text.as_str()), ("48000", "2026-09-24"));
    desk.press("ctrl-u").type_text("50k").press("tab").press("ctrl-u").type_text("soon").press("enter");
    let Some(Overlay::Deal(close)) = &desk.model.overlay else { unreachable!("it stays open") };
    assert!(close.error.as_ref().is_some_and(|error| error.contains("fri")));
    desk.press("ctrl-u").type_text("fri").press("enter");
    assert!(desk.model.overlay.is_none());
    let sent = moves(&mut desk);
    assert_eq!(sent[0].to, "Closed Won");
    assert_eq!(sent[0].amount, Some(Decimal::from(50_000)));
    assert_eq!(sent[0].closing, None, "Friday is the date that it had");
    assert_eq!(
        figures(&desk, 2),
        (before.0 - 1, before.1 - Decimal::from(48_000), before.2 - Decimal::from(24_000))
    );
    assert_eq!(desk.model.panes.board.focus, 2, "the cursor stays in the stage");
    desk.hear(Event::Refused { write: sent[0].write, failure: refusal() });
    assert!(desk.failed());
}

#[test]
fn amount_and_date_change_where_the_deal_stands() {
    let mut desk = Desk::at(fixture::board());
    desk.press("c").press("a").press("ctrl-u").type_text("+10%").press("enter");
    let sent = moves(&mut desk);
    assert_eq!(sent[0].from, sent[0].to);
    assert_eq!((sent[0].amount, sent[0].closing), (Some(Decimal::from(52_800)), None));
    let card = desk.model.current_deal().cloned().expect("a deal");
    assert!(card.pending && card.amount == Some(Decimal::from(52_800)));

    desk.press("c").press("d").press("ctrl-u").type_text("2026-12-12").press("enter");
    let sent = moves(&mut desk);
    assert_eq!(sent[0].amount, None);
    assert_eq!(sent[0].closing.map(|date| date.to_string()).as_deref(), Some("2026-12-12"));

    desk.press("c").press("a").press("enter");
    assert!(desk.said().contains("stays as it was") && moves(&mut desk).is_empty());
}

#[test]
fn losing_asks_why_where_there_are_several_ways_to_lose() {
    let mut desk = Desk::at(fixture::board());
    desk.press("X").press("down").press("enter");
    let sent = moves(&mut desk);
    assert_eq!(sent[0].to, "No budget");
    assert_eq!(sent[0].amount, None, "an amount that was not changed is not written");
    desk.press("X").press("2").press("enter");
    assert_eq!(moves(&mut desk)[0].to, "No budget");
}

#[test]
fn more_cards_are_asked_for_near_the_end_of_a_column() {
    let mut desk = Desk::at(fixture::board());
    let column = &mut desk.model.panes.board.columns[2];
    column.count = 500;
    column.cards.total = Some(500);
    desk.press("j");
    let asked = desk.jobs();
    assert!(asked.iter().any(|job| matches!(&job.request, Request::Window { list, .. }
        if matches!(list, crate::protocol::ListSpec::Stage { stage, .. } if stage == "Proposal"))));
    desk.press("j").press("j");
    assert!(desk.jobs().iter().all(|job| !matches!(job.request, Request::Window { .. })), "once is enough");
}

#[test]
fn the_strip_follows_the_cursor_and_can_be_put_away() {
    let mut desk = Desk::at(fixture::board());
    desk.press("j");
    let asked = desk.jobs();
    assert!(asked.iter().any(|job| job.key == JobKey::Peek
        && matches!(&job.request, Request::Detail { fresh: false, id, .. } if *id == fixture::id(1002))));
    desk.press("p").press("j");
    assert!(!desk.jobs().iter().any(|job| job.key == JobKey::Peek));
}

#[test]
fn the_deal_under_the_cursor_stays_there_between_board_and_list() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("g p").press("j").press("b");
    assert_eq!(desk.model.trail.here, Place::Deals);
    assert_eq!(desk.model.current_deal().expect("a deal").name.as_str(), "Lumen Optics");
    desk.press("j").press("b");
    let id = desk.model.panes.deals.selected().expect("a deal").id.clone();
    assert_eq!(desk.model.panes.board.card().map(|card| card.id.clone()), Some(id));
}

#[test]
fn another_pipeline_is_found_by_letters() {
    let mut desk = Desk::at(fixture::board());
    desk.press("P").type_text("onboa").press("enter");
    let scope = desk.model.scope.clone().expect("a scope");
    assert_eq!((scope.pipeline.clone(), scope.sub_pipeline), (fixture::id(2), None));
    assert!(desk.model.panes.board.columns.is_empty());
    assert_eq!(desk.model.panes.board.load, Load::Asked);
    assert!(
        desk.requests().iter().any(
            |request| matches!(request, Request::Board { scope: of, .. } if of.pipeline == scope.pipeline)
        )
    );
}

#[test]
fn after_another_filter_the_cursor_is_where_there_are_cards() {
    let mut desk = Desk::at(fixture::board());
    desk.press("j").press("j").press("f m");
    let generation = desk.generation(&JobKey::Board);
    let columns = fixture::board().panes.board.columns.into_iter().map(|column| {
        let rows: Vec<_> =
            column.cards.rows.into_iter().filter(|_| column.stage.value == "Verbal yes").collect();
        let count = rows.len() as u64;
        let (sum, weighted, median_days) = (column.sum, column.weighted, None);
        crate::protocol::BoardColumn { stage: column.stage.value, count, sum, weighted, median_days, rows }
    });
    desk.hear(Event::Board { generation, scope: fixture::scope(), columns: columns.collect() });
    assert_eq!(desk.model.panes.board.focus, 4);
    assert_eq!(desk.model.panes.board.column().map(|column| column.cards.cursor), Some(0));
}

/// Tells the board with one more card at the head of every stage.
fn more_on_top(desk: &mut Desk) {
    desk.hear(Event::Changed);
    let generation = desk.generation(&JobKey::Board);
    let columns = fixture::board().panes.board.columns.into_iter().zip(9_000..).map(|(column, n)| {
        let first = column.cards.rows[0].clone();
        let new = crate::domain::DealRow { id: fixture::id(n), name: SafeText::new("new"), ..first };
        let rows = std::iter::once(new).chain(column.cards.rows).collect::<Vec<_>>();
        crate::protocol::BoardColumn {
            stage: column.stage.value,
            count: rows.len() as u64,
            sum: column.sum,
            weighted: column.weighted,
            median_days: None,
            rows,
        }
    });
    desk.hear(Event::Board { generation, scope: fixture::scope(), columns: columns.collect() });
}

#[test]
fn columns_where_nobody_has_been_stay_at_their_first_card() {
    let mut desk = Desk::at(fixture::board());
    let before = desk.model.panes.board.card().map(|card| card.id.clone());
    more_on_top(&mut desk);
    let board = &desk.model.panes.board;
    assert_eq!(board.card().map(|card| card.id.clone()), before, "the card under the cursor stays there");
    for (at, column) in board.columns.iter().enumerate() {
        let cursor = u64::from(at == board.focus);
        assert_eq!((column.cards.cursor, column.cards.top), (cursor, 0), "{}", column.stage.value);
    }
}

#[test]
fn while_the_mirror_fills_who_has_not_moved_stays_at_the_first_card() {
    let mut desk = Desk::at(fixture::board());
    let doing = SafeText::new("fetching deals");
    let progress = crate::protocol::Progress { doing, done: 0, total: None };
    desk.hear(Event::Sync(crate::protocol::SyncState::Filling(progress)));
    more_on_top(&mut desk);
    assert_eq!(desk.model.panes.board.card().map(|card| card.name.to_string()), Some("new".to_owned()));
}
