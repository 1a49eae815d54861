//! What both forms of the board share: its figures, its flags, and the marks of a card.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{board_narrow, board_wide};
use crate::{
    app::{Place, geometry, pane::Column},
    domain::DealRow,
    protocol::{DealFilter, ListSpec, Summary},
    ui::{
        canvas::Phrase,
        figures::{Due, Pace, count, due},
        scene::Scene,
        text::Ink,
    },
};

/// Draws the board.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    if geometry::is_wide(scene.size) {
        board_wide::draw(scene, area, buf);
    } else {
        board_narrow::draw(scene, area, buf);
    }
}

/// Sums of the whole board: `41 open  $612,300  w $275,490`.
pub fn sums(scene: &Scene<'_>) -> Phrase<'static> {
    let theme = scene.theme;
    let mut sums = Phrase::new();
    if let Some(summary) = &scene.model.panes.board.summary {
        sums.put(count(summary.count), theme.text).put(" open  ", theme.quiet);
        sums.put(scene.money(summary.sum), theme.title);
        sums.put("  w ", theme.quiet).put(scene.money(summary.weighted), theme.text).put(" ", theme.text);
    }
    sums
}

/// Deals that need a look: `! 6 stuck   ? 9 no next step`.
pub fn flags(scene: &Scene<'_>, summary: &Summary, to: &mut Phrase<'_>) {
    let theme = scene.theme;
    if summary.stuck > 0 {
        to.put("   ", theme.text).put("! ", theme.bad).put(count(summary.stuck), theme.bad);
        to.put(" stuck", theme.bad);
    }
    if summary.no_next_step > 0 {
        to.put("   ", theme.text).put("? ", theme.warn).put(count(summary.no_next_step), theme.warn);
        to.put(" no next step", theme.warn);
    }
}

/// What narrows the deals on the board or in the list.
fn filter<'a>(scene: &Scene<'a>) -> Option<&'a DealFilter> {
    let panes = &scene.model.panes;
    match scene.model.trail.here {
        Place::Board => Some(&panes.board.filter),
        _ => match &panes.deals.spec {
            Some(ListSpec::Deals { filter, .. }) => Some(filter),
            _ => None,
        },
    }
}

/// The conditions as words: `   mine · overdue   /north`.
pub fn filter_words(scene: &Scene<'_>, to: &mut Phrase<'_>) {
    let Some(filter) = filter(scene) else { return };
    let theme = scene.theme;
    let all = !filter.open_only && scene.model.trail.here == Place::Deals;
    let words = [
        (filter.mine, "mine"),
        (filter.no_next_step, "no next step"),
        (filter.overdue, "overdue"),
        (all, "closed too"),
    ];
    let mut between = "   ";
    for (_, word) in words.into_iter().filter(|(on, _)| *on) {
        to.put(between, theme.quiet).put(word, theme.marked);
        between = " + ";
    }
    if !filter.text.is_empty() && scene.model.trail.here == Place::Board {
        to.put("   /", theme.key).put(Ink::made_safe(&filter.text), theme.text);
    }
}

/// Cards of a column that are out of sight: above and below.
pub fn hidden(column: &Column, shown: u16) -> (u64, u64) {
    let total = column.cards.total.unwrap_or(column.count);
    (column.cards.top, total.saturating_sub(column.cards.top + u64::from(shown)))
}

/// One character that says what is wrong with a deal, worst first; blank for nothing.
pub fn flag(scene: &Scene<'_>, deal: &DealRow, median: Option<u32>) -> (&'static str, Style) {
    let theme = scene.theme;
    let pace = scene.pace(deal, median).map_or(Pace::Usual, |(_, pace)| pace);
    match (pace, due(deal.next.as_ref(), scene.today)) {
        (Pace::Stuck, _) | (_, Due::Late) => ("!", theme.bad),
        (_, Due::Nothing) => ("?", theme.warn),
        (Pace::Slow, _) => ("~", theme.warn),
        _ => (" ", theme.text),
    }
}

/// What to say in a column without cards.
pub fn empty(scene: &Scene<'_>) -> &'static str {
    let filter = &scene.model.panes.board.filter;
    let narrowed = !filter.text.is_empty() || filter.mine || filter.no_next_step || filter.overdue;
    if narrowed { "none match" } else { "no deals" }
}

/// The digit that picks a column.
pub fn digit(index: usize) -> Ink<'static> {
    if index < 9 { Ink::figure(format!("{} ", index + 1)) } else { Ink::default() }
}
