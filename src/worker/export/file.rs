//! An answer as a file, whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use super::{Form, Grid, Rows, sqlite};
use crate::protocol::ExportFormat;

/// How writing ended, where nothing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The file is there.
    Written {
        /// Its size.
        bytes: u64,
    },
    /// Something of this name is there already, and was left alone.
    Exists,
    /// It was given up, and nothing was left behind.
    Cancelled,
}

/// Why there is no file. Whatever stood there before still does.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The disk or the folder.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Writes `answer` to a file beside `path`, readable by its owner only, and gives it that name when it is
/// whole. What stands at `path` is replaced only with `replace`. `go_on` is told how many rows are written
/// and says whether to go on.
///
/// # Errors
/// Whatever the disk refuses; nothing is left behind then.
pub fn write(
    answer: &Grid,
    format: ExportFormat,
    path: &Path,
    replace: bool,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Outcome, ExportError> {
    // A link counts as something that is there, whether or not it leads anywhere.
    let taken = || !replace && fs::symlink_metadata(path).is_ok();
    if taken() {
        return Ok(Outcome::Exists);
    }
    let draft = beside(path)?;
    let written = fill(answer, format, &draft, go_on);
    let ended = match written {
        Ok(true) if taken() => Ok(Outcome::Exists),
        Ok(true) => fs::metadata(&draft)
            .and_then(|about| fs::rename(&draft, path).map(|()| Outcome::Written { bytes: about.len() }))
            .map_err(ExportError::from),
        Ok(false) => Ok(Outcome::Cancelled),
        Err(error) => Err(error),
    };
    if !matches!(ended, Ok(Outcome::Written { .. })) {
        // It may never have been made.
        let _ = fs::remove_file(&draft);
    }
    ended
}

fn fill(
    answer: &Grid,
    format: ExportFormat,
    draft: &Path,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<bool, ExportError> {
    let file = create(draft)?;
    let form = match format {
        ExportFormat::Csv => Form::Csv,
        ExportFormat::Tsv => Form::Tsv { names: true },
        ExportFormat::Ndjson => Form::Ndjson,
        ExportFormat::Json => Form::Json,
        ExportFormat::Markdown => Form::Markdown,
        ExportFormat::Sqlite => {
            let whole = sqlite::write(answer, draft, go_on)?;
            file.sync_all()?;
            return Ok(whole);
        }
    };
    let mut rows = Rows::begin(form, &answer.columns, BufWriter::new(file))?;
    for (row, done) in answer.rows.iter().zip(1..) {
        rows.row(row)?;
        if !go_on(done) {
            return Ok(false);
        }
    }
    let file = rows.end()?.into_inner().map_err(|error| error.into_error())?;
    file.sync_all()?;
    Ok(true)
}

/// A name in the same folder, so that renaming stays within one disk.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("a file needs a name"))?;
    Ok(path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id())))
}

fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer() -> Grid {
        let rows = (0..500).map(|at| vec![json!(format!("deal {at}")), json!(at), json!({"name": "Mira"})]);
        Grid::new(
            [("Deal \"name\"", false), ("Amount", true), ("Owner", false)].map(|(n, k)| (n.to_owned(), k)),
            rows.collect(),
        )
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deals.csv");
        let give_up = write(&answer(), ExportFormat::Csv, &path, false, &mut |done| done < 100);
        assert_eq!(give_up.expect("given up"), Outcome::Cancelled);
        assert!(names(folder.path()).is_empty());
        let mut told = 0;
        let mut go_on = |done| {
            told = done;
            true
        };
        let written = write(&answer(), ExportFormat::Csv, &path, false, &mut go_on).expect("written");
        let text = fs::read_to_string(&path).expect("the file");
        assert_eq!((written, told), (Outcome::Written { bytes: text.len() as u64 }, 500));
        assert_eq!(text.lines().count(), 501);
        assert_eq!(names(folder.path()), ["deals.csv"]);
    }

    #[test]
    fn what_is_there_stays_until_it_may_be_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deals.json");
        fs::write(&path, "mine").expect("written");
        let go = &mut |_| true;
        assert_eq!(write(&answer(), ExportFormat::Json, &path, false, go).expect("left"), Outcome::Exists);
        assert_eq!(
            write(&answer(), ExportFormat::Json, &path, true, &mut |_| false).expect("given up"),
            Outcome::Cancelled
        );
        assert_eq!(fs::read_to_string(&path).expect("the file"), "mine");
        write(&answer(), ExportFormat::Json, &path, true, go).expect("replaced");
        assert!(fs::read_to_string(&path).expect("the file").starts_with('['));
        let nowhere = folder.path().join("none/deals.json");
        assert!(write(&answer(), ExportFormat::Json, &nowhere, false, go).is_err());
        assert_eq!(names(folder.path()), ["deals.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_others_may_not_read() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, target) = (folder.path().join("deals.tsv"), folder.path().join("precious"));
        fs::write(&target, "precious").expect("written");
        symlink(&target, &path).expect("a link");
        let go = &mut |_| true;
        assert_eq!(write(&answer(), ExportFormat::Tsv, &path, false, go).expect("left"), Outcome::Exists);
        write(&answer(), ExportFormat::Tsv, &path, true, go).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("the target"), "precious");
        assert_eq!(fs::symlink_metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_database_holds_numbers_as_numbers() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deals.sqlite");
        write(&answer(), ExportFormat::Sqlite, &path, false, &mut |_| true).expect("written");
        let conn = rusqlite::Connection::open(&path).expect("a database");
        let row = conn
            .query_row(
                "SELECT \"Deal \"\"name\"\"\", Amount + 1, Owner, typeof(Amount) FROM result WHERE Amount = 41",
                [],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, i64>(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, String>(3)?,
                    ))
                },
            )
            .expect("a row");
        assert_eq!(row, ("deal 41".to_owned(), 42, "Mira".to_owned(), "integer".to_owned()));
    }
}
