//! What can be wrong with configuration, told with the file, the line and the fix.

use std::{io, path::PathBuf};

/// A file or folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The system names no home folder.
    #[error("no home folder is known; set HOME")]
    NoHome,
    /// A file or folder cannot be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `make`.
        doing: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that others can read or change.
    #[error("{} is open to others; run `{fix}`", path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// The command that closes it.
        fix: String,
    },
    /// A file that is not what it should be: a link, a folder, someone else's.
    #[error("{} {problem}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A file with a mistake.
    #[error("{}, line {line}: {problem}", path.display())]
    Mistake {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, with the key and the fix.
        problem: String,
    },
    /// A variable or flag with a value that means nothing.
    #[error("{name}: {problem}")]
    Value {
        /// `BIGIN_PROFILE`, `--profile`.
        name: &'static str,
        /// What is wrong, with the fix.
        problem: String,
    },
}

impl ConfigError {
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}
