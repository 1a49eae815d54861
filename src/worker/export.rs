//! Answers as text and as files that other programs read.

mod cell;
mod file;
mod rows;
mod sqlite;

use serde_json::Value;

pub use cell::plain;
pub use file::{ExportError, Outcome, write};
pub use rows::{Form, Rows};

/// Rows with the names of their columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// Each name once.
    pub columns: Vec<Heading>,
    /// As the API writes values.
    pub rows: Vec<Vec<Value>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What it is called.
    pub name: String,
    /// It holds numbers.
    pub numeric: bool,
}

impl Grid {
    /// Columns with these names; the same name twice gets a number, whatever the case, because databases do
    /// not tell case apart.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = (String, bool)>, rows: Vec<Vec<Value>>) -> Self {
        let mut columns: Vec<Heading> = Vec::new();
        for (name, numeric) in names {
            let known = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let name =
                std::iter::once(name.clone()).chain(numbered).find(|name| !known(name)).unwrap_or(name);
            columns.push(Heading { name, numeric });
        }
        Self { columns, rows }
    }
}
