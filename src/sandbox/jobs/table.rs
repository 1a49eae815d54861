//! Bulk jobs, as the organisation's database keeps them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};

use crate::sandbox::world::Id;

/// Makes the table.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS \"$jobs\" (
        row INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, user INTEGER NOT NULL,
        created INTEGER NOT NULL, due INTEGER NOT NULL, ended INTEGER, body TEXT NOT NULL, outcome TEXT,
        result BLOB);
";

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Id,
    /// What it does.
    pub kind: Kind,
    /// How far it is.
    pub state: State,
    /// Who asked for it.
    pub user: Id,
    /// When.
    pub created: Timestamp,
    /// When its next step is due.
    pub due: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What was asked for.
    pub body: Value,
    /// What came of it; null while it is not known.
    pub outcome: Value,
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Reads records into a file.
    Read,
    /// Writes the records of a file.
    Write,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Nothing is done yet.
    Added,
    /// Under way.
    InProgress,
    /// Done.
    Completed,
    /// Ended without a result.
    Failed,
}

const COLUMNS: &str = "row, kind, state, user, created, due, ended, body, outcome";

impl Job {
    /// Writes the job down, whether new or changed. What it results in stays as it is.
    pub(in crate::sandbox) fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        let (kind, state): (&str, &str) = (self.kind.into(), self.state.into());
        conn.prepare_cached(&format!(
            "INSERT INTO \"$jobs\" ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (row) DO UPDATE SET state = ?3, due = ?6, ended = ?7, outcome = ?9"
        ))?
        .execute(params![
            self.id,
            kind,
            state,
            self.user,
            self.created.as_millisecond(),
            self.due.as_millisecond(),
            self.ended.map(Timestamp::as_millisecond),
            self.body.to_string(),
            self.outcome.to_string(),
        ])?;
        Ok(())
    }

    /// The job of this kind with this id.
    pub(in crate::sandbox) fn find(conn: &Connection, kind: Kind, id: Id) -> rusqlite::Result<Option<Self>> {
        let kind: &str = kind.into();
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM \"$jobs\" WHERE row = ?1 AND kind = ?2"))?
            .query_row(params![id, kind], Self::of_row)
            .optional()
    }

    /// The job whose next step is due first.
    pub(in crate::sandbox) fn next(conn: &Connection) -> rusqlite::Result<Option<Self>> {
        conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM \"$jobs\" WHERE ended IS NULL ORDER BY due, row LIMIT 1"
        ))?
        .query_row([], Self::of_row)
        .optional()
    }

    /// Keeps the file that the job made.
    pub(in crate::sandbox) fn keep(conn: &Connection, id: Id, file: &[u8]) -> rusqlite::Result<()> {
        conn.prepare_cached("UPDATE \"$jobs\" SET result = ?2 WHERE row = ?1")?.execute(params![id, file])?;
        Ok(())
    }

    /// The file that the job made.
    pub(in crate::sandbox) fn file(&self, conn: &Connection) -> rusqlite::Result<Option<Vec<u8>>> {
        conn.prepare_cached("SELECT result FROM \"$jobs\" WHERE row = ?1")?
            .query_row([self.id], |row| row.get(0))
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let text = |at: usize| row.get::<_, String>(at);
        let time = |at: usize| -> rusqlite::Result<Timestamp> {
            Ok(Timestamp::from_millisecond(row.get(at)?).unwrap_or(Timestamp::MAX))
        };
        let json = |at: usize| -> rusqlite::Result<Value> {
            let text: Option<String> = row.get(at)?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null))
        };
        let ended: Option<i64> = row.get(6)?;
        Ok(Self {
            id: row.get(0)?,
            kind: text(1)?.parse().unwrap_or(Kind::Read),
            state: text(2)?.parse().unwrap_or(State::Failed),
            user: row.get(3)?,
            created: time(4)?,
            due: time(5)?,
            ended: ended.and_then(|ended| Timestamp::from_millisecond(ended).ok()),
            body: json(7)?,
            outcome: json(8)?,
        })
    }
}
