//! Words that stand in many rows, such as stages, kept once and named by a number.

use std::collections::HashMap;

use rusqlite::Connection;

use super::Result;

/// The words of the mirror in memory.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<String, i64>,
    texts: HashMap<i64, String>,
}

impl Words {
    /// Reads all words.
    pub(super) fn load(conn: &Connection) -> Result<Self> {
        let mut words = Self::default();
        let mut select = conn.prepare("SELECT no, text FROM word")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            words.learn(row.get(0)?, row.get(1)?);
        }
        Ok(words)
    }

    /// The number of a word, which is written down if it is new.
    pub(super) fn number(&mut self, conn: &Connection, text: &str) -> Result<i64> {
        if let Some(number) = self.numbers.get(text) {
            return Ok(*number);
        }
        // Not counted by SQLite alone: a rolled back transaction must not leave a number for two words.
        let number = i64::try_from(self.texts.len()).unwrap_or(i64::MAX) + 1;
        conn.prepare_cached("INSERT OR REPLACE INTO word(no, text) VALUES (?1, ?2)")?
            .execute(rusqlite::params![number, text])?;
        self.learn(number, text.to_owned());
        Ok(number)
    }

    /// The number of a word that some row may have; none if no row has it.
    pub(super) fn find(&self, text: &str) -> Option<i64> {
        self.numbers.get(text).copied()
    }

    /// The word with this number.
    pub(super) fn text(&self, number: i64) -> &str {
        self.texts.get(&number).map_or("", String::as_str)
    }

    fn learn(&mut self, number: i64, text: String) {
        self.numbers.insert(text.clone(), number);
        self.texts.insert(number, text);
    }
}
