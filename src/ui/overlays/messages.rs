//! What was said lately, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

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

/// Draws the messages over the pane.
pub fn draw(scene: &Scene<'_>, view: &MessagesView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Messages", theme.title);
    let popup = open(scene, &title, 100, 22, area, buf);
    let inner = popup.inner;
    if view.rows.is_empty() {
        scene.pen(buf, row(inner, 0)).put("nothing was said yet", theme.quiet);
    }
    let columns = inner.width.saturating_sub(MARGIN);
    let mut down = 0;
    for notice in view.rows.iter().skip(view.top) {
        if down >= inner.height {
            break;
        }
        down += draw_one(
            scene,
            notice,
            columns,
            Rect { y: inner.y + down, height: inner.height - down, ..inner },
            buf,
        );
    }
}

fn draw_one(scene: &Scene<'_>, notice: &Notice, columns: u16, area: Rect, buf: &mut Buffer) -> u16 {
    let theme = scene.theme;
    let (mark, style) = match notice.kind {
        NoticeKind::Done => (" ", theme.good),
        NoticeKind::Info => (" ", theme.text),
        NoticeKind::Failure => ("!", theme.bad),
    };
    scene
        .pen(buf, row(area, 0))
        .cell(5, Side::Right, clock(notice.at, &scene.model.zone), theme.quiet)
        .gap(2)
        .put(mark, style);
    let text = wrapped(&notice.text, columns).map(|line| (line, style));
    let way_on = Some(&notice.way_on).filter(|words| !words.as_str().is_empty());
    let way_on = way_on.into_iter().flat_map(|words| wrapped(words, columns)).map(|line| (line, theme.text));
    let lines: Vec<(Ink<'_>, _)> = text.chain(way_on).take(area.height.into()).collect();
    for (down, (line, style)) in (0..).zip(&lines) {
        scene.pen(buf, row(area, down)).gap(MARGIN).put(line, *style);
    }
    u16::try_from(lines.len()).unwrap_or(area.height).max(1)
}
