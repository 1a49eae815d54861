//! What people type: editing keys, amounts, dates, and text from the clipboard.

pub mod area;
pub mod date;
mod line;
pub mod money;

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyModifiers};

/// A key that edits text, by the readline names that people have in their fingers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Types a character.
    Insert(char),
    /// Begins a new line; text of several lines only.
    NewLine,
    /// Deletes the grapheme before the cursor.
    Backspace,
    /// Deletes the grapheme under the cursor.
    Delete,
    /// One grapheme back.
    Left,
    /// One grapheme on.
    Right,
    /// One word back.
    WordLeft,
    /// One word on.
    WordRight,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// Deletes the word before the cursor.
    KillWord,
    /// Deletes the word after the cursor.
    KillNextWord,
    /// Deletes to the start of the line.
    KillToStart,
    /// Deletes to the end of the line.
    KillToEnd,
    /// One line up; text of several lines only.
    Up,
    /// One line down; text of several lines only.
    Down,
    /// Many lines up; text of several lines only.
    PageUp,
    /// Many lines down; text of several lines only.
    PageDown,
}

impl Edit {
    /// What the key does where text is typed; none if it is no editing key.
    #[must_use]
    pub fn of(key: KeyCombination) -> Option<Self> {
        let OneToThree::One(code) = key.codes else { return None };
        let modifiers = key.modifiers - KeyModifiers::SHIFT;
        match (code, modifiers) {
            (KeyCode::Char(c), KeyModifiers::NONE) => Some(Self::Insert(c)),
            (KeyCode::Char(c), KeyModifiers::CONTROL) => Self::control(c),
            (KeyCode::Enter, KeyModifiers::NONE) => Some(Self::NewLine),
            (KeyCode::Char('b'), KeyModifiers::ALT) | (KeyCode::Left, KeyModifiers::CONTROL) => {
                Some(Self::WordLeft)
            }
            (KeyCode::Char('f'), KeyModifiers::ALT) | (KeyCode::Right, KeyModifiers::CONTROL) => {
                Some(Self::WordRight)
            }
            (KeyCode::Char('d'), KeyModifiers::ALT) => Some(Self::KillNextWord),
            (KeyCode::Backspace, KeyModifiers::ALT | KeyModifiers::CONTROL) => Some(Self::KillWord),
            (KeyCode::Backspace, KeyModifiers::NONE) => Some(Self::Backspace),
            (KeyCode::Delete, KeyModifiers::NONE) => Some(Self::Delete),
            (KeyCode::Left, KeyModifiers::NONE) => Some(Self::Left),
            (KeyCode::Right, KeyModifiers::NONE) => Some(Self::Right),
            (KeyCode::Home, KeyModifiers::NONE) => Some(Self::Home),
            (KeyCode::End, KeyModifiers::NONE) => Some(Self::End),
            (KeyCode::Up, KeyModifiers::NONE) => Some(Self::Up),
            (KeyCode::Down, KeyModifiers::NONE) => Some(Self::Down),
            (KeyCode::PageUp, KeyModifiers::NONE) => Some(Self::PageUp),
            (KeyCode::PageDown, KeyModifiers::NONE) => Some(Self::PageDown),
            _ => None,
        }
    }

    const fn control(c: char) -> Option<Self> {
        Some(match c {
            'a' => Self::Home,
            'e' => Self::End,
            'b' => Self::Left,
            'f' => Self::Right,
            'd' => Self::Delete,
            'j' => Self::NewLine,
            'w' => Self::KillWord,
            'u' => Self::KillToStart,
            'k' => Self::KillToEnd,
            _ => return None,
        })
    }

    /// Whether it only makes sense in text of several lines.
    #[must_use]
    pub const fn is_vertical(self) -> bool {
        matches!(self, Self::NewLine | Self::Up | Self::Down | Self::PageUp | Self::PageDown)
    }
}

/// Text from the clipboard as several lines: controls and what turns the direction of text around are left out.
#[must_use]
pub fn pasted(raw: &str) -> String {
    let unix = raw.replace("\r\n", "\n").replace('\r', "\n");
    unix.chars().filter(|c| matches!(c, '\n' | '\t') || !is_harmful(*c)).collect()
}

/// Text from the clipboard as one line.
#[must_use]
pub fn pasted_line(raw: &str) -> String {
    pasted(raw.trim_end_matches(['\r', '\n'])).replace(['\n', '\t'], " ")
}

/// Text for the clipboard: no control characters.
#[must_use]
pub fn copied(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n') || !is_harmful(*c)).collect()
}

fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_keeps_its_lines_and_loses_what_could_harm() {
        assert_eq!(pasted("a\r\nb\rc\u{1b}[31m\u{202e}d\te"), "a\nb\nc[31md\te");
        assert_eq!(pasted_line("one\ntwo\n"), "one two");
        assert_eq!(copied("株式会社\u{7}\tx"), "株式会社\tx");
    }

    #[test]
    fn readline_keys_are_known() {
        let edit = |text: &str| Edit::of(crate::app::keys::parse(text).expect("a key")[0]);
        assert_eq!(edit("ctrl-u"), Some(Edit::KillToStart));
        assert_eq!(edit("alt-b"), Some(Edit::WordLeft));
        assert_eq!(edit("A"), Some(Edit::Insert('A')));
        assert_eq!(edit("enter"), Some(Edit::NewLine));
        assert_eq!(edit("ctrl-c"), None);
        assert_eq!(edit("alt-x"), None);
    }
}
