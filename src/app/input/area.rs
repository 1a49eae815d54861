//! Editing text of several lines.

use ratatui_textarea::{CursorMove, DataCursor, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use super::Edit;

/// Lines that a page moves by.
const PAGE: usize = 10;

/// The whole text.
#[must_use]
pub fn text(area: &TextArea<'static>) -> String {
    area.lines().join("\n")
}

/// An editor with this text, the cursor behind it.
#[must_use]
pub fn with(text: &str) -> TextArea<'static> {
    let mut area: TextArea<'static> = text.split('\n').map(str::to_owned).collect();
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// Puts the cursor on this byte of the text.
pub fn place(area: &mut TextArea<'static>, byte: usize) {
    let mut left = byte;
    for (row, line) in area.lines().iter().enumerate() {
        if left <= line.len() {
            let column = line.char_indices().take_while(|(start, _)| *start < left).count();
            area.move_cursor(jump(row, column));
            return;
        }
        left -= line.len() + 1;
    }
}

/// The byte of the text that the cursor is on.
#[must_use]
pub fn byte(area: &TextArea<'static>) -> usize {
    let DataCursor(row, column) = area.cursor();
    let before: usize = area.lines().iter().take(row).map(|line| line.len() + 1).sum();
    let line = area.lines().get(row).map_or("", String::as_str);
    before + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

/// Does what an editing key does, by whole graphemes. Whether the text changed.
pub fn edit(area: &mut TextArea<'static>, edit: Edit) -> bool {
    match edit {
        Edit::Insert(c) => {
            area.insert_char(c);
            return true;
        }
        Edit::NewLine => {
            area.insert_newline();
            return true;
        }
        Edit::Backspace => return delete_back(area),
        Edit::Delete => {
            let chars = ahead(area);
            return area.delete_str(chars);
        }
        Edit::KillWord => return area.delete_word(),
        Edit::KillNextWord => return area.delete_next_word(),
        Edit::KillToStart => return area.delete_line_by_head(),
        Edit::KillToEnd => return area.delete_line_by_end(),
        Edit::Left => (0..behind(area)).for_each(|_| area.move_cursor(CursorMove::Back)),
        Edit::Right => (0..ahead(area)).for_each(|_| area.move_cursor(CursorMove::Forward)),
        Edit::WordLeft => area.move_cursor(CursorMove::WordBack),
        Edit::WordRight => area.move_cursor(CursorMove::WordForward),
        Edit::Home => area.move_cursor(CursorMove::Head),
        Edit::End => area.move_cursor(CursorMove::End),
        Edit::Up => area.move_cursor(CursorMove::Up),
        Edit::Down => area.move_cursor(CursorMove::Down),
        Edit::PageUp => (0..PAGE).for_each(|_| area.move_cursor(CursorMove::Up)),
        Edit::PageDown => (0..PAGE).for_each(|_| area.move_cursor(CursorMove::Down)),
    }
    false
}

fn delete_back(area: &mut TextArea<'static>) -> bool {
    let chars = behind(area);
    (0..chars).fold(false, |changed, _| area.delete_char() || changed)
}

/// Characters of the grapheme before the cursor; 1 at the start of a line.
fn behind(area: &TextArea<'static>) -> usize {
    let DataCursor(row, column) = area.cursor();
    let head: String = area.lines()[row].chars().take(column).collect();
    head.graphemes(true).next_back().map_or(1, |grapheme| grapheme.chars().count())
}

/// Characters of the grapheme under the cursor; 1 at the end of a line.
fn ahead(area: &TextArea<'static>) -> usize {
    let DataCursor(row, column) = area.cursor();
    let tail: String = area.lines()[row].chars().skip(column).collect();
    tail.graphemes(true).next().map_or(1, |grapheme| grapheme.chars().count())
}

fn jump(row: usize, column: usize) -> CursorMove {
    let bounded = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    CursorMove::Jump(bounded(row), bounded(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphemes_are_deleted_and_walked_whole() {
        let mut area = with("a👩‍👩‍👧");
        edit(&mut area, Edit::Left);
        edit(&mut area, Edit::Insert('x'));
        assert_eq!(text(&area), "ax👩‍👩‍👧");
        edit(&mut area, Edit::End);
        edit(&mut area, Edit::Backspace);
        assert_eq!(text(&area), "ax");
        edit(&mut area, Edit::Home);
        edit(&mut area, Edit::Delete);
        assert_eq!(text(&area), "x");
    }

    #[test]
    fn a_byte_is_found_on_its_line() {
        let mut area = with("sélect\nfrom X");
        place(&mut area, 8);
        assert_eq!(area.cursor(), DataCursor(1, 0));
        place(&mut area, 3);
        assert_eq!(area.cursor(), DataCursor(0, 2));
        place(&mut area, 99);
        assert_eq!(area.cursor(), DataCursor(0, 2), "a place outside of the text changes nothing");
        for at in [0, 1, 3, 7, 8, 14] {
            place(&mut area, at);
            assert_eq!(byte(&area), at);
        }
    }
}
