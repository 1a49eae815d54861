//! What both forms of the board share: its figures, its flags, and the marks of a card.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{board_narrow, board_wide, strip};
use crate::{
    app::{Place, geometry, pane::Column},
    domain::DealRow,
    protocol::{DealFilter, ListSpec, Summary},
    ui::{
        canvas::{Phrase, dot, inset, row, rule, tees},
        figures::{Due, Pace, count, days, due},
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

/// The weighted sum of a column in so many columns of the terminal: `w $6,245`.
pub fn weighted(scene: &Scene<'_>, column: &Column, room: u16) -> Phrase<'static> {
    let mut words = Phrase::new();
    words.put("w ", scene.theme.quiet).put(scene.money_in(column.weighted, room), scene.theme.text);
    words
}

/// How long deals usually stay in a column: `med 4d`; nothing where that is not known.
pub fn median(scene: &Scene<'_>, column: &Column) -> Phrase<'static> {
    let mut words = Phrase::new();
    if let Some(median) = column.median_days {
        words.put("med ", scene.theme.quiet).put(days(median), scene.theme.text);
    }
    words
}

/// The double line between headings and cards, so many rows down the frame.
pub fn ruled(scene: &Scene<'_>, outer: Rect, down: u16, buf: &mut Buffer) {
    let (glyphs, style) = (scene.glyphs, scene.theme.border);
    let line = row(outer, down);
    if line.height > 0 {
        rule(buf, line, glyphs.double, style);
        dot(buf, line.x, line.y, glyphs.double_right, style);
        dot(buf, line.right().saturating_sub(1), line.y, glyphs.double_left, style);
    }
}

/// A line between columns, from the upper border to the lower one; `ruled` is the row of the double line.
pub fn divide(scene: &Scene<'_>, x: u16, outer: Rect, ruled: u16, style: Style, buf: &mut Buffer) {
    let glyphs = scene.glyphs;
    for down in 0..outer.height {
        let glyph = match down {
            0 => glyphs.tee_down,
            down if down == outer.height - 1 => glyphs.tee_up,
            down if down == ruled => glyphs.double_cross,
            _ => glyphs.down,
        };
        dot(buf, x, outer.y + down, glyph, style);
    }
}

/// Says in a line how many cards are beyond it.
pub fn more(scene: &Scene<'_>, cards: u64, line: Rect, buf: &mut Buffer) {
    if cards > 0 {
        let words = Ink::figure(format!(" +{} more ", count(cards).as_str()));
        scene.pen(buf, inset(line, 1)).put(&words, scene.theme.quiet);
    }
}

/// The peek strip below the frame of the board.
pub fn peek(scene: &Scene<'_>, outer: Rect, area: Rect, buf: &mut Buffer) {
    let rows = geometry::strip_rows(scene.size, scene.model.options.peek).min(area.height);
    if rows > 1 {
        let below = Rect { y: outer.bottom(), height: rows - 1, ..area }.intersection(area);
        if strip::below(scene, below, buf) {
            tees(buf, row(outer, outer.height.saturating_sub(1)), scene.glyphs, scene.theme.border);
        }
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
