//! Channels: who hears of changes to records, of which, and for how long.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/overview.html>

pub mod news;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::Value;

use crate::sandbox::world::Id;

/// Makes the table.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS \"$channels\" (
        user INTEGER NOT NULL, channel TEXT NOT NULL, module TEXT NOT NULL, events TEXT NOT NULL,
        url TEXT NOT NULL, token TEXT, expiry INTEGER NOT NULL, \"values\" INTEGER NOT NULL,
        related INTEGER NOT NULL, fields TEXT NOT NULL,
        PRIMARY KEY (user, channel, module)) WITHOUT ROWID;
";

/// What a channel hears of one module. A channel over several modules is as many of these.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Whose channel it is.
    pub user: Id,
    /// Its id, which its owner chose.
    pub channel: String,
    /// API name of the module.
    pub module: String,
    /// What it hears of: `create`, `edit`, `delete`, `all`, in the case in which they were written.
    pub events: Vec<String>,
    /// Where it hears.
    pub url: String,
    /// What is repeated in every delivery.
    pub token: Option<String>,
    /// When it ends.
    pub expiry: Timestamp,
    /// Whether it hears the new values of changed fields.
    pub values: bool,
    /// Whether it hears of changes to what hangs on its records.
    pub related: bool,
    /// Fields without which an edit is not told, by module; null for any.
    pub fields: Value,
}

const COLUMNS: &str = "user, channel, module, events, url, token, expiry, \"values\", related, fields";

impl Channel {
    /// Writes the channel down for its module, in the place of an older one.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached(&format!(
            "INSERT OR REPLACE INTO \"$channels\" ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ))?
        .execute(params![
            self.user,
            self.channel,
            self.module,
            self.events.join(","),
            self.url,
            self.token,
            self.expiry.as_millisecond(),
            self.values,
            self.related,
            self.fields.to_string()
        ])?;
        Ok(())
    }

    /// The live channels of a user, by id and module; those that have ended are forgotten.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn of_user(conn: &Connection, user: Id, now: Timestamp) -> rusqlite::Result<Vec<Self>> {
        purge(conn, now)?;
        let mut statement = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM \"$channels\" WHERE user = ?1 ORDER BY length(channel), channel, module"
        ))?;
        statement.query_map([user], Self::of_row)?.collect()
    }

    /// The live channels of everybody that hear of a module.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn of_module(conn: &Connection, module: &str, now: Timestamp) -> rusqlite::Result<Vec<Self>> {
        purge(conn, now)?;
        let mut statement = conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM \"$channels\" WHERE module = ?1 ORDER BY user, length(channel), channel"
        ))?;
        statement.query_map([module], Self::of_row)?.collect()
    }

    /// Whether anybody hears of anything; usually nobody does.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn any(conn: &Connection) -> rusqlite::Result<bool> {
        conn.prepare_cached("SELECT 1 FROM \"$channels\" LIMIT 1")?.exists([])
    }

    /// Forgets what the channel hears of its module.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delete(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached("DELETE FROM \"$channels\" WHERE user = ?1 AND channel = ?2 AND module = ?3")?
            .execute(params![self.user, self.channel, self.module])?;
        Ok(())
    }

    /// Whether it hears of `operation`: `create`, `edit` or `delete`.
    #[must_use]
    pub fn hears(&self, operation: &str) -> bool {
        self.events
            .iter()
            .any(|event| event.eq_ignore_ascii_case(operation) || event.eq_ignore_ascii_case("all"))
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let events: String = row.get(3)?;
        let fields: String = row.get(9)?;
        Ok(Self {
            user: row.get(0)?,
            channel: row.get(1)?,
            module: row.get(2)?,
            events: events.split(',').map(str::to_owned).collect(),
            url: row.get(4)?,
            token: row.get(5)?,
            expiry: Timestamp::from_millisecond(row.get(6)?).unwrap_or(Timestamp::MIN),
            values: row.get(7)?,
            related: row.get(8)?,
            fields: serde_json::from_str(&fields).unwrap_or(Value::Null),
        })
    }
}

fn purge(conn: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM \"$channels\" WHERE expiry <= ?1")?.execute([now.as_millisecond()])?;
    Ok(())
}
