//! The organisation behind the emulated service: its metadata, its people and its records.

mod draft;
mod extras;
pub mod filter;
pub mod id;
mod issue;
mod lines;
mod links;
pub mod metadata;
pub mod org;
pub mod people;
mod read;
mod remove;
mod seed;
mod storage;
mod tags;
mod value;
mod write;

use std::{fs, path::Path, sync::Arc};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use self::metadata::{Module, Nature};
pub use self::{
    draft::{MOST_TAGS, TAG_LENGTH},
    id::{Id, Prefix},
    issue::Issue,
    metadata::Metadata,
    people::User,
    read::{Fields, Reading, Record, Style},
    remove::Deleted,
    tags::Tag,
    write::Written,
};
use super::{Options, folder};
use crate::{domain::Schemas, tables};

/// The organisation: metadata, people and records.
#[derive(Debug)]
pub struct World {
    /// The database.
    pub conn: Connection,
    /// What the records follow.
    pub metadata: Arc<Metadata>,
    /// The modules as COQL knows them.
    pub schemas: Schemas,
    options: Options,
    start: Timestamp,
    users: Vec<User>,
    tags: Vec<Tag>,
    events: Vec<Event>,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    /// The user.
    pub user: Id,
    /// Unix seconds in the sandbox's time.
    pub now: i64,
    /// Seconds until the search index knows.
    pub lag: i64,
}

/// Something that happened to a record, for those who watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A record is new.
    Insert {
        /// API name of its module.
        module: &'static str,
        /// Its id.
        id: Id,
    },
    /// A record was changed.
    Edit {
        /// API name of its module.
        module: &'static str,
        /// Its id.
        id: Id,
        /// Fields with another value than before.
        fields: Vec<&'static str>,
    },
    /// A record is gone.
    Delete {
        /// API name of its module.
        module: &'static str,
        /// Its id.
        id: Id,
    },
}

/// Why a record was not written.
#[derive(Debug)]
pub enum Refused {
    /// It breaks rules.
    Issues(Vec<Issue>),
    /// SQLite did not take it.
    Sql(rusqlite::Error),
}

impl Refused {
    fn of(issue: Issue) -> Self {
        Self::Issues(vec![issue])
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
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
                Connection::open(folder::organisation(dir))?
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
        conn.set_prepared_statement_cache_capacity(256);
        let mut world = Self {
            schemas: storage::schemas(&metadata),
            metadata: Arc::new(metadata),
            options: options.clone(),
            start: now,
            users: Vec::new(),
            tags: Vec::new(),
            events: Vec::new(),
            conn,
        };
        world.settle(progress)?;
        Ok(world)
    }

    /// The seed of the organisation that a directory keeps.
    #[must_use]
    pub fn kept_seed(dir: &Path) -> Option<u64> {
        let conn = Connection::open_with_flags(folder::organisation(dir), OpenFlags::SQLITE_OPEN_READ_WRITE);
        fact(&conn.ok()?, "seed").ok().flatten().map(i64::cast_unsigned)
    }

    /// Takes the log of recent writes into the file, so that the file alone holds the organisation.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn fold(&self) -> Result<(), WorldError> {
        if self.options.dir.is_some() {
            self.conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Does several writes, all or none of them.
    ///
    /// # Errors
    /// Whatever `work` or SQLite refuses; then nothing has changed.
    pub fn write<T>(&mut self, work: impl FnOnce(&mut Self) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        if !self.conn.is_autocommit() {
            // A handler that panicked left its transaction behind.
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|done| {
            self.conn.execute_batch("COMMIT")?;
            Ok(done)
        });
        if done.is_err() {
            // A transaction that SQLite has ended by itself cannot be rolled back again.
            let _ = self.conn.execute_batch("ROLLBACK");
            self.users = User::all(&self.conn)?;
            self.tags = Tag::all(&self.conn)?;
            self.events.clear();
        }
        done
    }

    /// What happened since the last time this was asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The next id of the organisation.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn next_id(&self) -> rusqlite::Result<Id> {
        let sql = "UPDATE \"$facts\" SET value = value + 1 WHERE name = 'next' RETURNING value - 1";
        let counter = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(self.metadata.prefix.id(counter))
    }

