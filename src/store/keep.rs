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
pub use outbox::{MoveImage, OutboxRow, Theirs, Trouble, WriteBody, WriteState};

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

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    let steps = [SCHEMA, journal::SCHEMA, queries::SCHEMA, outbox::COURSE, ledger::SCHEMA, action::SCHEMA];
    Migrations::new(steps.map(M::up).to_vec())
});

/// The open keep.
#[derive(Debug)]
pub struct Keep {
    conn: Connection,
    unkept: Option<String>,
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
    /// under a dated name, never deleted, and what can be read of it is taken over.
    ///
    /// # Errors
    /// Only when SQLite cannot even open a database in memory.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let lease = match place {
            Place::File(path) => Lease::Open(path.with_extension("lock")),
            Place::Memory | Place::Temporary => Lease::Ours(None),
        };
        match connect(place) {
            Ok(conn) => Ok(Self::with(conn, None, lease)),
            Err(error) if error.is_damage() => {
                let Ok(Some(aside)) = place.set_aside() else {
                    let words = format!("drafts and writes are kept until you quit only: {error}");
                    return Ok(Self::with(connect(&Place::Memory)?, Some(words), Lease::Ours(None)));
                };
                let mut conn = connect(place)?;
                let words = recover::words(&recover::recover(&aside, &mut conn)?, &aside);
                Ok(Self::with(conn, Some(words), lease))
            }
            Err(error) => {
                let words = format!("drafts and writes are kept until you quit only: {error}");
                Ok(Self::with(connect(&Place::Memory)?, Some(words), Lease::Ours(None)))
            }
        }
    }

    fn with(conn: Connection, unkept: Option<String>, lease: Lease) -> Self {
        Self { conn, unkept, lease, session: fastrand::i64(1..), version: 0 }
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
    MIGRATIONS.to_latest(&mut conn)?;
    // Every page that holds the user's words is read, so that damage is found before anything rests on them.
    conn.execute_batch("SELECT sum(length(text)) FROM draft; SELECT sum(length(body)) FROM outbox;")?;
    Ok(conn)
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
mod tests {
    use super::*;
    use crate::protocol::DraftKey;

    #[test]
    fn a_kept_file_syncs_every_commit_and_reads_back() {
        let folder = tempfile::tempdir().expect("folder");
        let place = Place::File(folder.path().join("new/keep.sqlite"));
        let keep = Keep::open(&place).expect("open");
        assert_eq!(keep.unkept(), None);
        let level: i64 = keep.conn.pragma_query_value(None, "synchronous", |row| row.get(0)).expect("read");
        assert_eq!(level, 2);
        keep.save_draft(&DraftKey::Coql, "select", jiff::Timestamp::UNIX_EPOCH).expect("save");
        drop(keep);
        let drafts = Keep::open(&place).expect("again").drafts().expect("drafts");
        assert_eq!(drafts.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["select"]);
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_said() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keep.sqlite");
        std::fs::write(&path, "not a database, but long enough to be read as one".repeat(100))
            .expect("write");
        let keep = Keep::open(&Place::File(path)).expect("open");
        assert!(keep.unkept().is_some_and(|words| words.contains("damaged-")), "{:?}", keep.unkept());
        let names: Vec<String> = std::fs::read_dir(folder.path())
            .expect("read")
            .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert!(names.iter().any(|name| name.starts_with("keep.sqlite.damaged-")), "{names:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_leaves_a_keep_in_memory_that_says_so() {
        let keep = Keep::open(&Place::File("/proc/nowhere/keep.sqlite".into())).expect("open");
        assert!(keep.unkept().is_some_and(|words| words.contains("until you quit")), "{:?}", keep.unkept());
        keep.save_draft(&DraftKey::Coql, "select", jiff::Timestamp::UNIX_EPOCH).expect("save");
        assert_eq!(keep.drafts().expect("drafts").len(), 1);
    }

    #[test]
    fn one_program_sends_what_the_outbox_holds() {
        let folder = tempfile::tempdir().expect("folder");
        let place = Place::File(folder.path().join("keep.sqlite"));
        let (mut one, mut other) = (Keep::open(&place).expect("open"), Keep::open(&place).expect("open"));
        assert!(one.lease() && one.lease());
        assert!(!other.lease());
        drop(one);
        assert!(other.lease());
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keep.sqlite");
        drop(Keep::open(&Place::File(path.clone())).expect("open"));
        Connection::open(&path).expect("raw").pragma_update(None, "user_version", 99).expect("bump");
        let keep = Keep::open(&Place::File(path.clone())).expect("open");
        assert!(keep.unkept().is_some());
        drop(keep);
        let version: i64 = Connection::open(&path)
            .expect("raw")
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .expect("version");
        assert_eq!(version, 99);
    }
}
