//! The calls of this run, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{open, top};
use crate::{
    app::overlay::CallsView,
    domain::CallEnd,
    ui::{
        canvas::{Phrase, Side, row},
        figures::{count, exact_clock, plural},
        scene::Scene,
    },
};

/// Draws the log over the pane.
pub fn draw(scene: &Scene<'_>, view: &CallsView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Calls of this run", theme.title);
    let rows = u16::try_from(view.rows.len()).unwrap_or(u16::MAX).clamp(1, 20);
    let popup = open(scene, &title, 110, rows + 3, area, buf);
    if view.rows.is_empty() {
        scene.pen(buf, row(popup.inner, 0)).put("nothing was asked yet", theme.quiet);
        return;
    }
    // The last line has the call under the cursor in full.
    let height = popup.inner.height.saturating_sub(1).max(1);
    let shown = view.rows.iter().enumerate().skip(top(view.cursor, height)).take(height.into());
    for (down, (index, call)) in (0..).zip(shown) {
        let selected = index == view.cursor;
        let line = popup.line(down);
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.cell(8, Side::Left, exact_clock(call.at, &scene.model.zone), theme.quiet).gap(1);
        let (mark, style) = if call.end.is_good() { (" ", theme.text) } else { ("!", theme.bad) };
        pen.put(mark, style);
        match &call.end {
            CallEnd::Status(status) => pen.cell(4, Side::Left, count(u64::from(*status)), style),
            CallEnd::Nothing(_) => pen.cell(4, Side::Left, "none", style),
        };
        pen.cell(4, Side::Right, count(call.credits.into()), theme.title).put(" cr", theme.quiet);
        pen.cell(7, Side::Right, count(call.took_ms.into()), theme.text).put(" ms  ", theme.quiet);
        if pen.room() > 60 {
            pen.cell(12, Side::Left, call.purpose.title(), theme.quiet).gap(1);
        }
        pen.put(&call.route, theme.text);
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    if let Some(call) = view.selected().filter(|_| popup.inner.height > height) {
        let mut pen = scene.pen(buf, popup.line(height));
        pen.gap(1);
        match &call.end {
            CallEnd::Nothing(reason) => pen.put(reason, theme.bad).gap(2),
            CallEnd::Status(_) => pen.put(call.purpose.title(), theme.quiet).gap(2),
        };
        pen.put(&call.route, theme.quiet);
    }
    let mut foot = Phrase::new();
    foot.put(plural(view.rows.len() as u64, "call", "calls"), theme.text);
    if view.copied {
        foot.put("   copied; put a token into BIGIN_TOKEN", theme.good);
    } else {
        foot.put("   y copies one for a shell, without the token", theme.quiet);
    }
    popup.foot(scene, &foot, buf);
}
