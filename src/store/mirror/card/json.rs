//! Values out of record JSON, whatever shape they come in: an odd value is no value, never an error.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{domain::Module, tables::Record};

/// A record or user that a field points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    pub row: i64,
    pub name: Option<&'a str>,
    pub module: Option<Module>,
}

/// The text of a field; numbers and flags as they are spelled, empty for anything else.
pub(super) fn text<'a>(record: &'a Record, key: &str) -> Cow<'a, str> {
    match record.get(key) {
        Some(Value::String(text)) => text.into(),
        Some(Value::Number(number)) => number.to_string().into(),
        Some(Value::Bool(flag)) => flag.to_string().into(),
        _ => "".into(),
    }
}

/// A date field.
pub(super) fn date(record: &Record, key: &str) -> Option<Date> {
    record.get(key)?.as_str()?.parse().ok()
}

/// A time field, Unix milliseconds.
pub(super) fn instant(record: &Record, key: &str) -> Option<i64> {
    record.get(key)?.as_str()?.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// A number field, exact as it is spelled.
pub(super) fn decimal(record: &Record, key: &str) -> Option<Decimal> {
    match record.get(key)? {
        Value::Number(number) => exact(&number.to_string()),
        Value::String(text) => exact(text.trim()),
        _ => None,
    }
}

fn exact(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// What a lookup points to: `{"id", "name"}`, or the bare id.
pub(super) fn reference<'a>(record: &'a Record, key: &str) -> Option<Reference<'a>> {
    match record.get(key)? {
        Value::String(id) => Some(Reference { row: id.parse().ok()?, name: None, module: None }),
        Value::Object(object) => {
            let (mut row, mut name, mut full_name, mut module) = (None, None, None, None);
            // Going through the few keys there are is faster than looking four of them up.
            for (key, value) in object {
                match key.as_str() {
                    "id" => row = value.as_str(),
                    "name" => name = value.as_str().filter(|text| !text.is_empty()),
                    "full_name" => full_name = value.as_str().filter(|text| !text.is_empty()),
                    "module" => module = value.as_str().or_else(|| value.get("api_name")?.as_str()),
                    _ => {}
                }
            }
            Some(Reference {
                row: row?.parse().ok()?,
                name: name.or(full_name),
                module: module.and_then(module_called),
            })
        }
        _ => None,
    }
}

/// A module by its API name, or by the name that deals had before.
pub(super) fn module_called(name: &str) -> Option<Module> {
    if name == "Deals" { Some(Module::Pipelines) } else { name.parse().ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        Record::from_iter([("it".to_owned(), value)])
    }

    #[test]
    fn amounts_keep_their_digits_and_odd_ones_are_none() {
        let amount = |value| decimal(&record(value), "it");
        assert_eq!(amount(json!(18250.5)), Some(Decimal::new(182_505, 1)));
        assert_eq!(amount(json!("0.1")), Some(Decimal::new(1, 1)));
        assert_eq!(amount(json!(48000)), Some(Decimal::from(48_000)));
        for odd in [json!(1e308), json!("lots"), json!(null), json!([1]), json!("NaN")] {
            assert_eq!(amount(odd.clone()), None, "{odd}");
        }
    }

    #[test]
    fn lookups_are_read_in_every_shape() {
        let all = [
            json!("5210437000000398041"),
            json!({"id": "5210437000000398041"}),
            json!({"id": "5210437000000398041", "name": "Quayside", "module": {"api_name": "Pipelines"}}),
            json!({"id": "5210437000000398041", "name": "Quayside", "module": "Deals"}),
        ];
        for value in &all {
            let record = record(value.clone());
            assert_eq!(reference(&record, "it").expect("reference").row, 5_210_437_000_000_398_041);
        }
        let record = record(all[3].clone());
        let found = reference(&record, "it").expect("reference");
        assert_eq!((found.name, found.module), (Some("Quayside"), Some(Module::Pipelines)));
    }

    #[test]
    fn odd_values_are_no_values() {
        for value in [json!(null), json!(3), json!([]), json!({"name": "x"}), json!({"id": 7}), json!("x")] {
            let record = record(value.clone());
            assert_eq!(reference(&record, "it"), None, "{value}");
            assert_eq!(date(&record, "it"), None, "{value}");
            assert_eq!(instant(&record, "it"), None, "{value}");
        }
    }
}
