//! What opens over a pane: one file each.

mod calls;
mod command;
mod confirm;
mod conflict;
mod deal;
mod drafts;
mod entry;
mod export;
mod help;
mod history;
pub(super) mod keys;
mod messages;
mod note;
mod outbox;
mod palette;
mod parameters;
mod pick;
mod queries;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    canvas::{Phrase, clear, frame, inset, inside, row},
    figures::plural,
    scene::Scene,
    text::Ink,
    views::listing::label,
};
use crate::{
    app::{geometry, overlay::Overlay},
    domain::DealRow,
};

/// Draws the open overlay and says where its cursor is.
pub(super) fn draw(scene: &Scene<'_>, overlay: &Overlay, area: Rect, buf: &mut Buffer) -> Option<Position> {
    match overlay {
        Overlay::Note(editor) => note::draw(scene, editor, area, buf),
        Overlay::Help(view) => help::draw(scene, view, area, buf),
        Overlay::Palette(palette) => palette::draw(scene, palette, area, buf),
        Overlay::Command(line) => command::draw(scene, line, area, buf),
        Overlay::Filter(input) => command::draw_filter(scene, input, area, buf),
        Overlay::Stage(picker) => pick::draw_stages(scene, picker, area, buf),
        Overlay::Pipeline(picker) => pick::draw_pipelines(scene, picker, area, buf),
        Overlay::Deal(dialog) => deal::draw(scene, dialog, area, buf),
        Overlay::Confirm(confirm) => {
            confirm::draw(scene, confirm, area, buf);
            None
        }
        Overlay::Parameters(form) => parameters::draw(scene, form, area, buf),
        Overlay::Runs(view) => queries::draw_history(scene, view, area, buf),
        Overlay::Saved(view) => queries::draw_saved(scene, view, area, buf),
        Overlay::SaveQuery(dialog) => queries::draw_name(scene, dialog, area, buf),
        Overlay::Export(dialog) => export::draw(scene, dialog, area, buf),
        Overlay::Drafts(view) => {
            drafts::draw(scene, view, area, buf);
            None
        }
        Overlay::History(view) => {
            history::draw(scene, view, area, buf);
            None
        }
        Overlay::Entry(view) => {
            entry::draw(scene, view, area, buf);
            None
        }
        Overlay::Messages(view) => {
            messages::draw(scene, view, area, buf);
            None
        }
        Overlay::Calls(view) => {
            calls::draw(scene, view, area, buf);
            None
        }
        Overlay::Outbox(view) => {
            outbox::draw(scene, view, area, buf);
            None
        }
        Overlay::Conflict(view) => conflict::draw(scene, view, area, buf),
    }
}

/// What a dialog is about: the deal, or how many.
fn deals<'a>(scene: &Scene<'_>, deals: &'a [DealRow]) -> Phrase<'a> {
    let mut phrase = Phrase::new();
    match deals {
        [deal] => phrase.put(&deal.name, scene.theme.title),
        all => phrase.put(plural(all.len() as u64, "deal", "deals"), scene.theme.title),
    };
    phrase
}

/// What writing so many records costs.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
fn price(records: usize) -> Ink<'static> {
    plural(records.div_ceil(10) as u64, "credit", "credits")
}

/// Opens a box of at most this size over the pane, a little above the middle, with air at its sides. The greatest
/// width is the whole screen's.
fn open(
    scene: &Scene<'_>,
    title: &Phrase<'_>,
    width: u16,
    height: u16,
    area: Rect,
    buf: &mut Buffer,
) -> Popup {
    let most = area.height.saturating_sub(geometry::FOOT_ROWS + 1).max(3);
    let margin = if area.width >= 60 && width < u16::MAX { 4 } else { 0 };
    let (width, height) = (width.min(area.width - margin), height.min(most));
    let outer =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + 1 + (most - height) / 3, width, height };
    clear(buf, Rect { x: outer.x.saturating_sub(1), width: outer.width + 2, ..outer }.intersection(area));
    frame(buf, outer, scene.glyphs, scene.theme.focus);
    label(scene, title, inset(row(outer, 0), 2), buf);
    Popup { outer, inner: inside(outer) }
}

/// A box over the pane.
struct Popup {
    outer: Rect,
    inner: Rect,
}

impl Popup {
    /// Words in the lower border.
    fn foot(&self, scene: &Scene<'_>, words: &Phrase<'_>, buf: &mut Buffer) {
        label(scene, words, inset(row(self.outer, self.outer.height.saturating_sub(1)), 2), buf);
    }

    /// A row of the inside, with the column of air on either side, for lines with a cursor.
    fn line(&self, down: u16) -> Rect {
        let line = row(self.inner, down);
        Rect { x: line.x.saturating_sub(1), width: line.width + 2, ..line }
    }
}

/// The first of `height` rows, so that the cursor is among them.
fn top(cursor: usize, height: u16) -> usize {
    (cursor + 1).saturating_sub(usize::from(height.max(1)))
}
