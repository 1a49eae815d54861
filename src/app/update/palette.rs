//! The palette.

use super::{act, ask, notice, travel};
use crate::{
    app::{
        Effect, Load, Model,
        actions::{self, Action},
        fuzzy,
        overlay::{Overlay, Palette, PaletteRow},
    },
    protocol::{Found, JobKey, Request, SEARCH_CREDITS},
};

/// Records that the palette asks for.
const HITS: u32 = 30;

/// Letters that the service searches for at least.
///
/// <https://www.bigin.com/developer/docs/apis/v2/search-records.html>
const SHORTEST: usize = 2;

/// Opens the palette.
pub fn open(model: &mut Model) {
    model.overlay = Some(Overlay::Palette(Palette::default()));
    arrange(model);
}

/// Another text was typed: actions are found at once, records are asked for.
pub fn typed(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &mut model.overlay else { return };
    palette.cursor = 0;
    let text = palette.input.text.trim().to_owned();
    if text.is_empty() {
        (palette.found, palette.load) = (Vec::new(), Load::Idle);
    } else {
        palette.load = Load::Asked;
        ask(model, JobKey::Find, Request::Find { text, limit: HITS }, out);
    }
    arrange(model);
}

/// Records were found.
pub fn found(model: &mut Model, hits: Vec<Found>) {
    if let Some(Overlay::Palette(palette)) = &mut model.overlay {
        (palette.found, palette.load) = (hits, Load::Ready);
        arrange(model);
    }
}

/// Puts the rows in order: actions that can be used, records, actions that cannot.
fn arrange(model: &mut Model) {
    let all = actions::palette(model);
    let Some(Overlay::Palette(palette)) = &mut model.overlay else { return };
    let texts: Vec<String> = all.iter().map(searched).collect();
    let ranked = fuzzy::rank(&palette.input.text, texts.iter().map(String::as_str));
    let (can, cannot): (Vec<&PaletteRow>, Vec<&PaletteRow>) =
        ranked.into_iter().map(|at| &all[at]).partition(|row| can_run(row));
    let records = palette.found.iter().cloned().map(PaletteRow::Record);
    palette.rows = can.into_iter().cloned().chain(records).chain(cannot.into_iter().cloned()).collect();
    let text = palette.input.text.trim();
    if text.chars().count() >= SHORTEST && palette.asked != text {
        palette.rows.push(PaletteRow::Server { credits: SEARCH_CREDITS });
    }
    palette.cursor = palette.cursor.min(palette.rows.len().saturating_sub(1));
}

fn searched(row: &PaletteRow) -> String {
    match row {
        PaletteRow::Action { name, title, .. } => format!("{title} {name}"),
        PaletteRow::Record(found) => found.link.name.to_string(),
        PaletteRow::Server { .. } => String::new(),
    }
}

const fn can_run(row: &PaletteRow) -> bool {
    !matches!(row, PaletteRow::Action { disabled: Some(_), .. })
}

/// Runs or opens the row under the cursor.
pub fn accept(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &model.overlay else { return };
    match palette.rows.get(palette.cursor).cloned() {
        None => notice::info(model, "nothing matches"),
        Some(PaletteRow::Action { disabled: Some(reason), title, .. }) => {
            notice::info(model, &format!("{title}: {reason}"));
        }
        Some(PaletteRow::Action { name, .. }) => {
            model.overlay = None;
            if let Some(action) = Action::named(name) {
                act::act(model, action, out);
            }
        }
        Some(PaletteRow::Record(found)) => {
            model.overlay = None;
            travel::open(model, found.link);
        }
        Some(PaletteRow::Server { .. }) => ask_server(model, out),
    }
}

/// Asks the server for what the text matches; its finds take the place of what is shown.
fn ask_server(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Palette(palette)) = &mut model.overlay else { return };
    let text = palette.input.text.trim().to_owned();
    (palette.asked, palette.load) = (text.clone(), Load::Asked);
    ask(model, JobKey::Find, Request::Search { text, limit: HITS }, out);
    arrange(model);
}
