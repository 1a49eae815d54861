//! Drawing the model. Everything here reads; nothing changes the model or waits.
//!
//! Text of a CRM is drawn as [`text::Ink`] alone, styles have meanings ([`Theme`]), and how many rows a part has
//! is said by [`crate::app::geometry`].

mod canvas;
mod editor;
mod figures;
mod glyphs;
mod overlays;
mod scene;
pub mod text;
mod theme;
mod views;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

pub use theme::Theme;

use crate::app::{Model, Place, Size, geometry, overlay::Overlay};
use canvas::row;
use scene::Scene;
use views::{
    board, companies::Companies, contacts::Contacts, coql, credits, deals::Deals, footer, listing,
    notes::Notes, notice, pipelines, record, status, title,
};

/// The smallest terminal that the program is drawn on.
const LEAST: Size = Size { cols: 20, rows: 5 };

/// Draws the whole screen into `area` of a blank buffer, and says where the terminal's cursor stands, if it is seen.
///
/// The cost depends on the size of the screen, never on how many records there are.
pub fn draw(area: Rect, buf: &mut Buffer, model: &Model, theme: &Theme) -> Option<Position> {
    let area = area.intersection(buf.area);
    let scene = Scene::new(model, theme, area);
    if area.width < LEAST.cols || area.height < LEAST.rows {
        scene.pen(buf, row(area, 0)).put("too small", theme.warn);
        return None;
    }
    let foot = area.height - geometry::FOOT_ROWS;
    let pane = Rect { y: area.y + geometry::TITLE_ROWS, height: geometry::pane_rows(scene.size), ..area };
    title::draw(&scene, row(area, 0), buf);
    let cursor = draw_pane(&scene, pane, buf);
    notice::draw(&scene, pane, buf);
    status::draw(&scene, row(area, foot), buf);
    footer::draw(&scene, row(area, foot + 1), buf);
    match &model.overlay {
        Some(overlay) => overlays::draw(&scene, overlay, area, buf),
        None => {
            overlays::keys::draw(&scene, area, buf);
            cursor
        }
    }
}

fn draw_pane(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let panes = &scene.model.panes;
    match scene.model.trail.here {
        Place::Board => board::draw(scene, area, buf),
        Place::Deals => listing::draw(scene, "Deals", &panes.deals, &Deals(scene), area, buf),
        Place::Contacts => listing::draw(scene, "Contacts", &panes.contacts, &Contacts(scene), area, buf),
        Place::Companies => listing::draw(scene, "Companies", &panes.companies, &Companies(scene), area, buf),
        Place::Notes => listing::draw(scene, "Notes", &panes.notes, &Notes(scene), area, buf),
        Place::Pipelines => pipelines::draw(scene, area, buf),
        Place::Credits => credits::draw(scene, area, buf),
        Place::Record(_) => record::draw(scene, area, buf),
        Place::Coql => return coql::draw(scene, area, buf),
    }
    None
}

/// The rows of the screen that hold the records of a list, for scrolling them by the terminal's scroll region; none
/// where something else than a list, or something over it, is shown.
///
/// They are whole lines of the terminal. When this is the same before and after a change of the model, and the
/// list's `top` moved from `a` to `b`, what is drawn at row `y` equals what was drawn at `y + b - a`, apart from
/// the cursor's rows: shift the old buffer by as much, emit the scroll, and write the cells that still differ.
#[must_use]
pub fn scroll_region(model: &Model) -> Option<Rect> {
    let lists = matches!(model.trail.here, Place::Deals | Place::Contacts | Place::Companies | Place::Notes);
    let console = model.trail.here == Place::Coql
        && model.panes.coql.results.answer.is_some()
        && model.panes.coql.run.failure.is_none()
        && model.panes.coql.popup.is_none();
    let open = match &model.overlay {
        None => model.prefix.as_ref().is_some_and(|prefix| prefix.shown),
        Some(Overlay::Filter(_)) => false,
        Some(_) => true,
    } || notice::long(model).is_some();
    if !(lists || console) || open || model.size.cols < LEAST.cols || model.size.rows < LEAST.rows {
        return None;
    }
    let (y, height) = if console {
        let (editor, rows) = geometry::coql_rows(model.size);
        let above = editor + geometry::coql_plan_rows(model.size) + geometry::COQL_HEAD_ROWS;
        (geometry::TITLE_ROWS + above, rows)
    } else {
        let rows = geometry::list_rows(model.size, model.options.peek_list);
        (geometry::TITLE_ROWS + geometry::LIST_HEAD_ROWS, rows)
    };
    (height > 1).then_some(Rect { x: 0, y, width: model.size.cols, height })
}
