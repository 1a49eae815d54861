//! What the user changed that an answer of the server does not have.

use rusqlite::{OptionalExtension as _, params};
use serde_json::Value as Json;

use super::json;
use crate::{
    domain::Module,
    store::{StoreError, keep::Keep},
};

impl Keep {
    /// The first line from which on a call that begins now may bring older values than the journal has: that of the
    /// first change which has not arrived, else the next one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unheard(&self) -> Result<i64, StoreError> {
        let pending =
            "SELECT min(no) FROM change WHERE sent IN (SELECT no FROM outbox WHERE state <> 'done')";
        let first: Option<i64> = self.conn.prepare_cached(pending)?.query_row([], |row| row.get(0))?;
        if let Some(first) = first {
            return Ok(first);
        }
        let last = "SELECT seq FROM sqlite_sequence WHERE name = 'change'";
        let last: Option<i64> = self.conn.prepare_cached(last)?.query_row([], |row| row.get(0)).optional()?;
        Ok(last.unwrap_or(0) + 1)
    }

    /// Fields of a module's records that were changed here from a line on: record, field, and the value that the
    /// journal ends with, which may be someone else's by now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn changed_here(
        &self,
        module: Module,
        since: i64,
    ) -> Result<Vec<(String, String, Json)>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT record, field, after FROM change WHERE no IN (
                 SELECT max(no) FROM change WHERE (record, field) IN (
                     SELECT record, field FROM change WHERE no >= ?1 AND here AND module = ?2)
                 GROUP BY record, field)",
        )?;
        let mut rows = select.query(params![since, module.api_name()])?;
        let mut changed = Vec::new();
        while let Some(row) = rows.next()? {
            changed.push((
                row.get(0)?,
                row.get(1)?,
                json(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
            ));
        }
        Ok(changed)
    }
}
