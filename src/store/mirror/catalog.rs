//! What is known of the org, kept so that the next start does not wait for it.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use rusqlite::params;
use serde_json::json;

use super::{Mirror, Org, Result, card::Standing, schema::STATEMENTS};
use crate::{
    domain::{Catalog, LAYOUTS, Module, Schemas, USERS},
    store::StoreError,
    tables::{self, Record},
};

/// The mark under which the catalog stands.
pub(super) const KEY: &str = "catalog";

impl Mirror {
    /// The catalog as it was last read.
    #[must_use]
    pub fn catalog(&self) -> Option<Arc<Catalog>> {
        self.org.as_ref().map(|org| Arc::clone(&org.catalog))
    }

    /// Takes in the org's metadata: makes the tables that it asks for and puts every deal where its stage
    /// stands now. Says whether anything is new.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn set_catalog(&mut self, catalog: Catalog, now: Timestamp) -> Result<bool> {
        if self.org.as_ref().is_some_and(|org| *org.catalog == catalog) {
            return Ok(false);
        }
        let text =
            serde_json::to_string(&catalog).map_err(|error| StoreError::Value(KEY, error.to_string()))?;
        let org = Org::new(catalog);
        self.grouped(1, |mirror| {
            org.prepare(&mirror.conn)?;
            mirror.conn.execute(
                "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                params![KEY, text],
            )?;
            Ok(())
        })?;
        self.org = Some(org);
        self.names.clear();
        self.stand_anew(now)?;
        Ok(true)
    }

    pub(super) fn load_catalog(&mut self) -> Result<()> {
        let Some(text) = self.mark(KEY)? else { return Ok(()) };
        // A catalog of an older version is fetched again.
        let Ok(catalog) = serde_json::from_str(&text) else { return Ok(()) };
        // Its tables were made when it was taken in.
        self.org = Some(Org::new(catalog));
        Ok(())
    }

    /// Looks up every stage of every deal in the catalog again.
    fn stand_anew(&mut self, now: Timestamp) -> Result<()> {
        let words = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let kinds: Vec<(i64, i64, i64)> = self
            .conn
            .prepare("SELECT DISTINCT pipe, sub, stage FROM deal")?
            .query_map([], words)?
            .collect::<Result<_, _>>()?;
        self.transact(kinds.len(), now, |ink| {
            for (pipe, sub, stage) in kinds {
                let standing = Standing::of(ink.org, pipe, ink.words.text(sub), ink.words.text(stage));
                ink.conn.execute(
                    "UPDATE deal SET ord = ?4, probability = ?5, outcome = ?6
                     WHERE pipe = ?1 AND sub = ?2 AND stage = ?3",
                    params![pipe, sub, stage, standing.ord, standing.probability, standing.outcome as i64],
                )?;
            }
            Ok(())
        })
    }
}

impl Org {
    fn new(catalog: Catalog) -> Self {
        let zone = TimeZone::get(&catalog.org.time_zone).unwrap_or(TimeZone::UTC);
        let schemas: Schemas = catalog.schemas.iter().cloned().collect();
        let me = catalog.me.as_str().parse().unwrap_or(0);
        Self { catalog: Arc::new(catalog), schemas, zone, me }
    }

    /// Makes the tables of the modules and names the users and pipelines.
    fn prepare(&self, conn: &rusqlite::Connection) -> Result<()> {
        for schema in self.schemas.iter().filter(|schema| schema.module != Module::Notes.api_name()) {
            tables::migrate(conn, schema)?;
        }
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        let users =
            self.catalog.users.iter().map(|user| {
                record(json!({"id": user.id.as_str(), "full_name": user.name, "email": user.email}))
            });
        let layouts = self
            .catalog
            .pipelines
            .iter()
            .map(|pipeline| record(json!({"id": pipeline.id.as_str(), "name": pipeline.name})));
        for (module, records) in [(USERS, users.collect::<Vec<_>>()), (LAYOUTS, layouts.collect::<Vec<_>>())]
        {
            if let Some(schema) = self.schemas.get(module) {
                tables::upsert(conn, schema, &records)?;
            }
        }
        let mut name = conn.prepare_cached(
            "INSERT INTO known(row, name) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET name = ?2 WHERE name <> ?2",
        )?;
        for user in &self.catalog.users {
            if let Ok(row) = user.id.as_str().parse::<i64>() {
                name.execute(params![row, user.name])?;
            }
        }
        Ok(())
    }
}

fn record(value: serde_json::Value) -> Record {
    match value {
        serde_json::Value::Object(record) => record,
        _ => Record::new(),
    }
}
