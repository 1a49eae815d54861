//! Rows of an answer in the order of one column.

use std::{
    borrow::Cow,
    cmp::{Ordering, Reverse},
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{protocol::AnswerOrder, worker::export::plain};

/// What a value is compared by.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Flag(bool),
    Number(f64),
    Instant(Timestamp),
    Text(String),
}

/// Places of the rows in their order; rows without a value come last, equal ones stay as they are.
pub(super) fn places(rows: &[Cow<'_, [Value]>], order: AnswerOrder) -> Vec<u32> {
    let value = |at: &u32| rows.get(*at as usize).and_then(|values| values.get(order.column));
    let mut places: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
    if order.descending {
        places.sort_by_cached_key(|at| {
            value(at).and_then(key).map_or((1, None), |key| (0, Some(Reverse(key))))
        });
    } else {
        places.sort_by_cached_key(|at| value(at).and_then(key).map_or((1, None), |key| (0, Some(key))));
    }
    places
}

fn key(value: &Value) -> Option<Key> {
    match value {
        Value::Null => None,
        Value::Bool(flag) => Some(Key::Flag(*flag)),
        Value::Number(number) => number.as_f64().map(Key::Number),
        other => {
            let text = plain(other);
            if text.is_empty() {
                return None;
            }
            // The same moment is written differently in winter and in summer.
            let instant = text.contains('T').then(|| text.parse().ok()).flatten();
            Some(instant.map_or_else(|| Key::Text(text.to_lowercase()), Key::Instant))
        }
    }
}

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Flag(own), Self::Flag(other)) => own.cmp(other),
            (Self::Number(own), Self::Number(other)) => own.total_cmp(other),
            (Self::Instant(own), Self::Instant(other)) => own.cmp(other),
            (Self::Text(own), Self::Text(other)) => own.cmp(other),
            (own, other) => own.kind().cmp(&other.kind()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Key {
    const fn kind(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Number(_) => 1,
            Self::Instant(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(values: &[Value], descending: bool) -> Vec<u32> {
        let rows: Vec<_> = values.chunks(1).map(Cow::Borrowed).collect();
        places(&rows, AnswerOrder { column: 0, descending })
    }

    #[test]
    fn values_are_compared_by_what_they_are_and_nothing_comes_last() {
        let numbers = [json!(10), json!(null), json!(9.5), json!(-1)];
        assert_eq!(sorted(&numbers, false), [3, 2, 0, 1]);
        assert_eq!(sorted(&numbers, true), [0, 2, 3, 1]);
        let texts = [json!("b"), json!("A"), json!({"id": "5", "name": "a"}), json!("")];
        assert_eq!(sorted(&texts, false), [1, 2, 0, 3]);
        assert_eq!(sorted(&texts, true), [0, 1, 2, 3]);
        let moments = [json!("2026-10-25T02:30:00+01:00"), json!("2026-10-25T02:45:00+02:00")];
        assert_eq!(sorted(&moments, false), [1, 0]);
    }
}
