//! A list in its box: heading, rows, figures in the lower border, and the peek strip below.
//!
//! Rows span the screen from edge to edge, so that scrolling by a row moves whole lines of the terminal.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    strip,
    table::{self, Column, Placed},
};
use crate::{
    app::{List, Load, geometry},
    domain::Row,
    protocol::{SortWay, SyncState},
    ui::{
        canvas::{Phrase, Side, divider, frame, inset, row, tees},
        figures::{count, percent},
        scene::Scene,
        text::Ink,
    },
};

/// Columns between two cells.
const GAP: u16 = 2;

/// What a list is made of.
pub trait Listing {
    /// What stands in a line.
    type Row: Row;

    /// Its columns.
    fn columns(&self) -> &'static [Column];

    /// The text of a cell.
    fn cell<'r>(&'r self, row: &'r Self::Row, column: usize, width: u16) -> (Ink<'r>, Style);

    /// Whether a change of the row waits for the server.
    fn pending(&self, _row: &Self::Row) -> bool {
        false
    }

    /// The column that the rows are ordered by.
    fn sorted(&self) -> Option<(usize, SortWay)> {
        None
    }

    /// What stands in the upper border after the name.
    fn about(&self) -> Phrase<'_> {
        Phrase::new()
    }

    /// What stands in the lower border.
    fn figures(&self) -> Phrase<'_>;

    /// What to say when there is nothing to show.
    fn empty(&self) -> &'static str;
}

/// Draws a list over the whole pane.
pub fn draw<L: Listing>(
    scene: &Scene<'_>,
    name: &'static str,
    list: &List<L::Row>,
    listing: &L,
    area: Rect,
    buf: &mut Buffer,
) {
    let strip_rows = geometry::strip_rows(scene.size, scene.model.options.peek_list).min(area.height);
    let closing = strip_rows.max(1);
    let outer = Rect { height: area.height.saturating_sub(closing) + 1, ..area };
    let (theme, glyphs) = (scene.theme, scene.glyphs);
    frame(buf, outer, glyphs, theme.border);

    let about = listing.about();
    let mut title = Phrase::new();
    if geometry::is_wide(scene.size) {
        title.put(name, theme.title).put(if about.is_empty() { "" } else { "   " }, theme.text);
    }
    title.append(about);
    label(scene, &title, inset(row(outer, 0), 2), buf);

    let columns = listing.columns();
    let cells = inset(row(outer, 1), 4);
    let placed = table::place(columns, cells.width, GAP);
    let sorted = listing.sorted().map(|(index, way)| {
        (index, if way == SortWay::Ascending { glyphs.ascending } else { glyphs.descending })
    });
    table::heading(scene, columns, &placed, GAP, sorted, &mut scene.pen(buf, cells));
    divider(buf, row(outer, 2), glyphs, theme.border);

    let rows = geometry::list_rows(scene.size, scene.model.options.peek_list);
    let body = Rect { y: outer.y + geometry::LIST_HEAD_ROWS, height: rows, ..outer }.intersection(outer);
    match list.total {
        Some(0) if list.load != Load::Asked => say(scene, listing.empty(), body, buf),
        None => say(scene, waiting(scene), body, buf),
        _ => draw_rows(scene, list, listing, &placed, body, buf),
    }

    let position = position(scene, list);
    let border = inset(row(outer, outer.height.saturating_sub(1)), 2);
    let room = Rect { width: border.width.saturating_sub(position.width() + 1), ..border };
    label(scene, &listing.figures(), room, buf);
    scene.pen(buf, border).at_end(&position);

    if strip_rows > 1 {
        let below = Rect { y: outer.bottom(), height: strip_rows - 1, ..area }.intersection(area);
        if strip::below(scene, below, buf) {
            tees(buf, row(outer, outer.height - 1), glyphs, theme.border);
        }
    }
}

