//! The palette: anything by a few letters, with its key beside it.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{note::kind, open, top};
use crate::{
    app::{
        Load,
        overlay::{Palette, PaletteRow},
    },
    ui::{
        canvas::{Phrase, Side, divider, row},
        editor,
        figures::plural,
        scene::Scene,
        text::Ink,
    },
};

/// Columns of the word that says what a row is.
const KIND: u16 = 9;

/// Columns of keys.
const KEYS: u16 = 10;

/// Draws the palette over the pane.
pub fn draw(scene: &Scene<'_>, palette: &Palette, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Find anything", theme.title);
    let popup = open(scene, &title, 92, 20, area, buf);
    let line = row(popup.inner, 0);
    scene.pen(buf, line).put(">", theme.key);
    let field = Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line };
    let cursor = editor::line(scene, &palette.input, theme.input, field, buf);
    divider(buf, row(popup.outer, 2), scene.glyphs, theme.focus);

    let height = popup.inner.height.saturating_sub(2);
    let first = top(palette.cursor, height);
    for (down, (index, entry)) in (2..).zip(palette.rows.iter().enumerate().skip(first).take(height.into())) {
        draw_row(scene, entry, &palette.input.text, index == palette.cursor, popup.line(down), buf);
    }
    if palette.rows.is_empty() && height > 0 {
        scene.pen(buf, row(popup.inner, 2)).put("nothing has these letters", theme.quiet);
    }
    let mut foot = Phrase::new();
    foot.put(plural(palette.rows.len() as u64, "row", "rows"), theme.text);
    foot.put(if palette.load == Load::Asked { ", still looking" } else { "" }, theme.warn);
    foot.put("   costs no credits", theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

fn draw_row(
    scene: &Scene<'_>,
    entry: &PaletteRow,
    typed: &str,
    selected: bool,
    line: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, line);
    scene.pointer(&mut pen, selected);
    let room = pen.room().saturating_sub(1);
    let (kinds, keys) = if room > 50 { (KIND, KEYS) } else { (0, KEYS.min(room / 4)) };
    let words = room.saturating_sub(kinds + keys + 2);
    match entry {
        PaletteRow::Action { title, key, disabled, .. } => {
            let style = if disabled.is_some() { theme.disabled } else { theme.text };
            pen.cell(kinds, Side::Left, "action", theme.quiet);
            let mut text = Phrase::new();
            text.put(*title, style);
            if let Some(reason) = disabled {
                text.put("   not now: ", theme.warn).put(Ink::made_safe(reason), theme.warn);
            }
            let end = pen.at() + words;
            scene.pen(buf, Rect { x: end - words, width: words, ..line }).phrase(&text);
            let at = Rect { x: end + 1, width: keys, ..line };
            scene.pen(buf, at).cell(keys, Side::Right, Ink::made_safe(key), theme.key);
        }
        PaletteRow::Record(found) => {
            pen.cell(kinds, Side::Left, kind(found.link.module), theme.quiet);
            let name = words / 2;
            pen.cell(name, Side::Left, &found.link.name, theme.link).gap(1);
            pen.cell(words.saturating_sub(name + 1) + keys, Side::Left, &found.note, theme.quiet);
            let marked = Rect { x: line.x + kinds, width: line.width.saturating_sub(kinds), ..line };
            mark(buf, marked, typed, theme.hit);
        }
        PaletteRow::Server { credits } => {
            pen.cell(kinds, Side::Left, "server", theme.quiet);
            pen.put("Search Bigin for these letters as well", theme.text);
            pen.put("   ", theme.text).put(plural((*credits).into(), "credit", "credits"), theme.warn);
        }
    }
    if selected {
        buf.set_style(line, theme.selected);
    }
}

/// Marks where the words of `typed` stand in a line that is drawn.
fn mark(buf: &mut Buffer, line: Rect, typed: &str, hit: Style) {
    let (mut text, mut cells) = (String::new(), Vec::new());
    for x in line.left()..line.right() {
        let symbol = buf[(x, line.y)].symbol().to_lowercase();
        cells.extend(std::iter::repeat_n(x, symbol.len()));
        text.push_str(&symbol);
    }
    for word in typed.to_lowercase().split_whitespace() {
        for (at, _) in text.match_indices(word) {
            for x in &cells[at..at + word.len()] {
                buf[(*x, line.y)].set_style(hit);
            }
        }
    }
}
