//! Patterns of dates and times, such as `MM-dd-yyyy` or `yyyy-MM-dd'T'HH:mm:ss`.

use std::fmt::Write;

/// What stands for each run of letters.
const LETTERS: [(&str, &str); 18] = [
    ("yyyy", "%Y"),
    ("yy", "%y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("M", "%m"),
    ("dd", "%d"),
    ("d", "%d"),
    ("HH", "%H"),
    ("H", "%H"),
    ("hh", "%I"),
    ("h", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("a", "%p"),
    ("XXX", "%:z"),
    ("xxx", "%:z"),
    ("Z", "%z"),
];

/// The pattern in the words of `strptime`; none for one that is not understood.
#[must_use]
pub fn translate(pattern: &str) -> Option<String> {
    let mut translated = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (literal, after) = rest[1..].split_once('\'')?;
            literal.chars().for_each(|c| push(&mut translated, c));
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|c| c != first).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            translated.push_str(LETTERS.iter().find(|(letters, _)| *letters == run)?.1);
            rest = after;
        } else {
            push(&mut translated, first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (!translated.is_empty()).then_some(translated)
}

fn push(text: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = if c == '%' { write!(text, "%%") } else { write!(text, "{c}") };
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, DateTime};

    use super::*;

    #[test]
    fn patterns_read_what_is_written_in_them() {
        let date = |pattern: &str, text: &str| {
            Date::strptime(translate(pattern).expect(pattern), text).map(|date| date.to_string()).ok()
        };
        assert_eq!(date("MM-dd-yyyy", "03-14-2026").as_deref(), Some("2026-03-14"));
        assert_eq!(date("d/M/yy", "4/3/26").as_deref(), Some("2026-03-04"));
        assert_eq!(date("dd MMM yyyy", "14 Mar 2026").as_deref(), Some("2026-03-14"));
        assert_eq!(date("MM-dd-yyyy", "2026-03-14"), None);
        let format = translate("yyyy-MM-dd'T'HH:mm:ss").expect("a pattern");
        let time = DateTime::strptime(format, "2026-03-14T09:26:53").expect("a time");
        assert_eq!(time.to_string(), "2026-03-14T09:26:53");
    }

    #[test]
    fn other_letters_are_no_pattern() {
        for pattern in ["", "the day", "yyyyy", "yyyy-MM-dd'T", "QQ"] {
            assert_eq!(translate(pattern), None, "{pattern}");
        }
    }
}
