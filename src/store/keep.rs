//! What cannot be fetched again: the user's words and what the program promised to do with them.
//!
//! Every commit is on disk before its function returns: the settings that this rests on are read back when
//! the file is opened, and a file that does not keep them is not used.

mod action;
mod draft;
mod journal;
mod ledger;
mod outbox;
mod preference;
mod queries;
mod recover;

use std::{fs::File, path::PathBuf, sync::LazyLock};

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

pub use action::{Action, NewWrite};
pub use journal::{Arrival, Change, changed_fields};
pub use ledger::{LedgerNews, SpentRow, StatementRow};
pub use outbox::{Clears, MoveImage, OutboxRow, Theirs, Trouble, WriteBody, WriteState, same_note};

use super::{Place, StoreError};

const SCHEMA: &str = "
CREATE TABLE draft(
    kind TEXT NOT NULL, module TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL,
    text TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(kind, module, record)) WITHOUT ROWID;
CREATE TABLE outbox(
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    write_id INTEGER NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL,
    module TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL,
    body TEXT NOT NULL, intent INTEGER NOT NULL, result TEXT);
CREATE INDEX outbox_state ON outbox(state, no);
CREATE TABLE spend(at INTEGER NOT NULL, credits INTEGER NOT NULL);
CREATE INDEX spend_at ON spend(at);
CREATE TABLE preference(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
";

/// What made the file step by step: what stands here is never changed, only added to.
const STEPS: [&str; 6] =
    [SCHEMA, journal::SCHEMA, queries::SCHEMA, outbox::COURSE, ledger::SCHEMA, action::SCHEMA];

static MIGRATIONS: LazyLock<Migrations<'static>> =
    LazyLock::new(|| Migrations::new(STEPS.map(M::up).to_vec()));

/// The open keep.
#[derive(Debug)]
pub struct Keep {
    conn: Connection,
    place: Place,
    unkept: Option<String>,
    mended: Option<String>,
    lease: Lease,
    /// Names this run among those that share the file.
    session: i64,
    /// What the file's version was at the last look.
    version: i64,
}

/// Who sends what the outbox holds: one program at a time, as long as it runs.
#[derive(Debug)]
enum Lease {
    /// This program: it has the file locked, or nobody else sees the keep.
    Ours(#[expect(dead_code, reason = "held for its lock")] Option<File>),
    /// Not asked for yet, or another program has the file.
    Open(PathBuf),
}

impl Keep {
    /// Opens the keep at `place`. Where that cannot be, because the folder is read-only or the file was made
    /// by a newer version, it works from memory, and [`Keep::unkept`] says so. A damaged file is set aside
    /// under a dated name, never deleted, and what can be read of it is taken over: [`Keep::mended`].
    ///
    /// # Errors
    /// Only when SQLite cannot even open a database in memory.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let lease = match place {
            Place::File(path) => Lease::Open(path.with_extension("lock")),
            Place::Memory | Place::Temporary => Lease::Ours(None),
        };
        let opened = connect(place);
        let damaged = opened.as_ref().is_err_and(StoreError::is_damage);
        let (conn, unkept) = match opened {
            Ok(conn) => (conn, None),
            // Opened below, once the damage is out of the way.
            Err(_) if damaged => (connect(&Place::Memory)?, None),
            Err(error) => (connect(&Place::Memory)?, Some(until_the_end(&error))),
        };
        let lease = if unkept.is_some() { Lease::Ours(None) } else { lease };
        let session = fastrand::i64(1..);
        let mut keep = Self { conn, place: place.clone(), unkept, mended: None, lease, session, version: 0 };
        if damaged {
            keep.rebuild()?;
        }
        Ok(keep)
    }

    /// Sets the file aside, which proved to be damaged, and takes over what can be read of it. Where that cannot
    /// be, it works from memory. [`Keep::mended`] and [`Keep::unkept`] say what came of it.
    ///
    /// # Errors
    /// Only when SQLite cannot even open a database in memory.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.conn = connect(&Place::Memory)?;
        match renewed(&self.place) {
            Ok((conn, words)) => (self.conn, self.mended) = (conn, Some(words)),
            Err(error) => (self.unkept, self.lease) = (Some(until_the_end(&error)), Lease::Ours(None)),
        }
        Ok(())
    }

    /// Whether something in the file does not read back as it was written.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        let check = self.conn.pragma_query_value(None, "quick_check", |row| row.get::<_, String>(0));
        !check.is_ok_and(|word| word == "ok")
    }

    /// Whether another program wrote to the file since this was last asked.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn changed_elsewhere(&mut self) -> Result<bool, StoreError> {
        let version = super::mirror::version(&self.conn)?;
        Ok(std::mem::replace(&mut self.version, version) != version)
    }

    /// Whether this program is the one that sends what the outbox holds. Of several that have the keep open,
    /// one is; when it ends, the next that asks.
    pub fn lease(&mut self) -> bool {
        let Lease::Open(path) = &self.lease else { return true };
        let Ok(file) = super::place::private(path) else { return false };
        let ours = file.try_lock().is_ok();
        if ours {
            self.lease = Lease::Ours(Some(file));
        }
        ours
    }

    /// What cannot be kept on disk, and why, if so.
    #[must_use]
    pub fn unkept(&self) -> Option<&str> {
        self.unkept.as_deref()
    }

    /// What was found damaged when the file was opened, and what became of it, if so.
    #[must_use]
    pub fn mended(&self) -> Option<&str> {
        self.mended.as_deref()
    }
}