    /// What a record is called.
    fn name(&self, module: &str, id: Id) -> rusqlite::Result<Option<String>> {
        let display = self.metadata.module(module).map_or("id", |module| module.display_field);
        let sql = format!("SELECT \"{display}\" FROM \"{module}\" WHERE \"$row\" = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0)).optional()?.flatten())
    }

    /// Name and address of a contact.
    fn contact(&self, id: Id) -> rusqlite::Result<Option<(String, Option<String>)>> {
        self.conn
            .prepare_cached("SELECT Full_Name, Email FROM Contacts WHERE \"$row\" = ?1")?
            .query_row([id], |row| Ok((row.get::<_, Option<String>>(0)?.unwrap_or_default(), row.get(1)?)))
            .optional()
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

    /// Puts the text of a module in reach of searches, unless it is.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn index(&self, module: &Module) -> rusqlite::Result<()> {
        let text = module.fields.iter().filter(|field| filter::is_text(field.kind) && field.api_name != "id");
        let columns: Vec<&str> = text.map(|field| field.api_name).collect();
        tables::ensure_search(&self.conn, &module.schema(), &columns).map_err(|error| match error {
            tables::Error::Sqlite(error) => error,
            _ => rusqlite::Error::InvalidQuery,
        })
    }

    /// Seeds the organisation anew, as it stood at the start.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn reset(&mut self) -> Result<(), WorldError> {
        storage::clear(&self.conn)?;
        storage::create(&self.conn, &self.metadata)?;
        self.settle(&|_, _| {})
    }

    /// Seeds what is empty, and reads what is held in memory.
    fn settle(&mut self, progress: &dyn Fn(u64, u64)) -> Result<(), WorldError> {
        let seed = self.options.seed.cast_signed();
        if let Some(other) = fact(&self.conn, "seed")?.filter(|known| *known != seed) {
            let other = other.cast_unsigned();
            return Err(WorldError(format!(
                "the directory keeps the organisation of seed {other}: start with that seed, or in another directory"
            )));
        }
        if fact(&self.conn, "next")?.is_none() {
            let all = self.conn.unchecked_transaction()?;
            let next = seed::fill(&self.conn, &self.metadata, &self.options, self.start, progress)?;
            storage::index(&self.conn, &self.metadata)?;
            set_fact(&self.conn, "next", next)?;
            set_fact(&self.conn, "seed", seed)?;
            set_fact(&self.conn, "start", self.start.as_second())?;
            all.commit()?;
            if self.options.deals > DEALS_IN_MEMORY {
                // Later this would make the first search wait.
                let metadata = Arc::clone(&self.metadata);
                let tabs = metadata.modules.iter().filter(|module| module.nature == Nature::Tab);
                tabs.into_iter().try_for_each(|module| self.index(module))?;
            }
        }
        if let Some(seconds) = fact(&self.conn, "start")? {
            // The time at which it was seeded is that of every later reset.
            self.start = Timestamp::from_second(seconds).unwrap_or(self.start);
        }
        self.users = User::all(&self.conn)?;
        self.tags = Tag::all(&self.conn)?;
        self.events.clear();
        Ok(())
    }

    /// Everything that the organisation holds: users, and records by module with every field.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn truth(&self) -> Result<serde_json::Value, WorldError> {
        let mut modules = serde_json::Map::new();
        for module in self.metadata.modules.iter().filter(|module| !module.is_closed()) {
            let fields: Vec<String> = module.fields.iter().map(|field| field.api_name.to_owned()).collect();
            let reading = Reading::new(self, module, Fields::Named(&fields), Style::Record);
            let records = reading.records("ORDER BY t.\"$row\"", &[])?;
            modules.insert(
                module.api_name.to_owned(),
                records.into_iter().map(serde_json::Value::Object).collect(),
            );
        }
        let users: Vec<_> = self
            .users
            .iter()
            .map(|user| serde_json::json!({ "id": user.id, "full_name": user.full_name(), "email": user.email }))
            .collect();
        Ok(serde_json::json!({ "users": users, "records": modules }))
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
