//! One condition of the criteria of a bulk read: what it compares, and whether a value passes.

use std::{cmp::Ordering, str::FromStr};

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::FieldKind;

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Comparator {
    /// The same value.
    Equal,
    /// Another value.
    NotEqual,
    /// One of several.
    In,
    /// None of several.
    NotIn,
    /// The text stands in the value.
    Contains,
    /// It does not.
    NotContains,
    /// The value begins with the text.
    StartsWith,
    /// The value ends with the text.
    EndsWith,
    /// Smaller, or earlier.
    LessThan,
    /// Smaller or the same.
    LessEqual,
    /// Larger, or later.
    GreaterThan,
    /// Larger or the same.
    GreaterEqual,
    /// From one value to another, both included.
    Between,
    /// Outside of that.
    NotBetween,
}

use Comparator as C;

const EQUALITY: &[C] = &[C::Equal, C::NotEqual, C::In, C::NotIn];
const ORDER: &[C] =
    &[C::Equal, C::NotEqual, C::In, C::NotIn, C::LessThan, C::LessEqual, C::GreaterThan, C::GreaterEqual];
const DATES: &[C] = &[
    C::Equal,
    C::NotEqual,
    C::In,
    C::NotIn,
    C::LessThan,
    C::LessEqual,
    C::GreaterThan,
    C::GreaterEqual,
    C::Between,
    C::NotBetween,
];
const TEXT: &[C] =
    &[C::Equal, C::NotEqual, C::In, C::NotIn, C::Contains, C::NotContains, C::StartsWith, C::EndsWith];

impl Comparator {
    /// What fields of a kind can be compared by; nothing when they cannot stand in criteria.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
    #[must_use]
    pub const fn of(kind: FieldKind) -> &'static [Self] {
        match kind {
            FieldKind::Text
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Website
            | FieldKind::PickList
            | FieldKind::AutoNumber
            | FieldKind::MultiSelectPickList => TEXT,
            FieldKind::Integer
            | FieldKind::BigInt
            | FieldKind::Double
            | FieldKind::Currency
            | FieldKind::Percent
            | FieldKind::Formula => ORDER,
            FieldKind::Date | FieldKind::DateTime => DATES,
            FieldKind::Boolean => &[C::Equal],
            FieldKind::Lookup | FieldKind::OwnerLookup | FieldKind::UserLookup => EQUALITY,
            _ => &[],
        }
    }

    /// Whether it takes a list of values.
    #[must_use]
    pub const fn takes_list(self) -> bool {
        matches!(self, C::In | C::NotIn | C::Between | C::NotBetween)
    }

    /// The comparator that this one is the opposite of.
    const fn opposite(self) -> Option<Self> {
        match self {
            C::NotEqual => Some(C::Equal),
            C::NotIn => Some(C::In),
            C::NotContains => Some(C::Contains),
            C::NotBetween => Some(C::Between),
            _ => None,
        }
    }
}

/// A value to compare with, or of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// `${EMPTY}`: no value.
    Empty,
    /// Text, without case.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Timestamp),
    /// True or false.
    Flag(bool),
}

impl Operand {
    /// Reads a value that stands for a field of this kind: as criteria and as records write it. None when it
    /// does not fit. `me` is the id of the user who asks.
    #[must_use]
    pub fn read(kind: FieldKind, value: &Json, me: &str) -> Option<Self> {
        let text = match value {
            Json::Null => return Some(Self::Empty),
            Json::Bool(flag) => return (kind == FieldKind::Boolean).then_some(Self::Flag(*flag)),
            Json::Number(number) => number.to_string(),
            Json::String(text) if text == "${EMPTY}" => return Some(Self::Empty),
            Json::String(text) => text.clone(),
            Json::Object(object) => object.get("id")?.as_str()?.to_owned(),
            Json::Array(_) => return None,
        };
        match kind {
            FieldKind::Boolean => text.parse().ok().map(Self::Flag),
            FieldKind::Integer
            | FieldKind::BigInt
            | FieldKind::Double
            | FieldKind::Currency
            | FieldKind::Percent
            | FieldKind::Formula => {
                let number = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text));
                number.ok().map(Self::Number)
            }
            FieldKind::Date => text.parse().ok().map(Self::Date),
            FieldKind::DateTime => text.parse().ok().map(Self::Instant),
            FieldKind::OwnerLookup | FieldKind::UserLookup if text == "${CURRENTUSER}" => {
                Some(Self::Text(me.to_owned()))
            }
            FieldKind::Lookup | FieldKind::OwnerLookup | FieldKind::UserLookup => {
                let id = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                id.then_some(Self::Text(text))
            }
            _ => Some(Self::Text(text.to_lowercase())),
        }
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Instant(a), Self::Instant(b)) => Some(a.cmp(b)),
            (Self::Flag(a), Self::Flag(b)) => Some(a.cmp(b)),
            (Self::Empty, Self::Empty) => Some(Ordering::Equal),
            _ => None,
        }
    }

    fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

