//! Text that may be drawn.
//!
//! Only [`Ink`] is drawn, and a CRM's text becomes ink only as [`SafeText`]. A `&str` whose life is shorter
//! than the program is refused by the compiler.

use std::borrow::Cow;

pub(super) use crate::app::cells::{cut, graphemes, width, wrap};
use crate::domain::SafeText;

/// Text that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ink<'a>(Cow<'a, str>);

impl<'a> Ink<'a> {
    /// Makes any text safe, then drawable: for what the user types and for names that are kept as they came.
    #[must_use]
    pub fn made_safe(raw: &str) -> Self {
        SafeText::new(raw).into()
    }

    /// Two texts with something of the program's own between.
    #[must_use]
    pub fn joined(first: &SafeText, between: &'static str, second: &SafeText) -> Self {
        Self(Cow::Owned([first.as_str(), between, second.as_str()].concat()))
    }

    /// The beginning of it that takes at most `columns`.
    pub(super) fn cut(self, columns: u16) -> Self {
        match self.0 {
            Cow::Borrowed(text) => Self(Cow::Borrowed(cut(text, columns).0)),
            Cow::Owned(text) => Self(Cow::Owned(cut(&text, columns).0.to_owned())),
        }
    }

    /// Words of the program with air to their right up to a width.
    pub(super) fn padded(text: &'static str, columns: u16) -> Self {
        let columns = usize::from(columns);
        Self(Cow::Owned(format!("{text:<columns$}")))
    }

    /// A figure that this program formatted from numbers and its own words.
    pub(super) fn figure(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Columns that it takes.
    #[must_use]
    pub fn width(&self) -> u16 {
        width(&self.0)
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&'static str> for Ink<'_> {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a SafeText> for Ink<'a> {
    fn from(text: &'a SafeText) -> Self {
        Self(Cow::Borrowed(text.as_str()))
    }
}

impl From<SafeText> for Ink<'_> {
    fn from(text: SafeText) -> Self {
        Self(Cow::Owned(text.as_str().to_owned()))
    }
}

impl<'a> From<&'a Ink<'a>> for Ink<'a> {
    fn from(ink: &'a Ink<'a>) -> Self {
        Self(Cow::Borrowed(ink.as_str()))
    }
}

/// The lines of a safe text at a width, without the spaces that they broke after.
pub(super) fn wrapped(text: &SafeText, columns: u16) -> impl Iterator<Item = Ink<'_>> {
    wrap(text.as_str(), columns).map(|line| Ink(Cow::Borrowed(line.trim_end_matches(' '))))
}
