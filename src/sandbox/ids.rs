//! Ids that are known before the organisation is seeded.

use super::world::{Id, Prefix};

/// Id of the organisation that `seed` makes.
#[must_use]
pub fn org(seed: u64) -> Id {
    Prefix::of_seed(seed).id(26_001)
}

/// Id of a seeded user; 0 is the super administrator, for whom the demo app's refresh token is.
#[must_use]
pub fn user(seed: u64, index: u32) -> Id {
    Prefix::of_seed(seed).id(310_001 + i64::from(index))
}
