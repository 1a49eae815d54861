//! What the credits cockpit shows, and what decides how often the server is asked.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{CallLine, Module, SafeText, Spending};

/// How far the program holds back, by the credits that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, strum::EnumIter)]
pub enum Step {
    /// As often as is good.
    #[default]
    Usual,
    /// Every five minutes at most.
    Slower,
    /// Nothing is asked for by itself; writes go, and what a person asks for.
    Off,
    /// As off, and a record that is opened is not looked up by itself.
    Ask,
}

impl Step {
    /// Percent of the allowance that must be left for this step.
    #[must_use]
    pub const fn from_percent(self) -> u32 {
        match self {
            Self::Usual => 30,
            Self::Slower => 15,
            Self::Off => 5,
            Self::Ask => 0,
        }
    }

    /// What happens on this step.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Usual => "sync as often as is good",
            Self::Slower => "sync every 5 minutes at most",
            Self::Off => "no sync by itself; writes still go",
            Self::Ask => "records are not looked up by themselves",
        }
    }

    /// What the status bar says of it; nothing while all is as usual.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Slower => "slow sync",
            Self::Off => "sync off",
            Self::Ask => "asks first",
        }
    }
}

/// How often the server is asked for what, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// How far the program holds back.
    pub step: Step,
    /// The user stopped it.
    pub paused: bool,
    /// What is asked for how often, then the reasons.
    pub lines: Vec<PlanLine>,
}

/// A line of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// What is asked for, or why it is asked for so often.
    pub what: SafeText,
    /// How often; none for a reason.
    pub every: Option<Duration>,
}

/// A call that the service put off, or that did not come through, and that will be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// When, by the service's clock.
    pub until: Timestamp,
    /// Why, in two or three words.
    pub why: SafeText,
}

/// What something would cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// What.
    pub what: SafeText,
    /// Credits of doing it once.
    pub credits: u64,
    /// It is done again and again.
    pub repeated: bool,
}

impl WhatIf {
    /// Credits of a day, for what is done so often; else of doing it once.
    #[must_use]
    pub fn credits_at(&self, every: Duration) -> u64 {
        /// Seconds of a day.
        const DAY: u64 = 24 * 60 * 60;
        if self.repeated { self.credits.saturating_mul(DAY / every.as_secs().max(1)) } else { self.credits }
    }
}

/// The cockpit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cockpit {
    /// Where credits went.
    pub spending: Spending,
    /// What things would cost.
    pub what_if: Vec<WhatIf>,
    /// The last calls of this run, newest first.
    pub calls: Vec<CallLine>,
}

/// What a person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attention {
    /// The terminal is in front.
    pub focused: bool,
    /// The module whose records are on the screen; none on a screen that shows no records.
    pub shown: Option<Module>,
    /// The user wants nothing to be asked for by itself.
    pub paused: bool,
}
