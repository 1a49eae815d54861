//! Keys as text, and key events as keys.

use std::fmt::Write;

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Reads a sequence as the action table writes it: keys with a space between, an upper case letter for its key
/// with shift. None if a word is not a key.
#[must_use]
pub fn parse(sequence: &str) -> Option<Vec<KeyCombination>> {
    sequence.split(' ').map(parse_one).collect()
}

fn parse_one(word: &str) -> Option<KeyCombination> {
    let mut chars = word.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(KeyCombination::from(KeyCode::Char(c)).normalized());
    }
    crokey::parse(word).ok()
}

/// The key of an event, the same for every terminal: shift counts for letters and named keys only, and Ctrl-H is
/// what old terminals send for Backspace.
#[must_use]
pub fn of(event: KeyEvent) -> KeyCombination {
    let mut key = KeyCombination::from(KeyEvent { modifiers: event.modifiers & KNOWN, ..event });
    match key.codes {
        OneToThree::One(KeyCode::Char(c)) if !c.is_ascii_alphabetic() => key.modifiers -= KeyModifiers::SHIFT,
        OneToThree::One(KeyCode::BackTab) => key.modifiers |= KeyModifiers::SHIFT,
        _ => {}
    }
    if key == KeyCombination::one_key(KeyCode::Char('h'), KeyModifiers::CONTROL) {
        key = KeyCode::Backspace.into();
    }
    key
}

const KNOWN: KeyModifiers = KeyModifiers::SHIFT.union(KeyModifiers::CONTROL).union(KeyModifiers::ALT);

/// The character that a key types where text is typed.
#[must_use]
pub fn typed(key: KeyCombination) -> Option<char> {
    match key.codes {
        OneToThree::One(KeyCode::Char(c)) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
        _ => None,
    }
}

/// A sequence as footer and help show it: `gp`, `^K`, `Alt-Enter`.
#[must_use]
pub fn show(keys: &[KeyCombination]) -> String {
    let mut text = String::new();
    for key in keys {
        show_one(&mut text, *key);
    }
    text
}

fn show_one(text: &mut String, key: KeyCombination) {
    let (OneToThree::One(code) | OneToThree::Two(code, _) | OneToThree::Three(code, _, _)) = key.codes;
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.modifiers.contains(KeyModifiers::ALT) {
        text.push_str("Alt-");
    }
    if key.modifiers.contains(KeyModifiers::SHIFT) && !matches!(code, KeyCode::Char(_) | KeyCode::BackTab) {
        text.push_str("Shift-");
    }
    let _ = match code {
        KeyCode::Char(' ') => write!(text, "Space"),
        KeyCode::Char(c) if control => write!(text, "^{}", c.to_ascii_uppercase()),
        KeyCode::Char(c) => write!(text, "{c}"),
        KeyCode::F(n) => write!(text, "F{n}"),
        KeyCode::PageDown => write!(text, "PgDn"),
        KeyCode::PageUp => write!(text, "PgUp"),
        KeyCode::BackTab => write!(text, "Shift-Tab"),
        named => write!(text, "{}{named:?}", if control { "Ctrl-" } else { "" }),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_that_send_keys_differently_mean_the_same() {
        let event = |code, modifiers| of(KeyEvent::new(code, modifiers));
        let (none, shift, control) = (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::CONTROL);
        assert_eq!(event(KeyCode::Char('G'), none), event(KeyCode::Char('g'), shift));
        assert_eq!(event(KeyCode::Char('?'), none), event(KeyCode::Char('?'), shift));
        assert_eq!(event(KeyCode::Char('h'), control), event(KeyCode::Backspace, none));
        assert_eq!(event(KeyCode::BackTab, none), event(KeyCode::BackTab, shift));
    }

    #[test]
    fn sequences_read_and_show_as_people_write_them() {
        for (written, shown) in [
            ("g p", "gp"),
            ("G", "G"),
            ("ctrl-k", "^K"),
            ("alt-enter", "Alt-Enter"),
            ("ctrl-enter", "Ctrl-Enter"),
            ("backtab", "Shift-Tab"),
            ("?", "?"),
            ("-", "-"),
            ("pagedown", "PgDn"),
            ("f5", "F5"),
        ] {
            assert_eq!(parse(written).map(|keys| show(&keys)).as_deref(), Some(shown));
        }
        assert_eq!(parse("hyper-x"), None);
    }
}
