//! Credits spent in the window, so that a restart does not forget them.

use rusqlite::params;

use super::{Keep, StoreError};
use crate::domain::WINDOW_MS;

impl Keep {
    /// Notes calls as (start in Unix milliseconds, credits), and forgets those that left the window.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spend(&mut self, calls: &[(i64, u32)], now: i64) -> Result<(), StoreError> {
        let transaction = self.conn.transaction()?;
        {
            let mut insert = transaction.prepare_cached("INSERT INTO spend(at, credits) VALUES (?1, ?2)")?;
            for (at, credits) in calls {
                insert.execute(params![at, credits])?;
            }
        }
        transaction.execute("DELETE FROM spend WHERE at <= ?1", [now - WINDOW_MS])?;
        transaction.commit()?;
        Ok(())
    }

    /// The calls of the window that ends at `now`, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spent(&self, now: i64) -> Result<Vec<(i64, u32)>, StoreError> {
        let mut select =
            self.conn.prepare_cached("SELECT at, credits FROM spend WHERE at > ?1 ORDER BY at")?;
        let rows = select.query_map([now - WINDOW_MS], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    #[test]
    fn credits_leave_after_24_hours() {
        let mut keep = Keep::open(&Place::Memory).expect("open");
        keep.spend(&[(0, 1), (1_000, 20)], 2_000).expect("spend");
        assert_eq!(keep.spent(2_000).expect("spent"), [(0, 1), (1_000, 20)]);
        assert_eq!(keep.spent(WINDOW_MS).expect("spent"), [(1_000, 20)]);
        keep.spend(&[], WINDOW_MS + 1_000).expect("spend");
        assert_eq!(keep.spent(0).expect("spent"), []);
    }
}
