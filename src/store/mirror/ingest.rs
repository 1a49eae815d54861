//! Records from the server into the mirror.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

use super::{Mirror, Result, card::Ink};
use crate::{
    domain::{ActivityKind, Module, RecordId, Schema},
    store::StoreError,
    tables::{self, Record},
};

/// Names that are kept in memory: some megabytes.
const NAMES: usize = 50_000;

/// What became of a page of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Records that are in the mirror now.
    pub records: usize,
    /// Records that were passed over because their id is none.
    pub odd: usize,
}

/// How far a walk over a module has come: a key and a value, written in the same transaction as the records.
pub type Mark<'a> = (&'a str, &'a str);

impl Mirror {
    /// Takes in a page of records, all or none, and how far the walk has come with it. The records have
    /// every field that cards are made of.
    ///
    /// # Errors
    /// When the catalog is not known yet or SQLite refuses; the mirror is then as before.
    pub fn apply(
        &mut self,
        module: Module,
        records: &[Record],
        mark: Option<Mark<'_>>,
        now: Timestamp,
    ) -> Result<Applied> {
        self.transact(records.len(), now, |ink| {
            let mut rows: Vec<(i64, &Record)> =
                records.iter().filter_map(|record| Some((row_of(record)?, record))).collect();
            let odd = records.len() - rows.len();
            // Trees grow fastest in the order of their keys, and a text index that gets rows out of their order is
            // written out at every step back.
            rows.sort_by_key(|(row, _)| *row);
            if let Some(schema) = ink.table(module) {
                let sound: Vec<&Record> = rows.iter().map(|(_, record)| *record).collect();
                tables::upsert(ink.conn, schema, &sound)?;
            }
            for (row, record) in &rows {
                ink.put(module, *row, record)?;
            }
            ink.mark(mark)?;
            Ok(Applied { records: rows.len(), odd })
        })
    }

    /// Takes in some fields of a record that is here, such as those that the server confirmed.
    ///
    /// # Errors
    /// As [`Mirror::apply`].
    pub fn amend(&mut self, module: Module, id: &str, fields: &Record, now: Timestamp) -> Result<()> {
        self.transact(1, now, |ink| {
            let (Some(schema), Ok(row)) = (ink.table(module), id.parse()) else { return Ok(()) };
            tables::update_fields(ink.conn, schema, id, fields)?;
            match ink.record(module, row)? {
                Some(record) => ink.put(module, row, &record),
                None => Ok(()),
            }
        })
    }

    /// Forgets records that are gone, and the notes on them; says how many were here.
    ///
    /// # Errors
    /// As [`Mirror::apply`].
    pub fn forget(
        &mut self,
        module: Module,
        ids: &[String],
        mark: Option<Mark<'_>>,
        now: Timestamp,
    ) -> Result<usize> {
        self.transact(ids.len(), now, |ink| {
            let mut gone = 0;
            for row in ids.iter().filter_map(|id| id.parse::<i64>().ok()) {
                if let Some(schema) = ink.table(module) {
                    tables::delete(ink.conn, schema, &[row.to_string()])?;
                }
                gone += usize::from(ink.remove(module, row)?);
                for note in ink.notes_of(row)? {
                    ink.remove(Module::Notes, note)?;
                }
            }
            ink.mark(mark)?;
            Ok(gone)
        })
    }

    /// Takes in the notes of one record; where they are all there are, others of it are forgotten.
    ///
    /// # Errors
    /// As [`Mirror::apply`].
    pub fn apply_notes_of(
        &mut self,
        parent: &RecordId,
        notes: &[Record],
        all: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.transact(notes.len(), now, |ink| {
            let seen: Vec<i64> = notes.iter().filter_map(row_of).collect();
            for (row, note) in notes.iter().filter_map(|note| Some((row_of(note)?, note))) {
                ink.put(Module::Notes, row, note)?;
            }
            let Some(parent) = parent.as_str().parse::<i64>().ok().filter(|_| all) else { return Ok(()) };
            for row in ink.notes_of(parent)?.into_iter().filter(|row| !seen.contains(row)) {
                ink.remove(Module::Notes, row)?;
            }
            Ok(())
        })
    }

