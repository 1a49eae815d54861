//! What a run costs, as far as that is known before it.

use super::{
    super::limits::MAX_LIMIT,
    fetch::{Fetch, pages},
};

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// So many.
    Exactly(u64),
    /// So many or fewer.
    AtMost(u64),
    /// About so many, as the mirror has it.
    About(u64),
    /// Nothing is known.
    Unknown,
}

impl Rows {
    /// The number, whatever is known of it.
    #[must_use]
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Exactly(number) | Self::AtMost(number) | Self::About(number) => Some(number),
            Self::Unknown => None,
        }
    }

    fn map(self, change: impl Fn(u64) -> u64) -> Self {
        match self {
            Self::Exactly(number) => Self::Exactly(change(number)),
            Self::AtMost(number) => Self::AtMost(change(number)),
            Self::About(number) => Self::About(change(number)),
            Self::Unknown => Self::Unknown,
        }
    }
}

impl std::fmt::Display for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(number) => write!(f, "{number}"),
            Self::AtMost(number) => write!(f, "at most {number}"),
            Self::About(number) => write!(f, "about {number}"),
            Self::Unknown => f.write_str("an unknown number of"),
        }
    }
}

/// What a run costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Rows that the server sends, or that are read in the mirror.
    pub rows: Rows,
    /// Calls, each of one credit.
    pub credits: Rows,
    /// How long the calls take, milliseconds.
    pub millis: Option<u64>,
}

/// The cost of `fetches`, of which each finds `rows` rows before its limit.
pub(super) fn cost(fetches: &[Fetch], rows: Rows, parallel: u32, latency_ms: u32) -> Cost {
    let slices = fetches.iter().filter(|fetch| fetch.table == 0).count().max(1) as u64;
    let tables = fetches.len() as u64 / slices;
    let limit = fetches.iter().filter(|fetch| fetch.table == 0).map(|fetch| fetch.limit).sum::<Option<u64>>();
    let offset = fetches.first().map_or(0, |fetch| fetch.offset);
    let rows = rows.map(|rows| rows.saturating_sub(offset));
    let rows = match (rows, limit) {
        (Rows::Unknown, Some(limit)) => Rows::AtMost(limit),
        (Rows::AtMost(rows), Some(limit)) => Rows::AtMost(rows.min(limit)),
        (rows, Some(limit)) if rows.number().is_some_and(|rows| rows > limit) => Rows::Exactly(limit),
        (rows, _) => rows,
    };
    let of_one = |rows: u64| if slices == 1 { pages(rows) } else { slices.max(rows.div_ceil(MAX_LIMIT)) };
    let credits = rows.map(|rows| of_one(rows) * tables);
    let rounds = credits.number().map(|calls| calls.div_ceil(u64::from(parallel.max(1))));
    Cost { rows, credits, millis: rounds.map(|rounds| rounds * u64::from(latency_ms)) }
}
