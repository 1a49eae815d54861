//! The board with one stage wide and its neighbours as rails.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    board, listing, starting, strip,
    table::{self, Placed},
};
use crate::{
    app::{geometry, pane::Column},
    domain::DealRow,
    ui::{
        canvas::{Phrase, Side, frame, row},
        figures::{count, probability, slip_in_full},
        scene::Scene,
        text::Ink,
    },
};

/// Columns of a rail with its line.
const RAIL: u16 = 11;

/// From this width on there are rails.
const RAILS_FROM: u16 = 70;

/// The row of the double line below the heading.
const RULED: u16 = 2;

const COLUMNS: &[table::Column] = &[
    table::Column::growing("", 12, 60, 0),
    table::Column::fixed("", Side::Right, 8, 0),
    table::Column::fixed("", Side::Right, 8, 3),
    table::Column::fixed("", Side::Right, 6, 1),
    table::Column::fixed("", Side::Left, 7, 2),
];

/// Draws the stages in a line, the focused one with its cards, and the peek strip.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let pane = &scene.model.panes.board;
    let peek = scene.model.options.peek;
    let cards = geometry::board_rows(scene.size, peek);
    stages(scene, row(area, 0), buf);
    let outer = Rect { y: area.y + 1, height: cards + 4, ..area }.intersection(area);
    frame(buf, outer, scene.glyphs, scene.theme.border);
    board::ruled(scene, outer, RULED, buf);
    let rails = outer.width >= RAILS_FROM;
    let rail = if rails { RAIL } else { 0 };
    let main = Rect { x: outer.x + 1 + rail, width: outer.width.saturating_sub(2 + 2 * rail), ..outer };
    if rails {
        board::divide(scene, main.x - 1, outer, RULED, scene.theme.focus, buf);
        board::divide(scene, main.right(), outer, RULED, scene.theme.focus, buf);
        let left = Rect { x: outer.x + 1, width: rail - 1, ..outer };
        let right = Rect { x: main.right() + 1, width: rail - 1, ..outer };
        let before = pane.focus.checked_sub(1).and_then(|index| Some((index, pane.columns.get(index)?)));
        let after = pane.columns.get(pane.focus + 1).map(|column| (pane.focus + 1, column));
        for (place, neighbour) in [(left, before), (right, after)] {
            if let Some((index, column)) = neighbour {
                draw_rail(scene, column, index, index > pane.focus, place, buf);
            }
        }
    }
    match pane.column() {
        Some(column) => draw_main(scene, column, main, buf),
        None => starting::draw(scene, Rect { y: outer.y + 3, height: cards, ..main }, buf),
    }
    board::peek(scene, outer, area, buf);
}

/// All stages in one line, as long as their names may be.
fn stages(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (theme, pane) = (scene.theme, &scene.model.panes.board);
    let mut flags = Phrase::new();
    if let Some(summary) = &pane.summary {
        if summary.stuck > 0 {
            flags.put("! ", theme.bad).put(count(summary.stuck), theme.bad).put("  ", theme.text);
        }
        if summary.no_next_step > 0 {
            flags.put("? ", theme.warn).put(count(summary.no_next_step), theme.warn).put(" ", theme.text);
        }
    }
    let room = area.width.saturating_sub(flags.width() + 1);
    let lengths = [24, 8, 6, 5, 4, 3, 2];
    let all =
        lengths.into_iter().map(|letters| stage_line(scene, 0, letters)).find(|line| line.width() <= room);
    let line = all.unwrap_or_else(|| {
        let from = (0..pane.focus).find(|from| width_to_focus(scene, *from) <= room);
        stage_line(scene, from.unwrap_or(pane.focus), 4)
    });
    scene.pen(buf, Rect { width: room, ..area }).phrase(&line);
    scene.pen(buf, area).at_end(&flags);
}

/// The stages from one on, the focused one in brackets, the others shortened.
fn stage_line(scene: &Scene<'_>, from: usize, letters: u16) -> Phrase<'static> {
    let (theme, pane) = (scene.theme, &scene.model.panes.board);
    let mut line = Phrase::new();
    for (index, column) in pane.columns.iter().enumerate().skip(from) {
        let focused = index == pane.focus;
        let style = if focused { theme.title } else { theme.text };
        line.put(if focused { "[" } else { " " }, theme.pointer);
        line.put(board::digit(index), theme.quiet);
        line.put(short(&column.stage.label, if focused { letters + 8 } else { letters }), style);
        line.put(" ", theme.text).put(count(column.count), style);
        line.put(if focused { "]" } else { " " }, theme.pointer);
    }
    line
}

/// Columns of that line up to the stage after the focused one.
fn width_to_focus(scene: &Scene<'_>, from: usize) -> u16 {
    let pane = &scene.model.panes.board;
    let after = pane.columns.len().min(pane.focus + 2);
    let whole = stage_line(scene, from, 4).width();
    whole.saturating_sub(if after < pane.columns.len() { stage_line(scene, after, 4).width() } else { 0 })
}

/// The beginning of a name, without a mark where it was cut.
fn short(label: &str, letters: u16) -> Ink<'static> {
    let safe = crate::domain::SafeText::new(label);
    let (fits, _, _) = crate::ui::text::cut(safe.as_str(), letters);
    Ink::figure(fits.trim_end().to_owned())
}

