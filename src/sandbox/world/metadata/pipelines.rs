//! The team pipelines of the seeded organisation, their sub-pipelines and stages.
//!
//! <https://help.zoho.com/portal/en/kb/bigin/team-pipelines/articles/team-pipelines>

/// A team pipeline before it has ids.
pub(super) struct TeamPipeline {
    pub name: &'static str,
    pub sub_pipelines: &'static [SubPipelineSpec],
    /// Fields that only this team pipeline does without.
    pub without: &'static [&'static str],
}

pub(super) struct SubPipelineSpec {
    pub name: &'static str,
    /// Values of [`STAGES`], in board order.
    pub stages: &'static [&'static str],
}

/// A stage before it has an id.
pub(super) struct StageSpec {
    pub value: &'static str,
    pub label: &'static str,
    pub probability: u8,
    pub forecast: Forecast,
}

/// What a stage counts as in forecasts: its `forecast_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    /// Still worked on.
    Open,
    /// Ended with a sale.
    Won,
    /// Ended without one.
    Lost,
}

impl Forecast {
    /// The `forecast_type` of the metadata.
    #[must_use]
    pub const fn forecast_type(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Won => "Closed Won",
            Self::Lost => "Closed Lost",
        }
    }

    /// The `sys_ref_name` of the metadata.
    #[must_use]
    pub const fn sys_ref_name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Won => "Closed_Won",
            Self::Lost => "Closed_Lost",
        }
    }
}

const fn open(value: &'static str, probability: u8) -> StageSpec {
    StageSpec { value, label: value, probability, forecast: Forecast::Open }
}

pub(super) const STAGES: &[StageSpec] = &[
    open("Qualification", 10),
    open("Needs Analysis", 20),
    open("Proposal", 50),
    open("Negotiation", 70),
    open("Verbal Yes", 90),
    open("Discovery", 10),
    open("Site Survey", 25),
    open("Pilot Machine", 45),
    open("Procurement", 65),
    open("Contract Review", 85),
    open("Renewal Due", 40),
    open("Contacted", 55),
    open("Terms Offered", 70),
    open("Accepted", 95),
    open("Lead", 5),
    open("Intro Call", 20),
    open("Evaluation", 40),
    open("Agreement Drafted", 80),
    StageSpec { value: "Closed Won", label: "Won", probability: 100, forecast: Forecast::Won },
    StageSpec { value: "Closed Lost", label: "Lost", probability: 0, forecast: Forecast::Lost },
    StageSpec { value: "Renewed", label: "Renewed", probability: 100, forecast: Forecast::Won },
    StageSpec { value: "Cancelled", label: "Cancelled", probability: 0, forecast: Forecast::Lost },
    StageSpec { value: "Signed", label: "Signed", probability: 100, forecast: Forecast::Won },
    StageSpec { value: "Not Now", label: "Not now", probability: 0, forecast: Forecast::Lost },
];

pub(super) const TEAM_PIPELINES: &[TeamPipeline] = &[
    TeamPipeline {
        name: "Sales Pipeline",
        sub_pipelines: &[
            SubPipelineSpec {
                name: "Sales Pipeline Standard",
                stages: &[
                    "Qualification",
                    "Needs Analysis",
                    "Proposal",
                    "Negotiation",
                    "Verbal Yes",
                    "Closed Won",
                    "Closed Lost",
                ],
            },
            SubPipelineSpec {
                name: "Enterprise",
                stages: &[
                    "Discovery",
                    "Site Survey",
                    "Pilot Machine",
                    "Procurement",
                    "Contract Review",
                    "Closed Won",
                    "Closed Lost",
                ],
            },
        ],
        without: &[],
    },
    TeamPipeline {
        name: "Service Plans",
        sub_pipelines: &[SubPipelineSpec {
            name: "Service Plans Standard",
            stages: &["Renewal Due", "Contacted", "Terms Offered", "Accepted", "Renewed", "Cancelled"],
        }],
        without: &["Competitor", "Tasting_At", "Lead_Source"],
    },
    TeamPipeline {
        name: "Partnerships",
        sub_pipelines: &[SubPipelineSpec {
            name: "Partnerships Standard",
            stages: &["Lead", "Intro Call", "Evaluation", "Agreement Drafted", "Signed", "Not Now"],
        }],
        without: &["Cups_per_Day", "Coffee_kg_per_Month", "Monthly_Fee", "Leasing", "Tasting_At"],
    },
];
