//! How text falls into the cells of a terminal: how wide it is, where it is cut, how its lines break.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The longest grapheme that is drawn as it is, bytes. Longer ones are piles of marks, not writing.
const GRAPHEME_BYTES: usize = 64;

/// Columns that a text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    if text.is_ascii() {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    graphemes(text).fold(0, |sum, (_, width)| sum.saturating_add(width))
}

/// What stands in one cell, or in the cells of one wide character, with its columns. That is a grapheme, or a part of
/// one where a script joins letters of a column each. What takes no column is left out, because it would cling to
/// a neighbour's cell.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, u16)> {
    text.graphemes(true).flat_map(|grapheme| {
        let drawn = match grapheme.char_indices().nth(1) {
            Some((end, _)) if grapheme.len() > GRAPHEME_BYTES => &grapheme[..end],
            _ => grapheme,
        };
        let columns = drawn.cell_width();
        let parts = if columns > 1 && joins_letters(drawn, columns) { columns } else { columns.min(1) };
        let mut rest = drawn;
        (0..parts).map(move |_| {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let next = |(_, c): &(usize, char)| c.width().unwrap_or(0) > 0;
            let end = match rest[first..].char_indices().find(next) {
                Some((at, _)) if parts > 1 => first + at,
                _ => rest.len(),
            };
            let part = &rest[..end];
            rest = &rest[end..];
            (part, columns / parts)
        })
    })
}

/// Whether a grapheme of several columns is made of characters of one column each, as in Indic scripts and Thai.
/// Terminals give each of them a cell of its own.
fn joins_letters(grapheme: &str, columns: u16) -> bool {
    let widths = || grapheme.chars().map(|c| c.width().unwrap_or(0));
    let flag = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    widths().sum::<usize>() == usize::from(columns)
        && widths().all(|width| width < 2)
        && !grapheme.contains(flag)
}

/// The beginning of a text that takes at most `columns`, its width, and whether something is missing.
/// Looks no further than it must, however long the text is.
#[must_use]
pub fn cut(text: &str, columns: u16) -> (&str, u16, bool) {
    let near = near(text, columns);
    if near.is_ascii() {
        let end = near.len().min(usize::from(columns));
        return (&near[..end], u16::try_from(end).unwrap_or(columns), end < text.len());
    }
    let (mut end, mut used) = (0, 0u16);
    for (start, grapheme) in near.grapheme_indices(true) {
        let wide = graphemes(grapheme).map(|(_, width)| width).sum::<u16>();
        if used + wide > columns {
            return (&text[..end], used, true);
        }
        used += wide;
        end = start + grapheme.len();
    }
    (&text[..end], used, end < text.len())
}

/// As much of a text as can matter for `columns`.
fn near(text: &str, columns: u16) -> &str {
    let bytes = (usize::from(columns) + 1) * GRAPHEME_BYTES;
    if text.len() <= bytes { text } else { &text[..text.floor_char_boundary(bytes)] }
}

/// The lines of a text at a width: broken after spaces, or inside a word that is wider than a line.
/// Lazy; every character of the text is in exactly one line, and an empty text has one empty line.
pub fn wrap(text: &str, columns: u16) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let line = first_line(text, columns.max(1));
        rest = Some(&text[line.len()..]).filter(|rest| !rest.is_empty());
        Some(line)
    })
}

fn first_line(text: &str, columns: u16) -> &str {
    let (fits, _, more) = cut(text, columns);
    if !more {
        return text;
    }
    let spaces = text[fits.len()..].len() - text[fits.len()..].trim_start_matches(' ').len();
    if spaces > 0 {
        return &text[..fits.len() + spaces];
    }
    match fits.rfind(' ') {
        Some(space) => &text[..=space],
        None if fits.is_empty() => text.graphemes(true).next().unwrap_or(text),
        None => fits,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::SafeText;

    #[test]
    fn a_cut_never_splits_a_grapheme() {
        assert_eq!(cut("株式会社", 5), ("株式", 4, true));
        assert_eq!(cut("👩‍👩‍👧 & co", 3), ("👩‍👩‍👧 ", 3, true));
        assert_eq!(cut("Zoe\u{308}", 3), ("Zoe\u{308}", 3, false));
        assert_eq!(cut("abc", 0), ("", 0, true));
    }

    #[test]
    fn letters_that_a_script_joins_have_a_cell_each_and_emoji_stay_whole() {
        let cells = |text| graphemes(text).collect::<Vec<_>>();
        assert_eq!(cells("ट्रे"), [("ट्", 1), ("रे", 1)]);
        assert_eq!(cells("กำ"), [("ก", 1), ("ำ", 1)]);
        assert_eq!(cells("👩‍👩‍👧"), [("👩‍👩‍👧", 2)]);
        assert_eq!(cells("🇫🇷"), [("🇫🇷", 2)]);
        assert_eq!(cells("한e\u{301}"), [("한", 2), ("e\u{301}", 1)]);
    }

    #[test]
    fn a_pile_of_marks_takes_one_cell_and_few_bytes() {
        let pile = format!("a{}b", "\u{301}".repeat(32_000));
        assert!(graphemes(&pile).all(|(grapheme, width)| width == 1 && grapheme.len() <= GRAPHEME_BYTES));
        let (_, used, more) = cut(&pile, 80);
        assert!(used <= 80 && more);
    }

    #[test]
    fn lines_break_after_spaces_and_inside_long_words() {
        let lines: Vec<_> = wrap("Legal wants net-60, then antidisestablishment", 12).collect();
        assert_eq!(lines, ["Legal wants ", "net-60, then ", "antidisestab", "lishment"]);
        assert_eq!(wrap("", 5).collect::<Vec<_>>(), [""]);
        assert_eq!(wrap("会会会", 1).collect::<Vec<_>>(), ["会", "会", "会"]);
    }

    proptest! {
        #[test]
        fn a_cut_is_as_long_as_it_may_be(text in any::<String>(), columns in 0u16..60) {
            let text = SafeText::new(&text);
            let (fits, used, more) = cut(text.as_str(), columns);
            prop_assert!(used <= columns);
            prop_assert_eq!(width(fits), used);
            prop_assert_eq!(more, fits.len() < text.as_str().len());
        }

        #[test]
        fn wrapping_loses_nothing(text in "[a-z 会é]{0,80}", columns in 1u16..20) {
            prop_assert_eq!(wrap(&text, columns).collect::<String>(), text);
        }
    }
}
