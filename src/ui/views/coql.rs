//! The COQL console: the text, how its run went, and the rows.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    listing::{label, say},
    table,
};
use crate::{
    app::{
        Load, geometry,
        pane::{CoqlFocus, CoqlPane},
    },
    coql::{TokenClass, highlight},
    protocol::{CoqlTable, Failure, QuerySource},
    ui::{
        canvas::{Phrase, Side, divider, frame, inset, row},
        editor::{self, Paint},
        figures::{count, plural},
        scene::Scene,
        text::{Ink, cut, width, wrapped},
    },
};

/// Rows that column widths are measured on.
const MEASURED: usize = 64;

/// Widest column.
const WIDEST: u16 = 36;

/// Columns between two cells.
const GAP: u16 = 2;

/// Draws the console and says where the editor's cursor is.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (theme, glyphs, pane) = (scene.theme, scene.glyphs, &scene.model.panes.coql);
    let (editor_rows, result_rows) = geometry::coql_rows(scene.size);
    frame(buf, area, glyphs, theme.border);
    let mut title = Phrase::new();
    if pane.focus == CoqlFocus::Editor {
        title.put(">", theme.pointer);
    }
    title.put("COQL", theme.title).put("  read-only, 1 credit for 200 rows", theme.quiet);
    label(scene, &title, inset(row(area, 0), 2), buf);
    let text = Rect { y: area.y + 1, height: editor_rows, ..inset(area, 1) }.intersection(area);
    let cursor = editor::draw(scene, &pane.editor, true, &paint(scene, pane), text, buf);

    let middle = row(area, editor_rows + 1);
    divider(buf, middle, glyphs, theme.border);
    label(scene, &outcome(scene, pane), inset(middle, 2), buf);
    let result = Rect { y: middle.y + 1, height: result_rows + 2, ..area }.intersection(area);
    match (&pane.failure, &pane.table) {
        (Some(failure), _) => failed(scene, failure, result, buf),
        (None, Some(table)) => rows(scene, pane, table, result, buf),
        (None, None) if pane.load == Load::Asked => say(scene, "asking Bigin; ^C cancels", result, buf),
        (None, None) => hint(scene, result, buf),
    }
    if let (None, Some(table)) = (&pane.failure, &pane.table) {
        let bottom = inset(row(area, area.height.saturating_sub(1)), 2);
        fetched(scene, pane, table, bottom, buf);
    }
    cursor.filter(|_| pane.focus == CoqlFocus::Editor)
}

/// Words in the colours of what they are, and what Bigin or the parser found wrong.
fn paint(scene: &Scene<'_>, pane: &CoqlPane) -> Paint {
    let theme = scene.theme;
    let parts = highlight(&pane.editor.lines().join("\n")).into_iter().map(|token| {
        let style = match token.class {
            TokenClass::Keyword | TokenClass::Function => theme.keyword,
            TokenClass::Module => theme.title,
            TokenClass::Text | TokenClass::Number | TokenClass::Value => theme.literal,
            TokenClass::Parameter => theme.marked,
            TokenClass::Comment => theme.quiet,
            TokenClass::Error => theme.warn,
            TokenClass::Field | TokenClass::Alias | TokenClass::Operator | TokenClass::Punctuation => {
                theme.input
            }
        };
        (token.span.start..token.span.end, style)
    });
    let fault = pane.failure.as_ref().and_then(|failure| failure.span.clone());
    Paint { parts: parts.collect(), fault }
}

fn outcome<'a>(scene: &Scene<'a>, pane: &'a CoqlPane) -> Phrase<'a> {
    let theme = scene.theme;
    let mut words = Phrase::new();
    if pane.focus == CoqlFocus::Result {
        words.put(">", theme.pointer);
    }
    match (&pane.failure, &pane.table) {
        _ if pane.load == Load::Asked => words.put("running", theme.warn),
        (Some(failure), _) => {
            words.put("! not run", theme.bad);
            match failure.span.as_ref().and_then(|span| place(pane, span.start)) {
                Some(place) => words.put(", ", theme.bad).put(place, theme.bad),
                None => &mut words,
            }
        }
        (None, Some(table)) => {
            let source = match table.source {
                QuerySource::Server => "Result from the server",
                QuerySource::Mirror => "Result from the mirror, as old as the last sync",
            };
            words.put(source, theme.text)
        }
        (None, None) => words.put("Result", theme.text),
    };
    words
}

/// A place in the text as a person counts: `line 2, column 7`.
fn place(pane: &CoqlPane, byte: usize) -> Option<Ink<'static>> {
    let mut offset = 0;
    for (index, line) in pane.editor.lines().iter().enumerate() {
        if byte <= offset + line.len() {
            let column = line.char_indices().take_while(|(at, _)| *at < byte - offset).count();
            return Some(Ink::figure(format!("line {}, column {}", index + 1, column + 1)));
        }
        offset += line.len() + 1;
    }
    None
}

