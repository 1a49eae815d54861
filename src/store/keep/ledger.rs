//! Credits spent in the window: a restart does not forget them, and every program that has the keep open counts
//! them.

use rusqlite::{OptionalExtension as _, params};

use super::{Keep, StoreError};
use crate::domain::WINDOW_MS;

/// Calls with what they were for, and what the service says of others'; in place of times and credits alone.
pub(super) const SCHEMA: &str = "
CREATE TABLE spent(
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, credits INTEGER NOT NULL, run INTEGER NOT NULL,
    call TEXT NOT NULL, module TEXT NOT NULL, purpose TEXT NOT NULL);
CREATE INDEX spent_at ON spent(at);
CREATE TABLE statement(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL, used INTEGER NOT NULL, others TEXT NOT NULL);
INSERT INTO spent(at, credits, run, call, module, purpose)
    SELECT at, credits, 0, '', '', 'command' FROM spend ORDER BY at;
DROP TABLE spend;
";

/// A call that cost something. Names are as their owners spell them; a keep does not read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentRow {
    /// Unix milliseconds of its start.
    pub at: i64,
    /// Credits.
    pub credits: u32,
    /// The operation.
    pub call: String,
    /// Of which module's records; empty where it is about none.
    pub module: String,
    /// What for.
    pub purpose: String,
}

/// What the service said last of the credits that are used, and what others must have spent by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// Unix milliseconds.
    pub at: i64,
    /// Credits.
    pub used: u32,
    /// Unix milliseconds and credits, oldest first.
    pub others: Vec<(i64, u32)>,
}

/// What other programs wrote since this one looked last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerNews {
    /// Their calls.
    pub spent: Vec<SpentRow>,
    /// The newest statement, whoever heard it.
    pub statement: Option<StatementRow>,
    /// Where to go on looking.
    pub seen: i64,
}

/// A run that wrote nothing.
const NOBODY: i64 = -1;

impl Keep {
    /// Notes calls of the run that is named by a number of its own, forgets those that left the window, and tells
    /// what other runs noted after `seen`. A statement is kept if it is newer than the one that is there.
    ///
    /// # Errors
    /// When the disk refuses; then nothing was noted.
    pub fn spend(
        &mut self,
        run: i64,
        calls: &[SpentRow],
        statement: Option<&StatementRow>,
        seen: i64,
        now: i64,
    ) -> Result<LedgerNews, StoreError> {
        let transaction = self.conn.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO spent(at, credits, run, call, module, purpose) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for SpentRow { at, credits, call, module, purpose } in calls {
                insert.execute(params![at, credits, run, call, module, purpose])?;
            }
        }
        if let Some(StatementRow { at, used, others }) = statement {
            let others = serde_json::to_string(others)
                .map_err(|error| StoreError::Value("a statement", error.to_string()))?;
            transaction.execute(
                "INSERT INTO statement VALUES (1, ?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET at = ?1, used = ?2, others = ?3 WHERE at <= ?1",
                params![at, used, others],
            )?;
        }
        transaction.execute("DELETE FROM spent WHERE at <= ?1", [now - WINDOW_MS])?;
        transaction.commit()?;
        self.told(run, seen, now)
    }

    /// Everything that the window ending at `now` holds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spent(&self, now: i64) -> Result<LedgerNews, StoreError> {
        self.told(NOBODY, 0, now)
    }

    fn told(&self, run: i64, seen: i64, now: i64) -> Result<LedgerNews, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT at, credits, call, module, purpose, no FROM spent
             WHERE no > ?1 AND run <> ?2 AND at > ?3 ORDER BY no",
        )?;
        let mut rows = select.query(params![seen, run, now - WINDOW_MS])?;
        let (mut spent, mut last) = (Vec::new(), seen);
        while let Some(row) = rows.next()? {
            last = row.get(5)?;
            let (at, credits) = (row.get(0)?, row.get(1)?);
            let (call, module, purpose) = (row.get(2)?, row.get(3)?, row.get(4)?);
            spent.push(SpentRow { at, credits, call, module, purpose });
        }
        let said = self
            .conn
            .prepare_cached("SELECT at, used, others FROM statement")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))
            .optional()?;
        let statement = said.map(|(at, used, others)| {
            // An odd list is as none: the service will speak again.
            StatementRow { at, used, others: serde_json::from_str(&others).unwrap_or_default() }
        });
        Ok(LedgerNews { spent, statement, seen: last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    fn call(at: i64, credits: u32) -> SpentRow {
        let [call, module, purpose] = ["records.list", "Pipelines", "sync"].map(str::to_owned);
        SpentRow { at, credits, call, module, purpose }
    }

    #[test]
    fn credits_leave_after_24_hours() {
        let mut keep = Keep::open(&Place::Memory).expect("open");
        keep.spend(1, &[call(0, 1), call(1_000, 20)], None, 0, 2_000).expect("spend");
        assert_eq!(keep.spent(2_000).expect("spent").spent, [call(0, 1), call(1_000, 20)]);
        assert_eq!(keep.spent(WINDOW_MS).expect("spent").spent, [call(1_000, 20)]);
        keep.spend(1, &[], None, 0, WINDOW_MS + 1_000).expect("spend");
        assert_eq!(keep.spent(0).expect("spent").spent, []);
    }

    #[test]
    fn two_programs_tell_each_other_what_they_spent_and_heard() {
        let folder = tempfile::tempdir().expect("folder");
        let place = Place::File(folder.path().join("keep.sqlite"));
        let (mut one, mut other) = (Keep::open(&place).expect("open"), Keep::open(&place).expect("open"));
        let news = one.spend(1, &[call(10, 3)], None, 0, 20).expect("spend");
        assert_eq!(news, LedgerNews::default(), "nothing of others");
        let said = StatementRow { at: 15, used: 9, others: vec![(15, 2)] };
        let news = other.spend(2, &[call(12, 4)], Some(&said), 0, 20).expect("spend");
        assert_eq!((news.spent, news.statement.as_ref()), (vec![call(10, 3)], Some(&said)));
        let older = StatementRow { at: 9, used: 1, others: Vec::new() };
        let first = one.spend(1, &[], Some(&older), 0, 20).expect("spend");
        assert_eq!((first.spent, first.statement), (vec![call(12, 4)], Some(said)));
        assert_eq!(one.spend(1, &[], None, first.seen, 20).expect("spend").spent, [], "told once");
    }

    #[test]
    fn what_an_earlier_version_counted_still_counts() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keep.sqlite");
        let mut conn = rusqlite::Connection::open(&path).expect("raw");
        super::super::MIGRATIONS.to_version(&mut conn, 1).expect("the first version");
        conn.execute("INSERT INTO spend VALUES (1000, 7)", []).expect("a call");
        drop(conn);
        let keep = Keep::open(&Place::File(path)).expect("open");
        let spent = keep.spent(2_000).expect("spent").spent;
        assert_eq!(spent.iter().map(|row| (row.at, row.credits)).collect::<Vec<_>>(), [(1_000, 7)]);
    }
}
