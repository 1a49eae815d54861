//! The ledger of an organisation in a folder: a line for each call, so that no end of the process loses one.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::sandbox::folder;

/// Lines after which the file is written anew, with what the window still holds.
const LONGEST: usize = 50_000;

/// The end of the file.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    end: Option<File>,
    lines: usize,
}

/// Milliseconds and credits, as they were noted. A line that was cut is passed over.
pub(super) fn read(path: &Path) -> Vec<(i64, i64)> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = |line: &str| {
        let (at, credits) = line.split_once(' ')?;
        Some((at.parse().ok()?, credits.parse().ok()?))
    };
    text.split_inclusive('\n').filter_map(|whole| line(whole.strip_suffix('\n')?)).collect()
}

impl Log {
    /// The log at a path. The first note opens it and writes it anew.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, end: None, lines: LONGEST }
    }

    /// Notes credits; tells whether it could, or must be [rewritten](Self::rewrite).
    pub(super) fn note(&mut self, at: i64, credits: i64) -> bool {
        let Some(end) = self.end.as_mut().filter(|_| self.lines < LONGEST) else { return false };
        self.lines += 1;
        end.write_all(format!("{at} {credits}\n").as_bytes()).is_ok()
    }

    /// Writes the file anew. A sandbox that cannot goes on without.
    pub(super) fn rewrite(&mut self, spent: &VecDeque<(i64, u32)>) {
        let text: String = spent.iter().map(|(at, credits)| format!("{at} {credits}\n")).collect();
        match self.replace(&text) {
            Ok(end) => (self.end, self.lines) = (Some(end), 0),
            Err(error) => {
                tracing::warn!(target: "bigin::sandbox", %error, file = %self.path.display(), "not kept");
            }
        }
    }

    fn replace(&self, text: &str) -> io::Result<File> {
        folder::replace(&self.path, text.as_bytes())?;
        OpenOptions::new().append(true).open(&self.path)
    }
}