fn failed(scene: &Scene<'_>, failure: &Failure, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let inner = inset(area, 3);
    let what = wrapped(&failure.what, inner.width).map(|line| (line, theme.bad));
    let way_on = wrapped(&failure.way_on, inner.width).map(|line| (line, theme.text));
    for (down, (line, style)) in (1..inner.height).zip(what.chain(way_on)) {
        scene.pen(buf, row(inner, down)).put(&line, style);
    }
}

fn hint(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let lines = [
        "select Deal_Name, Amount, Stage, Closing_Date from Pipelines",
        "where Stage = 'Proposal' and Amount > 10000 order by Amount desc limit 20",
    ];
    let inner = inset(area, 3);
    scene
        .pen(buf, row(inner, 1))
        .put("Deals are the module Pipelines, companies are Accounts. For example:", theme.quiet);
    for (down, line) in (3..).zip(lines) {
        scene.pen(buf, row(inner, down)).gap(2).put(line, theme.text);
    }
}

fn rows(scene: &Scene<'_>, pane: &CoqlPane, result: &CoqlTable, area: Rect, buf: &mut Buffer) {
    let (theme, columns) = (scene.theme, measure(result));
    let inner = inset(area, 1);
    let room = inner.width.saturating_sub(3);
    let left = first_column(&columns, pane.left, pane.column, room);
    let side = |index: usize| {
        if result.numeric.get(index) == Some(&true) { Side::Right } else { Side::Left }
    };
    let mut pen = scene.pen(buf, row(inner, 0));
    pen.gap(2);
    for (index, width) in columns.iter().enumerate().skip(left) {
        let current = index == pane.column && pane.focus == CoqlFocus::Result;
        let style = if current { theme.key } else { theme.heading };
        if let Some(title) = result.columns.get(index) {
            pen.cell(*width, side(index), title, style).gap(GAP);
        }
    }
    divider(buf, row(area, 1), scene.glyphs, theme.border);
    if result.rows.is_empty() {
        say(
            scene,
            "no rows match",
            Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area },
            buf,
        );
    }
    let shown = result.rows.iter().enumerate().skip(pane.top);
    for (down, (index, cells)) in (2..inner.height).zip(shown) {
        let line = row(inner, down);
        let selected = index == pane.row && pane.focus == CoqlFocus::Result;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.gap(1);
        for (index, width) in columns.iter().enumerate().skip(left) {
            if let Some(cell) = cells.get(index) {
                pen.cell(*width, side(index), cell, theme.text).gap(GAP);
            }
        }
        if selected {
            table::select(line, theme.selected, buf);
        }
    }
}

/// How wide each column is: as its heading and the first rows need, within bounds.
fn measure(result: &CoqlTable) -> Vec<u16> {
    let heads = result.columns.iter().map(|head| width(head.as_str()).clamp(3, WIDEST));
    let mut widths: Vec<u16> = heads.collect();
    for cells in result.rows.iter().take(MEASURED) {
        for (widest, cell) in widths.iter_mut().zip(cells) {
            let (_, used, more) = cut(cell.as_str(), WIDEST);
            *widest = (*widest).max(if more { WIDEST } else { used });
        }
    }
    widths
}

/// The first column to draw: `left`, or as much further right as the one under the cursor needs.
fn first_column(widths: &[u16], left: usize, column: usize, room: u16) -> usize {
    let column = column.min(widths.len().saturating_sub(1));
    let mut used = widths.get(column).copied().unwrap_or(0);
    let mut first = column;
    while first > left.min(column) {
        used = used.saturating_add(widths[first - 1] + GAP);
        if used > room {
            break;
        }
        first -= 1;
    }
    first
}

fn fetched(scene: &Scene<'_>, pane: &CoqlPane, table: &CoqlTable, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut words = Phrase::new();
    words.put("fetched ", theme.quiet).put(plural(table.rows.len() as u64, "row", "rows"), theme.text);
    if table.more {
        words.put(" (more match)", theme.warn);
    } else {
        words.put(" (complete)", theme.quiet);
    }
    words.put("   ", theme.text).put(plural(table.credits.into(), "credit", "credits"), theme.text);
    words.put("   ", theme.text).put(count(table.elapsed_ms), theme.text).put(" ms", theme.quiet);
    label(scene, &words, area, buf);
    if !table.rows.is_empty() && pane.focus == CoqlFocus::Result {
        let mut at = Phrase::new();
        at.put(" ", theme.text).put(count(pane.row as u64 + 1), theme.text).put("/", theme.quiet);
        at.put(count(table.rows.len() as u64), theme.text).put(" ", theme.text);
        let room = words.width() + 2;
        let right = Rect { x: area.x + room.min(area.width), width: area.width.saturating_sub(room), ..area };
        scene.pen(buf, right).at_end(&at);
    }
}
