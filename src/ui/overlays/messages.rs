//! What was said lately, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

use super::open;
use crate::{
    app::{NoticeKind, overlay::MessagesView},
    ui::{
        canvas::{Phrase, Side, row},
        figures::clock,
        scene::Scene,
        views::notice,
    },
};

/// Columns of the time and the mark.
const MARGIN: u16 = 9;

/// Most columns of the box.
const WIDTH: u16 = 100;

/// Most rows inside of it.
const ROWS: usize = 20;

/// Draws the messages over the pane.
pub fn draw(scene: &Scene<'_>, view: &MessagesView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Messages", theme.title);
    let columns = WIDTH.min(area.width).saturating_sub(MARGIN + 8);
    let lines = |notice| -> Vec<_> { notice::lines(theme, notice, columns).take(ROWS).collect() };
    let lines: Vec<_> = view.rows.iter().skip(view.top).map(lines).collect();
    let rows = lines.iter().map(Vec::len).sum::<usize>().clamp(1, ROWS);
    let popup = open(scene, &title, WIDTH, u16::try_from(rows).unwrap_or(1) + 2, area, buf);
    let inner = popup.inner;
    if view.rows.is_empty() {
        scene.pen(buf, row(inner, 0)).put("nothing was said yet", theme.quiet);
    }
    let mut down = 0;
    for (notice, lines) in view.rows.iter().skip(view.top).zip(lines) {
        let mark = if notice.kind == NoticeKind::Failure { "!" } else { " " };
        let time = clock(notice.at, &scene.model.zone);
        scene.pen(buf, row(inner, down)).cell(5, Side::Right, time, theme.quiet).gap(2).put(mark, theme.bad);
        for (line, style) in lines {
            scene.pen(buf, row(inner, down)).gap(MARGIN).put(&line, style);
            down = down.saturating_add(1);
        }
    }
}
