//! Screens for a terminal that knows no character outside of ASCII.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// What stands for a character that the terminal cannot show, once for each cell that it takes.
const UNKNOWN: &str = "?";

/// Puts a mark in the place of every character outside of ASCII. Columns stay where they are.
pub fn spell(buf: &mut Buffer) {
    let mut covered = 0;
    for cell in &mut buf.content {
        if covered > 0 {
            covered -= 1;
            cell.set_symbol(UNKNOWN);
        } else if !cell.symbol().is_ascii() {
            covered = cell.symbol().width().saturating_sub(1);
            cell.set_symbol(UNKNOWN);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn every_cell_keeps_its_place() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        buf.set_string(0, 0, "Ü 晨光 e\u{301}|x", Style::new());
        spell(&mut buf);
        let shown: String = buf.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(shown, "? ???? ?|x  ");
    }
}
