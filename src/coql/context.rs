//! What a statement means depends on more than its text and the org's metadata.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::domain::{Catalog, Outcome};

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
    /// `$open`, `$won`, `$lost` and `$closed`: stages of deals with what deals there are.
    pub stages: Vec<(String, Outcome)>,
}

impl Context {
    /// A context at `now` in `zone`, that knows nothing else.
    #[must_use]
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self {
            now,
            zone,
            me: None,
            parameters: BTreeMap::new(),
            pipelines: Vec::new(),
            users: Vec::new(),
            stages: Vec::new(),
        }
    }

    /// What an org's catalog knows, at `now`.
    #[must_use]
    pub fn of(catalog: &Catalog, now: Timestamp) -> Self {
        let zone = TimeZone::get(&catalog.org.time_zone).unwrap_or(TimeZone::UTC);
        let mut context = Self::new(now, zone);
        context.me = Some(catalog.me.to_string());
        context.users = catalog.users.iter().map(|user| (user.id.to_string(), user.name.clone())).collect();
        for pipeline in &catalog.pipelines {
            context.pipelines.push((pipeline.id.to_string(), pipeline.name.clone()));
            for stage in pipeline.sub_pipelines.iter().flat_map(|sub| &sub.stages) {
                let known = (stage.value.clone(), stage.outcome);
                if !context.stages.contains(&known) {
                    context.stages.push(known);
                }
            }
        }
        context
    }

    /// The stages that `$name` stands for, if it stands for stages.
    pub(super) fn stages_of(&self, name: &str) -> Option<Vec<String>> {
        let outcomes: &[Outcome] = match name.to_ascii_lowercase().as_str() {
            "open" => &[Outcome::Open],
            "won" => &[Outcome::Won],
            "lost" => &[Outcome::Lost],
            "closed" => &[Outcome::Won, Outcome::Lost],
            _ => return None,
        };
        let stages = self.stages.iter().filter(|(_, outcome)| outcomes.contains(outcome));
        Some(stages.map(|(value, _)| value.clone()).collect())
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
