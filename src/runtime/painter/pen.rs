//! Cells to bytes, as few as a terminal needs.

use std::io::Write as _;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use unicode_width::UnicodeWidthStr;

/// How cells look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// A pen on a terminal's screen: it knows where it stands and how it writes. Dropping it in the middle of a
/// frame is fine; the next one begins with a placed cursor and a plain look, if [`Pen::rest`] was called.
#[derive(Debug)]
pub struct Pen<'a> {
    bytes: &'a mut Vec<u8>,
    /// Where the next character goes; none when that is not known.
    at: Option<(u16, u16)>,
    look: Look,
}

impl<'a> Pen<'a> {
    /// A pen that writes into `bytes`, plainly, from wherever the cursor is.
    pub const fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self {
            bytes,
            at: None,
            look: Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() },
        }
    }

    /// Writes one cell.
    pub fn write(&mut self, x: u16, y: u16, cell: &Cell) {
        self.go(x, y);
        self.take(Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
        self.bytes.extend_from_slice(cell.symbol().as_bytes());
        let width = u16::try_from(cell.symbol().width()).unwrap_or(1).max(1);
        // Terminals agree on one cell; behind a wide character the cursor is placed, for safety.
        self.at = (width == 1).then_some((x + 1, y));
    }

    /// Forgets where the cursor is, because terminals may differ on it.
    pub const fn lose(&mut self) {
        self.at = None;
    }

    /// Empties a whole line.
    pub fn clear_line(&mut self, y: u16) {
        self.rest();
        self.go(0, y);
        self.bytes.extend_from_slice(b"\x1b[2K");
    }

    /// Goes back to a plain look.
    pub fn rest(&mut self) {
        self.take(Look::default());
    }

    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, line)) if line == y && from < x => self.code(&[x - from], 'C'),
            _ if x == 0 => self.code(&[y + 1], 'H'),
            _ => self.code(&[y + 1, x + 1], 'H'),
        }
        self.at = Some((x, y));
    }

    /// Changes the look by one sequence: from plain when something has to end, else by what is added.
    fn take(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let ends = !look.modifier.contains(self.look.modifier)
            || (look.fg != self.look.fg && look.fg == Color::Reset)
            || (look.bg != self.look.bg && look.bg == Color::Reset);
        let from = if ends { Look::default() } else { self.look };
        let mut codes = Vec::new();
        if ends && look != Look::default() {
            codes.push(0);
        }
        for (modifier, code) in MODIFIERS {
            if look.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                codes.push(code);
            }
        }
        if look.fg != from.fg {
            colour(look.fg, 30, &mut codes);
        }
        if look.bg != from.bg {
            colour(look.bg, 40, &mut codes);
        }
        self.code(&codes, 'm');
        self.look = look;
    }

    fn code(&mut self, numbers: &[u16], end: char) {
        self.bytes.extend_from_slice(b"\x1b[");
        for (at, number) in numbers.iter().enumerate() {
            let comma = if at > 0 { ";" } else { "" };
            // One column forward needs no number.
            if !(end == 'C' && *number == 1) {
                let _ = write!(self.bytes, "{comma}{number}");
            }
        }
        let _ = write!(self.bytes, "{end}");
    }
}

const MODIFIERS: [(Modifier, u16); 8] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Codes of a colour; `base` is 30 for text and 40 for what is behind it.
fn colour(colour: Color, base: u16, codes: &mut Vec<u16>) {
    let slot = match colour {
        Color::Reset => return codes.push(base + 9),
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(slot) => return codes.extend([base + 8, 5, u16::from(slot)]),
        Color::Rgb(r, g, b) => return codes.extend([base + 8, 2, r.into(), g.into(), b.into()]),
    };
    codes.push(if slot < 8 { base + slot } else { base + 60 + slot - 8 });
}

#[cfg(test)]
mod tests {
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;

    fn written(parts: &[(&str, Style)]) -> String {
        let mut bytes = Vec::new();
        let mut pen = Pen::new(&mut bytes);
        let mut x = 0;
        for (text, style) in parts {
            for letter in text.chars() {
                let mut cell = Cell::default();
                cell.set_char(letter).set_style(*style);
                pen.write(x, 4, &cell);
                x += 1;
            }
        }
        pen.rest();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_look_is_changed_by_one_sequence_and_ended_by_the_shortest() {
        let style = Style::new();
        assert_eq!(
            written(&[
                ("a", style),
                ("b", style.bold().cyan()),
                ("c", style),
                ("d", style.dim()),
                ("e", style.dim().light_red())
            ]),
            "\x1b[5Ha\x1b[1;36mb\x1b[mc\x1b[2md\x1b[91me\x1b[m"
        );
        assert_eq!(written(&[("a", style.bold()), ("b", style.dim())]), "\x1b[5H\x1b[1ma\x1b[0;2mb\x1b[m");
        assert_eq!(
            written(&[("a", style.on_red().fg(Color::Rgb(1, 2, 3)))]),
            "\x1b[5H\x1b[38;2;1;2;3;41ma\x1b[m"
        );
    }

    #[test]
    fn gaps_are_jumped_and_wide_characters_placed() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, "a株b", Style::new());
        let mut bytes = Vec::new();
        let mut pen = Pen::new(&mut bytes);
        for x in [0, 1, 3, 4, 9] {
            pen.write(x, 0, &buffer[(x, 0)]);
        }
        assert_eq!(String::from_utf8(bytes).expect("text"), "\x1b[1Ha株\x1b[1;4Hb \x1b[4C ");
    }
}
