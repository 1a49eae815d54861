//! Deals that change their stage on the screen before the server has said yes.

use std::cmp::Reverse;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use crate::{
    app::{List, Model, Place, Walk, pane::Column},
    domain::{DealRow, Head, Link, RecordId, SafeText, StageSince},
    protocol::{StageChange, WriteId},
};

/// Shows a deal where it is going.
pub fn show(model: &mut Model, change: &StageChange) {
    let at = model.now;
    put(model, &change.deal.id, &change.to, &|deal| lay(deal, change, at));
}

fn lay(deal: &mut DealRow, change: &StageChange, at: Timestamp) {
    if deal.stage != change.to {
        deal.since = Some(StageSince { at, observed: true });
    }
    deal.amount = change.amount.or(deal.amount);
    deal.closing = change.closing.or(deal.closing);
    deal.pending = true;
}

/// A deal as the moves that are not confirmed make it.
pub fn overlay(model: &Model, deal: &mut DealRow) {
    for change in model.moves.values() {
        if change.deal.id == deal.id {
            lay(deal, change, model.now);
            deal.stage.clone_from(&change.to);
        }
    }
}

/// Shows every move that is not confirmed again, over rows that have just come.
pub fn show_all(model: &mut Model) {
    let moves: Vec<StageChange> = model.moves.values().cloned().collect();
    for change in moves {
        show(model, &change);
    }
}

/// The server took a move, and those of the same deal before it.
pub fn confirmed(model: &mut Model, write: WriteId) {
    let Some(change) = model.moves.remove(&write) else { return };
    let id = change.deal.id;
    model.moves.retain(|other, change| *other > write || change.deal.id != id);
    if !model.moves.values().any(|change| change.deal.id == id) {
        each_deal(model, &id, &|deal| deal.pending = false);
    }
}

/// Moves of deals that were named before `write` are no longer on their way to where they went: the worker
/// shows where the deals are now.
pub fn forget(model: &mut Model, write: WriteId, deals: &[Link]) {
    let is_one = |change: &StageChange| deals.iter().any(|deal| deal.id == change.deal.id);
    model.moves.retain(|earlier, change| *earlier >= write || !is_one(change));
}

/// A move did not happen: the deal goes back to where the first unconfirmed move of it began.
pub fn refused(model: &mut Model, write: WriteId) -> Option<StageChange> {
    let change = model.moves.remove(&write)?;
    let id = change.deal.id.clone();
    let earlier = model.moves.iter().find(|(other, change)| **other < write && change.deal.id == id);
    let from = earlier.map_or_else(|| change.from.clone(), |(_, first)| first.from.clone());
    model.moves.retain(|other, change| *other > write || change.deal.id != id);
    match model.moves.values_mut().find(|later| later.deal.id == id) {
        Some(later) => later.from = from,
        None => put(model, &id, &from, &|deal| deal.pending = false),
    }
    Some(change)
}

/// Puts a deal into a stage everywhere on the screen.
fn put(model: &mut Model, id: &RecordId, to: &str, change: &dyn Fn(&mut DealRow)) {
    carry(model, id, to);
    each_deal(model, id, change);
    each_deal(model, id, &|deal| to.clone_into(&mut deal.stage));
    let label = label(model, to);
    let panes = [&mut model.panes.record, &mut model.panes.peek].into_iter().flatten();
    for pane in panes.filter(|pane| pane.link.id == *id) {
        let fields = pane.detail.as_mut().map(|detail| &mut detail.fields);
        for field in fields.into_iter().flatten().filter(|field| field.api_name == "Stage") {
            field.lines = vec![label.clone()];
        }
    }
}

/// What people call a stage.
pub(super) fn label(model: &Model, value: &str) -> SafeText {
    let pipelines = model.account.catalog.iter().flat_map(|catalog| &catalog.pipelines);
    let mut stages = pipelines.flat_map(|pipeline| &pipeline.sub_pipelines).flat_map(|sub| &sub.stages);
    SafeText::new(stages.find(|stage| stage.value == value).map_or(value, |stage| &stage.label))
}

