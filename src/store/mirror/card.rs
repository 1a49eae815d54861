//! Cards: what lists know of a record.

mod activity;
mod company;
mod contact;
mod deal;
mod json;
mod note;

use std::{collections::HashMap, sync::Arc};

use rusqlite::{Connection, OptionalExtension as _, params};

pub(super) use activity::kind_of;
pub(super) use deal::{Standing, amount_of, closing_of};

use super::{Org, Result, overlay::Pending, texts::Texts, words::Words};
use crate::{
    domain::Module,
    tables::{Reader, Record},
};

/// What a module's number is in the columns that name modules.
pub(super) fn module_number(module: Module) -> i64 {
    module as i64
}

/// The module with this number.
pub(super) fn module_of(number: i64) -> Option<Module> {
    use strum::IntoEnumIterator as _;
    Module::iter().find(|module| module_number(*module) == number)
}

/// What writing a card takes.
pub(super) struct Ink<'a> {
    pub conn: &'a Connection,
    pub words: &'a mut Words,
    pub texts: &'a Texts,
    pub org: &'a Org,
    pub pending: &'a HashMap<i64, Pending>,
    /// Names that were told or asked for of late: pages name the same people and companies again
    /// and again.
    pub names: &'a mut HashMap<i64, Arc<str>>,
    /// Where the stages of this transaction stand.
    pub standings: HashMap<(i64, i64, i64), Standing>,
    /// Unix milliseconds.
    pub now: i64,
}

impl Ink<'_> {
    /// Writes the card of a record, where its module has cards.
    pub(super) fn put(&mut self, module: Module, row: i64, record: &Record) -> Result<()> {
        match module {
            Module::Pipelines => deal::put(self, row, record),
            Module::Contacts => contact::put(self, row, record),
            Module::Accounts => company::put(self, row, record),
            Module::Tasks | Module::Events | Module::Calls => activity::put(self, module, row, record),
            Module::Notes => note::put(self, row, record),
            Module::Products => Ok(()),
        }
    }

    /// The full record as the server last told it; none where it is not here.
    pub(super) fn record(&self, module: Module, row: i64) -> Result<Option<Record>> {
        let reader = Reader { conn: self.conn, schemas: &self.org.schemas, zone: &self.org.zone };
        Ok(reader.get(module.api_name(), &row.to_string())?)
    }

    /// Writes the card of a deal anew, after a pending change of it came or went.
    pub(super) fn put_deal(&mut self, row: i64, record: &Record) -> Result<()> {
        deal::put(self, row, record)
    }

    /// Removes the card of a record. Its name stays known, for what still points to it.
    pub(super) fn remove(&mut self, module: Module, row: i64) -> Result<bool> {
        let (table, text) = match module {
            Module::Pipelines => ("deal", Some("deal_text")),
            Module::Contacts => ("contact", Some("contact_text")),
            Module::Accounts => ("company", Some("company_text")),
            Module::Notes => ("note", Some("note_text")),
            Module::Tasks | Module::Events | Module::Calls => ("activity", None),
            Module::Products => return Ok(false),
        };
        let about: Option<i64> = match table {
            "activity" => self.value("SELECT about FROM activity WHERE row = ?1", row)?.flatten(),
            _ => None,
        };
        if let Some(text) = text {
            self.conn.prepare_cached(&format!("DELETE FROM {text} WHERE rowid = ?1"))?.execute([row])?;
        }
        let gone =
            self.conn.prepare_cached(&format!("DELETE FROM {table} WHERE row = ?1"))?.execute([row])?;
        if let Some(about) = about {
            super::outlook::refresh(self.conn, about, self.now)?;
        }
        Ok(gone > 0)
    }

    /// Remembers what a record is called, and that it was seen now.
    fn see(&mut self, row: i64, name: &str) -> Result<()> {
        if let Some(known) = self.names.get_mut(&row).filter(|known| ***known != *name) {
            *known = name.into();
        }
        self.conn
            .prepare_cached(
                "INSERT INTO known(row, name, pulled) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET name = ?2, pulled = ?3",
            )?
            .execute(params![row, name, self.now])?;
        Ok(())
    }

    /// The same of a contact or company: what points to it is found by a new name as well.
    fn see_pointed(&mut self, row: i64, name: &str) -> Result<()> {
        let is_new = *self.name(Some(row))? != *name;
        self.see(row, name)?;
        if is_new { self.renamed(row, name) } else { Ok(()) }
    }

    /// Remembers what a record or user is called by one that points to it.
    fn call(&mut self, row: i64, name: &str) -> Result<()> {
        if *self.name(Some(row))? == *name {
            return Ok(());
        }
        self.conn
            .prepare_cached(
                "INSERT INTO known(row, name) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET name = ?2",
            )?
            .execute(params![row, name])?;
        self.renamed(row, name)
    }

    /// Brings a new name into the text that deals and contacts are found by.
    fn renamed(&mut self, row: i64, name: &str) -> Result<()> {
        self.names.insert(row, name.into());
        deal::renamed(self, row)?;
        contact::renamed(self, row)
    }

    /// What a record or user is called; empty where nobody said.
    fn name(&mut self, row: Option<i64>) -> Result<Arc<str>> {
        let Some(row) = row else { return Ok("".into()) };
        if let Some(name) = self.names.get(&row) {
            return Ok(Arc::clone(name));
        }
        let known: Option<String> = self.value("SELECT name FROM known WHERE row = ?1", row)?;
        let name: Arc<str> = known.unwrap_or_default().into();
        self.names.insert(row, Arc::clone(&name));
        Ok(name)
    }

    fn value<T: rusqlite::types::FromSql>(&self, sql: &str, row: i64) -> Result<Option<T>> {
        Ok(self.conn.prepare_cached(sql)?.query_row([row], |found| found.get(0)).optional()?)
    }

    /// Makes `hay` the text that the record is found by in `table`, unless it is already or
    /// the index has yet to come to the row.
    fn index(&self, table: &str, row: i64, old: Option<&str>, hay: &str) -> Result<()> {
        if old == Some(hay) || !self.texts.covers(table, row) {
            return Ok(());
        }
        if old.is_some() {
            self.conn.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?.execute([row])?;
        }
        self.conn
            .prepare_cached(&format!("INSERT INTO {table}(rowid, hay) VALUES (?1, ?2)"))?
            .execute(params![row, indexed(hay)])?;
        Ok(())
    }
}

/// How a name sorts: without case, and without what stands before its first word.
fn sort_name(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut lower = name.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if let Some((end, _)) = lower.char_indices().nth(LONGEST) {
        lower.truncate(end);
    }
    if lower.is_empty() { char::MAX.to_string() } else { lower }
}

/// The text as it is indexed: before every word stands a space or a line's end, before the first one as well, so that
/// beginnings can be looked for.
pub(super) fn indexed(hay: &str) -> String {
    format!("\n{hay}")
}

/// The text that a record is found by: its parts without case, each on its own line.
pub(super) fn hay(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("\n").to_lowercase()
}
