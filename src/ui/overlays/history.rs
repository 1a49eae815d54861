//! What changed on a record, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

use super::open;
use crate::{
    app::{Load, overlay::HistoryView},
    domain::FieldChange,
    ui::{
        canvas::{Phrase, Side, row},
        figures::{count, days, moment, plural},
        scene::Scene,
        text::Ink,
    },
};

/// Most columns of the box.
const WIDTH: u16 = 112;

/// Most rows inside of it.
const ROWS: usize = 24;

/// From this width on a line names who made the change.
const NAMED: u16 = 64;

/// Draws the history over the pane.
pub fn draw(scene: &Scene<'_>, view: &HistoryView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("History of ", theme.title).put(&view.record.name, theme.title);
    let rows = view.rows.len().clamp(1, ROWS);
    let popup = open(scene, &title, WIDTH, u16::try_from(rows).unwrap_or(1) + 2, area, buf);
    let inner = popup.inner;
    if view.rows.is_empty() {
        let words = match view.load {
            Load::Ready => "nothing changed since this program first saw the record",
            _ => "reading",
        };
        scene.pen(buf, row(inner, 0)).put(words, theme.quiet);
        return;
    }
    for (down, change) in (0..inner.height).zip(view.rows.iter().skip(view.top)) {
        line(scene, change, row(inner, down), buf);
    }
    let mut foot = Phrase::new();
    foot.put(plural(view.rows.len() as u64, "change", "changes"), theme.text);
    let below = view.rows.len().saturating_sub(view.top + usize::from(inner.height));
    if below > 0 {
        foot.put("   ", theme.text).put(count(below as u64), theme.text).put(" below", theme.quiet);
    }
    popup.foot(scene, &foot, buf);
}

/// One change: when, who, which field, from what to what.
fn line(scene: &Scene<'_>, change: &FieldChange, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, area);
    pen.cell(12, Side::Right, moment(change.at, &scene.model.zone, scene.today), theme.quiet).gap(2);
    if area.width >= NAMED {
        pen.cell(16, Side::Left, person(change), theme.quiet).gap(2);
    }
    let label = (pen.room() / 4).min(18);
    pen.cell(label, Side::Left, &change.label, theme.heading).gap(1);
    pen.put(or_none(&change.before), theme.text);
    pen.gap(1).put(scene.glyphs.step, theme.quiet).gap(1);
    pen.put(or_none(&change.after), theme.title);
    if let Some(stood) = change.stood {
        pen.put("   after ", theme.quiet).put(days(stood), theme.quiet);
    }
}

fn person(change: &FieldChange) -> Ink<'_> {
    if change.by.as_str().is_empty() { "somebody".into() } else { (&change.by).into() }
}

fn or_none(value: &crate::domain::SafeText) -> Ink<'_> {
    if value.as_str().is_empty() { "nothing".into() } else { value.into() }
}