/// Whether a record's value passes. `values` is what the condition names: one, or a list for comparators
/// that take one. A list in the record passes when one of its items does. What has no value passes exactly
/// the opposites.
#[must_use]
pub fn passes(kind: FieldKind, comparator: Comparator, values: &[Operand], record: &Json, me: &str) -> bool {
    if let Some(opposite) = comparator.opposite() {
        return !passes(kind, opposite, values, record, me);
    }
    match record {
        Json::Array(items) if !items.is_empty() => {
            items.iter().any(|item| passes(kind, comparator, values, item, me))
        }
        Json::Array(_) => one_passes(comparator, values, &Operand::Empty),
        value => Operand::read(kind, value, me).is_some_and(|value| one_passes(comparator, values, &value)),
    }
}

fn one_passes(comparator: Comparator, values: &[Operand], record: &Operand) -> bool {
    let Some(value) = values.first() else { return false };
    let ordered = |wanted: fn(Ordering) -> bool| record.compare(value).is_some_and(wanted);
    match comparator {
        C::Equal | C::In => values.iter().any(|value| record.compare(value) == Some(Ordering::Equal)),
        C::Contains => !value.text().is_empty() && record.text().contains(value.text()),
        C::StartsWith => !value.text().is_empty() && record.text().starts_with(value.text()),
        C::EndsWith => !value.text().is_empty() && record.text().ends_with(value.text()),
        C::LessThan => ordered(Ordering::is_lt),
        C::LessEqual => ordered(Ordering::is_le),
        C::GreaterThan => ordered(Ordering::is_gt),
        C::GreaterEqual => ordered(Ordering::is_ge),
        C::Between => {
            ordered(Ordering::is_ge)
                && values.get(1).is_some_and(|high| record.compare(high).is_some_and(Ordering::is_le))
        }
        C::NotEqual | C::NotIn | C::NotContains | C::NotBetween => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(kind: FieldKind, comparator: &str, values: &Json, record: &Json) -> bool {
        let comparator = comparator.parse().expect("a comparator");
        let one = std::slice::from_ref(values);
        let values = values.as_array().map_or(one, Vec::as_slice);
        let values: Vec<Operand> =
            values.iter().map(|value| Operand::read(kind, value, "77").expect("a value")).collect();
        passes(kind, comparator, &values, record, "77")
    }

    #[test]
    fn each_type_compares_by_its_own_order() {
        use FieldKind::{Boolean, Currency, Date, DateTime, Lookup, OwnerLookup, Text};
        for (kind, comparator, value, record, expected) in [
            (Text, "equal", json!("RAO"), json!("Rao"), true),
            (Text, "starts_with", json!("ra"), json!("Rao"), true),
            (Text, "ends_with", json!("ra"), json!("Rao"), false),
            (Text, "not_contains", json!("x"), json!("Rao"), true),
            (Currency, "greater_than", json!(9), json!(10.5), true),
            (Currency, "less_equal", json!("10.50"), json!(10.5), true),
            (Currency, "in", json!([1, 10.5]), json!(10.5), true),
            (Date, "between", json!(["2026-03-01", "2026-03-31"]), json!("2026-03-31"), true),
            (Date, "not_between", json!(["2026-03-01", "2026-03-30"]), json!("2026-03-31"), true),
            (DateTime, "equal", json!("2026-03-01T00:00:00+05:30"), json!("2026-02-28T19:30:00+01:00"), true),
            (Boolean, "equal", json!("true"), json!(true), true),
            (Lookup, "equal", json!("12"), json!({ "id": "12", "name": "Ann" }), true),
            (OwnerLookup, "in", json!(["${CURRENTUSER}"]), json!({ "id": "77" }), true),
        ] {
            assert_eq!(holds(kind, comparator, &value, &record), expected, "{record} {comparator} {value}");
        }
    }

    #[test]
    fn what_has_no_value_is_empty_and_passes_the_opposites_only() {
        use FieldKind::{Currency, MultiSelectPickList, Text};
        assert!(holds(Text, "equal", &json!("${EMPTY}"), &json!(null)));
        assert!(!holds(Text, "equal", &json!("${EMPTY}"), &json!("x")));
        assert!(holds(Text, "not_equal", &json!("${EMPTY}"), &json!("x")));
        assert!(holds(Text, "not_equal", &json!("x"), &json!(null)));
        assert!(!holds(Currency, "less_than", &json!(5), &json!(null)));
        assert!(holds(MultiSelectPickList, "equal", &json!("${EMPTY}"), &json!([])));
        assert!(holds(MultiSelectPickList, "in", &json!(["Decaf"]), &json!(["Dark roast", "Decaf"])));
        assert!(!holds(MultiSelectPickList, "not_equal", &json!("Decaf"), &json!(["Dark roast", "Decaf"])));
    }
}
