//! Text on whose width terminals disagree.
//!
//! A cluster of several code points (Indic syllables, joined emoji, stacked accents) takes as many cells as
//! each terminal thinks. So that a wrong guess cannot move or leave anything: a line that has such a cluster,
//! or had one, is cleared and written whole, and the cursor is set anew behind each of them.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use super::pen::Pen;

type Change<'a> = (u16, u16, &'a Cell);

/// Writes `changes`, which lead from `shown` to `next` in reading order.
pub fn draw(changes: &[Change<'_>], shown: &Buffer, next: &Buffer, pen: &mut Pen<'_>) {
    for line in changes.chunk_by(|(_, a, _), (_, b, _)| a == b) {
        let y = line[0].1;
        if is_doubtful_line(shown, y) || is_doubtful_line(next, y) {
            whole_line(next, y, pen);
        } else {
            line.iter().for_each(|(x, y, cell)| pen.write(*x, *y, cell));
        }
    }
    pen.rest();
}

fn whole_line(next: &Buffer, y: u16, pen: &mut Pen<'_>) {
    pen.clear_line(y);
    let mut covered = 0;
    for (x, cell) in (0..next.area.width).zip(&next.content[line_of(next, y)]) {
        if x < covered || *cell == Cell::default() {
            continue;
        }
        covered = x + u16::try_from(cell.symbol().width()).unwrap_or(1).max(1);
        pen.write(x, y, cell);
        if is_doubtful(cell.symbol()) {
            pen.lose();
        }
    }
    pen.lose();
}

fn line_of(buffer: &Buffer, y: u16) -> Range<usize> {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    start..start + width
}

fn is_doubtful_line(buffer: &Buffer, y: u16) -> bool {
    buffer.content[line_of(buffer, y)].iter().any(|cell| is_doubtful(cell.symbol()))
}

/// Whether terminals may differ on how wide `symbol` is. Letters, box drawing, and ideographs are settled.
fn is_doubtful(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => !matches!(only,
            '\0'..='\u{2ff}' | '\u{370}'..='\u{58f}' | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2bff}'
            | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}'),
        (None, _) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    fn screen(text: &str) -> String {
        let area = Rect::new(0, 0, 20, 1);
        let (blank, mut next) = (Buffer::empty(area), Buffer::empty(area));
        next.set_string(0, 0, text, Style::new());
        let mut bytes = Vec::new();
        draw(&blank.diff(&next), &blank, &next, &mut Pen::new(&mut bytes));
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_follows_a_doubtful_cluster_is_placed_anew() {
        let bytes = screen("\u{930}\u{947}xyz");
        let (before, after) = bytes.split_once("\u{930}\u{947}").expect("the cluster is written");
        assert!(before.contains("\x1b[2K"), "the line is cleared first: {before:?}");
        let (place, text) = after.split_once('H').expect("the cursor is set");
        assert!(place.ends_with(";2") && text.starts_with("xyz"), "{after:?}");
    }

    #[test]
    fn settled_text_is_written_in_one_run() {
        assert!(
            !["caf\u{e9}", "\u{2502}", "\u{682a}\u{5f0f}", "\u{ac00}", "\u{416}"]
                .iter()
                .any(|text| text.chars().any(|c| is_doubtful(&c.to_string())))
        );
        assert!(
            ["\u{930}\u{947}", "e\u{301}", "\u{1f469}\u{200d}\u{1f467}", "\u{627}"]
                .iter()
                .all(|t| is_doubtful(t))
        );
    }
}
