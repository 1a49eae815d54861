//! The strip of keys that go on from an unfinished sequence.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::{
        actions::{self, Continuation},
        geometry, keys,
    },
    ui::{
        canvas::{Phrase, Side, clear, inset, row, rule},
        scene::Scene,
        text::Ink,
        views::listing::label,
    },
};

/// Columns of the key.
const KEY: u16 = 3;

/// Draws the strip above the status bar, once it is due.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let Some(prefix) = scene.model.prefix.as_ref().filter(|prefix| prefix.shown) else { return };
    let theme = scene.theme;
    let keys = actions::continuations(scene.model);
    let widest = keys.iter().map(words).max().unwrap_or(0);
    let column = (KEY + 1 + widest + 3).min(area.width.max(1));
    let across = usize::from(((area.width.saturating_sub(2)) / column).max(1));
    let rows = u16::try_from(keys.len().div_ceil(across)).unwrap_or(1);
    let foot = area.height.saturating_sub(geometry::FOOT_ROWS);
    let height = (rows + 1).min(foot);
    let strip = Rect { y: area.y + foot - height, height, ..area };
    clear(buf, strip);
    rule(buf, row(strip, 0), scene.glyphs.across, theme.focus);
    let mut title = Phrase::new();
    title.put(Ink::made_safe(&keys::show(&prefix.keys)), theme.key);
    if let Some(first) = prefix.keys.first() {
        title.put(" ", theme.text).put(actions::prefix_title(*first), theme.title);
    }
    label(scene, &title, inset(row(strip, 0), 1), buf);
    let down = usize::from(rows.max(1));
    for (index, key) in keys.iter().enumerate() {
        let (x, y) = (index / down, index % down);
        let line = row(strip, u16::try_from(y).unwrap_or(0) + 1);
        let x = line.x + 1 + column * u16::try_from(x).unwrap_or(0);
        let place = Rect { x, width: column.min(line.right().saturating_sub(x)), ..line };
        draw_one(scene, key, place, buf);
    }
}

/// Columns of what a key is for.
fn words(key: &Continuation) -> u16 {
    Ink::from(key.label).width() + if key.disabled.is_some() { 8 } else { 0 }
}

fn draw_one(scene: &Scene<'_>, key: &Continuation, place: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, place);
    match key.disabled {
        None => {
            pen.cell(KEY, Side::Right, Ink::made_safe(&key.key), theme.key).gap(1).put(key.label, theme.text)
        }
        Some(_) => {
            pen.cell(KEY, Side::Right, Ink::made_safe(&key.key), theme.disabled).gap(1);
            pen.put(key.label, theme.disabled).put(" not now", theme.warn)
        }
    };
}
