//! Statements that are computed over the mirror.

use jiff::Timestamp;

use super::{Mirror, Result};
use crate::{
    coql::Local,
    domain::Module,
    store::{StoreError, Way},
    tables::{self, Sheet},
};

/// Modules whose records are all mirrored once a fill has ended.
const WHOLE: [Module; 6] =
    [Module::Pipelines, Module::Contacts, Module::Accounts, Module::Tasks, Module::Events, Module::Calls];

impl Mirror {
    /// Seconds since the server was last asked for what is new in `module`; none when the mirror does not
    /// have all of its records.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn age(&self, module: Module, now: Timestamp) -> Result<Option<u64>> {
        let synced = self.mark("synced")?.and_then(|at| at.parse::<Timestamp>().ok());
        let synced = synced.filter(|_| WHOLE.contains(&module));
        Ok(synced.map(|at| u64::try_from(now.as_second() - at.as_second()).unwrap_or(0)))
    }

    /// Computes the local part of a plan that runs on the mirror.
    ///
    /// # Errors
    /// When nothing is known of the org yet, or SQLite refuses.
    pub fn compute(&self, local: &Local) -> Result<Sheet> {
        let org = self.org()?;
        tables::compute(&self.conn, local, &org.zone).map_err(StoreError::from)
    }

    /// The same while the way is clear; none once it is not.
    ///
    /// # Errors
    /// As [`Self::compute`].
    pub fn look(&self, local: &Local, way: Way) -> Result<Option<Sheet>> {
        let org = self.org()?;
        match tables::compute_while(&self.conn, local, &org.zone, move || way.is_clear()) {
            Err(tables::Error::Stopped) => Ok(None),
            done => Ok(Some(done?)),
        }
    }
}
