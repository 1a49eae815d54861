//! Queries by name: plain `.coql` files of the user's folder, and those that come with the program.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::protocol::SavedQuery;

macro_rules! shipped {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../assets/queries/", $name, ".coql")))),*]
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

/// Every query, the user's own first; one of the user's takes the place of one of the same name.
///
/// # Errors
/// When the folder is there and cannot be read.
pub fn all(folder: &Path) -> io::Result<Vec<SavedQuery>> {
    let mut own = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    for path in entries.into_iter().map(|entry| entry.path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|ending| ending == "coql")) {
            own.push(SavedQuery::new(&name, fs::read_to_string(&path)?, true));
        }
    }
    own.sort_by(|a, b| a.name.cmp(&b.name));
    for saved in shipped() {
        if own.iter().all(|known| known.name != saved.name) {
            own.push(saved);
        }
    }
    Ok(own)
}

/// The queries that come with the program.
pub fn shipped() -> impl Iterator<Item = SavedQuery> {
    SHIPPED.iter().map(|(name, text)| SavedQuery::new(name, (*text).to_owned(), false))
}

/// Saves a query in the user's folder, which is made where it is missing. What has this name already is
/// replaced only with `replace`.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for a name that is not of letters, digits, `-` and `_`;
/// [`io::ErrorKind::AlreadyExists`]; whatever the disk refuses.
pub fn save(folder: &Path, name: &str, text: &str, replace: bool) -> io::Result<()> {
    if !is_name(name) {
        let words = "a name is made of letters, digits, - and _";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{name}.coql"));
    if !replace && fs::symlink_metadata(&path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let draft = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).open(&draft).and_then(|mut file| {
            file.write_all(text.trim_end().as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&draft, &path)).inspect_err(|_| {
        // It may never have been made.
        let _ = fs::remove_file(&draft);
    })
}

/// Whether a query may be called so.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.len() <= 100 && name.chars().all(fits)
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
        assert_eq!((all[0].name.as_str(), all[0].title.as_str(), all[0].own), ("won", "My own", true));
        assert_eq!(all.iter().filter(|saved| saved.name == "won").count(), 1);
        assert_eq!(all.len(), SHIPPED.len());
        let missing = super::all(&folder.path().join("none")).expect("shipped ones");
        assert_eq!(missing.len(), SHIPPED.len());
        assert!(missing.iter().all(|saved| !saved.own && !saved.title.is_empty()));
    }

    #[test]
    fn what_is_saved_is_a_plain_file_and_replaces_only_what_it_may() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("new/coql");
        save(&folder, "late-ones", "-- Late\nselect id from Deals\n\n", false).expect("saved");
        let text = fs::read_to_string(folder.join("late-ones.coql")).expect("the file");
        assert_eq!(text, "-- Late\nselect id from Deals\n");
        let again = save(&folder, "late-ones", "select 1", false).expect_err("it is there");
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        save(&folder, "late-ones", "select 2", true).expect("replaced");
        assert_eq!(all(&folder).expect("queries")[0].text, "select 2\n");
        for name in ["", "../x", "a b", "a/b", ".hidden"] {
            assert_eq!(save(&folder, name, "x", true).expect_err(name).kind(), io::ErrorKind::InvalidInput);
        }
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);
    }
}
