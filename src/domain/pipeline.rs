//! Team pipelines, sub-pipelines and stages.

use serde::{Deserialize, Serialize};

use super::RecordId;

/// A team pipeline: one layout of the module `Pipelines`.
///
/// <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The layout's id.
    pub id: RecordId,
    /// The name people see.
    pub name: String,
    /// In the order of the org.
    pub sub_pipelines: Vec<SubPipeline>,
}

/// A value of `Sub_Pipeline` in one layout, with the stages that it maps to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubPipeline {
    /// The value that reads and writes use.
    pub name: String,
    /// In board order.
    pub stages: Vec<Stage>,
}

/// A stage of a sub-pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The value that reads and writes use (`actual_value`).
    pub value: String,
    /// The label that people see (`display_value`).
    pub label: String,
    /// Chance to win, 0 to 100.
    pub probability: u8,
    /// Whether a deal here is still worked on.
    pub outcome: Outcome,
}

/// Whether deals of a stage are open, or how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// Still worked on.
    Open,
    /// Ended with a sale.
    Won,
    /// Ended without one.
    Lost,
}

impl Outcome {
    /// Reads a stage's `forecast_type`; where the org sends none, the two standard values decide.
    #[must_use]
    pub fn of(forecast_type: Option<&str>, value: &str) -> Self {
        match forecast_type.unwrap_or(value) {
            "Closed Won" => Self::Won,
            "Closed Lost" => Self::Lost,
            _ => Self::Open,
        }
    }
}

impl SubPipeline {
    /// The stage after the one with `value` among the open ones; none at the end or for a closed stage.
    #[must_use]
    pub fn next_open(&self, value: &str) -> Option<&Stage> {
        self.open_stages().skip_while(|stage| stage.value != value).nth(1)
    }

    /// The stage before the one with `value` among the open ones; none at the start or for a closed stage.
    #[must_use]
    pub fn previous_open(&self, value: &str) -> Option<&Stage> {
        let at = self.open_stages().position(|stage| stage.value == value)?;
        self.open_stages().nth(at.checked_sub(1)?)
    }

    /// The first stage with `outcome`.
    #[must_use]
    pub fn first(&self, outcome: Outcome) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.outcome == outcome)
    }

    fn open_stages(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| stage.outcome == Outcome::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard() -> SubPipeline {
        let stage = |value: &str, probability, forecast: Option<&str>| Stage {
            value: value.to_owned(),
            label: value.to_owned(),
            probability,
            outcome: Outcome::of(forecast, value),
        };
        SubPipeline {
            name: "Sales Pipeline Standard".to_owned(),
            stages: vec![
                stage("Qualification", 10, Some("Open")),
                stage("Proposal", 50, None),
                stage("Closed Won", 100, None),
                stage("No budget", 0, Some("Closed Lost")),
            ],
        }
    }

    #[test]
    fn carrying_a_deal_stops_at_both_ends_of_the_open_stages() {
        let sub = standard();
        assert_eq!(sub.next_open("Qualification").map(|s| s.value.as_str()), Some("Proposal"));
        assert_eq!(sub.next_open("Proposal"), None);
        assert_eq!(sub.previous_open("Proposal").map(|s| s.value.as_str()), Some("Qualification"));
        assert_eq!(sub.previous_open("Qualification"), None);
        assert_eq!(sub.next_open("Closed Won"), None);
        assert_eq!(sub.previous_open("No budget"), None);
    }

    #[test]
    fn a_renamed_lost_stage_is_known_by_its_forecast_type() {
        let sub = standard();
        assert_eq!(sub.first(Outcome::Lost).map(|s| s.value.as_str()), Some("No budget"));
        assert_eq!(sub.first(Outcome::Won).map(|s| s.value.as_str()), Some("Closed Won"));
    }
}
