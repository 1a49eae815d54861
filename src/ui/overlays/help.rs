//! Every live key, by heading, and why some cannot be used now.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::open;
use crate::{
    app::{actions::HelpRow, overlay::HelpView},
    ui::{
        canvas::{Phrase, Side, row},
        editor,
        figures::plural,
        scene::Scene,
        text::Ink,
    },
};

/// Columns of the keys.
const KEYS: u16 = 15;

/// Columns of the titles.
const TITLES: u16 = 26;

/// A line of the help.
enum Line<'a> {
    Blank,
    Heading(&'static str),
    Row(&'a HelpRow),
}

/// Draws the help over the pane.
pub fn draw(scene: &Scene<'_>, view: &HelpView, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let groups = view.groups(scene.model);
    let found = groups.iter().map(|group| group.rows.len() as u64).sum();
    let mut lines = Vec::new();
    for group in &groups {
        lines.extend((!lines.is_empty()).then_some(Line::Blank));
        lines.push(Line::Heading(group.title));
        lines.extend(group.rows.iter().map(Line::Row));
    }

    let mut title = Phrase::new();
    title.put("Keys that work here", theme.title);
    let popup = open(scene, &title, u16::MAX, area.height, area, buf);
    let mut body = popup.inner;
    let mut cursor = None;
    if view.is_filtered() && body.height > 1 {
        let line = row(body, 0);
        scene.pen(buf, line).put("/", theme.key);
        let field = Rect { x: line.x + 1, width: line.width.saturating_sub(1), ..line };
        cursor = editor::line(scene, &view.filter, theme.input, field, buf).filter(|_| view.filtering);
        body = Rect { y: body.y + 2, height: body.height.saturating_sub(2), ..body };
    }
    let top = view.top.min(lines.len().saturating_sub(body.height.into()));
    for (down, line) in (0..body.height).zip(lines.iter().skip(top)) {
        let place = row(body, down);
        match line {
            Line::Blank => {}
            Line::Heading(title) => drop(scene.pen(buf, place).put(*title, theme.heading)),
            Line::Row(help) => draw_row(scene, help, place, buf),
        }
    }
    let mut foot = Phrase::new();
    foot.put(plural(found, "key", "keys"), theme.text);
    let below = lines.len().saturating_sub(top + usize::from(body.height));
    if below > 0 {
        foot.put(", ", theme.quiet).put(plural(below as u64, "line", "lines"), theme.text);
        foot.put(" below", theme.quiet);
    }
    popup.foot(scene, &foot, buf);
    cursor
}

fn draw_row(scene: &Scene<'_>, help: &HelpRow, place: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let (key, text) = match help.disabled {
        Some(_) => (theme.disabled, theme.disabled),
        None => (theme.key, theme.text),
    };
    let keys = KEYS.min(place.width / 4);
    let mut pen = scene.pen(buf, place);
    pen.cell(keys, Side::Right, Ink::made_safe(&help.key), key).gap(2);
    pen.cell(TITLES.min(place.width / 3), Side::Left, help.title, text).gap(2);
    match help.disabled {
        Some(reason) => pen.put("not now: ", theme.warn).put(reason, theme.warn),
        None => pen.put(help.help, theme.quiet),
    };
}
