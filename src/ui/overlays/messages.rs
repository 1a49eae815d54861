//! What was said lately, newest first.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::open;
use crate::{
    app::{Notice, NoticeKind, overlay::MessagesView},
    ui::{
        canvas::{Phrase, Side, row},
        figures::clock,
        scene::Scene,
        text::{Ink, wrapped},
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
    let lines: Vec<_> = view.rows.iter().skip(view.top).map(|notice| lines(scene, notice, columns)).collect();
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

/// The wrapped lines of a message and of the way on.
fn lines<'a>(scene: &Scene<'_>, notice: &'a Notice, columns: u16) -> Vec<(Ink<'a>, Style)> {
    let theme = scene.theme;
    let style = match notice.kind {
        NoticeKind::Done => theme.good,
        NoticeKind::Info => theme.text,
        NoticeKind::Failure => theme.bad,
    };
    let way_on = Some(&notice.way_on).filter(|words| !words.as_str().is_empty());
    let way_on = way_on.into_iter().flat_map(|words| wrapped(words, columns)).map(|line| (line, theme.text));
    wrapped(&notice.text, columns).map(|line| (line, style)).chain(way_on).take(ROWS).collect()
}
