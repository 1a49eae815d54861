//! When records are cheaper by the file than by the page.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    api::{
        EXPORT_ROWS, Op,
        endpoint::{Endpoint, Shape},
    },
    domain::{Module, RecordId, Usage},
};

/// Modules whose records are whole in a file, in the order in which files are taken in: first what others
/// point to, for a file names records by their ids alone. Notes have no files, and the files of activities do
/// not say what kind of record an activity is about.
pub const EXPORTED: [Module; 4] = [Module::Accounts, Module::Contacts, Module::Products, Module::Pipelines];

/// Times that the state of a file is asked for, as a rule.
const LOOKS: u32 = 4;

/// Pages of open deals that come before any file; the people and companies of each cost more.
pub const URGENT: u64 = 2;

/// Times that a page of a file is asked for and may be paid for without a job to show for it. The API tells a job's id
/// only in the answer that was lost, and lists no jobs.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/job-details.html>
pub const MOST_LOST: u32 = 2;

/// How long the service keeps a file.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/download-result.html>
pub const KEPT: Duration = Duration::from_hours(24);

/// Rows that the service is taken to write in a second.
const ROWS_A_SECOND: u64 = 50_000;

/// How far the files of a module have come. Kept with the rows themselves, so that a kill loses neither, and
/// what was paid for is not paid for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Export {
    /// This page, from 1, is to be asked for.
    Wanted {
        /// Which.
        page: u32,
        /// Times that it was asked for and nothing came of it that is known.
        #[serde(default)]
        lost: u32,
    },
    /// It was asked for.
    Asked {
        /// Which.
        page: u32,
        /// What the service calls the job.
        job: RecordId,
        /// When it was asked for, Unix milliseconds.
        at: i64,
        /// Rows of the page that are here.
        taken: u64,
        /// Earlier times that it was asked for and nothing came of it that is known.
        #[serde(default)]
        lost: u32,
    },
    /// Everything is here.
    Done,
    /// The service makes no file for us: records come by the page.
    Unfit,
}

impl Export {
    /// This page, from 1, not asked for yet.
    #[must_use]
    pub const fn of_page(page: u32) -> Self {
        Self::Wanted { page, lost: 0 }
    }

    /// Rows that are here.
    #[must_use]
    pub fn rows(&self) -> u64 {
        match self {
            Self::Wanted { page, .. } => u64::from(page - 1) * EXPORT_ROWS,
            Self::Asked { page, taken, .. } => u64::from(page - 1) * EXPORT_ROWS + taken,
            Self::Done | Self::Unfit => 0,
        }
    }
}

/// Where the mirror keeps how far the files of a module have come.
#[must_use]
pub fn export_key(module: Module) -> String {
    format!("export/{module}")
}

/// Where the mirror keeps how many records a module had when it was last counted.
#[must_use]
pub fn count_key(module: Module) -> String {
    format!("count/{module}")
}

/// Credits of reading `rows` records by the page.
#[must_use]
pub fn by_page(rows: u64) -> u64 {
    let endpoint = Op::ListRecords.endpoint();
    rows.div_ceil(endpoint.max_records.max(1).into()).saturating_mul(one(endpoint))
}

/// Credits of reading `rows` records by the file.
#[must_use]
pub fn by_file(rows: u64) -> u64 {
    let file = one(Op::BulkReadCreate.endpoint())
        + u64::from(LOOKS) * one(Op::BulkReadStatus.endpoint())
        + one(Op::BulkReadResult.endpoint());
    rows.div_ceil(EXPORT_ROWS).saturating_mul(file)
}

/// Credits of a first fill of `rows` deals by the file, however many team pipelines they are in: the page that is on
/// the screen, the count, the open deals that come first, and the file.
#[must_use]
pub fn fill_of_deals(rows: u64) -> u64 {
    let urgent = URGENT * one(Op::Coql.endpoint());
    by_page(1) + one(Op::CountRecords.endpoint()) + urgent + by_file(rows)
}

/// Records from which on a file costs less than pages.
#[must_use]
pub fn break_even() -> u64 {
    let page = Op::ListRecords.endpoint();
    by_file(1) / one(page) * u64::from(page.max_records) + 1
}

/// Whether a file may be asked for: the last 15 percent of the allowance are for the person.
#[must_use]
pub fn may_export(usage: &Usage) -> bool {
    let cost = Op::BulkReadCreate.endpoint().cost(Shape::ONE);
    super::may_fill(&Usage { used: usage.used.saturating_add(cost), ..*usage })
}

/// How long to wait before the state of a file with `rows` records is asked for again after `looks` times.
/// Every look costs a credit; each waits for a quarter of what the file has taken so far, so that a finished one does
/// not lie there for long.
#[must_use]
pub fn look_after(rows: u64, looks: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(300);
    let first = Duration::from_secs(1 + rows.min(EXPORT_ROWS) / ROWS_A_SECOND);
    (1..=looks.min(30)).fold(first, |wait, look| if look == 1 { wait / 4 } else { wait * 5 / 4 }).min(LONGEST)
}

fn one(endpoint: &Endpoint) -> u64 {
    endpoint.cost(Shape::ONE).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_thousand_deals_cost_at_most_sixty_credits() {
        let credits = fill_of_deals(200_000);
        assert!(credits <= 60, "{credits}");
        assert_eq!(by_page(200_000), 1_000);
    }

    #[test]
    fn files_are_for_those_who_have_many() {
        let even = break_even();
        assert!(by_page(even) > by_file(even) && by_page(even - 1) <= by_file(even - 1));
        assert_eq!((1..30_000).find(|rows| by_page(*rows) > by_file(*rows)), Some(even));
    }

    #[test]
    fn a_few_looks_reach_over_a_minute_and_none_is_late() {
        let mut waited = Duration::ZERO;
        for looks in 0..4 * LOOKS {
            let wait = look_after(200_000, looks);
            assert!(looks == 0 || wait <= waited / 4, "{wait:?} after {waited:?}");
            waited += wait;
        }
        assert!(waited >= Duration::from_secs(60), "{waited:?}");
        assert!(look_after(12_000, 0) <= Duration::from_secs(1));
    }

    #[test]
    fn a_file_is_not_bought_with_the_person_s_credits() {
        let usage = |used| Usage { used, limit: 5_000, ..Usage::default() };
        assert!(may_export(&usage(4_100)));
        assert!(!may_export(&usage(4_240)));
    }
}
