//! The records of a bulk read.

use std::{collections::HashMap, io};

use serde_json::{Value as Json, json};

use super::{path::Path, people, query::Query};
use crate::{
    domain::USERS,
    sandbox::{
        Sandbox,
        world::{Fields, Id, Reading, Record, Style, World, filter::Clause},
    },
};

/// Records that are read in one go, after which others have their turn.
const CHUNK: usize = 500;

/// Where records come from.
#[derive(Debug)]
pub(super) struct Source<'a> {
    query: &'a Query<'a>,
    names: Vec<String>,
    clause: Clause,
}

impl<'a> Source<'a> {
    pub fn new(query: &'a Query<'a>, clause: Clause) -> Self {
        let mut names: Vec<String> = if query.calendar {
            query.module.fields.iter().map(|field| field.api_name.to_owned()).collect()
        } else {
            query.columns.iter().map(|path| path.field.to_owned()).collect()
        };
        names.dedup();
        Self { query, names, clause }
    }

    /// Hands up to `size` records to `take`, in the order of their ids, after passing over `skip`. Tells
    /// how many there were and whether there are more.
    pub fn page(
        &self,
        sandbox: &Sandbox,
        skip: usize,
        size: usize,
        take: &mut dyn FnMut(&Record) -> io::Result<()>,
    ) -> Result<(usize, bool), String> {
        let (mut count, mut last) = (0, None);
        loop {
            if sandbox.jobs.is_stopping() {
                return Err("the sandbox is stopping".to_owned());
            }
            let wanted = CHUNK.min(size + 1 - count);
            let skip = if last.is_none() { skip } else { 0 };
            let world = sandbox.world();
            let records = self.chunk(&world, last, skip, wanted).map_err(|error| error.to_string())?;
            drop(world);
            let ended = records.len() < wanted;
            last = records.last().and_then(|record| record["id"].as_str()).and_then(Id::parse).or(last);
            for record in &records {
                if count == size {
                    return Ok((count, true));
                }
                take(record).map_err(|error| error.to_string())?;
                count += 1;
            }
            if ended {
                return Ok((count, false));
            }
        }
    }

    fn chunk(
        &self,
        world: &World,
        last: Option<Id>,
        skip: usize,
        most: usize,
    ) -> rusqlite::Result<Vec<Record>> {
        let mut clause = self.clause.clone();
        clause.bind(" AND t.\"$row\" > ?", last.map_or(-1, Id::raw));
        clause.bind(" ORDER BY t.\"$row\" LIMIT ?", i64::try_from(most).unwrap_or(i64::MAX));
        clause.bind(" OFFSET ?", i64::try_from(skip).unwrap_or(i64::MAX));
        let style = if self.query.calendar { Style::Record } else { Style::Export };
        let reading = Reading::new(world, self.query.module, Fields::Named(&self.names), style);
        let mut records = reading.records(&format!("WHERE {}", clause.sql), &clause.params)?;
        let joined = self.query.columns.iter().filter_map(|path| Some((path, path.joined?)));
        for (path, (target, field)) in joined {
            self.join(world, &mut records, path, target, field)?;
        }
        Ok(records)
    }

    /// Adds a field of the records beyond a lookup.
    fn join(
        &self,
        world: &World,
        records: &mut [Record],
        path: &Path,
        target: &str,
        field: &str,
    ) -> rusqlite::Result<()> {
        let mut seen: HashMap<Id, Json> = HashMap::new();
        let names = [field.to_owned()];
        for record in records {
            let id = record.get(path.field).and_then(|named| named["id"].as_str()).and_then(Id::parse);
            let Some(id) = id else { continue };
            let value = match (seen.get(&id), world.metadata.module(target)) {
                (Some(value), _) => value.clone(),
                (None, _) if target == USERS => json!(world.user(id).map(|user| people::shown(user, field))),
                (None, None) => Json::Null,
                (None, Some(module)) => {
                    let reading = Reading::new(world, module, Fields::Named(&names), Style::Record);
                    let found = reading.get(id)?;
                    found.and_then(|found| found.get(field).cloned()).unwrap_or(Json::Null)
                }
            };
            record.insert(path.to_string(), value.clone());
            seen.insert(id, value);
        }
        Ok(())
    }
}
