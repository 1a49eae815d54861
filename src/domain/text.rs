//! Text from strangers, made safe to draw.

use std::{borrow::Cow, fmt};

/// Text that may be written to a terminal: one line, no control characters, no bidirectional
/// overrides, no invisible characters except the joiners that scripts and emoji need.
///
/// C0 controls become their Unicode pictures (`ESC` is `␛`), everything else that could speak to the
/// terminal or deceive the reader becomes `�`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SafeText(String);

impl SafeText {
    /// Makes `raw` safe. Costs one pass, and no allocation beyond the copy when nothing is wrong.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self(sanitize(raw).into_owned())
    }

    /// Makes each line of `raw` safe by itself; `\r\n` and `\n` end a line.
    #[must_use]
    pub fn lines(raw: &str) -> Vec<Self> {
        raw.lines().map(Self::new).collect()
    }

    /// The safe text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sanitize(raw: &str) -> Cow<'_, str> {
    if raw.chars().all(|c| !is_unsafe(c)) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.chars().map(visible).collect())
}

fn visible(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        c if is_unsafe(c) => '\u{fffd}',
        c => c,
    }
}

/// Whether [`SafeText`] shows another character in the place of `c`.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escape_sequences_become_visible_text() {
        assert_eq!(SafeText::new("\x1b]52;c;aGk=\x07").as_str(), "␛]52;c;aGk=␇");
        assert_eq!(SafeText::new("a\tb\r\nc\x7f").as_str(), "a␉b␍␊c␡");
        assert_eq!(SafeText::new("\u{9b}31m").as_str(), "\u{fffd}31m");
    }

    #[test]
    fn bidi_overrides_and_invisible_characters_are_marked() {
        assert_eq!(SafeText::new("invoice\u{202e}fdp.exe").as_str(), "invoice\u{fffd}fdp.exe");
        assert_eq!(SafeText::new("pay\u{200b}pal\u{feff}").as_str(), "pay\u{fffd}pal\u{fffd}");
    }

    #[test]
    fn scripts_and_emoji_stay_as_they_are() {
        for text in ["株式会社", "مرحبا", "क्‍ष", "👩‍👩‍👧", "Zoë", "👍🏽"] {
            assert_eq!(SafeText::new(text).as_str(), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_unsafe_survives(raw in any::<String>()) {
            let safe = SafeText::new(&raw);
            prop_assert!(!safe.as_str().chars().any(is_unsafe));
            prop_assert_eq!(safe.as_str().chars().count(), raw.chars().count());
        }
    }
}
