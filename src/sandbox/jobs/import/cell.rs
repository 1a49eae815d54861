//! A row of a file as a record.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::strtime,
};
use serde_json::{Value as Json, json};

use super::mapping::Mapping;
use crate::sandbox::{
    clock,
    world::{Id, Record, World, metadata::Kind},
};

/// What is wrong with a row: a code and the field.
pub type Wrong = (String, String);

/// The record that a row stands for. Empty cells take the default, or else clear the field, unless
/// `ignore_empty` leaves it alone. The id is left out: it is only matched by.
///
/// # Errors
/// The fields whose cells cannot be read, or whatever SQLite refuses.
pub fn record(
    world: &World,
    mappings: &[Mapping<'_>],
    row: &[String],
    ignore_empty: bool,
) -> rusqlite::Result<Result<Record, Vec<Wrong>>> {
    let (mut record, mut wrong) = (Record::new(), Vec::new());
    for mapping in mappings.iter().filter(|mapping| mapping.field.api_name != "id") {
        let name = mapping.field.api_name;
        match (text(mapping, row), &mapping.default) {
            ("", Some(Json::String(default))) => match value(world, mapping, default)? {
                Some(value) => drop(record.insert(name.to_owned(), value)),
                None => wrong.push(("INVALID_DATA".to_owned(), name.to_owned())),
            },
            ("", Some(default)) => drop(record.insert(name.to_owned(), default.clone())),
            ("", None) if ignore_empty => {}
            ("", None) => drop(record.insert(name.to_owned(), Json::Null)),
            (text, _) => match value(world, mapping, text)? {
                Some(value) => drop(record.insert(name.to_owned(), value)),
                None => wrong.push(("INVALID_DATA".to_owned(), name.to_owned())),
            },
        }
    }
    Ok(if wrong.is_empty() { Ok(record) } else { Err(wrong) })
}

/// The cell of a mapping, without the spaces around it; empty when there is none.
#[must_use]
pub fn text<'r>(mapping: &Mapping<'_>, row: &'r [String]) -> &'r str {
    mapping.column.and_then(|column| row.get(column)).map_or("", |cell| cell.trim())
}

/// The value that a cell stands for. What is not read here is left to the rules that every write follows.
/// None when it cannot be a value.
fn value(world: &World, mapping: &Mapping<'_>, text: &str) -> rusqlite::Result<Option<Json>> {
    let format = mapping.format.as_deref();
    let list = |separators: &[char]| {
        let items = text.split(separators).map(str::trim).filter(|item| !item.is_empty());
        items.map(str::to_owned).collect::<Vec<_>>()
    };
    Ok(match mapping.field.kind {
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(json!(true)),
            "false" | "0" | "no" => Some(json!(false)),
            _ => None,
        },
        Kind::Integer => text.parse::<i64>().ok().map(|number| json!(number)),
        Kind::Double | Kind::Currency | Kind::Percent => {
            text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number))
        }
        Kind::Date => match format {
            Some(format) => Date::strptime(format, text).ok().map(|date| json!(date.to_string())),
            None => Some(json!(text)),
        },
        Kind::DateTime => instant(format, text).map(|at| json!(clock::iso(at))),
        Kind::MultiSelect => Some(json!(list(&[';']))),
        Kind::Tags => Some(list(&[';', ',']).into_iter().map(|name| json!({ "name": name })).collect()),
        Kind::Lookup(target) => reference(world, target, mapping.find_by.as_deref(), text)?,
        Kind::Owner | Kind::User => {
            let user = world.users().iter().find(|user| {
                user.id.to_string() == text
                    || user.email.eq_ignore_ascii_case(text)
                    || user.full_name() == text
            });
            user.map(|user| json!({ "id": user.id }))
        }
        Kind::Layout => {
            let layouts = world.metadata.module("Pipelines").map_or(&[][..], |module| &module.layouts);
            let layout = layouts
                .iter()
                .find(|layout| layout.id.to_string() == text || layout.name.eq_ignore_ascii_case(text));
            layout.map(|layout| json!({ "id": layout.id }))
        }
        _ => Some(json!(text)),
    })
}

/// A time with its offset, or one in the organisation's zone.
fn instant(format: Option<&str>, text: &str) -> Option<Timestamp> {
    let here = |time: DateTime| time.to_zoned_datetime(clock::zone()).ok().map(|time| time.timestamp());
    match format {
        Some(format) => {
            let parsed = strtime::parse(format, text).ok()?;
            parsed.to_timestamp().ok().or_else(|| here(parsed.to_datetime().ok()?))
        }
        None => text.parse().ok().or_else(|| here(text.parse().ok()?)),
    }
}

/// The record that a cell names: by `find_by`, else by its id or else by its name.
fn reference(
    world: &World,
    target: &str,
    find_by: Option<&str>,
    text: &str,
) -> rusqlite::Result<Option<Json>> {
    let Some(module) = world.metadata.module(target) else { return Ok(None) };
    let by_id = || Id::parse(text);
    let found = match find_by {
        Some("id") => by_id(),
        Some(name) => match module.field(name) {
            Some(field) => world.find(module, field.api_name, text)?,
            None => None,
        },
        None => match by_id() {
            Some(id) => Some(id),
            None => world.find(module, module.display_field, text)?,
        },
    };
    Ok(found.map(|id| json!({ "id": id })))
}
