//! The question before several records change at once.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{open, price};
use crate::{
    app::overlay::Confirm,
    ui::{
        canvas::{Phrase, Side},
        figures::count,
        scene::Scene,
        text::Ink,
    },
};

/// Kinds of changes that are named; the rest is counted.
const NAMED: usize = 6;

/// Draws the dialog over the pane.
pub fn draw(scene: &Scene<'_>, confirm: &Confirm, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put(Ink::made_safe(&confirm.question), theme.title);
    let named = confirm.groups.len().min(NAMED);
    let rest: u64 = confirm.groups.iter().skip(named).map(|(many, _)| many).sum();
    let mut lines: Vec<Phrase<'_>> = Vec::new();
    for (many, what) in &confirm.groups[..named] {
        let mut line = Phrase::new();
        line.cell(6, Side::Right, count(*many), theme.text, scene.glyphs).put("  ", theme.text);
        line.put(Ink::made_safe(what), theme.text);
        lines.push(line);
    }
    if rest > 0 {
        let mut line = Phrase::new();
        line.cell(6, Side::Right, count(rest), theme.text, scene.glyphs).put("  others", theme.quiet);
        lines.push(line);
    }
    if !confirm.stay.is_empty() {
        let mut line = Phrase::new();
        line.put("     ~  ", theme.warn).put(Ink::made_safe(&confirm.stay), theme.warn);
        lines.push(line);
    }
    let mut ask = Phrase::new();
    ask.put(" y", theme.key).put(" yes, as one step that u takes back", theme.text);
    ask.put("   n", theme.key).put(" no", theme.text);
    lines.push(Phrase::new());
    lines.push(ask);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let popup = open(scene, &title, 68, height, area, buf);
    for (down, line) in (0..).zip(&lines) {
        scene.pen(buf, popup.line(down)).phrase(line);
    }
    let mut foot = Phrase::new();
    foot.put("costs ", theme.quiet).put(price(confirm.changes.len()), theme.quiet);
    popup.foot(scene, &foot, buf);
}
