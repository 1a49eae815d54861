//! A screen as an SVG picture: one text a run of cells, lines drawn as lines.

use std::{collections::BTreeMap, fmt::Write};

use ratatui::{
    buffer::{Buffer, Cell, CellWidth},
    style::{Color, Modifier},
};

/// A cell's size, and the air around the screen, in pixels.
const CELL: (f32, f32) = (8.4, 18.0);
const AIR: f32 = 14.0;

const BACK: &str = "#15181e";
const TEXT: &str = "#d5d9e0";

/// Lines by colour, faintness and weight, each kind as one path.
type Strokes = BTreeMap<(&'static str, bool, bool), String>;

/// Draws the cells. The cursor, if given, is drawn as an outline.
pub fn picture(buf: &Buffer, cursor: Option<(u16, u16)>) -> String {
    let (cols, rows) = (f32::from(buf.area.width), f32::from(buf.area.height));
    let (width, height) = (cols * CELL.0 + 2.0 * AIR, rows * CELL.1 + 2.0 * AIR);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-size=\"14\" \
         font-family=\"'DejaVu Sans Mono','Menlo','Consolas','Noto Sans Mono CJK JP',monospace\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACK}\"/>\n"
    );
    let mut strokes = Strokes::new();
    for y in 0..buf.area.height {
        row(&mut svg, &mut strokes, buf, y);
    }
    for ((colour, faint, heavy), path) in strokes {
        let (opacity, width) = (if faint { 0.4 } else { 1.0 }, if heavy { 3 } else { 1 });
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"{opacity}\" stroke-width=\"{width}\"/>"
        );
    }
    if let Some((x, y)) = cursor {
        let (left, top) = corner(x, y);
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{TEXT}\"/>",
            CELL.0, CELL.1
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn corner(x: u16, y: u16) -> (f32, f32) {
    (AIR + f32::from(x) * CELL.0, AIR + f32::from(y) * CELL.1)
}

fn row(svg: &mut String, strokes: &mut Strokes, buf: &Buffer, y: u16) {
    let mut x = 0;
    while x < buf.area.width {
        let cell = &buf[(x, y)];
        let start = x;
        let mut text = String::new();
        while x < buf.area.width && looks(&buf[(x, y)]) == looks(cell) {
            let symbol = buf[(x, y)].symbol();
            let wide = symbol.cell_width().max(1);
            if symbol.is_ascii() {
                text.push_str(symbol);
            } else if arms(symbol).is_some() {
                text.push(' ');
                line(strokes, symbol, x, y, &buf[(x, y)]);
            } else if x == start {
                text.push_str(symbol);
                x += wide;
                break;
            } else {
                break;
            }
            x += wide;
        }
        run(svg, &text, start, x - start, y, cell);
    }
}

/// What two cells of a run have in common.
fn looks(cell: &Cell) -> (Color, Modifier) {
    (cell.fg, cell.modifier)
}

fn run(svg: &mut String, text: &str, x: u16, columns: u16, y: u16, cell: &Cell) {
    let (left, top) = corner(x, y);
    let width = f32::from(columns) * CELL.0;
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    if reversed {
        let fill = colour(cell.fg);
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{fill}\"/>",
            CELL.1
        );
    }
    let trimmed = text.trim_end();
    if trimmed.trim_start().is_empty() {
        return;
    }
    let indent = trimmed.len() - trimmed.trim_start().len();
    let left = left + indent as f32 * CELL.0;
    let shown = trimmed.trim_start();
    let length = if shown.is_ascii() { shown.len() as f32 * CELL.0 } else { width };
    let fill = if reversed { BACK } else { colour(cell.fg) };
    let _ = write!(svg, "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{fill}\"", top + CELL.1 * 0.75);
    let _ = write!(svg, " textLength=\"{length:.1}\" xml:space=\"preserve\"");
    if cell.modifier.contains(Modifier::BOLD) {
        svg.push_str(" font-weight=\"bold\"");
    }
    if cell.modifier.contains(Modifier::DIM) {
        svg.push_str(" fill-opacity=\"0.62\"");
    }
    if cell.modifier.contains(Modifier::UNDERLINED) {
        svg.push_str(" text-decoration=\"underline\"");
    }
    let escaped = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(svg, ">{escaped}</text>");
}

/// Strokes of a line character to the left, right, up and down: 0 for none, 1 light, 2 double, 3 heavy.
fn arms(symbol: &str) -> Option<[u8; 4]> {
    Some(match symbol {
        "─" => [1, 1, 0, 0],
        "│" => [0, 0, 1, 1],
        "┌" => [0, 1, 0, 1],
        "┐" => [1, 0, 0, 1],
        "└" => [0, 1, 1, 0],
        "┘" => [1, 0, 1, 0],
        "├" => [0, 1, 1, 1],
        "┤" => [1, 0, 1, 1],
        "┬" => [1, 1, 0, 1],
        "┴" => [1, 1, 1, 0],
        "═" => [2, 2, 0, 0],
        "╞" => [0, 2, 1, 1],
        "╡" => [2, 0, 1, 1],
        "╪" => [2, 2, 1, 1],
        "━" => [3, 3, 0, 0],
        "┃" => [0, 0, 3, 3],
        _ => return None,
    })
}

fn line(strokes: &mut Strokes, symbol: &str, x: u16, y: u16, cell: &Cell) {
    let Some(arms) = arms(symbol) else { return };
    let (left, top) = corner(x, y);
    let (middle, centre) = (left + CELL.0 / 2.0, top + CELL.1 / 2.0);
    let ends = [(left, centre), (left + CELL.0, centre), (middle, top), (middle, top + CELL.1)];
    let faint = cell.modifier.contains(Modifier::DIM);
    for ((end_x, end_y), weight) in ends.into_iter().zip(arms) {
        let offsets: &[f32] = match weight {
            0 => &[],
            2 => &[-1.5, 1.5],
            _ => &[0.0],
        };
        let path = strokes.entry((colour(cell.fg), faint, weight == 3)).or_default();
        for offset in offsets {
            let (start, end) = (centre + offset, end_y + offset);
            let _ = write!(path, "M{middle:.1} {start:.1}L{end_x:.1} {end:.1}");
        }
    }
}

fn colour(colour: Color) -> &'static str {
    match colour {
        Color::Red => "#f2777a",
        Color::Green => "#8fce8b",
        Color::Yellow => "#e9c46a",
        Color::Cyan => "#5cc8d7",
        Color::Magenta => "#c89cf0",
        _ => TEXT,
    }
}
