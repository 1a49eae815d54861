//! The text of the console.

use ratatui_textarea::TextArea;

use crate::app::input::area;

/// The text with what was typed before it.
#[derive(Debug, Clone, Default)]
pub struct Editor {
    /// The text.
    pub area: TextArea<'static>,
    /// Texts that were run in this session, oldest first.
    pub history: Vec<String>,
    /// Place in the history while walking it, and what was typed before.
    pub history_at: Option<(usize, String)>,
    /// When the text changed first without being kept since.
    pub changed_at: Option<jiff::Timestamp>,
    /// The editor was given its first text.
    pub begun: bool,
}

impl Editor {
    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        area::text(&self.area)
    }

    /// Another text, the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.area = area::with(text);
    }

    /// Whether there is nothing but space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// The byte of the text that the cursor is on.
    #[must_use]
    pub fn cursor(&self) -> usize {
        area::byte(&self.area)
    }
}
