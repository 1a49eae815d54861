//! One value between the API's JSON and a column.

use jiff::{Timestamp, tz::TimeZone};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use serde_json::Value as Json;

use crate::domain::Shape;

/// The column form of `json`. What does not fit the shape is kept as text, never dropped: a table also
/// holds what a newer service sends.
pub(super) fn encode(shape: Shape, json: &Json) -> Value {
    match cell(shape, json) {
        ToSqlOutput::Borrowed(value) => value.try_into().unwrap_or(Value::Null),
        ToSqlOutput::Owned(value) => value,
        _ => Value::Null,
    }
}

/// The same, without a copy of texts that stay as they are.
pub(super) fn cell(shape: Shape, json: &Json) -> ToSqlOutput<'_> {
    let fitting = match (shape, json) {
        (_, Json::Null) => Some(Value::Null),
        (Shape::List, Json::Array(items)) if items.is_empty() => Some(Value::Null),
        (Shape::List | Shape::Opaque, json) => Some(Value::Text(json.to_string())),
        (Shape::Reference, Json::Object(object)) => {
            return object.get("id").map_or(ToSqlOutput::Owned(Value::Null), plain);
        }
        (Shape::Flag, Json::Bool(flag)) => Some(Value::Integer(i64::from(*flag))),
        (Shape::Flag, Json::String(text)) if text == "true" => Some(Value::Integer(1)),
        (Shape::Flag, Json::String(text)) if text == "false" => Some(Value::Integer(0)),
        (Shape::Instant, Json::String(text)) => {
            text.parse::<Timestamp>().ok().map(|at| Value::Integer(at.as_second()))
        }
        (Shape::Whole | Shape::Digits, Json::String(text)) => exact(text).map(Value::Integer),
        (Shape::Number, Json::String(text)) => text.parse().ok().map(Value::Real),
        (Shape::Whole | Shape::Digits, Json::Number(number)) => number.as_i64().map(Value::Integer),
        (Shape::Number, Json::Number(number)) => Some(number.as_f64().map_or(Value::Null, Value::Real)),
        _ => None,
    };
    fitting.map_or_else(|| plain(json), ToSqlOutput::Owned)
}

/// Whether two values are the same to a column of this shape, however each is spelled.
#[must_use]
pub fn same(shape: Shape, one: &Json, two: &Json) -> bool {
    encode(shape, one) == encode(shape, two)
}

/// The number that `text` spells, if it is spelled in no other way.
fn exact(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

fn plain(json: &Json) -> ToSqlOutput<'_> {
    match json {
        Json::Null => ToSqlOutput::Owned(Value::Null),
        Json::String(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        other => ToSqlOutput::Owned(Value::Text(other.to_string())),
    }
}

/// The JSON form of a column that is not a reference. Instants are written in the offset of `zone`.
pub(super) fn decode(shape: Shape, value: ValueRef<'_>, zone: &TimeZone) -> Json {
    match (shape, value) {
        (Shape::List, ValueRef::Null) => Json::Array(Vec::new()),
        (_, ValueRef::Null) => Json::Null,
        (Shape::Flag, ValueRef::Integer(flag)) => Json::Bool(flag != 0),
        (Shape::Instant, ValueRef::Integer(seconds)) => instant(seconds, zone),
        (Shape::Digits, ValueRef::Integer(number)) => Json::String(number.to_string()),
        (_, ValueRef::Integer(number)) => Json::from(number),
        (_, ValueRef::Real(number)) => real(number),
        (Shape::List | Shape::Opaque, ValueRef::Text(text)) => {
            serde_json::from_slice(text).unwrap_or_else(|_| string(text))
        }
        (_, ValueRef::Text(text) | ValueRef::Blob(text)) => string(text),
    }
}

pub(super) fn string(text: &[u8]) -> Json {
    Json::String(String::from_utf8_lossy(text).into_owned())
}

/// A whole amount is written without a fraction, as the service does.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn real(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Json::from(number as i64)
    } else {
        Json::from(number)
    }
}

fn instant(seconds: i64, zone: &TimeZone) -> Json {
    let Ok(at) = Timestamp::from_second(seconds) else { return Json::Null };
    let offset = zone.to_offset(at);
    let time = offset.to_datetime(at);
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    Json::String(format!("{time:.0}{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}
