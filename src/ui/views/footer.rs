//! The last line: what was just said, else the keys that matter here.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::{Notice, NoticeKind, actions},
    ui::{canvas::Phrase, scene::Scene, text::Ink, views::notice},
};

/// Hints that stand at the right end, whatever else has room.
const ALWAYS: [&str; 3] = ["help", "cmd", "all"];

/// Draws the footer. In a dialog its keys matter more than what was done before, but not more than its answer.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let weighty = |notice: &&Notice| scene.model.overlay.is_none() || notice.kind != NoticeKind::Done;
    let here = |notice: &&Notice| weighty(notice) && notice::long(scene.model).is_none();
    if let Some(notice) = scene.model.notice().filter(here) {
        let theme = scene.theme;
        let mark = if notice.kind == NoticeKind::Failure { "! " } else { "" };
        let style = theme.of_notice(notice.kind);
        let mut pen = scene.pen(buf, area);
        pen.gap(1).put(mark, style).put(&notice.text, style);
        pen.gap(2).put(&notice.way_on, theme.text);
        return;
    }
    hints(scene, area, buf);
}

fn hints(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let hints = actions::footer(scene.model);
    let (mut right, mut left) = (Phrase::new(), Vec::with_capacity(hints.len()));
    for hint in &hints {
        if ALWAYS.contains(&hint.label) {
            right.put(Ink::made_safe(&hint.key), scene.theme.key);
            right.put(" ", scene.theme.text).put(hint.label, scene.theme.quiet).put("  ", scene.theme.text);
        } else {
            left.push(hint);
        }
    }
    let mut pen = scene.pen(buf, area);
    let reserved = if right.width() * 2 < area.width { right.width() + 3 } else { 0 };
    pen.gap(1);
    for hint in left {
        let key = Ink::made_safe(&hint.key);
        let width = key.width() + 1 + Ink::from(hint.label).width();
        if pen.room() < width + reserved {
            break;
        }
        let style = if hint.usable { scene.theme.key } else { scene.theme.disabled };
        pen.put(&key, style).gap(1).put(hint.label, scene.theme.quiet).gap(2);
    }
    pen.at_end(&right);
}
