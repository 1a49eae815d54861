//! The board with its stages side by side.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{board, listing, starting};
use crate::{
    app::{geometry, pane::Column},
    domain::DealRow,
    ui::{
        canvas::{Phrase, Side, frame, inset, row},
        figures::{count, probability, slip},
        scene::Scene,
        text::Ink,
    },
};

/// Least columns of the terminal for a stage, its line on the left included.
const LEAST: u16 = 22;

/// Columns of a next step with a blank after it, in few words.
const NEXT: u16 = 7;

/// Rows of a column's heading.
const HEADING: u16 = 3;

/// The row of the double line below the headings.
const RULED: u16 = HEADING + 1;

/// Draws figures, columns and the peek strip.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let pane = &scene.model.panes.board;
    let peek = scene.model.options.peek;
    let cards = geometry::board_rows(scene.size, peek);
    let outer = Rect { y: area.y + 1, height: cards + HEADING + 3, ..area }.intersection(area);
    frame(buf, outer, scene.glyphs, scene.theme.border);

    let count = pane.columns.len();
    let fits = usize::from((outer.width.saturating_sub(1) / LEAST).max(1));
    let first = pane.focus.saturating_sub(fits.saturating_sub(1) / 2).min(count.saturating_sub(fits));
    let shown = if count == 0 { starting::COLUMNS } else { count.min(fits) };
    figures(scene, first, shown, row(area, 0), buf);
    board::ruled(scene, outer, RULED, buf);
    for (place, area) in split(outer, shown).enumerate() {
        if place > 0 {
            board::divide(scene, area.x - 1, outer, RULED, scene.theme.border, buf);
        }
        if let Some(column) = pane.columns.get(first + place) {
            draw_column(scene, column, first + place, area, buf);
        }
    }
    if let Some(at) = pane.focus.checked_sub(first).filter(|_| count > 0) {
        light(scene, split(outer, shown).nth(at), buf);
    }
    if count == 0 {
        starting::draw(scene, Rect { y: outer.y + HEADING + 2, height: cards, ..outer }, buf);
    }
    board::peek(scene, outer, area, buf);
}

fn figures(scene: &Scene<'_>, first: usize, shown: usize, area: Rect, buf: &mut Buffer) {
    let (theme, pane) = (scene.theme, &scene.model.panes.board);
    let Some(summary) = &pane.summary else { return };
    let mut left = Phrase::new();
    left.put(" ", theme.text).put(count(summary.count), theme.title).put(" open   ", theme.quiet);
    left.put(scene.money(summary.sum), theme.title);
    left.put("   weighted ", theme.quiet).put(scene.money(summary.weighted), theme.text);
    let mut month = Phrase::new();
    month.put("   closing in ", theme.quiet);
    month.put(Ink::figure(scene.today.strftime("%b ").to_string()), theme.quiet);
    month.put(scene.money(summary.closing_this_month), theme.text);
    let mut right = Phrase::new();
    if pane.columns.len() > shown {
        right.put(Ink::figure(format!("stages {}-{} of ", first + 1, first + shown)), theme.quiet);
        right.put(count(pane.columns.len() as u64), theme.text);
    }
    board::flags(scene, summary, &mut right);
    right.put(" ", theme.text);
    if left.width() + month.width() + right.width() < area.width {
        left.append(month);
    }
    scene.pen(buf, area).phrase(&left).at_end(&right);
}

/// The insides of `count` columns, as even as can be.
fn split(outer: Rect, count: usize) -> impl Iterator<Item = Rect> {
    let count = u16::try_from(count).unwrap_or(1).max(1);
    let inner = outer.width.saturating_sub(count + 1);
    let mut x = outer.x + 1;
    (0..count).map(move |index| {
        let width = inner / count + u16::from(index < inner % count);
        let column = Rect { x, width, ..outer };
        x += width + 1;
        column
    })
}

/// Shows by its lines which column has the cursor.
fn light(scene: &Scene<'_>, column: Option<Rect>, buf: &mut Buffer) {
    let Some(column) = column else { return };
    let around = Rect { x: column.x.saturating_sub(1), width: column.width + 2, ..column };
    let style = scene.theme.focus.remove_modifier(ratatui::style::Modifier::DIM);
    buf.set_style(Rect { width: 1, ..around }, style);
    buf.set_style(Rect { x: around.right().saturating_sub(1), width: 1, ..around }, style);
    buf.set_style(row(column, RULED), style);
}

