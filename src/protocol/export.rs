//! Answers as files.

use std::path::PathBuf;

/// A kind of file that rows are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::EnumIter)]
pub enum ExportFormat {
    /// Comma-separated, safe for spreadsheets.
    #[default]
    Csv,
    /// Tab-separated, safe for spreadsheets.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// One list of JSON objects.
    Json,
    /// A table of Markdown.
    Markdown,
    /// A SQLite database with one table, `result`.
    Sqlite,
}

impl ExportFormat {
    /// What it is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Ndjson => "NDJSON",
            Self::Json => "JSON",
            Self::Markdown => "Markdown",
            Self::Sqlite => "SQLite",
        }
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Sqlite => "sqlite",
        }
    }
}

/// How an export stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportState {
    /// Rows are being written.
    Writing {
        /// Rows written.
        done: u64,
        /// All rows.
        total: u64,
    },
    /// The file is there.
    Written {
        /// Where.
        path: PathBuf,
        /// Rows in it.
        rows: u64,
        /// Its size.
        bytes: u64,
    },
    /// Something of this name is there already, and was left alone.
    Exists {
        /// Where.
        path: PathBuf,
    },
}
