//! Keys that came in two pieces.
//!
//! An arrow is sent as Escape and some letters. On a bad link they come apart, and the parser then sees the
//! Escape key and letters. So an Escape waits a moment for what may belong to it.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::Msg;

/// How long an Escape waits; short enough for nobody to notice.
pub const PATIENCE: Duration = Duration::from_millis(40);

/// An Escape that waits for the rest of its key.
#[derive(Debug, Default)]
pub struct Halves {
    held: Option<KeyEvent>,
}

impl Halves {
    /// Whether an Escape waits.
    pub const fn is_waiting(&self) -> bool {
        self.held.is_some()
    }

    /// The Escape that waited in vain.
    pub fn give_up(&mut self) -> Option<Msg> {
        self.held.take().map(Msg::Key)
    }

    /// Puts what was read behind the Escape that waits, and keeps one back that ends it.
    pub fn join(&mut self, mut burst: Vec<Msg>) -> Vec<Msg> {
        if burst.is_empty() {
            return burst;
        }
        if let Some(escape) = self.held.take() {
            match rest(&burst) {
                Some((key, taken)) => drop(burst.splice(..taken, [key])),
                None => burst.insert(0, Msg::Key(escape)),
            }
        }
        if let Some(Msg::Key(key)) = burst.last()
            && (key.code, key.modifiers) == (KeyCode::Esc, KeyModifiers::NONE)
        {
            self.held = Some(*key);
            burst.pop();
        }
        burst
    }
}

/// The key whose second half the burst begins with, and how many letters that half has.
fn rest(burst: &[Msg]) -> Option<(Msg, usize)> {
    let letter = |at: usize| match burst.get(at) {
        Some(Msg::Key(KeyEvent { code: KeyCode::Char(c), modifiers, .. }))
            if (*modifiers - KeyModifiers::SHIFT).is_empty() =>
        {
            Some(*c)
        }
        _ => None,
    };
    if !matches!(letter(0), Some('[' | 'O')) {
        return None;
    }
    let (code, taken) = match letter(1)? {
        'A' => (KeyCode::Up, 2),
        'B' => (KeyCode::Down, 2),
        'C' => (KeyCode::Right, 2),
        'D' => (KeyCode::Left, 2),
        'F' => (KeyCode::End, 2),
        'H' => (KeyCode::Home, 2),
        digit if letter(2) == Some('~') => match digit {
            '1' | '7' => (KeyCode::Home, 3),
            '3' => (KeyCode::Delete, 3),
            '4' | '8' => (KeyCode::End, 3),
            '5' => (KeyCode::PageUp, 3),
            '6' => (KeyCode::PageDown, 3),
            _ => return None,
        },
        _ => return None,
    };
    Some((Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)), taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Msg> {
        let code = |c| if c == '\u{1b}' { KeyCode::Esc } else { KeyCode::Char(c) };
        text.chars().map(|c| Msg::Key(KeyEvent::new(code(c), KeyModifiers::NONE))).collect()
    }

    fn codes(burst: &[Msg]) -> Vec<KeyCode> {
        burst.iter().filter_map(|msg| if let Msg::Key(key) = msg { Some(key.code) } else { None }).collect()
    }

    #[test]
    fn an_arrow_in_two_pieces_is_one_arrow() {
        for (second, whole) in
            [("[B", KeyCode::Down), ("OA", KeyCode::Up), ("[6~", KeyCode::PageDown), ("[H", KeyCode::Home)]
        {
            let mut halves = Halves::default();
            assert_eq!(codes(&halves.join(keys("j\u{1b}"))), [KeyCode::Char('j')]);
            assert!(halves.is_waiting());
            let second = format!("{second}k");
            assert_eq!(codes(&halves.join(keys(&second))), [whole, KeyCode::Char('k')]);
            assert!(!halves.is_waiting());
        }
    }

    #[test]
    fn an_escape_alone_stays_an_escape() {
        let mut halves = Halves::default();
        assert!(halves.join(keys("\u{1b}")).is_empty());
        assert_eq!(halves.give_up().map(|msg| codes(&[msg])), Some(vec![KeyCode::Esc]));
        assert!(halves.give_up().is_none());
        assert!(halves.join(keys("\u{1b}")).is_empty());
        assert_eq!(codes(&halves.join(keys("j"))), [KeyCode::Esc, KeyCode::Char('j')]);
    }
}
