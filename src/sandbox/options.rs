//! What a sandbox is started with.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use jiff::Timestamp;
use strum::{Display, EnumString, VariantNames};

use super::assumptions;

/// How a sandbox is set up. [`Options::default`] is the demo organisation on a free loopback port.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Allows an address that is not loopback.
    pub public: bool,
    /// Seeds everything that looks random: the same seed and the same clock give the same bytes.
    pub seed: u64,
    /// Deals in the organisation, exactly.
    pub deals: u32,
    /// The edition, which decides credits and concurrency.
    pub edition: Edition,
    /// Users and licences.
    pub users: u32,
    /// When the sandbox's time starts; none takes the machine's time.
    pub clock: Option<Timestamp>,
    /// Life of an access token.
    pub token_lifetime: Duration,
    /// How long the search index lags behind writes, in the sandbox's time.
    pub search_lag: Duration,
    /// How long a bulk job waits before it begins and again before it ends, in the sandbox's time.
    pub job_step: Duration,
    /// Added to every answer on Bigin's paths.
    pub latency: Duration,
    /// Keeps the organisation here; none keeps it in memory.
    pub dir: Option<PathBuf>,
    /// Follows the documentation to the letter; otherwise also takes what organisations are reported to
    /// take.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public: false,
            seed: 7,
            deals: 600,
            edition: Edition::Premier,
            users: 8,
            clock: None,
            token_lifetime: assumptions::TOKEN_LIFETIME,
            search_lag: Duration::ZERO,
            job_step: assumptions::JOB_STEP,
            latency: Duration::ZERO,
            dir: None,
            strict: true,
        }
    }
}

/// The editions of Bigin.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Edition {
    /// No charge, smallest allowance.
    Free,
    /// The first paid edition.
    Express,
    /// The second paid edition.
    Premier,
    /// The whole suite.
    #[strum(serialize = "360")]
    Bigin360,
}

impl Edition {
    /// Credits per rolling 24 hours for an organisation with `licences` users.
    #[must_use]
    pub fn credits(self, licences: u32) -> u32 {
        match self {
            Self::Free => 5_000,
            _ => licences.saturating_mul(250).saturating_add(50_000).min(100_000),
        }
    }

    /// Calls that one user may have in flight through one app.
    #[must_use]
    pub const fn concurrency(self) -> u32 {
        match self {
            Self::Free => 5,
            _ => 10,
        }
    }

    /// The word in `license_details.paid_type` of the organisation.
    #[must_use]
    pub const fn paid_type(self) -> &'static str {
        match self {
            Self::Free => "biginfree",
            Self::Express => "biginexpress",
            Self::Premier => "biginpremier",
            Self::Bigin360 => "bigin360",
        }
    }
}