fn until_the_end(error: &StoreError) -> String {
    format!("drafts and writes are kept until you quit only: {error}")
}

/// A new file with what can be read of the damaged one, which stands aside, and the words for it.
fn renewed(place: &Place) -> Result<(Connection, String), StoreError> {
    let Some(aside) = place.set_aside()? else { return Ok((connect(place)?, String::new())) };
    let mut conn = connect(place)?;
    let words = recover::words(&recover::recover(&aside, &mut conn)?, &aside);
    Ok((conn, words))
}

fn connect(place: &Place) -> Result<Connection, StoreError> {
    let mut conn = place.connect()?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    // Two programs write to it: whoever begins has the file, and never finds it changed in the middle.
    conn.set_transaction_behavior(TransactionBehavior::Immediate);
    if matches!(place, Place::File(_)) {
        require(&conn, "journal_mode", "wal", "wal")?;
        require(&conn, "synchronous", "full", "2")?;
    }
    migrate(&mut conn)?;
    // Every page that holds the user's words is read, so that damage is found before anything rests on them.
    conn.execute_batch("SELECT sum(length(text)) FROM draft; SELECT sum(length(body)) FROM outbox;")?;
    Ok(conn)
}

/// Brings the file to the newest format: each step is there or not, whatever happens.
fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let format =
        |conn: &Connection| conn.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    let (before, known) = (format(conn)?, i64::try_from(STEPS.len()).unwrap_or(i64::MAX));
    if before > known {
        return Err(StoreError::Newer { found: before, known });
    }
    loop {
        let before = format(conn)?;
        match MIGRATIONS.to_latest(conn) {
            Ok(()) => return Ok(()),
            // Another program took the same step in the meantime; the rest is still to do.
            Err(_) if format(conn)? > before => {}
            Err(error) => return Err(StoreError::Schema(error)),
        }
    }
}

/// Sets a pragma and reads it back.
fn require(
    conn: &Connection,
    setting: &'static str,
    value: &str,
    wanted: &'static str,
) -> Result<(), StoreError> {
    conn.pragma_update(None, setting, value)?;
    let found = conn.pragma_query_value(None, setting, |row| {
        row.get_ref(0).map(|value| match value {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        })
    })?;
    if found == wanted { Ok(()) } else { Err(StoreError::Setting { setting, wanted, found }) }
}

#[cfg(test)]
mod tests;