fn draw_column(scene: &Scene<'_>, column: &Column, index: usize, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let focused = index == scene.model.panes.board.focus;
    let mut pen = scene.pen(buf, row(area, 1));
    scene.pointer(&mut pen, focused);
    pen.put(board::digit(index), theme.quiet);
    let counted = count(column.count);
    let name = pen.room().saturating_sub(counted.width() + 2);
    pen.cell(name, Side::Left, Ink::made_safe(&column.stage.label), theme.heading).gap(1);
    pen.put(&counted, theme.heading);

    let line = inset(row(area, 2), 1);
    let mut pen = scene.pen(buf, line);
    pen.put(scene.money_in(column.sum, line.width / 2), theme.money);
    let room = pen.room().saturating_sub(3);
    pen.at_end(&board::weighted(scene, column, room));

    let mut chance = Phrase::new();
    chance.put(probability(column.stage.probability), theme.text);
    let mut pen = scene.pen(buf, inset(row(area, 3), 1));
    pen.phrase(&board::median(scene, column)).at_end(&chance);

    let bottom = area.height.saturating_sub(HEADING + 3);
    let body = Rect { y: area.y + HEADING + 2, height: bottom, ..area };
    let fits = geometry::board_cards(scene.size, scene.model.options.peek);
    if column.cards.total == Some(0) {
        listing::say(scene, board::empty(scene), Rect { height: body.height.min(4), ..body }, buf);
    }
    for (place, (ordinal, deal)) in (0..).zip(column.cards.visible(fits)) {
        let card = Rect { y: body.y + place * 4, height: 3, ..body }.intersection(body);
        match deal {
            Some(deal) => draw_card(scene, column, deal, (ordinal, focused), card, buf),
            None => drop(scene.pen(buf, row(card, 0)).gap(1).put(scene.glyphs.ellipsis, theme.quiet)),
        }
    }
    let (above, below) = board::hidden(column, fits);
    board::more(scene, above, row(area, RULED), buf);
    board::more(scene, below, row(area, area.height.saturating_sub(1)), buf);
}

fn draw_card(
    scene: &Scene<'_>,
    column: &Column,
    deal: &DealRow,
    (ordinal, focused): (u64, bool),
    card: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.theme;
    let selected = focused && ordinal == column.cards.cursor;
    let name = row(card, 0);
    let airy = Rect { width: card.width.saturating_sub(1), ..card };
    let mut pen = scene.pen(buf, row(airy, 0));
    scene.gutter(&mut pen, selected, scene.is_marked(&column.cards, ordinal, &deal.id), deal.pending);
    pen.put(&deal.name, theme.text);
    if selected {
        buf.set_style(name, theme.selected);
    }

    let narrow = card.width < 21;
    let mut pen = scene.pen(buf, row(card, 1));
    let bar = if selected { scene.glyphs.side } else { " " };
    pen.put(bar, theme.pointer);
    let (closing, late) = scene.closing(deal);
    let chance = if narrow { 0 } else { 5 };
    let amount = pen.room().saturating_sub(chance + 8);
    pen.cell(amount, Side::Right, scene.amount(deal, amount), theme.money);
    if !narrow {
        pen.cell(chance, Side::Right, probability(column.stage.probability), theme.quiet);
    }
    pen.cell(8, Side::Right, closing, late);

    let mut pen = scene.pen(buf, row(airy, 2));
    pen.put(bar, theme.pointer);
    let (age, pace) = scene.age(deal, column.median_days);
    pen.cell(6, Side::Right, age, pace).gap(1);
    let slip = deal.slips.map(|slips| slip(slips, pen.room().saturating_sub(NEXT)));
    let taken = slip.as_ref().map_or(0, |slip| slip.width() + 1);
    let (next, due) = scene.next_step(deal, pen.room().saturating_sub(taken));
    pen.put(next, due);
    if let Some(slip) = slip {
        pen.gap(1).put(slip, theme.warn);
    }
}
