//! Writing into cells: pens, rows and boxes that never leave their place.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Color, Modifier, Style},
};

use super::{
    glyphs::Glyphs,
    text::{Ink, cut, graphemes},
};

/// Where a text stands in a wider place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Writes from left to right into one row, up to an end.
pub(super) struct Pen<'b> {
    buf: &'b mut Buffer,
    x: u16,
    y: u16,
    end: u16,
    ellipsis: &'static str,
}

impl<'b> Pen<'b> {
    /// A pen over the first row of `area`; outside of the buffer it writes nothing.
    pub fn new(buf: &'b mut Buffer, area: Rect, glyphs: &Glyphs) -> Self {
        let area = area.intersection(buf.area);
        let end = if area.is_empty() { area.x } else { area.right() };
        Self { x: area.x, y: area.y, end, buf, ellipsis: glyphs.ellipsis }
    }

    /// Columns that are left.
    pub const fn room(&self) -> u16 {
        self.end.saturating_sub(self.x)
    }

    /// Where the next text goes.
    pub const fn at(&self) -> u16 {
        self.x
    }

    /// Leaves columns as they are.
    pub fn gap(&mut self, columns: u16) -> &mut Self {
        self.x = self.x.saturating_add(columns).min(self.end);
        self
    }

    /// Writes a text, cut where the row ends.
    pub fn put<'a>(&mut self, ink: impl Into<Ink<'a>>, style: Style) -> &mut Self {
        let ink = ink.into();
        let room = self.room();
        let (used, more) = write(self.buf, self.x, self.y, room, ink.as_str(), style, self.ellipsis);
        self.x = if more { self.end } else { self.x + used };
        self
    }

    /// Writes a text into exactly `columns` columns, cut or padded.
    pub fn cell<'a>(&mut self, columns: u16, side: Side, ink: impl Into<Ink<'a>>, style: Style) -> &mut Self {
        let (ink, columns) = (ink.into(), columns.min(self.room()));
        let indent = match side {
            Side::Left => 0,
            Side::Right => {
                let (_, used, more) = cut(ink.as_str(), columns);
                if more { 0 } else { columns - used }
            }
        };
        write(self.buf, self.x + indent, self.y, columns - indent, ink.as_str(), style, self.ellipsis);
        self.x += columns;
        self
    }

    /// Writes a phrase so that it ends at the end of the row, if there is room after a gap of one column.
    pub fn at_end(&mut self, phrase: &Phrase<'_>) -> &mut Self {
        let width = phrase.width();
        if width > 0 && width < self.room() {
            self.x = self.end - width;
            self.phrase(phrase);
        }
        self
    }

    /// Writes a phrase, cut where the row ends.
    pub fn phrase(&mut self, phrase: &Phrase<'_>) -> &mut Self {
        for (ink, style) in &phrase.0 {
            self.put(ink, *style);
        }
        self
    }
}

/// A few words of different styles that are measured before they are drawn.
#[derive(Debug, Default, Clone)]
pub(super) struct Phrase<'a>(Vec<(Ink<'a>, Style)>);

impl<'a> Phrase<'a> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn put(&mut self, ink: impl Into<Ink<'a>>, style: Style) -> &mut Self {
        self.0.push((ink.into(), style));
        self
    }

    /// Adds a text in exactly `columns` columns, cut or padded.
    pub fn cell(
        &mut self,
        columns: u16,
        side: Side,
        ink: impl Into<Ink<'a>>,
        style: Style,
        glyphs: &Glyphs,
    ) -> &mut Self {
        let ink = ink.into();
        let (_, used, more) = cut(ink.as_str(), columns);
        if more {
            let short = ink.cut(columns.saturating_sub(1));
            let air = columns.saturating_sub(short.width() + 1);
            return self.put(short, style).put(glyphs.ellipsis, style).put(Ink::padded("", air), style);
        }
        let air = Ink::padded("", columns - used);
        match side {
            Side::Left => self.put(ink, style).put(air, style),
            Side::Right => self.put(air, style).put(ink, style),
        }
    }

    pub fn append(&mut self, more: Phrase<'a>) -> &mut Self {
        self.0.extend(more.0);
        self
    }

    pub fn width(&self) -> u16 {
        self.0.iter().map(|(ink, _)| ink.width()).fold(0, u16::saturating_add)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes at most `columns` columns and says how many it took and whether the text was cut.
fn write(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    columns: u16,
    text: &str,
    style: Style,
    ellipsis: &str,
) -> (u16, bool) {
    let columns = columns.min(buf.area.right().saturating_sub(x));
    if columns == 0 || y >= buf.area.bottom() {
        return (0, !text.is_empty());
    }
    let (fits, _, more) = cut(text, columns);
    if !more {
        return (stamp(buf, x, y, fits, style), false);
    }
    let (fits, _, _) = cut(fits, columns - 1);
    let used = stamp(buf, x, y, fits.trim_end_matches(' '), style);
    (used + stamp(buf, x + used, y, ellipsis, style), true)
}

fn stamp(buf: &mut Buffer, x: u16, y: u16, text: &str, style: Style) -> u16 {
    let mut at = x;
    if text.is_ascii() {
        for byte in text.bytes() {
            fresh(&mut buf[(at, y)], style).set_char(char::from(byte));
            at += 1;
        }
        return at - x;
    }
    for (grapheme, width) in graphemes(text) {
        fresh(&mut buf[(at, y)], style).set_symbol(grapheme);
        for covered in at + 1..at + width {
            fresh(&mut buf[(covered, y)], style).set_symbol(" ");
        }
        at += width;
    }
    at - x
}

/// A cell in this style alone, whatever was drawn there before.
fn fresh(cell: &mut Cell, style: Style) -> &mut Cell {
    (cell.fg, cell.bg, cell.modifier) = (Color::Reset, Color::Reset, Modifier::empty());
    cell.set_style(style)
}

/// Fills one row of cells with a drawing character.
pub(super) fn rule(buf: &mut Buffer, area: Rect, glyph: &'static str, style: Style) {
    let area = area.intersection(buf.area);
    if area.height == 0 {
        return;
    }
    for x in area.left()..area.right() {
        fresh(&mut buf[(x, area.y)], style).set_symbol(glyph);
    }
}

/// Sets one cell, where it exists.
pub(super) fn dot(buf: &mut Buffer, x: u16, y: u16, glyph: &'static str, style: Style) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        fresh(cell, style).set_symbol(glyph);
    }
}