/// Words in a line of the box, with air around them.
pub fn label(scene: &Scene<'_>, words: &Phrase<'_>, area: Rect, buf: &mut Buffer) {
    if !words.is_empty() {
        let text = scene.theme.text;
        scene.pen(buf, area).put(" ", text).phrase(words).put(" ", text);
    }
}

fn draw_rows<L: Listing>(
    scene: &Scene<'_>,
    list: &List<L::Row>,
    listing: &L,
    placed: &[Placed],
    body: Rect,
    buf: &mut Buffer,
) {
    let columns = listing.columns();
    for (down, (ordinal, record)) in (0..body.height).zip(list.visible(body.height)) {
        let line = inset(row(body, down), 1);
        let selected = ordinal == list.cursor;
        let mut pen = scene.pen(buf, line);
        let Some(record) = record else {
            pen.gap(3).put(scene.glyphs.ellipsis, scene.theme.quiet);
            continue;
        };
        let marked = scene.is_marked(list, ordinal, record.id());
        scene.gutter(&mut pen, selected, marked, listing.pending(record));
        pen.gap(1);
        for Placed { index, width } in placed {
            let (ink, style) = listing.cell(record, *index, *width);
            pen.cell(*width, columns[*index].side, ink, style).gap(GAP);
        }
        if selected {
            table::select(line, scene.theme.selected, buf);
        }
    }
}

/// Says a few words in the middle of an empty place.
pub fn say(scene: &Scene<'_>, words: impl Into<Ink<'static>>, area: Rect, buf: &mut Buffer) {
    let words = words.into();
    let line = inset(row(area, area.height.saturating_sub(1).min(area.height / 3)), 2);
    let indent = line.width.saturating_sub(words.width()) / 2;
    scene.pen(buf, line).gap(indent).put(&words, scene.theme.quiet);
}

/// What to say while rows are on their way.
pub fn waiting(scene: &Scene<'_>) -> Ink<'static> {
    match &scene.model.account.sync {
        SyncState::Starting(work) | SyncState::Filling(work) => {
            let doing = work.doing.as_str();
            match work.total {
                Some(total) => Ink::made_safe(&format!("{doing}, {}", percent(work.done, total).as_str())),
                None => Ink::made_safe(doing),
            }
        }
        SyncState::SignedOut(failure) => Ink::from(failure.way_on.clone()),
        _ => "reading".into(),
    }
}

fn position<R: Row>(scene: &Scene<'_>, list: &List<R>) -> Phrase<'static> {
    let mut phrase = Phrase::new();
    if let Some(total) = list.total.filter(|total| *total > 0) {
        phrase
            .put(" ", scene.theme.text)
            .put(count(list.cursor + 1), scene.theme.text)
            .put("/", scene.theme.quiet)
            .put(count(total), scene.theme.text)
            .put(" ", scene.theme.text);
    }
    phrase
}

/// Figures that every list has: how many, and how many are marked.
pub fn counted<R>(
    scene: &Scene<'_>,
    list: &List<R>,
    one: &'static str,
    many: &'static str,
) -> Phrase<'static> {
    let theme = scene.theme;
    let mut phrase = Phrase::new();
    if let Some(total) = list.total {
        phrase.put(count(total), theme.text).put(" ", theme.text);
        phrase.put(if total == 1 { one } else { many }, theme.quiet);
        if matches!(scene.model.account.sync, SyncState::Starting(_) | SyncState::Filling(_)) {
            phrase.put(" so far", theme.warn);
        }
    }
    phrase
}

/// Words that a list is narrowed by, after a slash.
pub fn narrowed<'a>(scene: &Scene<'_>, text: &str) -> Phrase<'a> {
    let mut phrase = Phrase::new();
    if !text.is_empty() {
        phrase.put("/", scene.theme.key).put(Ink::made_safe(text), scene.theme.text);
    }
    phrase
}

/// A column of figures.
pub const fn figure(title: &'static str, width: u16, rank: u8) -> Column {
    Column::fixed(title, Side::Right, width, rank)
}
