//! Texts being typed: several lines with a cursor, or one.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use ratatui_textarea::TextArea;

use super::{
    Theme,
    canvas::{Side, row},
    figures::count,
    scene::Scene,
    text::{Ink, graphemes, wrap},
};
use crate::{app::overlay::LineInput, domain::SafeText};

/// Columns of line numbers.
const NUMBERS: u16 = 4;

/// How the parts of a text look, by their bytes in its lines joined with line feeds.
#[derive(Default)]
pub(super) struct Paint {
    /// In order and not overlapping.
    pub parts: Vec<(Range<usize>, Style)>,
    /// Where something is wrong, and how that looks.
    pub faults: Vec<(Range<usize>, Style)>,
}

impl Paint {
    fn at(&self, byte: usize, theme: &Theme) -> Style {
        if let Some((_, style)) = self.faults.iter().find(|(fault, _)| fault.contains(&byte)) {
            return *style;
        }
        let after = self.parts.partition_point(|(span, _)| span.start <= byte);
        let part = after.checked_sub(1).map(|at| &self.parts[at]);
        part.filter(|(span, _)| span.contains(&byte)).map_or(theme.input, |(_, style)| *style)
    }
}

/// Draws an editor's text, wrapped, so that its cursor is seen, and says where the cursor is.
pub(super) fn draw(
    scene: &Scene<'_>,
    text: &TextArea<'_>,
    numbered: bool,
    paint: &Paint,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let margin = if numbered { NUMBERS.min(area.width / 3) } else { 0 };
    let body = Rect { x: area.x + margin, width: area.width - margin, ..area };
    let cursor = text.cursor();
    let (at, column) = (cursor.0, cursor.1);
    let lines = text.lines();
    let (first, skipped) = first_line(lines, at, column, body);
    let mut offset: usize = lines[..first].iter().map(|line| line.len() + 1).sum();
    let mut found = None;
    let mut y = body.y;
    for (index, line) in lines.iter().enumerate().skip(first) {
        let safe = SafeText::new(line);
        let mut chars = 0;
        for (part, piece) in wrap(safe.as_str(), body.width).enumerate() {
            let length = piece.chars().count();
            let here = chars..chars + length;
            chars = here.end;
            if index == first && part < skipped {
                continue;
            }
            if y >= body.bottom() {
                return found;
            }
            let last = chars == safe.as_str().chars().count();
            let place = Rect { y, height: 1, ..body };
            if part == 0 && numbered {
                let number = Rect { x: area.x, width: margin, ..place };
                scene.pen(buf, number).cell(
                    margin - 1,
                    Side::Right,
                    count(index as u64 + 1),
                    scene.theme.quiet,
                );
            }
            write(scene, line, offset, here.clone(), paint, place, buf);
            if index == at && (here.contains(&column) || (last && column >= here.start)) {
                let x = columns(piece, column - here.start).min(body.width - 1);
                found = Some(Position { x: body.x + x, y });
            }
            y += 1;
        }
        offset += line.len() + 1;
    }
    found
}

/// The first line to draw and how many of its wrapped parts are above the screen, so that the cursor's part is the
/// last one on a full screen.
fn first_line(lines: &[String], at: usize, column: usize, body: Rect) -> (usize, usize) {
    let height = usize::from(body.height);
    let mut used = part_of(lines.get(at).map_or("", String::as_str), column, body.width) + 1;
    if used > height {
        return (at, used - height);
    }
    let mut first = at;
    while first > 0 {
        let more = parts(&lines[first - 1], body.width);
        if used + more > height {
            return if used < height { (first - 1, used + more - height) } else { (first, 0) };
        }
        used += more;
        first -= 1;
    }
    (0, 0)
}

fn parts(line: &str, columns: u16) -> usize {
    wrap(SafeText::new(line).as_str(), columns).count()
}

/// The wrapped part of a line that a character is in.
fn part_of(line: &str, column: usize, columns: u16) -> usize {
    let safe = SafeText::new(line);
    let mut chars = 0;
    for (part, piece) in wrap(safe.as_str(), columns).enumerate() {
        chars += piece.chars().count();
        if column < chars {
            return part;
        }
    }
    wrap(safe.as_str(), columns).count().saturating_sub(1)
}

/// Writes some characters of a line that begins at byte `offset` of the text.
fn write(
    scene: &Scene<'_>,
    line: &str,
    offset: usize,
    chars: Range<usize>,
    paint: &Paint,
    place: Rect,
    buf: &mut Buffer,
) {
    let mut pen = scene.pen(buf, place);
    let mut run = (String::new(), scene.theme.input);
    for (byte, character) in line.char_indices().skip(chars.start).take(chars.len()) {
        let style = paint.at(offset + byte, scene.theme);
        if style != run.1 {
            pen.put(Ink::made_safe(&run.0), run.1);
            run = (String::new(), style);
        }
        run.0.push(character);
    }
    pen.put(Ink::made_safe(run.0.trim_end_matches(' ')), run.1);
    let end = offset + line.len();
    let missing = paint.faults.iter().find(|(fault, _)| fault.start == end);
    if let Some((_, style)) = missing.filter(|_| chars.end == line.chars().count()) {
        pen.put(" ", *style);
    }
}

/// Columns that the first characters of a text take.
fn columns(text: &str, chars: usize) -> u16 {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    super::text::width(&text[..end])
}

/// Draws a line being typed and says where its cursor is; a long one shows what is around the cursor.
pub(super) fn line(
    scene: &Scene<'_>,
    input: &LineInput,
    style: Style,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let before = SafeText::new(input.text.get(..input.cursor).unwrap_or(&input.text));
    let after = SafeText::new(input.text.get(input.cursor..).unwrap_or(""));
    let room = area.width - 1;
    let mut hidden = super::text::width(before.as_str()).saturating_sub(room);
    let mut from = 0;
    for (grapheme, width) in graphemes(before.as_str()) {
        if hidden == 0 {
            break;
        }
        hidden = hidden.saturating_sub(width);
        from += grapheme.len();
    }
    let seen = SafeText::new(before.as_str().get(from..).unwrap_or(""));
    let x = super::text::width(seen.as_str());
    scene.pen(buf, area).put(&seen, style).put(&after, style);
    Some(Position { x: area.x + x.min(room), y: row(area, 0).y })
}
