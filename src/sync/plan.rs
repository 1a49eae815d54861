//! What to ask the server next. No I/O, no clock.

mod export;
mod pace;
mod what_if;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::{Catalog, Module, RecordId, Usage};

pub use export::{
    EXPORTED, Export, KEPT, MOST_LOST, URGENT, by_file, by_page, count_key, export_key, fill_of_deals,
    look_after, may_export,
};
pub use pace::{Errand, Rhythm, Scene, due, rhythm, step};
pub use what_if::what_if;

/// Rows that paging by token reaches; beyond, a list is walked by COQL below the lowest id seen.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
pub const TOKEN_REACH: u64 = 100_000;

/// How often and how soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two rounds of asking for changes, while there are any.
    pub pull: Duration,
    /// How long a moved deal waits for another move before it is sent.
    pub hold: Duration,
    /// The first wait after a try that did not come through; later ones double.
    pub retry: Duration,
    /// Records of a module from which on they are fetched by the file.
    pub files_from: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            pull: Duration::from_secs(60),
            hold: Duration::from_millis(800),
            retry: Duration::from_secs(2),
            files_from: export::break_even(),
        }
    }
}

/// How far our idea of the server's time may be off, and how long a page may have been on its way: what
/// changed in that time before a watermark is asked for again.
pub const SLACK: SignedDuration = SignedDuration::from_secs(60);

/// Modules in the order in which a person misses them.
pub const MODULES: [Module; 8] = [
    Module::Pipelines,
    Module::Contacts,
    Module::Accounts,
    Module::Tasks,
    Module::Events,
    Module::Calls,
    Module::Products,
    Module::Notes,
];

/// A list that is walked from end to end: a module, for deals one team pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Walk {
    /// Of which records.
    pub module: Module,
    /// Of which team pipeline; deals only.
    pub pipeline: Option<RecordId>,
}

/// How far a walk has come. Kept with the rows themselves, so that a kill loses neither.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Stand {
    /// Not begun.
    #[default]
    New,
    /// At the page with this token.
    Token {
        /// Opaque.
        token: String,
        /// Rows so far.
        rows: u64,
        /// The lowest id so far; lists come with the highest first.
        lowest: i64,
    },
    /// At the rows below this id.
    Below {
        /// The lowest id so far.
        id: i64,
    },
    /// Everything is here.
    Done,
}

/// What a page says of the walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Rows on the page.
    pub rows: u64,
    /// The lowest id on the page, if it has any.
    pub lowest: Option<i64>,
    /// More follow.
    pub more: bool,
    /// The token of the next page.
    pub token: Option<String>,
}

impl Walk {
    /// The key under which the mirror keeps its stand.
    #[must_use]
    pub fn key(&self) -> String {
        let pipeline = self.pipeline.as_ref().map_or("", RecordId::as_str);
        format!("walk/{}/{pipeline}", self.module)
    }
}

/// The walks of a first fill: the default pipeline, the other pipelines, the people and companies of the
/// deals, what is to be done, the notes.
#[must_use]
pub fn walks(catalog: &Catalog) -> Vec<Walk> {
    let deals = catalog
        .pipelines
        .iter()
        .map(|pipeline| Walk { module: Module::Pipelines, pipeline: Some(pipeline.id.clone()) });
    let others = MODULES.iter().filter(|module| **module != Module::Pipelines);
    deals.chain(others.map(|module| Walk { module: *module, pipeline: None })).collect()
}

impl Stand {
    /// Rows that are here, as far as that is known.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        match self {
            Self::Token { rows, .. } => *rows,
            Self::New | Self::Below { .. } | Self::Done => 0,
        }
    }

    /// Where the walk stands after a page.
    #[must_use]
    pub fn after(&self, page: Seen) -> Self {
        let (before, lowest) = match self {
            Self::New => (0, None),
            Self::Token { rows, lowest, .. } => (*rows, Some(*lowest)),
            Self::Below { id } => (TOKEN_REACH, Some(*id)),
            Self::Done => return Self::Done,
        };
        let lowest = page.lowest.into_iter().chain(lowest).min();
        let rows = before + page.rows;
        match (lowest, page.token) {
            (Some(id), token) if page.more => match token {
                Some(token) if rows < TOKEN_REACH => Self::Token { token, rows, lowest: id },
                _ => Self::Below { id },
            },
            _ => Self::Done,
        }
    }

    /// Where the walk goes on when the server no longer knows the page token.
    #[must_use]
    pub fn without_token(&self) -> Self {
        match self {
            Self::Token { lowest, .. } => Self::Below { id: *lowest },
            other => other.clone(),
        }
    }
}

/// From when on changes are asked for after a run over changed records: nothing may fall between two runs.
///
/// A run of one page saw one moment, so the newest change on it is the mark; but in the second of that
/// change there may have been others, unless it is long past. A run of several pages saw several moments:
/// its begin is the mark.
#[must_use]
pub fn watermark(since: Timestamp, begun: Timestamp, newest: Option<Timestamp>, pages: u32) -> Timestamp {
    let safe = begun.saturating_sub(SLACK).unwrap_or(Timestamp::MIN);
    let mark = match newest {
        Some(newest) if pages <= 1 && newest < safe => newest,
        Some(newest) => newest.min(safe),
        None => since,
    };
    mark.max(since)
}

/// Whether a fill may spend another credit: the last 15 percent of the allowance are for the person.
#[must_use]
pub const fn may_fill(usage: &Usage) -> bool {
    usage.limit == 0 || usage.limit.saturating_sub(usage.used).saturating_mul(100) / usage.limit >= 15
}

impl Pace {
    /// How long to wait after `failures` tries in a row that did not come through: at most a minute.
    #[must_use]
    pub fn backoff(&self, failures: u32) -> Duration {
        self.retry.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(Duration::from_secs(60))
    }
}

#[cfg(test)]
mod tests;