    /// Forgets the records of `modules` that the server was last asked for before `begun`: whoever walked all
    /// of them since then would have seen them.
    ///
    /// # Errors
    /// As [`Mirror::apply`].
    pub fn sweep(&mut self, modules: &[Module], begun: Timestamp, now: Timestamp) -> Result<usize> {
        let mut gone = 0;
        for module in modules {
            let Some((table, condition)) = cards(*module) else { continue };
            let sql = format!(
                "SELECT row FROM {table} JOIN known USING (row) WHERE {condition} AND known.pulled < ?1"
            );
            let rows: Vec<i64> = {
                let mut select = self.conn.prepare(&sql)?;
                let rows = select.query_map([begun.as_millisecond()], |row| row.get(0))?;
                rows.collect::<Result<_, _>>()?
            };
            let ids: Vec<String> = rows.iter().map(i64::to_string).collect();
            gone += self.forget(*module, &ids, None, now)?;
        }
        Ok(gone)
    }

    /// Something that a walk or a session wrote down.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn mark(&self, key: &str) -> Result<Option<String>> {
        use rusqlite::OptionalExtension as _;
        let mut select = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Writes something down by itself.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn set_mark(&mut self, (key, value): Mark<'_>) -> Result<()> {
        set_mark(&self.conn, (key, value))
    }

    /// Does `work`, which writes about so many records, in the transaction of its group.
    pub(super) fn transact<T>(
        &mut self,
        records: usize,
        now: Timestamp,
        work: impl FnOnce(&mut Ink<'_>) -> Result<T>,
    ) -> Result<T> {
        self.grouped(records, |mirror| {
            if mirror.names.len() > NAMES {
                mirror.names.clear();
            }
            let unknown = || StoreError::Value("the org", "nothing is known of it yet".to_owned());
            let mut ink = Ink {
                conn: &mirror.conn,
                words: &mut mirror.words,
                texts: &mirror.texts,
                org: mirror.org.as_ref().ok_or_else(unknown)?,
                pending: &mirror.pending,
                names: &mut mirror.names,
                standings: HashMap::new(),
                now: now.as_millisecond(),
            };
            work(&mut ink)
        })
    }
}

impl<'a> Ink<'a> {
    /// The schema of a module that has a table of full records.
    fn table(&self, module: Module) -> Option<&'a Schema> {
        self.org.schemas.get(module.api_name()).filter(|_| module != Module::Notes)
    }

    /// Notes on a record that the server told of.
    fn notes_of(&self, parent: i64) -> Result<Vec<i64>> {
        let mut select =
            self.conn.prepare_cached("SELECT row FROM note WHERE parent = ?1 AND NOT pending")?;
        let rows = select.query_map([parent], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn mark(&self, mark: Option<Mark<'_>>) -> Result<()> {
        mark.map_or(Ok(()), |mark| set_mark(self.conn, mark))
    }
}

pub(super) fn set_mark(conn: &rusqlite::Connection, (key, value): Mark<'_>) -> Result<()> {
    conn.prepare_cached("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")?
        .execute(params![key, value])?;
    Ok(())
}

/// The cards of a module: their table, and which of its rows.
fn cards(module: Module) -> Option<(&'static str, String)> {
    let (table, condition) = match module {
        Module::Pipelines => ("deal", "1".to_owned()),
        Module::Contacts => ("contact", "1".to_owned()),
        Module::Accounts => ("company", "1".to_owned()),
        Module::Notes => ("note", "NOT note.pending".to_owned()),
        Module::Tasks | Module::Events | Module::Calls => {
            let kind = match module {
                Module::Tasks => ActivityKind::Task,
                Module::Events => ActivityKind::Event,
                _ => ActivityKind::Call,
            };
            ("activity", format!("kind = {}", kind as i64))
        }
        Module::Products => return None,
    };
    Some((table, condition))
}

fn row_of(record: &Record) -> Option<i64> {
    record.get("id")?.as_str()?.parse().ok()
}
