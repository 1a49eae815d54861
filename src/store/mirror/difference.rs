//! What a page of records changes, field by field, before the mirror takes it in.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Mirror, Result, detail::SYSTEM};
use crate::{
    domain::{Link, Module, RecordId, SafeText, Schema},
    store::keep::Change,
    tables::{self, Reader, Record},
};

impl Mirror {
    /// Fields of `records` whose value differs from the one that is here. A record that is not here yet has
    /// none, nor has one that is older than what is here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn differences(&self, module: Module, records: &[Record], now: Timestamp) -> Result<Vec<Change>> {
        let org = self.org()?;
        let mut changes = Vec::new();
        let Some(schema) = org.schemas.get(module.api_name()).filter(|_| module != Module::Notes) else {
            return Ok(changes);
        };
        let reader = Reader { conn: &self.conn, schemas: &org.schemas, zone: &org.zone };
        for record in records {
            let Some(id) = record.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok()) else {
                continue;
            };
            let Some(old) = self.known(&reader, module, &id)? else { continue };
            let (before, at) = (moment(&old), moment(record));
            if at.is_some() && at < before {
                continue;
            }
            // Times are whole seconds. What was empty in a record of the same second was not asked for.
            let same_second = at.is_some() && at == before;
            let link = Link { module, name: name(schema, record, &id), id };
            let person = person(record, org.me);
            for (field, before, after) in changed(schema, &old, record) {
                if same_second && is_empty(&before) {
                    continue;
                }
                let (record, person) = (link.clone(), person.clone());
                changes.push(Change {
                    record,
                    field,
                    before,
                    after,
                    at: at.unwrap_or(now),
                    person,
                    here: false,
                });
            }
        }
        Ok(changes)
    }

    /// Whether a record that is here changed later than the one given.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn knows_newer(&self, module: Module, record: &Record) -> Result<bool> {
        let org = self.org()?;
        let id = record.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok());
        let (Some(id), Some(at)) = (id, moment(record)) else { return Ok(false) };
        if module == Module::Notes || org.schemas.get(module.api_name()).is_none() {
            return Ok(false);
        }
        let reader = Reader { conn: &self.conn, schemas: &org.schemas, zone: &org.zone };
        let here = self.known(&reader, module, &id)?;
        Ok(here.and_then(|here| moment(&here)).is_some_and(|here| here > at))
    }

    /// A record as it is here.
    fn known(&self, reader: &Reader<'_>, module: Module, id: &RecordId) -> Result<Option<Record>> {
        if id.as_str().parse::<i64>().is_err() {
            return Ok(None);
        }
        Ok(reader.get(module.api_name(), id.as_str())?)
    }
}

/// What the service computes from other fields of a deal: that those changed says it all.
const DERIVED: [&str; 2] = ["Expected_Revenue", "Probability"];

/// Fields that both have and that differ, those that the service writes by itself aside.
fn changed(schema: &Schema, old: &Record, new: &Record) -> Vec<(String, Json, Json)> {
    let by_itself = |name: &str| SYSTEM.contains(&name) || DERIVED.contains(&name);
    let own = schema.fields.iter().filter(|field| !by_itself(&field.api_name));
    let both = own.filter_map(|field| Some((field, old.get(&field.api_name)?, new.get(&field.api_name)?)));
    both.filter(|(field, old, new)| !tables::same(field.shape(), old, new))
        .map(|(field, old, new)| (field.api_name.clone(), old.clone(), new.clone()))
        .collect()
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn moment(record: &Record) -> Option<Timestamp> {
    record.get("Modified_Time")?.as_str()?.parse().ok()
}

fn name(schema: &Schema, record: &Record, id: &RecordId) -> SafeText {
    let name = record.get(schema.name_field()).and_then(Json::as_str);
    SafeText::new(name.unwrap_or(id.as_str()))
}

/// Who changed a record last: none for the user who signed in, empty where nobody says.
fn person(record: &Record, me: i64) -> Option<String> {
    let by = record.get("Modified_By");
    let text = |key| by.and_then(|by| by.get(key)).and_then(Json::as_str);
    let is_me = text("id").and_then(|id| id.parse().ok()) == Some(me);
    if is_me { None } else { Some(text("name").unwrap_or_default().to_owned()) }
}
