//! The rules of a row: method, credits, load and repetition.

use strum::IntoStaticStr;

/// An HTTP method that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or asks by COQL.
    Post,
    /// Changes.
    Put,
    /// Changes parts of a subscription.
    Patch,
    /// Removes.
    Delete,
}

/// What the price and the load of a call depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Records that the call carries; 1 where it carries none.
    pub records: u32,
    /// The list is restricted to a custom view (`cvid`).
    pub view: bool,
    /// The list is sorted by something else than the id (`sort_by`).
    pub sorted: bool,
}

impl Shape {
    /// A call about one thing.
    pub const ONE: Self = Self { records: 1, view: false, sorted: false };

    /// A call that carries `records`.
    #[must_use]
    pub const fn of(records: u32) -> Self {
        Self { records, view: false, sorted: false }
    }
}

/// How many credits a call costs. Every started block counts.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Always the same.
    Fixed(u32),
    /// 1 for each started block of 10 records.
    PerTen,
    /// 1 for each started block of 50 records.
    PerFifty,
    /// 3 with a custom view, else 1.
    View,
}

impl Cost {
    /// Credits of a call of this shape; never 0 but for `Fixed(0)`.
    #[must_use]
    pub const fn credits(self, shape: Shape) -> u32 {
        let records = if shape.records == 0 { 1 } else { shape.records };
        match self {
            Self::Fixed(credits) => credits,
            Self::PerTen => records.div_ceil(10),
            Self::PerFifty => records.div_ceil(50),
            Self::View => 1 + 2 * shape.view as u32,
        }
    }
}

/// When a call counts in the pool of 10 heavy calls beside the general one.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Never.
    Light,
    /// Always.
    Heavy,
    /// With a custom view or a sort.
    ViewOrSort,
    /// With more than 10 records.
    OverTen,
}

impl Load {
    /// Whether a call of this shape is heavy.
    #[must_use]
    pub const fn is_heavy(self, shape: Shape) -> bool {
        match self {
            Self::Light => false,
            Self::Heavy => true,
            Self::ViewOrSort => shape.view || shape.sorted,
            Self::OverTen => shape.records > 10,
        }
    }
}

/// What may be done when an answer was lost and nobody knows whether the call took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Sending it again changes nothing: reads.
    Safe,
    /// Sending the same values again gives the same record: once more.
    Once,
    /// Sending it again might do it twice: never; ask the service first.
    Never,
}
