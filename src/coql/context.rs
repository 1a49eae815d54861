//! What a statement means depends on more than its text and the org's metadata.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// What variables and parameters stand for. The language reads no clock: whoever runs a statement says what
/// time it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// `$now`, by the server's clock.
    pub now: Timestamp,
    /// The zone in which days begin.
    pub zone: TimeZone,
    /// `$me`: id of the user who signed in.
    pub me: Option<String>,
    /// `:name` parameters, as text; several values make a list for IN.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Ids of team pipelines with their names.
    pub pipelines: Vec<(String, String)>,
    /// Ids of users with their names.
    pub users: Vec<(String, String)>,
}

impl Context {
    /// A context at `now` in `zone`, that knows nothing else.
    #[must_use]
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self { now, zone, me: None, parameters: BTreeMap::new(), pipelines: Vec::new(), users: Vec::new() }
    }

    /// `$today`.
    #[must_use]
    pub fn today(&self) -> Date {
        self.day_of(self.now)
    }

    /// The day of `moment`.
    pub(super) fn day_of(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    /// When `day` begins.
    pub(super) fn start_of(&self, day: Date) -> Timestamp {
        let start = self.zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        start.unwrap_or(if day.year() > 0 { Timestamp::MAX } else { Timestamp::MIN })
    }
}
