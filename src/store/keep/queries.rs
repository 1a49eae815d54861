//! Queries that were run.

use rusqlite::params;

use super::{Keep, StoreError, draft::moment};
use crate::protocol::HistoryRow;

pub(super) const SCHEMA: &str = "
CREATE TABLE query(
    no INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, at INTEGER NOT NULL,
    mirror INTEGER NOT NULL, rows INTEGER NOT NULL, credits INTEGER NOT NULL);
CREATE INDEX query_text ON query(text, no);
";

/// Queries that are remembered; older ones are forgotten.
const REMEMBERED: u32 = 1_000;

impl Keep {
    /// Remembers a query that was run. The same text as that of the newest one takes its place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remember(&mut self, row: &HistoryRow) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        transaction
            .execute("DELETE FROM query WHERE no = (SELECT max(no) FROM query) AND text = ?1", [&row.text])?;
        transaction.execute(
            "INSERT INTO query(text, at, mirror, rows, credits) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.text, row.at.as_millisecond(), row.mirror, signed(row.rows), signed(row.credits)],
        )?;
        transaction
            .execute("DELETE FROM query WHERE no <= (SELECT max(no) FROM query) - ?1", [REMEMBERED])?;
        Ok(transaction.commit()?)
    }

    /// The newest `limit` queries whose text holds every word of `search`, whatever their case, newest first;
    /// a text that was run several times comes once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn queries(&self, search: &str, limit: u32) -> Result<Vec<HistoryRow>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT text, at, mirror, rows, credits FROM query h
             WHERE no = (SELECT max(no) FROM query WHERE text = h.text) ORDER BY no DESC",
        )?;
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let rows = select.query_map([], |row| {
            Ok(HistoryRow {
                text: row.get(0)?,
                at: moment(row.get(1)?),
                mirror: row.get(2)?,
                rows: unsigned(row.get(3)?),
                credits: unsigned(row.get(4)?),
            })
        })?;
        let matches = |row: &HistoryRow| {
            let text = row.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let rows = rows.filter(|row| row.as_ref().map_or(true, matches));
        Ok(rows.take(limit as usize).collect::<Result<_, _>>()?)
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::Place;

    fn ran(text: &str, second: i64) -> HistoryRow {
        let at = Timestamp::from_second(second).expect("a time");
        HistoryRow { text: text.to_owned(), at, mirror: second % 2 == 0, rows: 7, credits: 1 }
    }

    fn texts(keep: &Keep, search: &str) -> Vec<String> {
        keep.queries(search, 10).expect("history").into_iter().map(|row| row.text).collect()
    }

    #[test]
    fn the_newest_comes_first_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::File(folder.path().join("keep.sqlite"));
        let mut keep = Keep::open(&place).expect("open");
        for (text, at) in [("select 1", 1), ("select 2", 2), ("select 2", 3), ("select 1", 4)] {
            keep.remember(&ran(text, at)).expect("remember");
        }
        drop(keep);
        let keep = Keep::open(&place).expect("again");
        assert_eq!(keep.queries("", 10).expect("history"), [ran("select 1", 4), ran("select 2", 3)]);
        let stored: u32 =
            keep.conn.query_row("SELECT count(*) FROM query", [], |row| row.get(0)).expect("a count");
        assert_eq!(stored, 3);
    }

    #[test]
    fn every_word_must_be_there_in_any_order_and_case() {
        let mut keep = Keep::open(&Place::Memory).expect("open");
        for (text, at) in [("select Stage from Deals", 1), ("select 100% from Notes_", 2)] {
            keep.remember(&ran(text, at)).expect("remember");
        }
        assert_eq!(texts(&keep, "deals STAGE"), ["select Stage from Deals"]);
        assert_eq!(texts(&keep, "% notes_"), ["select 100% from Notes_"]);
        assert_eq!(texts(&keep, "deals nothing"), Vec::<String>::new());
    }

    #[test]
    fn only_so_many_are_remembered() {
        let mut keep = Keep::open(&Place::Memory).expect("open");
        for at in 0..i64::from(REMEMBERED) + 5 {
            keep.remember(&ran(&format!("select {at}"), at)).expect("remember");
        }
        let all = keep.queries("", u32::MAX).expect("history");
        assert_eq!(all.len(), REMEMBERED as usize);
        assert_eq!(all.last().map(|row| row.text.as_str()), Some("select 5"));
    }
}
