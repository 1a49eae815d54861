//! A note from its first line to its last.

use ratatui::{buffer::Buffer, layout::Rect};

use super::open;
use crate::{
    app::{geometry, overlay::EntryView},
    ui::{
        canvas::{Phrase, row},
        figures::{count, moment, plural},
        scene::Scene,
        text::wrapped,
    },
};

/// Draws the text over the pane.
pub fn draw(scene: &Scene<'_>, view: &EntryView, area: Rect, buf: &mut Buffer) {
    let (theme, entry) = (scene.theme, &view.entry);
    let (columns, most) = geometry::entry_text(scene.model.size);
    let lines = view.lines(columns);
    let mut title = Phrase::new();
    title.put(moment(entry.at, &scene.model.zone, scene.today), theme.quiet);
    title.put("  ", theme.text).put(&entry.title, theme.title);
    title.put("  ", theme.text).put(&entry.by, theme.quiet);
    let rows = u16::try_from(lines).unwrap_or(u16::MAX).min(most);
    let popup = open(scene, &title, geometry::ENTRY_WIDTH, rows + 2, area, buf);
    let text = entry.lines.iter().flat_map(|line| wrapped(line, columns)).skip(view.top);
    for (down, line) in (0..popup.inner.height).zip(text) {
        scene.pen(buf, row(popup.inner, down)).put(&line, theme.text);
    }
    let mut foot = Phrase::new();
    foot.put(plural(lines as u64, "line", "lines"), theme.quiet);
    let below = lines.saturating_sub(view.top + usize::from(popup.inner.height));
    if below > 0 {
        foot.put("   ", theme.text).put(count(below as u64), theme.text).put(" below", theme.quiet);
    }
    popup.foot(scene, &foot, buf);
}