/// Draws a box.
pub(super) fn frame(buf: &mut Buffer, area: Rect, glyphs: &Glyphs, style: Style) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (left, right, top, bottom) = (area.x, area.right() - 1, area.y, area.bottom() - 1);
    rule(buf, Rect { height: 1, ..area }, glyphs.across, style);
    rule(buf, Rect { y: bottom, height: 1, ..area }, glyphs.across, style);
    sides(buf, Rect { y: top + 1, height: area.height - 2, ..area }, glyphs, style);
    dot(buf, left, top, glyphs.top_left, style);
    dot(buf, right, top, glyphs.top_right, style);
    dot(buf, left, bottom, glyphs.bottom_left, style);
    dot(buf, right, bottom, glyphs.bottom_right, style);
}

/// Draws the left and the right line of a box.
pub(super) fn sides(buf: &mut Buffer, area: Rect, glyphs: &Glyphs, style: Style) {
    for y in area.top()..area.bottom() {
        dot(buf, area.x, y, glyphs.down, style);
        dot(buf, area.right().saturating_sub(1), y, glyphs.down, style);
    }
}

/// Draws a line between two parts of a box.
pub(super) fn divider(buf: &mut Buffer, area: Rect, glyphs: &Glyphs, style: Style) {
    rule(buf, area, glyphs.across, style);
    tees(buf, area, glyphs, style);
}

/// Joins a line to the left and right line of its box.
pub(super) fn tees(buf: &mut Buffer, area: Rect, glyphs: &Glyphs, style: Style) {
    if area.height > 0 && area.width > 1 {
        dot(buf, area.x, area.y, glyphs.tee_right, style);
        dot(buf, area.right() - 1, area.y, glyphs.tee_left, style);
    }
}

/// Makes a place blank, for what opens over other things. A wide character that it halves is taken whole.
pub(super) fn clear(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            buf[(x, y)].reset();
        }
        if area.x > buf.area.x {
            let before = &mut buf[(area.x - 1, y)];
            if super::text::width(before.symbol()) > 1 {
                before.set_symbol(" ");
            }
        }
    }
}

/// The row of an area that is `down` rows below its top; empty outside.
pub(super) fn row(area: Rect, down: u16) -> Rect {
    if down < area.height { Rect { y: area.y + down, height: 1, ..area } } else { Rect { height: 0, ..area } }
}

/// An area without some columns on either side.
pub(super) fn inset(area: Rect, columns: u16) -> Rect {
    let width = area.width.saturating_sub(2 * columns);
    if width == 0 { Rect { width: 0, ..area } } else { Rect { x: area.x + columns, width, ..area } }
}

/// An area without its border and a column of air on either side.
pub(super) fn inside(area: Rect) -> Rect {
    let inner = inset(area, 2);
    Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(2), ..inner }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{domain::SafeText, ui::glyphs::LIGHT};

    fn row_of(buf: &Buffer) -> String {
        let mut skip = 0;
        let mut line = String::new();
        for cell in &buf.content {
            if skip == 0 {
                line.push_str(cell.symbol());
                skip = crate::ui::text::width(cell.symbol());
            }
            skip = skip.saturating_sub(1);
        }
        line
    }

    #[test]
    fn figures_stand_right_and_texts_are_cut_with_a_mark() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 1));
        let area = buf.area;
        Pen::new(&mut buf, area, &LIGHT)
            .cell(8, Side::Left, "Northwind renewal", Style::new())
            .gap(1)
            .cell(7, Side::Right, "$48,000", Style::new())
            .put("overflow", Style::new());
        assert_eq!(row_of(&buf), "Northwi… $48,000ove…");
    }

    #[test]
    fn clearing_half_of_a_wide_character_takes_all_of_it() {
        let mut buf = Buffer::with_lines(["会会会"]);
        clear(&mut buf, Rect::new(1, 0, 2, 1));
        assert_eq!(buf[(0, 0)].symbol(), " ");
    }

    proptest! {
        #[test]
        fn a_cell_is_exactly_as_wide_as_asked(text in any::<String>(), columns in 0u16..40, right in any::<bool>()) {
            let (text, side) = (SafeText::new(&text), if right { Side::Right } else { Side::Left });
            let mut buf = Buffer::empty(Rect::new(0, 0, 50, 1));
            let area = buf.area;
            let mut pen = Pen::new(&mut buf, area, &LIGHT);
            pen.put("[", Style::new()).cell(columns, side, &text, Style::new()).put("]", Style::new());
            prop_assert_eq!(pen.at(), columns + 2);
            prop_assert_eq!(buf[(0, 0)].symbol(), "[");
            prop_assert_eq!(buf[(columns + 1, 0)].symbol(), "]");
            let drawn = row_of(&buf);
            prop_assert_eq!(crate::ui::text::width(&drawn), 50);
        }
    }
}
