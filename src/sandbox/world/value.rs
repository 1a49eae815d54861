//! Single values between columns and JSON.

use jiff::{Timestamp, civil::Date};
use rusqlite::types::{Value as Column, ValueRef};
use serde_json::{Map, Value, json};

use super::{Id, metadata::Kind};
use crate::sandbox::clock;

/// The JSON form of a column that needs nothing else to be read.
pub(super) fn decode(kind: Kind, column: ValueRef<'_>) -> Value {
    match (kind, column) {
        (Kind::MultiSelect | Kind::FileUpload | Kind::Reminders, column) => list(column),
        (_, ValueRef::Null) => Value::Null,
        (Kind::Boolean, ValueRef::Integer(flag)) => Value::Bool(flag != 0),
        (Kind::DateTime, ValueRef::Integer(seconds)) => instant(seconds),
        (Kind::BigInt, ValueRef::Integer(number)) => Value::String(number.to_string()),
        (Kind::Alarm | Kind::Recurrence | Kind::Formula, ValueRef::Text(text)) => {
            serde_json::from_slice(text).unwrap_or(Value::Null)
        }
        (_, ValueRef::Integer(number)) => Value::from(number),
        (_, ValueRef::Real(number)) => self::number(number),
        (_, ValueRef::Text(text) | ValueRef::Blob(text)) => {
            Value::String(String::from_utf8_lossy(text).into_owned())
        }
    }
}

/// A number without a fraction is written without one.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(super) fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number.fract() == 0.0 && number.abs() < EXACT;
    if whole { Value::from(number as i64) } else { Value::from(number) }
}

/// An instant in the organisation's offset.
pub(super) fn instant(seconds: i64) -> Value {
    Timestamp::from_second(seconds).map_or(Value::Null, |at| Value::String(clock::iso(at)))
}

/// The array in a column; an empty column is an empty array.
pub(super) fn list(column: ValueRef<'_>) -> Value {
    match column {
        ValueRef::Text(text) => serde_json::from_slice(text).unwrap_or_else(|_| json!([])),
        _ => json!([]),
    }
}

/// The id in a column.
pub(super) fn id(column: ValueRef<'_>) -> Option<Id> {
    match column {
        ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(Id::parse),
        ValueRef::Integer(raw) => Some(Id::from_raw(raw)),
        _ => None,
    }
}

/// The ids in the array of a column.
pub(super) fn ids(column: ValueRef<'_>) -> Vec<Id> {
    let Value::Array(all) = list(column) else { return Vec::new() };
    all.iter().filter_map(Value::as_str).filter_map(Id::parse).collect()
}

/// `{"name", "id"}` of two columns.
pub(super) fn reference(id: ValueRef<'_>, name: ValueRef<'_>) -> Value {
    let Some(id) = self::id(id) else { return Value::Null };
    let mut object = Map::with_capacity(3);
    object.insert("name".to_owned(), decode(Kind::Text, name));
    object.insert("id".to_owned(), json!(id));
    Value::Object(object)
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not what the field takes; the word of the service for that.
    Type(&'static str),
    /// It is longer than this.
    Long(u32),
}

/// The column form of a value that needs nothing else to be judged. An empty text is no value.
pub(super) fn encode(kind: Kind, length: u32, value: &Value) -> Result<Column, Flaw> {
    let wrong = || Flaw::Type(expected(kind));
    let fits = |text: &str, length: u32| -> Result<(), Flaw> {
        let long = text.len() > length as usize && text.chars().count() > length as usize;
        if long { Err(Flaw::Long(length)) } else { Ok(()) }
    };
    if value.is_null() || value.as_str() == Some("") {
        return Ok(Column::Null);
    }
    Ok(match kind {
        Kind::Boolean => Column::Integer(i64::from(value.as_bool().ok_or_else(wrong)?)),
        Kind::Integer => {
            let number = value.as_i64().ok_or_else(wrong)?;
            fits(&number.unsigned_abs().to_string(), length)?;
            Column::Integer(number)
        }
        Kind::BigInt => {
            let number = match value {
                Value::String(text) => text.parse().map_err(|_| wrong())?,
                other => other.as_i64().ok_or_else(wrong)?,
            };
            fits(&number.unsigned_abs().to_string(), length)?;
            Column::Integer(number)
        }
        Kind::Double | Kind::Currency | Kind::Percent => {
            let number = value.as_f64().filter(|number| number.is_finite()).ok_or_else(wrong)?;
            // The point does not count as a digit.
            let digits = number.abs().trunc().to_string();
            fits(&digits, length)?;
            Column::Real(number)
        }
        Kind::Date => {
            let text = value.as_str().ok_or_else(wrong)?;
            let date: Date = text.parse().ok().filter(|_| text.len() == 10).ok_or_else(wrong)?;
            Column::Text(date.to_string())
        }
        Kind::DateTime => {
            let text = value.as_str().ok_or_else(wrong)?;
            Column::Integer(text.parse::<Timestamp>().map_err(|_| wrong())?.as_second())
        }
        Kind::MultiSelect => {
            let all = value.as_array().ok_or_else(wrong)?;
            if all.iter().any(|one| !one.is_string()) {
                return Err(wrong());
            }
            if all.is_empty() { Column::Null } else { Column::Text(value.to_string()) }
        }
        Kind::FileUpload | Kind::Reminders | Kind::Participants => {
            let all = value.as_array().ok_or_else(wrong)?;
            if all.iter().any(|one| !one.is_object()) {
                return Err(wrong());
            }
            if all.is_empty() { Column::Null } else { Column::Text(value.to_string()) }
        }
        Kind::Alarm | Kind::Recurrence => {
            let key = if kind == Kind::Alarm { "ALARM" } else { "RRULE" };
            let rule = value.get(key).and_then(Value::as_str).ok_or_else(wrong)?;
            let begins = if kind == Kind::Alarm { "ACTION=" } else { "FREQ=" };
            if !rule.starts_with(begins) {
                return Err(wrong());
            }
            Column::Text(value.to_string())
        }
        _ => {
            let text = value.as_str().ok_or_else(wrong)?;
            fits(text, length)?;
            if kind == Kind::Email && !is_address(text) {
                return Err(wrong());
            }
            if kind == Kind::PickList && text == "-None-" {
                Column::Null
            } else {
                Column::Text(text.to_owned())
            }
        }
    })
}

/// The service's word for what a kind of field takes.
pub(super) const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::MultiSelect
        | Kind::FileUpload
        | Kind::Reminders
        | Kind::Participants
        | Kind::Tags
        | Kind::LineItems
        | Kind::MultiLookup(_) => "jsonarray",
        Kind::Lookup(_)
        | Kind::Related
        | Kind::Owner
        | Kind::User
        | Kind::Layout
        | Kind::Alarm
        | Kind::Recurrence => "jsonobject",
        other => other.data_type(),
    }
}

fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | ',' | ';');
    !name.is_empty()
        && host.split('.').count() > 1
        && host.split('.').all(|part| !part.is_empty())
        && text.split('@').count() == 2
        && name.chars().chain(host.chars()).all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(kind: Kind, length: u32, value: Value) -> Option<Flaw> {
        encode(kind, length, &value).err()
    }

    #[test]
    fn values_of_another_type_and_values_too_long_are_refused() {
        assert_eq!(flaw(Kind::Text, 5, json!(5)), Some(Flaw::Type("text")));
        assert_eq!(flaw(Kind::Text, 5, json!("sixsix")), Some(Flaw::Long(5)));
        assert_eq!(flaw(Kind::Text, 5, json!("ééééé")), None);
        assert_eq!(flaw(Kind::Integer, 9, json!(1.5)), Some(Flaw::Type("integer")));
        assert_eq!(flaw(Kind::Integer, 9, json!(1_234_567_890)), Some(Flaw::Long(9)));
        assert_eq!(flaw(Kind::Currency, 16, json!("100")), Some(Flaw::Type("currency")));
        assert_eq!(flaw(Kind::Date, 20, json!("2026-02-30")), Some(Flaw::Type("date")));
        assert_eq!(flaw(Kind::Date, 20, json!("2026-02-28T00:00:00")), Some(Flaw::Type("date")));
        assert_eq!(flaw(Kind::DateTime, 20, json!("2026-02-28 00:00")), Some(Flaw::Type("datetime")));
        assert_eq!(flaw(Kind::Boolean, 5, json!("true")), Some(Flaw::Type("boolean")));
        assert_eq!(flaw(Kind::MultiSelect, 99, json!("a")), Some(Flaw::Type("jsonarray")));
        for address in ["a", "a@b", "a b@c.de", "a@b.c@d.e", "@b.c", "a@b..c"] {
            assert_eq!(flaw(Kind::Email, 100, json!(address)), Some(Flaw::Type("email")), "{address}");
        }
        assert_eq!(flaw(Kind::Email, 100, json!("n.okafor@quayside.example")), None);
    }

    #[test]
    fn instants_are_kept_whatever_their_offset() {
        let kept = |text: &str| encode(Kind::DateTime, 0, &json!(text)).expect(text);
        assert_eq!(kept("2026-03-02T09:00:00+01:00"), kept("2026-03-02T08:00:00Z"));
    }

    #[test]
    fn whole_amounts_have_no_fraction() {
        assert_eq!(number(5000.0).to_string(), "5000");
        assert_eq!(number(18250.5).to_string(), "18250.5");
    }
}
