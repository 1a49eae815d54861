//! Texts that wait.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{note::kind, open, top};
use crate::{
    app::overlay::DraftsView,
    protocol::DraftKey,
    ui::{
        canvas::{Phrase, Side, row},
        figures::{ago, plural},
        scene::Scene,
        text::Ink,
    },
};

/// Draws the list of drafts over the pane.
pub fn draw(scene: &Scene<'_>, view: &DraftsView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Drafts", theme.title);
    let rows = u16::try_from(view.rows.len()).unwrap_or(u16::MAX).clamp(1, 16);
    let popup = open(scene, &title, 92, rows + 2, area, buf);
    if view.rows.is_empty() {
        scene
            .pen(buf, row(popup.inner, 0))
            .put("nothing waits; what you type is kept here until it is sent", theme.quiet);
        return;
    }
    let height = popup.inner.height;
    let shown = view.rows.iter().enumerate().skip(top(view.cursor, height)).take(height.into());
    for (down, (index, draft)) in (0..).zip(shown) {
        let selected = index == view.cursor;
        let line = popup.line(down);
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.cell(8, Side::Right, ago(draft.at, scene.model.now), theme.quiet).gap(2);
        let name = pen.room() / 3;
        match &draft.draft {
            DraftKey::Note(link) => {
                pen.cell(name, Side::Left, &link.name, theme.title).gap(1);
                pen.cell(8, Side::Left, kind(link.module), theme.quiet);
            }
            DraftKey::Coql => {
                pen.cell(name, Side::Left, "COQL console", theme.title).gap(1);
                pen.cell(8, Side::Left, "query", theme.quiet);
            }
        }
        let first = draft.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        pen.put(Ink::made_safe(first.trim()), theme.text);
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    let mut foot = Phrase::new();
    foot.put(plural(view.rows.len() as u64, "draft", "drafts"), theme.text);
    popup.foot(scene, &foot, buf);
}
