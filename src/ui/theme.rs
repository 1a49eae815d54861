//! What things mean, as styles. No other file of this room names a colour.

use ratatui::style::{Color, Modifier, Style};

use crate::app::NoticeKind;

/// Styles by meaning. What a style says is always said by a glyph or a word too.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Theme {
    pub text: Style,
    /// Words that may be overlooked: units, labels, times.
    pub quiet: Style,
    /// The program's name.
    pub brand: Style,
    /// Where the user is.
    pub title: Style,
    /// Headings of columns and groups.
    pub heading: Style,
    /// Lines around things.
    pub border: Style,
    /// Lines around what has the keys.
    pub focus: Style,
    /// The row under the cursor.
    pub selected: Style,
    /// The cell under the cursor, in the row under the cursor.
    pub cell: Style,
    /// The row under the cursor of a part that does not have the keys.
    pub selected_idle: Style,
    /// Marks beside the selected card.
    pub pointer: Style,
    pub marked: Style,
    pub money: Style,
    /// A record that Enter opens.
    pub link: Style,
    /// Letters that were looked for.
    pub hit: Style,
    /// A key of the keyboard.
    pub key: Style,
    /// What cannot be used now.
    pub disabled: Style,
    pub good: Style,
    pub warn: Style,
    pub bad: Style,
    /// Changed here, not confirmed by the server.
    pub pending: Style,
    /// Text being typed.
    pub input: Style,
    /// A word of the query language.
    pub keyword: Style,
    /// A text or number in a query.
    pub literal: Style,
    /// A place in a text where something is wrong.
    pub fault: Style,
    /// A place in a text that may not be meant so.
    pub doubt: Style,
    /// The done part of a bar.
    pub bar: Style,
}

const PLAIN: Style = Style::new();
const BOLD: Style = PLAIN.add_modifier(Modifier::BOLD);
const QUIET: Style = PLAIN.add_modifier(Modifier::DIM);

/// Every colour taken off, what was dim made plain, and the two ways of video swapped.
const REVERSED: Style = PLAIN
    .fg(Color::Reset)
    .bg(Color::Reset)
    .add_modifier(Modifier::REVERSED)
    .remove_modifier(Modifier::DIM.union(Modifier::BOLD).union(Modifier::UNDERLINED));

impl Theme {
    /// Of what was just said.
    pub(super) const fn of_notice(&self, kind: NoticeKind) -> Style {
        match kind {
            NoticeKind::Done => self.good,
            NoticeKind::Info => self.text,
            NoticeKind::Failure => self.bad,
        }
    }

    /// The terminal's own 16 colours: foregrounds only, so that every background stays readable.
    pub const ANSI: Self = Self {
        text: PLAIN,
        quiet: QUIET,
        brand: BOLD.fg(Color::Cyan),
        title: BOLD,
        heading: BOLD,
        border: QUIET,
        focus: PLAIN.fg(Color::Cyan),
        selected: REVERSED,
        cell: PLAIN.add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
        selected_idle: BOLD,
        pointer: BOLD.fg(Color::Cyan),
        marked: BOLD.fg(Color::Yellow),
        money: PLAIN,
        link: PLAIN.fg(Color::Cyan),
        hit: BOLD.add_modifier(Modifier::UNDERLINED),
        key: BOLD.fg(Color::Cyan),
        disabled: QUIET,
        good: PLAIN.fg(Color::Green),
        warn: PLAIN.fg(Color::Yellow),
        bad: BOLD.fg(Color::Red),
        pending: PLAIN.fg(Color::Magenta),
        input: PLAIN,
        keyword: BOLD.fg(Color::Cyan),
        literal: PLAIN.fg(Color::Green),
        fault: BOLD.fg(Color::Red).add_modifier(Modifier::UNDERLINED),
        doubt: PLAIN.fg(Color::Yellow).add_modifier(Modifier::UNDERLINED),
        bar: PLAIN.fg(Color::Green),
    };

    /// No colour at all, for `NO_COLOR` and terminals without colours.
    pub const MONO: Self = Self {
        text: PLAIN,
        quiet: PLAIN,
        brand: BOLD,
        title: BOLD,
        heading: BOLD,
        border: PLAIN,
        focus: BOLD,
        selected: PLAIN.add_modifier(Modifier::REVERSED),
        cell: PLAIN.add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
        selected_idle: BOLD,
        pointer: BOLD,
        marked: BOLD,
        money: PLAIN,
        link: PLAIN.add_modifier(Modifier::UNDERLINED),
        hit: BOLD.add_modifier(Modifier::UNDERLINED),
        key: BOLD,
        disabled: PLAIN,
        good: PLAIN,
        warn: BOLD,
        bad: BOLD,
        pending: PLAIN,
        input: PLAIN,
        keyword: BOLD,
        literal: PLAIN,
        fault: BOLD.add_modifier(Modifier::UNDERLINED),
        doubt: PLAIN.add_modifier(Modifier::UNDERLINED),
        bar: PLAIN,
    };
}
