//! Where the user was and how they like it.

use rusqlite::{OptionalExtension as _, params};

use super::{Keep, StoreError};

impl Keep {
    /// Keeps a preference.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn set_preference(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("INSERT INTO preference VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")?
            .execute(params![key, value])?;
        Ok(())
    }

    /// A preference, where one was kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn preference(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.conn.prepare_cached("SELECT value FROM preference WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }
}