fn draw_rail(scene: &Scene<'_>, column: &Column, index: usize, after: bool, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, row(area, 1));
    let room = pen.room().saturating_sub(2);
    pen.put(if after { " " } else { "<" }, theme.quiet);
    let digit = board::digit(index);
    pen.put(&digit, theme.quiet);
    let name = short(&column.stage.label, room.saturating_sub(digit.width()));
    pen.cell(room.saturating_sub(digit.width()), Side::Left, name, theme.text);
    pen.put(if after { ">" } else { " " }, theme.quiet);
    let body = Rect { y: area.y + 3, height: area.height.saturating_sub(4), ..area };
    for (down, (_, deal)) in (0..body.height).zip(column.cards.visible(body.height)) {
        let Some(deal) = deal else { continue };
        let mut pen = scene.pen(buf, row(body, down));
        let (flag, style) = board::flag(scene, deal, column.median_days);
        let room = pen.room().saturating_sub(3);
        let name = short(deal.name.as_str(), room);
        pen.gap(1).cell(room, Side::Left, name, theme.text).gap(1).put(flag, style);
    }
}

fn draw_main(scene: &Scene<'_>, column: &Column, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut head = Phrase::new();
    head.put(Ink::made_safe(&column.stage.label), theme.heading);
    head.put(" ", theme.text).put(probability(column.stage.probability), theme.quiet);
    head.put("   ", theme.text).put(scene.money(column.sum), theme.money);
    head.put("   ", theme.text).append(board::weighted(scene, column, u16::MAX));
    head.put("   ", theme.text).append(board::median(scene, column));
    let mut pen = scene.pen(buf, row(area, 1));
    pen.put(">", theme.pointer).put(board::digit(scene.model.panes.board.focus), theme.quiet).phrase(&head);

    let body = Rect { y: area.y + 3, height: area.height.saturating_sub(4), ..area };
    if column.cards.total == Some(0) {
        listing::say(scene, board::empty(scene), body, buf);
    }
    let inner = Rect { x: body.x + 2, width: body.width.saturating_sub(3), ..body };
    let placed = table::place(COLUMNS, inner.width, 1);
    let fits = geometry::board_cards(scene.size, scene.model.options.peek);
    let mut y = body.y;
    for (ordinal, deal) in column.cards.visible(fits) {
        let line = Rect { y, height: 1, ..body }.intersection(body);
        let selected = ordinal == column.cards.cursor;
        match deal {
            Some(deal) => draw_card(scene, column, deal, &placed, ordinal, line, buf),
            None => drop(scene.pen(buf, line).gap(2).put(scene.glyphs.ellipsis, theme.quiet)),
        }
        y += 1;
        if selected {
            let second = Rect { y, height: 1, ..body }.intersection(body);
            if let Some(deal) = deal {
                let mut pen = scene.pen(buf, second);
                pen.put(scene.glyphs.side, theme.pointer).gap(3);
                strip::people_and_owner(scene, deal, &mut pen);
                if let Some(slips) = deal.slips {
                    pen.put("   ", theme.text).put(slip_in_full(slips), theme.warn);
                }
            }
            y += 1;
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
    placed: &[Placed],
    ordinal: u64,
    line: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.theme;
    let selected = ordinal == column.cards.cursor;
    let mut pen = scene.pen(buf, line);
    scene.gutter(&mut pen, selected, scene.is_marked(&column.cards, ordinal, &deal.id), deal.pending);
    for Placed { index, width } in placed {
        let (ink, style) = match index {
            0 => ((&deal.name).into(), theme.text),
            1 => (scene.amount(deal, *width), theme.money),
            2 => scene.closing(deal),
            3 => scene.age(deal, column.median_days),
            _ => scene.next_step(deal, *width),
        };
        pen.cell(*width, COLUMNS[*index].side, ink, style).gap(1);
    }
    if selected {
        buf.set_style(line, theme.selected);
    }
}
