//! Where a database lives, and what to do with a damaged one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::ZonedDateTime;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::tables;

/// Where a database lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In memory, gone with the process.
    Memory,
    /// In a nameless file that nobody else sees, gone with the process: for what is too large for memory.
    Temporary,
    /// In this file, readable by its owner only.
    File(PathBuf),
}

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// The folder or file could not be made.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A migration failed.
    #[error("{0}")]
    Schema(rusqlite_migration::Error),
    /// The file was made by a newer version of the program, and is left as it is.
    #[error("the file is of a newer bigin (format {found}, this one knows {known}) and is left as it is")]
    Newer {
        /// The file's format.
        found: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// A setting did not take, so the promises that rest on it would not hold.
    #[error("SQLite keeps {setting} = {found} where {wanted} is needed")]
    Setting {
        /// The pragma.
        setting: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// A stored value does not read back.
    #[error("{0} does not read back: {1}")]
    Value(&'static str, String),
}

impl From<tables::Error> for StoreError {
    fn from(error: tables::Error) -> Self {
        match error {
            tables::Error::Sqlite(error) => Self::Sql(error),
            other => Self::Value("a record", other.to_string()),
        }
    }
}

impl StoreError {
    /// Whether the file itself is damaged, so that it can only be set aside.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let error = match self {
            Self::Sql(error) => error,
            Self::Schema(rusqlite_migration::Error::RusqliteError { err, .. }) => err,
            _ => return false,
        };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }
}

impl Place {
    /// Opens a connection; makes the folder (0700) and the file (0600) where they are missing.
    ///
    /// # Errors
    /// When the folder or the file cannot be made or opened.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Memory => Ok(Connection::open_in_memory()?),
            Self::Temporary => Ok(Connection::open("")?),
            Self::File(path) => {
                prepare(path).map_err(|source| StoreError::File { path: path.clone(), source })?;
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                    | OpenFlags::SQLITE_OPEN_CREATE
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let conn = Connection::open_with_flags(path, flags)?;
                super::crash::watch(&conn)?;
                Ok(conn)
            }
        }
    }

    /// Renames a damaged file and its companions to a dated name beside it; returns the new name.
    ///
    /// # Errors
    /// When the file cannot be renamed.
    pub fn set_aside(&self) -> Result<Option<PathBuf>, StoreError> {
        let Self::File(path) = self else { return Ok(None) };
        let stamp = ZonedDateTime::now().strftime("%Y-%m-%d-%H%M%S").to_string();
        let aside = with_suffix(path, &format!(".damaged-{stamp}"));
        fs::rename(path, &aside).map_err(|source| StoreError::File { path: path.clone(), source })?;
        for companion in ["-wal", "-shm"] {
            // A companion may not exist, and without its database it is worth nothing.
            drop(fs::rename(with_suffix(path, companion), with_suffix(&aside, companion)));
        }
        Ok(Some(aside))
    }
}

/// What a file looks like from outside: it changes when anyone writes to the database.
pub type Stamp = Vec<Option<(u64, std::time::SystemTime)>>;

impl Place {
    /// How the files of the database look from outside. Cheap, and wakes nobody.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        let Self::File(path) = self else { return Vec::new() };
        let stamp = |path: &Path| {
            let found = fs::metadata(path).ok()?;
            Some((found.len(), found.modified().ok()?))
        };
        vec![stamp(path), stamp(&with_suffix(path, "-wal"))]
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a file for writing that nobody else may read; makes it where it is missing.
#[cfg(unix)]
pub(super) fn private(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // One that an earlier version left open to others is closed to them.
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// Opens a file for writing; makes it where it is missing.
#[cfg(not(unix))]
pub(super) fn private(path: &Path) -> std::io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

#[cfg(unix)]
fn prepare(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    private(path).map(drop)
}

#[cfg(not(unix))]
fn prepare(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}
