//! Text that attacks whoever shows it: escape sequences, clipboard writes, direction overrides, spreadsheet
//! formulas. A few percent of the records have it, none of the newest and none that sorts first.

/// Sequences that a terminal must never be sent, each between words that people would read.
const SEQUENCES: [(&str, &str); 10] = [
    ("red", "\u{1b}[31mred\u{1b}[0m"),
    ("clip", "\u{1b}]52;c;cm0gLXJmIC8=\u{7}"),
    ("title", "\u{1b}]0;owned\u{7}"),
    ("link", "\u{1b}]8;;https://phish.test\u{1b}\\pay here\u{1b}]8;;\u{1b}\\"),
    ("c1", "\u{9b}2J"),
    ("dcs", "\u{1b}P1$r0m\u{1b}\\"),
    ("bidi", "\u{202e}gpj.ecioVni\u{202c}"),
    ("isolate", "\u{2067}abc\u{2066}"),
    ("zero", "zero\u{200b}wid\u{200d}th\u{feff}"),
    ("lines", "two\nlines\tand\rmore"),
];

const FORMULAS: [&str; 5] = [
    "=HYPERLINK(\"https://phish.test\",\"open\")",
    "=cmd|'/C calc'!A0",
    "+1+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
];

/// The place of a hostile text among its kind, for one record in `every`; not among the newest ones.
const fn turn(index: usize, count: usize, every: usize) -> Option<usize> {
    if index % every == every / 2 && index + 60 < count { Some(index / every) } else { None }
}

pub(super) fn company(index: usize, count: usize, name: &str) -> String {
    match turn(index, count, 47) {
        Some(turn) => format!("{name} {}", SEQUENCES[turn % SEQUENCES.len()].1),
        None => name.to_owned(),
    }
}

pub(super) fn last_name(index: usize, count: usize, name: &str) -> String {
    match turn(index, count, 43) {
        Some(turn) if turn % 11 == 3 => format!("{name}{}", "\u{301}\u{316}\u{330}".repeat(12)),
        Some(turn) => format!("{name} {}", SEQUENCES[turn % SEQUENCES.len()].1),
        None => name.to_owned(),
    }
}

/// A title is no name: a formula may begin it.
pub(super) fn title(index: usize, count: usize, title: &'static str) -> &'static str {
    turn(index, count, 53).map_or(title, |turn| FORMULAS[turn % FORMULAS.len()])
}

pub(super) fn deal(turn: usize, name: &str) -> String {
    match turn % 12 {
        10 => format!("{name} {}", "W".repeat(119_usize.saturating_sub(name.chars().count()))),
        11 => format!("{name} {}", "é\u{323}\u{332}".repeat(8)),
        place => format!("{name} {}", SEQUENCES[place].1),
    }
}

pub(super) fn next_step(turn: usize) -> &'static str {
    FORMULAS[turn % FORMULAS.len()]
}

/// Title and content of a note; the first is as long as a note can be.
pub(super) fn note(turn: usize) -> (Option<String>, String) {
    if turn == 0 {
        let minutes = "They read the whole contract aloud and I wrote it down. ";
        return (Some("Minutes, complete".to_owned()), minutes.repeat(600).chars().take(32_000).collect());
    }
    let (word, sequence) = SEQUENCES[turn % SEQUENCES.len()];
    (
        Some(format!("Pasted {word} {sequence}")),
        format!("From their mail:\n{sequence}\n{}", FORMULAS[turn % FORMULAS.len()]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_keep_within_the_lengths_of_their_fields() {
        for turn in 0..40 {
            assert!(deal(turn, "A deal with a name of middling length").chars().count() <= 120);
            let (title, content) = note(turn);
            assert!(title.is_some_and(|title| title.chars().count() <= 120));
            assert!(content.chars().count() <= 32_000);
        }
        assert_eq!(note(0).1.chars().count(), 32_000);
        assert!((0..500).all(|index| last_name(index, 560, "Weatherby").chars().count() <= 80));
        assert!(
            (0..500).all(|index| company(index, 560, "Wildflower Learning Center").chars().count() <= 100)
        );
    }
}
