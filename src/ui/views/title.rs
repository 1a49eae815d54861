//! The first line: the places there are and the one the user is in, what is looked at, and the day.

use ratatui::{buffer::Buffer, layout::Rect};

use super::board;
use crate::{
    app::{Place, geometry},
    ui::{
        canvas::Phrase,
        figures::{clock, moment},
        scene::Scene,
        text::Ink,
    },
};

const PLACES: [(&str, Place); 7] = [
    ("Board", Place::Board),
    ("Deals", Place::Deals),
    ("Contacts", Place::Contacts),
    ("Companies", Place::Companies),
    ("Notes", Place::Notes),
    ("Pipelines", Place::Pipelines),
    ("COQL", Place::Coql),
];

/// Draws the title line.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let wide = geometry::is_wide(scene.size);
    let mut left = if wide { places(scene) } else { place(scene) };
    if matches!(scene.model.trail.here, Place::Board | Place::Deals) {
        left.put("  ", scene.theme.text).append(scene.scope());
        board::filter_words(scene, &mut left);
    }
    let on_narrow_board = scene.model.trail.here == Place::Board && !wide;
    let right = if on_narrow_board { board::sums(scene) } else { date(scene) };
    scene.pen(buf, area).phrase(&left).at_end(&right);
}

/// All places, the one the user is in reversed; a record belongs to the place of its kind.
fn places(scene: &Scene<'_>) -> Phrase<'static> {
    let theme = scene.theme;
    let here = &scene.model.trail.here;
    let of_kind = here.up();
    let mut phrase = Phrase::new();
    phrase.put(" bigin  ", theme.brand);
    for (name, place) in PLACES {
        let style = match () {
            () if place == *here => theme.selected,
            () if Some(&place) == of_kind.as_ref() => theme.selected,
            () => theme.quiet,
        };
        phrase.put(" ", style).put(name, style).put(" ", style);
    }
    if *here == Place::Credits {
        phrase.put(" Credits ", theme.selected);
    }
    phrase.put(" ", theme.text);
    phrase
}

/// Where the user is, in words.
fn place<'a>(scene: &Scene<'a>) -> Phrase<'a> {
    let theme = scene.theme;
    let mut phrase = Phrase::new();
    phrase.put(" ", theme.text);
    let here = &scene.model.trail.here;
    if let Place::Record(link) = here {
        phrase
            .put(link.module.plural(), theme.quiet)
            .put(" ", theme.text)
            .put(scene.glyphs.step, theme.quiet);
        phrase.put(" ", theme.text).put(&link.name, theme.title);
    }
    if *here == Place::Credits {
        phrase.put("Credits", theme.title);
    }
    if let Some((name, _)) = PLACES.iter().find(|(_, place)| place == here) {
        phrase.put(*name, theme.title);
    }
    phrase
}

/// How old the records of this place are, and the day.
fn date(scene: &Scene<'_>) -> Phrase<'static> {
    let mut phrase = Phrase::new();
    let model = scene.model;
    if let Some(at) = model.attention().shown.and_then(|module| model.account.fresh.get(&module)) {
        let today = at.to_zoned_datetime(model.zone.clone()).date() == scene.today;
        let when = if today { clock(*at, &model.zone) } else { moment(*at, &model.zone, scene.today) };
        phrase.put("as of ", scene.theme.quiet).put(when, scene.theme.quiet).put("  ", scene.theme.text);
    }
    phrase.put(Ink::figure(scene.today.strftime("%a %-d %b ").to_string()), scene.theme.quiet);
    phrase
}
