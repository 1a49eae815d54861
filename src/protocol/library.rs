//! Queries that were run or saved.

use jiff::Timestamp;

/// A query that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The statement.
    pub text: String,
    /// When it was run last.
    pub at: Timestamp,
    /// It ran on the mirror, not on the server.
    pub mirror: bool,
    /// Rows of the answer.
    pub rows: u64,
    /// Credits that it cost.
    pub credits: u64,
}

/// A query with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQuery {
    /// The file's name without its ending.
    pub name: String,
    /// The first line of the text, where it is a comment.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// It is a file of the user's; the others come with the program.
    pub own: bool,
}

/// A parameter that a text speaks of in a comment such as `-- :days = 14  days without a change`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Without the colon.
    pub name: String,
    /// What it is when nothing else is given.
    pub default: Option<String>,
    /// What it is for.
    pub words: String,
}

impl SavedQuery {
    /// A query with the title that its first comment gives.
    #[must_use]
    pub fn new(name: &str, text: String, own: bool) -> Self {
        let title = comments(&text).find(|line| !line.starts_with(':')).unwrap_or_default().to_owned();
        Self { name: name.to_owned(), title, text, own }
    }
}

/// The parameters that `text` describes in the comments at its beginning.
#[must_use]
pub fn described(text: &str) -> Vec<Described> {
    let lines = comments(text).filter_map(|line| line.strip_prefix(':'));
    lines
        .map(|line| {
            let (head, words) = line.split_once("  ").unwrap_or((line, ""));
            let (name, default) = match head.split_once('=') {
                Some((name, default)) => (name, Some(default.trim().to_owned())),
                None => (head, None),
            };
            Described { name: name.trim().to_owned(), default, words: words.trim().to_owned() }
        })
        .collect()
}

/// The comments before anything else, without their dashes.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map_while(|line| line.trim().strip_prefix("--")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_described_by_comments() {
        let text = "-- Title\n-- :days = 14  days without a change\n-- :owner  whose\nselect 1 -- :no\n";
        let described = described(text);
        assert_eq!(described.len(), 2);
        assert_eq!((described[0].name.as_str(), described[0].default.as_deref()), ("days", Some("14")));
        assert_eq!((described[1].name.as_str(), described[1].words.as_str()), ("owner", "whose"));
        assert_eq!(described[1].default, None);
        assert_eq!(SavedQuery::new("a", text.to_owned(), true).title, "Title");
    }
}
