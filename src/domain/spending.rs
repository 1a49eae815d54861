//! Where API credits went, what is under way, and what the window gives back.

use jiff::Timestamp;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{SafeText, Usage};

/// Hours of the window in which credits count.
pub const WINDOW_HOURS: usize = 24;

/// What a call is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Purpose {
    /// Reading pipelines, fields and users.
    Metadata,
    /// The first fill, or fetching everything again.
    Fill,
    /// Asking for what changed.
    Sync,
    /// A record that someone opened.
    Record,
    /// The COQL console.
    Console,
    /// What the outbox sends.
    Write,
    /// A command outside of the screen.
    Command,
    /// What other programs spent of the same allowance.
    Others,
}

impl Purpose {
    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Metadata => "pipelines and fields",
            Self::Fill => "fill",
            Self::Sync => "sync",
            Self::Record => "open record",
            Self::Console => "COQL console",
            Self::Write => "writes",
            Self::Command => "commands",
            Self::Others => "other programs",
        }
    }
}

/// Calls of one kind for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// What for.
    pub purpose: Purpose,
    /// What the calls do, such as "list deals".
    pub words: SafeText,
    /// How many in the window.
    pub calls: u32,
    /// What they cost together.
    pub credits: u32,
}

/// A call on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flight {
    /// What it does.
    pub words: SafeText,
    /// What for.
    pub purpose: Purpose,
    /// When it left.
    pub since: Timestamp,
    /// What it costs.
    pub credits: u32,
}

/// Credits of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hour {
    /// Spent by this program, here or in other windows of it.
    pub ours: u32,
    /// Spent by others of the same allowance.
    pub others: u32,
}

impl Hour {
    /// Both together.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.ours.saturating_add(self.others)
    }
}

/// The whole picture at one moment. The figures are those of this program's books; what others spend is known as
/// far as the service says how much is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spending {
    /// The moment.
    pub at: Timestamp,
    /// Credits and calls.
    pub usage: Usage,
    /// Credits that this run spent.
    pub session: u32,
    /// The hours of the window, the oldest first.
    pub hours: [Hour; WINDOW_HOURS],
    /// Where our credits went, the largest first.
    pub shares: Vec<Share>,
    /// Calls on their way, the oldest first.
    pub flights: Vec<Flight>,
    /// Tries of calls beyond the first, in this run.
    pub retries: u32,
    /// When the service last took no more calls, in this run.
    pub refused: Option<Timestamp>,
    /// Milliseconds within which half of the last calls were answered.
    pub median_ms: Option<u32>,
    /// Milliseconds within which 95 of 100 were.
    pub slow_ms: Option<u32>,
}

impl Spending {
    /// Credits of the last hour.
    #[must_use]
    pub fn burn(&self) -> u32 {
        self.hours[WINDOW_HOURS - 1].all()
    }

    /// Credits that come back in the next hour.
    #[must_use]
    pub fn returning(&self) -> u32 {
        self.hours[0].all()
    }

    /// Credits that others spent.
    #[must_use]
    pub fn others(&self) -> u32 {
        self.hours.iter().map(|hour| hour.others).sum()
    }

    /// Hours until nothing is left, should every hour cost what the last one did; none if that does not happen
    /// while the window gives back what was spent before.
    #[must_use]
    pub fn dry_in(&self) -> Option<u32> {
        let limit = i64::from(self.usage.limit);
        if limit == 0 {
            return None;
        }
        let mut used = i64::from(self.usage.used);
        for (ahead, hour) in (1..).zip(&self.hours) {
            used += i64::from(self.burn()) - i64::from(hour.all());
            if used >= limit {
                return Some(ahead);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spending(hours: &[(usize, u32)], limit: u32) -> Spending {
        let mut spending = Spending::default();
        for (hour, ours) in hours {
            spending.hours[*hour].ours = *ours;
        }
        let used = spending.hours.iter().map(|hour| hour.all()).sum();
        spending.usage = Usage { used, limit, ..Usage::default() };
        spending
    }

    #[test]
    fn a_steady_pace_never_runs_dry() {
        let steady: Vec<(usize, u32)> = (0..WINDOW_HOURS).map(|hour| (hour, 200)).collect();
        let spending = spending(&steady, 5_000);
        assert_eq!((spending.burn(), spending.returning(), spending.dry_in()), (200, 200, None));
    }

    #[test]
    fn a_burst_runs_dry_unless_credits_come_back_in_time() {
        assert_eq!(spending(&[(23, 1_000)], 5_000).dry_in(), Some(4));
        let back = spending(&[(0, 1_500), (1, 1_500), (2, 1_000), (23, 900)], 5_000);
        assert_eq!(back.dry_in(), Some(5), "4,900 are used, 4,000 come back in three hours");
        assert_eq!(spending(&[(23, 1_000)], 0).dry_in(), None, "nothing is known of the allowance");
    }

    #[test]
    fn purposes_are_read_back_as_they_are_kept() {
        use strum::IntoEnumIterator as _;
        for purpose in Purpose::iter() {
            assert_eq!(purpose.to_string().parse(), Ok(purpose));
        }
    }
}
