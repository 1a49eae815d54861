//! What became of each row of a bulk write.

use rusqlite::{Connection, params};
use strum::{EnumString, IntoStaticStr};

use super::cell::Wrong;
use crate::sandbox::world::Id;

/// Makes the table.
pub const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS \"$job_rows\" (
        job INTEGER NOT NULL, row INTEGER NOT NULL, status TEXT NOT NULL, record INTEGER, errors TEXT NOT NULL,
        PRIMARY KEY (job, row)) WITHOUT ROWID;
";

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// In a word.
    pub status: Status,
    /// The record that was written.
    pub record: Option<Id>,
    /// What was wrong, as the result file writes it.
    pub errors: String,
}

/// What became of a row, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Status {
    /// It is a new record.
    Added,
    /// It changed a record.
    Updated,
    /// It was not written.
    Skipped,
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New records.
    pub added: usize,
    /// Changed records.
    pub updated: usize,
    /// Rows that were not written.
    pub skipped: usize,
}

impl Counts {
    /// Rows in all.
    #[must_use]
    pub const fn total(self) -> usize {
        self.added + self.updated + self.skipped
    }
}

impl Outcome {
    /// A row that was not written: `CODE-Field,Field:CODE-Field`.
    #[must_use]
    pub fn skipped(wrong: &[Wrong]) -> Self {
        let mut codes: Vec<(&str, Vec<&str>)> = Vec::new();
        for (code, field) in wrong {
            match codes.iter_mut().find(|(known, _)| *known == code) {
                Some((_, fields)) => fields.push(field),
                None => codes.push((code, vec![field])),
            }
        }
        let each = codes.iter().map(|(code, fields)| format!("{code}-{}", fields.join(",")));
        let errors = each.collect::<Vec<_>>().join(":");
        Self { status: Status::Skipped, record: None, errors }
    }
}

/// A code of a single write in the words of bulk writes, which have fewer.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-write/job-details.html>
#[must_use]
pub fn code(code: &str) -> &str {
    const KNOWN: [&str; 8] = [
        "MANDATORY_NOT_FOUND",
        "INVALID_DATA",
        "DUPLICATE_DATA",
        "NOT_APPROVED",
        "BLOCKED_RECORD",
        "CANNOT_PROCESS",
        "LIMIT_EXCEEDED",
        "RESOURCE_NOT_FOUND",
    ];
    if KNOWN.contains(&code) { code } else { "INVALID_DATA" }
}

/// Notes what became of a row.
pub(super) fn note(conn: &Connection, job: Id, row: usize, outcome: &Outcome) -> rusqlite::Result<()> {
    let status: &str = outcome.status.into();
    conn.prepare_cached(
        "INSERT OR REPLACE INTO \"$job_rows\" (job, row, status, record, errors) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        job,
        i64::try_from(row).unwrap_or(i64::MAX),
        status,
        outcome.record,
        outcome.errors
    ])?;
    Ok(())
}

/// How many rows came to what, so far.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn count(conn: &Connection, job: Id) -> rusqlite::Result<Counts> {
    conn.prepare_cached(
        "SELECT count(*) FILTER (WHERE status = 'ADDED'), count(*) FILTER (WHERE status = 'UPDATED'),
         count(*) FILTER (WHERE status = 'SKIPPED') FROM \"$job_rows\" WHERE job = ?1",
    )?
    .query_row([job], |row| {
        let number = |at: usize| -> rusqlite::Result<usize> {
            Ok(usize::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
        };
        Ok(Counts { added: number(0)?, updated: number(1)?, skipped: number(2)? })
    })
}

/// What became of every row, in order.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn all(conn: &Connection, job: Id) -> rusqlite::Result<Vec<Outcome>> {
    let mut statement =
        conn.prepare_cached("SELECT status, record, errors FROM \"$job_rows\" WHERE job = ?1 ORDER BY row")?;
    let rows = statement.query_map([job], |row| {
        let status: String = row.get(0)?;
        let status = status.parse().unwrap_or(Status::Skipped);
        Ok(Outcome { status, record: row.get(1)?, errors: row.get(2)? })
    })?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_a_row_are_grouped_by_code() {
        let wrong = |pairs: &[(&str, &str)]| {
            let pairs: Vec<Wrong> =
                pairs.iter().map(|(code, field)| ((*code).to_owned(), (*field).to_owned())).collect();
            Outcome::skipped(&pairs).errors
        };
        let (missing, invalid) = ("MANDATORY_NOT_FOUND", "INVALID_DATA");
        assert_eq!(wrong(&[(missing, "Last_Name")]), "MANDATORY_NOT_FOUND-Last_Name");
        assert_eq!(
            wrong(&[(invalid, "Email"), (missing, "Last_Name"), (invalid, "Phone")]),
            "INVALID_DATA-Email,Phone:MANDATORY_NOT_FOUND-Last_Name"
        );
        assert_eq!(code("DEPENDENT_MISMATCH"), "INVALID_DATA");
        assert_eq!(code("DUPLICATE_DATA"), "DUPLICATE_DATA");
    }
}
