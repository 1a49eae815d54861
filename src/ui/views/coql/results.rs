//! The rows of an answer, and what the line below says of them.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::pane::{CoqlFocus, CoqlPane},
    protocol::{Answer, Cut, Standing},
    ui::{
        canvas::{Phrase, Side, divider, inset, row},
        figures::{count, plural},
        scene::Scene,
        text::width,
        views::{
            listing::{label, say},
            table,
        },
    },
};

/// Widest column.
const WIDEST: u16 = 36;

/// Columns between two cells.
const GAP: u16 = 2;

/// Draws heading, rule and rows.
pub fn draw(scene: &Scene<'_>, pane: &CoqlPane, answer: &Answer, area: Rect, buf: &mut Buffer) {
    let (theme, results, columns) = (scene.theme, &pane.results, widths(pane, answer));
    let inner = inset(area, 1);
    let room = inner.width.saturating_sub(3);
    let left = first_column(&columns, results.left, results.column, room);
    let side = |index: usize| {
        let numeric = answer.columns.get(index).is_some_and(|column| column.numeric);
        if numeric { Side::Right } else { Side::Left }
    };
    let mut pen = scene.pen(buf, row(inner, 0));
    pen.gap(2);
    for (index, width) in columns.iter().enumerate().skip(left) {
        let current = index == results.column && pane.focus == CoqlFocus::Result;
        let style = if current { theme.key } else { theme.heading };
        if let Some(column) = answer.columns.get(index) {
            let mut head = Phrase::new();
            let sorted = results.order.filter(|order| order.column == index);
            let room = width.saturating_sub(if sorted.is_some() { 2 } else { 0 });
            head.cell(room, side(index), &column.name, style, scene.glyphs);
            if let Some(order) = sorted {
                head.put(" ", style).put(
                    if order.descending { scene.glyphs.descending } else { scene.glyphs.ascending },
                    theme.marked,
                );
            }
            pen.phrase(&head).gap(GAP);
        }
    }
    divider(buf, row(area, 1), scene.glyphs, theme.border);
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if answer.total == 0 {
        say(scene, "no rows match", body, buf);
    }
    for (down, (ordinal, record)) in (0..body.height).zip(results.rows.visible(body.height)) {
        let line = inset(row(body, down), 1);
        let selected = ordinal == results.rows.cursor && pane.focus == CoqlFocus::Result;
        let mut pen = scene.pen(buf, line);
        let link = record.and_then(|record| record.link.as_ref());
        let marked = link.is_some_and(|link| scene.is_marked(&results.rows, ordinal, &link.id));
        scene.gutter(&mut pen, selected, marked, false);
        let Some(record) = record else {
            pen.put(scene.glyphs.ellipsis, theme.quiet);
            continue;
        };
        let mut under = None;
        for (index, width) in columns.iter().enumerate().skip(left) {
            if let Some(cell) = record.cells.get(index) {
                let at = pen.at();
                pen.cell(*width, side(index), cell, theme.text);
                if index == results.column {
                    under = Some(Rect { x: at, width: pen.at().saturating_sub(at), ..line });
                }
                pen.gap(GAP);
            }
        }
        if selected {
            table::select(line, theme.selected, buf);
            if let Some(cell) = under {
                buf.set_style(cell, theme.cell);
            }
        }
    }
}

/// How wide each column is: as its heading and its first values need, within bounds, or as the user wants it.
fn widths(pane: &CoqlPane, answer: &Answer) -> Vec<u16> {
    let sorted = pane.results.order.map(|order| order.column);
    let columns = answer.columns.iter().enumerate();
    let widths = columns.map(|(index, column)| {
        let head = width(column.name.as_str()) + if sorted == Some(index) { 2 } else { 0 };
        let own = column.width.max(head).clamp(3, WIDEST);
        let changed = pane.results.widths.get(&index).copied().unwrap_or(0);
        own.saturating_add_signed(changed).max(3)
    });
    widths.collect()
}

/// The first column to draw: `left`, or as much further right as the one under the cursor needs.
fn first_column(widths: &[u16], left: usize, column: usize, room: u16) -> usize {
    let column = column.min(widths.len().saturating_sub(1));
    let mut used = widths.get(column).copied().unwrap_or(0);
    let mut first = column;
    while first > left.min(column) {
        used = used.saturating_add(widths[first - 1] + GAP);
        if used > room {
            break;
        }
        first -= 1;
    }
    first
}

/// Says how many rows there are and whether these are all, what they cost, and where the cursor is.
pub fn foot(scene: &Scene<'_>, pane: &CoqlPane, answer: &Answer, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let words = fetched(scene, answer);
    label(scene, &words, area, buf);
    if answer.total > 0 && pane.focus == CoqlFocus::Result {
        let mut at = Phrase::new();
        at.put(" ", theme.text).put(count(pane.results.rows.cursor + 1), theme.text).put("/", theme.quiet);
        at.put(count(answer.total), theme.text).put(" ", theme.text);
        let room = words.width() + 2;
        let right = Rect { x: area.x + room.min(area.width), width: area.width.saturating_sub(room), ..area };
        scene.pen(buf, right).at_end(&at);
    }
}

fn fetched(scene: &Scene<'_>, answer: &Answer) -> Phrase<'static> {
    let theme = scene.theme;
    let mut words = Phrase::new();
    if answer.grouped {
        words.put(plural(answer.total, "group", "groups"), theme.text).put("   ", theme.text);
    }
    if answer.fetched > 0 || answer.credits > 0 {
        words.put("fetched ", theme.quiet).put(count(answer.fetched), theme.text);
        if let Some(expected) = answer.expected.filter(|_| answer.standing != Standing::Complete) {
            words.put(" of ", theme.quiet).put(count(expected), theme.text);
        }
        words.put(" rows", theme.quiet);
    } else {
        words.put(plural(answer.total, "row", "rows"), theme.text);
    }
    let cut = match &answer.standing {
        Standing::Running => Some(" (more is coming)"),
        Standing::Complete => None,
        Standing::Cut(Cut::Guard) => Some(" (cut by the guard, F8 goes on)"),
        Standing::Cut(Cut::Stopped) => Some(" (cut, F8 goes on)"),
        Standing::Cut(Cut::Lost(_)) => Some(" (cut by a failure, F8 goes on)"),
        Standing::More => Some(" (cut: more match)"),
    };
    match cut {
        Some(cut) => words.put(cut, theme.warn),
        None => words.put(" (complete)", theme.quiet),
    };
    words.put("   ", theme.text).put(plural(answer.credits, "credit", "credits"), theme.text);
    if let Some(writing) = &scene.model.panes.coql.writing {
        words.put("   writing ", theme.warn).put(count(writing.done), theme.text).put(" of ", theme.quiet);
        words.put(count(writing.total), theme.text);
        return words;
    }
    words.put("   ", theme.text).put(count(answer.elapsed_ms), theme.text).put(" ms", theme.quiet);
    words
}
