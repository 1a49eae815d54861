//! Changes in words: labels for fields, and values as the detail shows them.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value as Json;

use super::value;
use crate::{
    domain::{FieldChange, Link, Module, SafeText},
    store::{
        keep::Change,
        mirror::{Mirror, Org, Result},
    },
};

/// Characters of a value that a line of history shows.
const LONGEST: usize = 120;

impl Mirror {
    /// A line of the journal as people read it. Fields that the org no longer has keep their API names.
    #[must_use]
    pub fn in_words(&self, change: &Change) -> FieldChange {
        let Change { record, field, before, after, at, person, here } = change;
        let org = self.org.as_ref();
        let schema = org.and_then(|org| org.schemas.get(record.module.api_name()));
        let label = schema.and_then(|schema| schema.field(field)).map_or(field, |field| &field.label);
        let words = |value| org.map_or_else(SafeText::default, |org| words(org, record.module, field, value));
        FieldChange {
            at: *at,
            by: SafeText::new(person.as_deref().unwrap_or("you")),
            here: *here,
            label: SafeText::new(label),
            before: words(before),
            after: words(after),
            stood: None,
        }
    }
}

impl Mirror {
    /// A moment in the org's zone, in words.
    #[must_use]
    pub fn when(&self, at: Timestamp) -> String {
        let zone = self.org.as_ref().map_or(TimeZone::UTC, |org| org.zone.clone());
        zone.to_datetime(at).strftime("%-d %b %H:%M").to_string()
    }

    /// When the server last changed a record, as far as is known here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn modified(&self, record: &Link) -> Result<Option<Timestamp>> {
        let told = self.told(record)?;
        Ok(told.and_then(|told| told.get("Modified_Time")?.as_str()?.parse().ok()))
    }
}

/// A value on one line.
fn words(org: &Org, module: Module, name: &str, value: &Json) -> SafeText {
    if let (Module::Pipelines, "Stage", Some(stage)) = (module, name, value.as_str()) {
        let mut stages =
            org.catalog.pipelines.iter().flat_map(|it| &it.sub_pipelines).flat_map(|it| &it.stages);
        return SafeText::new(stages.find(|it| it.value == stage).map_or(stage, |it| &it.label));
    }
    let schema = org.schemas.get(module.api_name());
    let Some(field) = schema.and_then(|schema| schema.field(name)) else {
        return SafeText::new(&value.to_string());
    };
    let lines: Vec<String> = value::lines(org, field, value).iter().map(ToString::to_string).collect();
    let text = lines.join(" ");
    match text.char_indices().nth(LONGEST) {
        None => SafeText::new(&text),
        Some((end, _)) => SafeText::new(&format!("{}…", &text[..end])),
    }
}
