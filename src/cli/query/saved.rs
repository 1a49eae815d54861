//! Queries by name: those of the user's folder, and those that come with the program.

use std::{fs, io, path::Path};

macro_rules! shipped {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../../assets/queries/", $name, ".coql")))),*]
    };
}

/// What comes with the program, by name.
const SHIPPED: &[(&str, &str)] = shipped![
    "biggest",
    "closing",
    "doubles",
    "forecast",
    "mine",
    "newcomers",
    "overdue",
    "pipeline",
    "quiet",
    "rate",
    "stuck",
    "tasks",
    "unpriced",
    "won"
];

/// A query with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The file's name without its ending.
    pub name: String,
    /// The first line of the text, where it is a comment.
    pub title: String,
    /// The whole text.
    pub text: String,
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

impl Saved {
    fn new(name: &str, text: String) -> Self {
        let title = comments(&text).find(|line| !line.starts_with(':')).unwrap_or_default().to_owned();
        Self { name: name.to_owned(), title, text }
    }
}

/// Every query, the user's own first; one of the user's takes the place of one of the same name.
///
/// # Errors
/// When the folder is there and cannot be read.
pub fn all(folder: &Path) -> io::Result<Vec<Saved>> {
    let mut own = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    for path in entries.into_iter().map(|entry| entry.path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|ending| ending == "coql")) {
            own.push(Saved::new(&name, fs::read_to_string(&path)?));
        }
    }
    own.sort_by(|a, b| a.name.cmp(&b.name));
    for (name, text) in SHIPPED {
        if own.iter().all(|saved| saved.name != *name) {
            own.push(Saved::new(name, (*text).to_owned()));
        }
    }
    Ok(own)
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
    fn the_users_queries_come_first_and_take_the_place_of_others() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("won.coql"), "-- My own\nselect id from Deals").expect("written");
        fs::write(folder.path().join("notes.txt"), "nothing").expect("written");
        let all = all(folder.path()).expect("queries");
        assert_eq!((all[0].name.as_str(), all[0].title.as_str()), ("won", "My own"));
        assert_eq!(all.iter().filter(|saved| saved.name == "won").count(), 1);
        assert_eq!(all.len(), SHIPPED.len());
        let missing = super::all(&folder.path().join("none")).expect("shipped ones");
        assert_eq!(missing.len(), SHIPPED.len());
    }

    #[test]
    fn parameters_are_described_by_comments() {
        let text = "-- Title\n-- :days = 14  days without a change\n-- :owner  whose\nselect 1 -- :no\n";
        let described = described(text);
        assert_eq!(described.len(), 2);
        assert_eq!((described[0].name.as_str(), described[0].default.as_deref()), ("days", Some("14")));
        assert_eq!((described[1].name.as_str(), described[1].words.as_str()), ("owner", "whose"));
        assert_eq!(described[1].default, None);
    }
}