/// Does something to a deal wherever it is in hand.
fn each_deal(model: &mut Model, id: &RecordId, change: &dyn Fn(&mut DealRow)) {
    let panes = &mut model.panes;
    let cards = panes.board.columns.iter_mut().flat_map(|column| &mut column.cards.rows);
    let details = [&mut panes.record, &mut panes.peek].into_iter().flatten().chain(&mut panes.visited);
    let details = details.filter_map(|pane| pane.detail.as_mut()).flat_map(|detail| {
        let head = match &mut detail.head {
            Head::Deal(deal) => Some(deal),
            _ => None,
        };
        let related = detail.related.iter_mut().flat_map(|group| &mut group.rows);
        head.into_iter().chain(related.filter_map(|row| row.deal.as_mut()))
    });
    let answer = panes.coql.results.rows.rows.iter_mut().filter_map(|row| row.deal.as_deref_mut());
    let all = cards.chain(&mut panes.deals.rows).chain(answer).chain(details);
    for deal in all.filter(|deal| deal.id == *id) {
        change(deal);
    }
}

/// Carries a card to another column, figures and cursor with it.
fn carry(model: &mut Model, id: &RecordId, to: &str) {
    let board = &mut model.panes.board;
    let holds = |column: &Column| column.cards.rows.iter().position(|row| row.id == *id);
    let Some((from, at)) = board.columns.iter().enumerate().find_map(|(n, column)| Some((n, holds(column)?)))
    else {
        return;
    };
    if board.columns[from].stage.value == to {
        return;
    }
    let selected =
        board.focus == from && board.columns[from].cards.selected().is_some_and(|row| row.id == *id);
    let card = board.columns[from].take_card(at);
    let target = board.columns.iter().position(|column| column.stage.value == to);
    if let Some(summary) = &mut board.summary {
        let amount = card.amount.unwrap_or_default();
        summary.weighted = summary.weighted.saturating_sub(board.columns[from].weight(amount));
        match target {
            Some(to) => summary.weighted = summary.weighted.saturating_add(board.columns[to].weight(amount)),
            None => {
                summary.count = summary.count.saturating_sub(1);
                summary.sum = summary.sum.saturating_sub(amount);
            }
        }
    }
    let Some(target) = target else { return };
    board.columns[target].put_card(card, selected);
    if selected && model.trail.here == Place::Board {
        board.focus = target;
    }
}

/// The order of cards: soonest to close first, then the largest.
fn order(row: &DealRow) -> (bool, Option<Date>, Reverse<Decimal>) {
    (row.closing.is_none(), row.closing, Reverse(row.amount.unwrap_or_default()))
}

impl Column {
    /// What an amount weighs in this stage.
    fn weight(&self, amount: Decimal) -> Decimal {
        amount.saturating_mul(Decimal::new(i64::from(self.stage.probability), 2))
    }

    fn take_card(&mut self, at: usize) -> DealRow {
        let card = self.cards.rows.remove(at);
        let amount = card.amount.unwrap_or_default();
        self.count = self.count.saturating_sub(1);
        self.sum = self.sum.saturating_sub(amount);
        self.weighted = self.weighted.saturating_sub(self.weight(amount));
        let ordinal = self.cards.first + at as u64;
        if self.cards.cursor > ordinal {
            self.cards.cursor -= 1;
        }
        self.cards.count(self.count);
        card
    }

    fn put_card(&mut self, card: DealRow, select: bool) {
        let amount = card.amount.unwrap_or_default();
        let whole = self.cards.first + self.cards.rows.len() as u64 >= self.count;
        self.count += 1;
        self.sum = self.sum.saturating_add(amount);
        self.weighted = self.weighted.saturating_add(self.weight(amount));
        self.cards.count(self.count);
        let at = self.cards.rows.iter().position(|row| order(row) > order(&card));
        let at = at.unwrap_or(self.cards.rows.len());
        if at == self.cards.rows.len() && !whole {
            // It belongs below what is in hand.
            if select {
                self.cards.follow(&card.id);
            }
            return;
        }
        let ordinal = self.cards.first + at as u64;
        self.cards.rows.insert(at, card);
        if select {
            self.cards.cursor = ordinal;
        } else if self.cards.cursor >= ordinal && !self.cards.is_at_start() {
            self.cards.cursor += 1;
        }
    }
}

impl List<DealRow> {
    /// The list has this many rows now.
    fn count(&mut self, total: u64) {
        self.total = Some(total);
        self.cursor = self.cursor.min(total.saturating_sub(1));
    }
}
