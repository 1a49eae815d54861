//! Text that was pasted, told from keys.
//!
//! A terminal marks a paste at both ends, but the text in it may hold the mark of the end, and some terminals
//! mark nothing. Neither may turn into keys that do things: nobody types that fast.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::Msg;

/// How long after pasted text keys that come at once are taken for its rest.
const SHADOW: Duration = Duration::from_millis(50);

/// Keys that come at once and hold a line break are text from here on.
const TYPED: usize = 32;

/// Keys that come at once and are handed on together from here on.
const MANY: usize = 128;

/// What the text before was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Marked by the terminal: what follows at once is not wanted.
    Marked,
    /// Not marked: what follows at once belongs to it.
    Bare,
}

/// Sorts what is read from the terminal, burst by burst: a burst is what could be read without waiting.
#[derive(Debug, Default)]
pub struct Sorter {
    shadow: Option<(Before, Instant)>,
}

impl Sorter {
    /// What a burst that was read at `now` means.
    pub fn sort(&mut self, burst: Vec<Msg>, now: Instant) -> Vec<Msg> {
        let before = self.shadow.take().filter(|(_, until)| now < *until).map(|(before, _)| before);
        let mut sorted = Vec::with_capacity(burst.len());
        let mut run = Vec::new();
        let mut before = before;
        for msg in burst {
            match msg {
                Msg::Key(key) => run.push(key),
                Msg::Paste(_) => {
                    close(&mut run, before, &mut sorted);
                    sorted.push(msg);
                    before = Some(Before::Marked);
                }
                _ => sorted.push(msg),
            }
        }
        let after = close(&mut run, before, &mut sorted);
        self.shadow = after.map(|before| (before, now + SHADOW));
        sorted
    }
}

/// Ends a run of keys; says what keys that follow at once are.
fn close(run: &mut Vec<KeyEvent>, before: Option<Before>, sorted: &mut Vec<Msg>) -> Option<Before> {
    if before == Some(Before::Marked) {
        run.clear();
        return before;
    }
    drop_answers(run);
    let breaks = run.iter().take(run.len().saturating_sub(1)).any(|key| key.code == KeyCode::Enter);
    let text: Option<String> = run.iter().map(typed).collect();
    match text {
        Some(text) if !run.is_empty() && (before.is_some() || (breaks && run.len() >= TYPED)) => {
            run.clear();
            sorted.push(Msg::Paste(text));
            Some(Before::Bare)
        }
        _ => {
            if run.len() < MANY {
                sorted.extend(run.drain(..).map(Msg::Key));
            } else {
                sorted.push(Msg::Keys(std::mem::take(run)));
            }
            None
        }
    }
}

/// Takes out what a terminal answers to a question that somebody else asked, such as for its colours: an operating
/// system command or a device control string, from its beginning to its end.
fn drop_answers(run: &mut Vec<KeyEvent>) {
    let is = |key: &KeyEvent, modifier, chars: &[char]| {
        key.modifiers.contains(modifier) && matches!(key.code, KeyCode::Char(c) if chars.contains(&c))
    };
    let begins = |key: &KeyEvent| is(key, KeyModifiers::ALT, &[']', 'P', '_', '^']);
    let ends = |key: &KeyEvent| is(key, KeyModifiers::ALT, &['\\']) || is(key, KeyModifiers::CONTROL, &['g']);
    while let Some(from) = run.iter().position(begins)
        && let Some(len) = run[from..].iter().position(ends)
    {
        run.drain(from..=from + len);
    }
}

/// The character that a key writes; none for one that does something else.
fn typed(key: &KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(c) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
        // A line feed that is not a key of its own comes as Ctrl-J.
        KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Msg> {
        let key = |c| match c {
            '\n' => KeyCode::Enter,
            c => KeyCode::Char(c),
        };
        text.chars().map(|c| Msg::Key(KeyEvent::new(key(c), KeyModifiers::NONE))).collect()
    }

    fn pasted(msgs: &[Msg]) -> Vec<&str> {
        msgs.iter()
            .filter_map(|msg| match msg {
                Msg::Paste(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn keys_behind_a_marked_paste_are_dropped_for_a_moment() {
        let (mut sorter, start) = (Sorter::default(), Instant::now());
        let mut burst = vec![Msg::Paste("hello".to_owned())];
        burst.extend(keys("qq\n"));
        assert_eq!(sorter.sort(burst, start).len(), 1);
        assert!(sorter.sort(keys("W\n"), start + SHADOW / 2).is_empty());
        assert_eq!(sorter.sort(keys("j"), start + SHADOW * 2).len(), 1);
    }

    #[test]
    fn lines_that_come_at_once_are_text() {
        let (mut sorter, start) = (Sorter::default(), Instant::now());
        let text = "dear all,\nW is the letter that wins\nq\n";
        assert_eq!(pasted(&sorter.sort(keys(text), start)), [text]);
        assert_eq!(pasted(&sorter.sort(keys("X\n"), start + SHADOW / 2)), ["X\n"]);
        assert_eq!(pasted(&sorter.sort(keys("j"), start + SHADOW * 3)), [""; 0]);
    }

    #[test]
    fn answers_of_the_terminal_are_no_keys() {
        let (mut sorter, start) = (Sorter::default(), Instant::now());
        let key = |c, modifiers| Msg::Key(KeyEvent::new(KeyCode::Char(c), modifiers));
        for (begin, end) in [
            (key(']', KeyModifiers::ALT), key('\\', KeyModifiers::ALT)),
            (key('P', KeyModifiers::ALT | KeyModifiers::SHIFT), key('g', KeyModifiers::CONTROL)),
        ] {
            let burst =
                [keys("j"), vec![begin], keys("11;rgb:1e1e/1e1e/2e2e"), vec![end], keys("k")].concat();
            assert_eq!(sorter.sort(burst, start), keys("jk"));
        }
        let alone = vec![key(']', KeyModifiers::ALT)];
        assert_eq!(sorter.sort(alone.clone(), start), alone);
    }

    #[test]
    fn very_many_keys_are_handed_on_together() {
        let (mut sorter, start) = (Sorter::default(), Instant::now());
        let sorted = sorter.sort(keys(&"j".repeat(300)), start);
        assert!(matches!(sorted.as_slice(), [Msg::Keys(keys)] if keys.len() == 300), "{}", sorted.len());
    }

    #[test]
    fn keys_that_gathered_stay_keys() {
        let (mut sorter, start) = (Sorter::default(), Instant::now());
        for text in
            ["jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj", ":go deals\nG", "a note that was typed in one go\n"]
        {
            let sorted = sorter.sort(keys(text), start);
            assert_eq!(sorted.len(), text.chars().count(), "{text:?}");
            assert!(sorted.iter().all(|msg| matches!(msg, Msg::Key(_))));
        }
    }
}
