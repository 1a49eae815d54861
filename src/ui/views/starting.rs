//! The board before there is anything on it: what is being prepared, and how far it is.

use ratatui::{buffer::Buffer, layout::Rect};

use super::listing::waiting;
use crate::{
    protocol::{Failure, SyncState},
    ui::{
        canvas::{clear, row},
        figures::{count, percent},
        scene::Scene,
    },
};

/// Empty columns that stand until the stages are known.
pub const COLUMNS: usize = 5;

/// Columns of the bar.
const BAR: u16 = 40;

/// Says in the middle of `area` what is being done.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let width = (BAR + 6).min(area.width.saturating_sub(4));
    let height = 3.min(area.height);
    let place = Rect {
        x: area.x + (area.width - width.min(area.width)) / 2,
        y: area.y + (area.height - height) / 3,
        width,
        height,
    };
    clear(buf, place);
    let theme = scene.theme;
    match &scene.model.account.sync {
        SyncState::Starting(work) | SyncState::Filling(work) => {
            scene.pen(buf, row(place, 0)).put(&work.doing, theme.title);
            if let Some(total) = work.total.filter(|total| *total > 0) {
                bar(scene, work.done, total, row(place, 2), buf);
            }
        }
        SyncState::SignedOut(failure)
        | SyncState::Offline { failure, .. }
        | SyncState::Waiting { failure, .. } => failed(scene, failure, place, buf),
        _ => {
            scene.pen(buf, row(place, 1)).put(waiting(scene), theme.quiet);
        }
    }
}

fn bar(scene: &Scene<'_>, done: u64, total: u64, line: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let columns = BAR.min(line.width.saturating_sub(6));
    let filled = u64::from(columns) * done.min(total) / total;
    let mut pen = scene.pen(buf, line);
    for cell in 0..u64::from(columns) {
        let (glyph, style) =
            if cell < filled { (scene.glyphs.full, theme.bar) } else { (scene.glyphs.empty, theme.quiet) };
        pen.put(glyph, style);
    }
    pen.gap(1).put(percent(done, total), theme.text);
    let above = Rect { y: line.y - 1, ..line };
    scene.pen(buf, above).put(count(done), theme.text).put(" of ", theme.quiet).put(count(total), theme.text);
}

fn failed(scene: &Scene<'_>, failure: &Failure, place: Rect, buf: &mut Buffer) {
    scene.pen(buf, row(place, 0)).put("! ", scene.theme.bad).put(&failure.what, scene.theme.bad);
    scene.pen(buf, row(place, 1)).put(&failure.way_on, scene.theme.text);
}
