//! Editing one line.

use unicode_segmentation::UnicodeSegmentation;

use super::Edit;
use crate::app::overlay::LineInput;

impl LineInput {
    /// A line with the cursor behind its text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }

    /// Takes the line's place, the cursor behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        *self = Self::new(text);
    }

    /// Types text at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
        // A combining character joins what stands before it; the cursor goes behind the whole grapheme.
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    /// Does what an editing key does. Whether the text changed.
    pub fn edit(&mut self, edit: Edit) -> bool {
        let cursor = self.cursor;
        match edit {
            Edit::Insert(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                true
            }
            Edit::Left => self.go(self.before(cursor)),
            Edit::Right => self.go(self.after(cursor)),
            Edit::WordLeft => self.go(self.word_before(cursor)),
            Edit::WordRight => self.go(self.word_after(cursor)),
            Edit::Home => self.go(0),
            Edit::End => self.go(self.text.len()),
            Edit::Backspace => self.delete(self.before(cursor), cursor),
            Edit::Delete => self.delete(cursor, self.after(cursor)),
            Edit::KillWord => self.delete(self.word_before(cursor), cursor),
            Edit::KillNextWord => self.delete(cursor, self.word_after(cursor)),
            Edit::KillToStart => self.delete(0, cursor),
            Edit::KillToEnd => self.delete(cursor, self.text.len()),
            Edit::NewLine | Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown => false,
        }
    }

    fn go(&mut self, to: usize) -> bool {
        self.cursor = to;
        false
    }

    fn delete(&mut self, from: usize, to: usize) -> bool {
        self.text.replace_range(from..to, "");
        self.cursor = self.boundary_at_or_after(from);
        from != to
    }

    fn before(&self, at: usize) -> usize {
        self.text[..at].grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn after(&self, at: usize) -> usize {
        at + self.text[at..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self, at: usize) -> usize {
        let words = self.text[..at].split_word_bound_indices();
        words
            .rev()
            .find(|(_, word)| !word.trim().is_empty())
            .map_or(0, |(start, _)| self.boundary_at_or_before(start))
    }

    fn word_after(&self, at: usize) -> usize {
        let mut words = self.text[at..].split_word_bound_indices();
        let word = words.find(|(_, word)| !word.trim().is_empty());
        let end = word.map_or(self.text.len(), |(start, word)| at + start + word.len());
        // Words and graphemes do not always end together.
        self.boundary_at_or_after(end)
    }

    fn boundary_at_or_before(&self, at: usize) -> usize {
        let starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts.take_while(|start| *start <= at).last().unwrap_or(0)
    }

    fn boundary_at_or_after(&self, at: usize) -> usize {
        let mut starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts.find(|start| *start >= at).unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn a_grapheme_is_never_cut() {
        let mut line = LineInput::new("né 👩‍👩‍👧");
        line.edit(Edit::Backspace);
        assert_eq!(line.text, "né ");
        line.edit(Edit::Left);
        line.edit(Edit::Backspace);
        assert_eq!((line.text.as_str(), line.cursor), ("n ", 1));
    }

    #[test]
    fn words_are_walked_and_killed_as_readline_does() {
        let mut line = LineInput::new("move northwind renewal");
        line.edit(Edit::KillWord);
        assert_eq!(line.text, "move northwind ");
        line.edit(Edit::WordLeft);
        assert_eq!(line.cursor, 5);
        line.edit(Edit::KillToStart);
        assert_eq!((line.text.as_str(), line.cursor), ("northwind ", 0));
        line.edit(Edit::WordRight);
        line.edit(Edit::KillToEnd);
        assert_eq!(line.text, "northwind");
    }

    fn edits() -> impl Strategy<Value = Edit> {
        prop_oneof![
            any::<char>().prop_map(Edit::Insert),
            Just(Edit::Backspace),
            Just(Edit::Delete),
            Just(Edit::Left),
            Just(Edit::Right),
            Just(Edit::WordLeft),
            Just(Edit::WordRight),
            Just(Edit::Home),
            Just(Edit::KillWord),
            Just(Edit::KillNextWord),
        ]
    }

    proptest! {
        #[test]
        fn the_cursor_stands_between_two_graphemes(text in "\\PC{0,12}", steps in vec(edits(), 0..24)) {
            let mut line = LineInput::new(text);
            for step in steps {
                line.edit(step);
                let at_boundary = line.cursor == line.text.len()
                    || line.text.grapheme_indices(true).any(|(start, _)| start == line.cursor);
                prop_assert!(at_boundary, "{:?} at {}", line.text, line.cursor);
            }
        }
    }
}
