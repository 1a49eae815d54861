//! A cache of the org's records, read by every screen.
//!
//! Full records live in one table per module, made from the org's schemas by `tables`. Beside each stands a
//! **card**: the narrow row that lists are sorted by, counted over and drawn from, with what no field holds
//! (the place of a deal's stage on the board, since when it stands there, its next step). A card also shows
//! what the user changed and the server has not confirmed; the full record stays what the server said.

mod arrival;
mod board;
mod card;
mod catalog;
mod detail;
mod difference;
mod figures;
mod filter;
mod find;
mod group;
mod indexes;
mod ingest;
mod list;
mod neighbour;
mod outlook;
mod overlay;
mod pipelines;
mod query;
mod row;
mod schema;
mod texts;
mod timeline;
mod words;

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rusqlite::Connection;

pub use ingest::{Applied, Mark};
pub use neighbour::Elsewhere;
pub(in crate::store) use neighbour::version;

use self::{group::Group, list::Cache, overlay::Pending, texts::Texts, words::Words};
use super::{Place, StoreError};
use crate::domain::{Catalog, Schemas};

type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The open mirror.
#[derive(Debug)]
pub struct Mirror {
    conn: Connection,
    place: Place,
    unkept: Option<String>,
    mended: Option<String>,
    org: Option<Org>,
    words: Words,
    texts: Texts,
    pending: HashMap<i64, Pending>,
    /// What people and companies are called, as far as pages named them of late.
    names: HashMap<i64, Arc<str>>,
    /// Rises with every change; what was computed under an older one is stale.
    revision: u64,
    cache: Cache,
    group: Group,
    /// What the file's version was when its words were read.
    version: i64,
    /// Another program wrote, and nobody was told yet.
    missed: bool,
}

/// What the catalog says, ready for use.
#[derive(Debug)]
struct Org {
    catalog: Arc<Catalog>,
    schemas: Schemas,
    zone: TimeZone,
    me: i64,
}

/// The moment at which a screen is read: ages and due dates depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Now, by the server's clock.
    pub now: Timestamp,
    /// Today in the org's zone.
    pub today: Date,
}

impl Mirror {
    /// Opens the mirror at `place`. A damaged file is set aside under a dated name, one of another format is
    /// emptied: both are fetched again. Where no file can be, the mirror is in memory. [`Mirror::unkept`]
    /// and [`Mirror::mended`] say so.
    ///
    /// # Errors
    /// Only when SQLite cannot even open a database in memory.
    pub fn open(place: &Place) -> Result<Self> {
        let error = match schema::connect(place).and_then(|conn| Self::read(conn, place)) {
            Ok(mirror) => return Ok(mirror),
            Err(error) => error,
        };
        if let Some((mut mirror, aside)) = anew(place, &error) {
            let aside = aside.display();
            mirror.mended = Some(format!("the cache of records was damaged; it stands aside as {aside}"));
            return Ok(mirror);
        }
        if let Some(mut mirror) =
            schema::copy(place).and_then(|conn| Self::read(conn, &Place::Temporary).ok())
        {
            mirror.unkept = Some(format!("records that are fetched from now on are not kept: {error}"));
            return Ok(mirror);
        }
        let mut mirror = Self::read(schema::connect(&Place::Memory)?, &Place::Memory)?;
        mirror.unkept = Some(format!("records are fetched anew at every start: {error}"));
        Ok(mirror)
    }

    /// A mirror over an open file.
    fn read(conn: Connection, place: &Place) -> Result<Self> {
        let (words, texts, version) = (Words::load(&conn)?, Texts::load(&conn)?, version(&conn)?);
        let mut mirror = Self {
            conn,
            place: place.clone(),
            unkept: None,
            mended: None,
            org: None,
            words,
            texts,
            pending: HashMap::new(),
            names: HashMap::new(),
            revision: 0,
            cache: Cache::default(),
            group: Group::default(),
            version,
            missed: false,
        };
        mirror.load_catalog()?;
        Ok(mirror)
    }

    /// What is not kept on disk, and why, if so.
    #[must_use]
    pub fn unkept(&self) -> Option<&str> {
        self.unkept.as_deref()
    }

    /// What was found damaged when the file was opened, and where it stands, if so.
    #[must_use]
    pub fn mended(&self) -> Option<&str> {
        self.mended.as_deref()
    }

    /// Sets the file aside, which proved to be damaged, and begins anew with the org's metadata. Returns where it
    /// stands. What waits in the outbox is shown again by [`Mirror::show_pending`].
    ///
    /// # Errors
    /// When no new file can be made.
    pub fn rebuild(&mut self) -> Result<Option<PathBuf>> {
        let catalog = self.catalog();
        self.conn = schema::connect(&Place::Memory)?;
        let aside = self.place.set_aside()?;
        let place = self.place.clone();
        let mut new = Self::open(&place)?;
        new.unkept = self.unkept.take();
        *self = new;
        if let Some(catalog) = catalog {
            self.set_catalog((*catalog).clone(), Timestamp::UNIX_EPOCH)?;
        }
        Ok(aside)
    }

    /// The moment `now` in the org's zone.
    #[must_use]
    pub fn moment(&self, now: Timestamp) -> Moment {
        let zone = self.org.as_ref().map_or(TimeZone::UTC, |org| org.zone.clone());
        Moment { now, today: zone.to_datetime(now).date() }
    }

    fn org(&self) -> Result<&Org> {
        self.org.as_ref().ok_or_else(|| StoreError::Value("the org", "nothing is known of it yet".to_owned()))
    }
}

/// A new file in the place of a damaged one, and where that stands.
fn anew(place: &Place, error: &StoreError) -> Option<(Mirror, PathBuf)> {
    if !error.is_damage() {
        return None;
    }
    let aside = place.set_aside().ok()??;
    let conn = schema::connect(place).ok()?;
    Some((Mirror::read(conn, place).ok()?, aside))
}

#[cfg(test)]
pub(crate) use tests::catalog as example;
#[cfg(test)]
mod tests;
