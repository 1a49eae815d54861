//! What was just said, where it needs more than a line: over the end of the pane.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    app::{Model, Notice, NoticeKind},
    ui::{
        canvas::{self, row},
        scene::Scene,
        text::{Ink, wrapped},
        theme::Theme,
    },
};

/// Columns of the mark, and of the margin at the end.
const MARGIN: u16 = 4;

/// Most rows.
const ROWS: usize = 5;

/// The failure that the last line of the screen is too short for. In a dialog its own answer stands there.
pub fn long(model: &Model) -> Option<&Notice> {
    let notice = model.notice().filter(|_| model.overlay.is_none())?;
    let width = |text| Ink::from(text).width();
    let all = width(&notice.text).saturating_add(width(&notice.way_on)).saturating_add(MARGIN + 1);
    (notice.kind == NoticeKind::Failure && all > model.size.cols).then_some(notice)
}

/// Draws it over the last rows of the pane at `area`.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let Some(notice) = long(scene.model) else { return };
    let lines: Vec<_> = lines(scene.theme, notice, area.width.saturating_sub(MARGIN)).take(ROWS).collect();
    let rows = u16::try_from(lines.len()).unwrap_or(0).min(area.height);
    let area = Rect { y: area.bottom() - rows, height: rows, ..area };
    canvas::clear(buf, area);
    for (down, (line, style)) in (0..rows).zip(&lines) {
        let mark = if down == 0 { " ! " } else { "   " };
        scene.pen(buf, row(area, down)).put(mark, scene.theme.bad).put(line, *style);
    }
}

/// The wrapped lines of a message and of the way on.
pub fn lines<'a>(
    theme: &Theme,
    notice: &'a Notice,
    columns: u16,
) -> impl Iterator<Item = (Ink<'a>, Style)> + use<'a> {
    let (way_on, style) = (theme.text, theme.of_notice(notice.kind));
    let more = Some(&notice.way_on).filter(|words| !words.as_str().is_empty());
    let more =
        more.into_iter().flat_map(move |words| wrapped(words, columns)).map(move |line| (line, way_on));
    wrapped(&notice.text, columns).map(move |line| (line, style)).chain(more)
}
