//! The board as the worker tells it.

use crate::{
    app::{List, Load, Model, geometry, pane::Column, update::moves},
    domain::{DealRow, Outcome, RecordId, Row, Stage},
    protocol::{BoardColumn, ListSpec, Scope, Slice},
};

/// Takes the columns in; each keeps its cursor, and a card that is on its way to another stage stays there.
pub fn take(model: &mut Model, scope: &Scope, columns: Vec<BoardColumn>) {
    if model.scope.as_ref() != Some(scope) {
        return;
    }
    let height = geometry::board_cards(model.size, model.options.peek);
    let filter = model.panes.board.filter.clone();
    let selected = model.panes.board.card().map(|card| card.id.clone());
    let focused = model.panes.board.column().map(|column| column.stage.value.clone());
    let filling = model.is_filling();
    let outdated = model.panes.board.column().is_some_and(|column| column.cards.outdated);
    let mut old = std::mem::take(&mut model.panes.board.columns);
    let columns = columns.into_iter().map(|new| {
        let at = old.iter().position(|column| column.stage.value == new.stage);
        let mut cards = at.map(|at| old.swap_remove(at).cards).unwrap_or_default();
        // Where nobody has been there is no selection to keep: the column stays at its first card.
        cards.outdated |= cards.is_at_start() && (filling || focused.as_ref() != Some(&new.stage));
        let spec = ListSpec::Stage { scope: scope.clone(), stage: new.stage.clone(), filter: filter.clone() };
        let stage = stage(model, scope, &new.stage);
        take_cards(&mut cards, spec, new.count, new.rows, height);
        let BoardColumn { count, sum, weighted, median_days, .. } = new;
        Column { stage, count, sum, weighted, median_days, cards }
    });
    let columns: Vec<Column> = columns.collect();
    let board = &mut model.panes.board;
    board.columns = columns;
    board.load = Load::Ready;
    if let Some(at) =
        focused.and_then(|value| board.columns.iter().position(|column| column.stage.value == value))
    {
        board.focus = at;
    }
    // After another filter the cursor goes where there is something to see.
    if outdated && board.column().is_some_and(|column| column.count == 0) {
        board.focus = board.columns.iter().position(|column| column.count > 0).unwrap_or(board.focus);
    }
    moves::show_all(model);
    // A card that is being carried, or was taken back, keeps the cursor, although the answer does not know of it yet.
    let carried = selected.filter(|id| model.moves.values().any(|change| change.deal.id == *id));
    let carried = carried.or_else(|| model.panes.board.follow.take());
    let holds = |column: &Column, id: &RecordId| column.cards.rows.iter().position(|row| row.id == *id);
    let board = &mut model.panes.board;
    if let Some((focus, at)) = carried.and_then(|id| {
        board.columns.iter().enumerate().find_map(|(n, column)| Some((n, holds(column, &id)?)))
    }) {
        board.focus = focus;
        let cards = &mut board.columns[focus].cards;
        cards.cursor = cards.first + at as u64;
    }
}

/// Takes the first cards of a column in. One who is further down than they reach stays there.
fn take_cards(cards: &mut List<DealRow>, spec: ListSpec, count: u64, rows: Vec<DealRow>, height: u16) {
    let below = !cards.outdated && cards.cursor >= rows.len() as u64 && cards.cursor < count;
    let selected = cards.selected().map(|row| row.id.clone());
    let lost = selected.filter(|id| below && !rows.iter().any(|row| row.id() == id));
    cards.spec = Some(spec.clone());
    match lost {
        Some(id) => {
            cards.total = Some(count);
            cards.follow = Some(id);
            cards.load = Load::Idle;
        }
        None => cards.take(&Slice::Start, 0, count, rows, height),
    }
}

/// What the org's metadata says of a stage.
fn stage(model: &Model, scope: &Scope, value: &str) -> Stage {
    let pipeline = model.account.catalog.as_ref().and_then(|catalog| catalog.pipeline(&scope.pipeline));
    let subs = pipeline.into_iter().flat_map(|pipeline| &pipeline.sub_pipelines);
    let wanted = |name: &String| scope.sub_pipeline.as_ref().is_none_or(|sub| sub == name);
    let mut stages = subs.filter(|sub| wanted(&sub.name)).flat_map(|sub| &sub.stages);
    let unknown =
        || Stage { value: value.to_owned(), label: value.to_owned(), probability: 0, outcome: Outcome::Open };
    stages.find(|stage| stage.value == value).cloned().unwrap_or_else(unknown)
}
