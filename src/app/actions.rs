//! THE table: everything that a person can do, once.
//!
//! Keys, footer, help, which-key strip, command line and palette are read from it.

mod available;
mod context;
mod hints;
mod table;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crokey::KeyCombination;

pub use context::{Context, Contexts};
pub use hints::{
    Continuation, HelpGroup, HelpRow, Hint, continuations, footer, help, key_of, palette, prefix_title, works,
};
pub use table::{ACTIONS, Action};

use super::{Model, keys};

/// One action.
#[derive(Debug, Clone, Copy)]
pub struct ActionRow {
    /// Which.
    pub action: Action,
    /// Dotted name, for the command line and for remapping.
    pub name: &'static str,
    /// What it is called in help and palette.
    pub title: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// Its heading in the help.
    pub group: Group,
    /// Where its keys live.
    pub contexts: Contexts,
    /// Its keys as [`keys::parse`] reads them, best first.
    pub keys: &'static [&'static str],
    /// Place in the footer, smallest first; 0 for none.
    pub rank: u8,
    /// What the footer and the which-key strip call it.
    pub label: &'static str,
    /// Whether it can be used now.
    pub available: fn(&Model) -> Availability,
}

/// Whether an action can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Yes,
    /// It cannot, for this reason.
    No(&'static str),
}

impl Availability {
    /// Why not, if not.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Yes => None,
            Self::No(reason) => Some(reason),
        }
    }
}

/// A heading of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
#[allow(missing_docs)]
pub enum Group {
    Move,
    Go,
    View,
    Mark,
    Deal,
    Note,
    Outbox,
    Copy,
    Console,
    App,
    Dialog,
}

impl Group {
    /// The heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Go => "Go to",
            Self::View => "View",
            Self::Mark => "Marks",
            Self::Deal => "Deal",
            Self::Note => "Notes",
            Self::Outbox => "Outbox and conflicts",
            Self::Copy => "Copy and open",
            Self::Console => "COQL console",
            Self::App => "Program",
            Self::Dialog => "In dialogs",
        }
    }
}

/// A key sequence and what it does.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The keys.
    pub keys: Vec<KeyCombination>,
    /// The row of the table.
    pub row: &'static ActionRow,
}

/// Every default key of the table.
pub static BINDINGS: LazyLock<Vec<Binding>> = LazyLock::new(|| {
    let keys_of = |row: &'static ActionRow| {
        row.keys.iter().filter_map(move |text| Some(Binding { keys: keys::parse(text)?, row }))
    };
    ACTIONS.iter().flat_map(keys_of).collect()
});

impl Action {
    /// Its row of the table.
    #[must_use]
    pub fn row(self) -> &'static ActionRow {
        &ACTIONS[self as usize]
    }

    /// The action with this dotted name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|row| row.name == name).map(|row| row.action)
    }

    /// Whether it can be used now.
    #[must_use]
    pub fn availability(self, model: &Model) -> Availability {
        (self.row().available)(model)
    }
}
