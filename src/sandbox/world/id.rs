//! Ids as the service makes them: 19 digits, an org's prefix and a counter.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Serialize, Serializer};

/// What the counter part of an id stays below.
const COUNTERS: i64 = 1_000_000_000_000;

/// The id of anything in an org. In JSON it is a string; its order is the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(i64);

impl Id {
    /// Reads a decimal id; none where the text is not one or no id can be so large.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().map(Self)
    }

    /// The id as SQLite keeps it.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The id that SQLite keeps as `raw`.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// The leading seven digits that all ids of one org share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix(i64);

impl Prefix {
    /// The prefix of the org that `seed` makes.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        Self(5_000_000 + i64::from(fastrand::Rng::with_seed(seed).u32(0..900_000)))
    }

    /// The id with this counter, which stands at the end of the id.
    #[must_use]
    pub const fn id(self, counter: i64) -> Id {
        Id(self.0 * COUNTERS + counter % COUNTERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_gives_ids_of_nineteen_digits_that_end_in_their_counter() {
        for seed in [0, 1, 7, u64::MAX] {
            let id = Prefix::of_seed(seed).id(2_179);
            assert_eq!(id.to_string().len(), 19);
            assert!(id.to_string().ends_with("2179"));
            assert_eq!(Id::parse(&id.to_string()), Some(id));
            assert_eq!(serde_json::to_string(&id).expect("plain"), format!("\"{id}\""));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "-1", "+1", "12a", "1.0", " 1", "99999999999999999999", "١٢"] {
            assert_eq!(Id::parse(text), None, "{text:?}");
        }
    }
}
