//! Refresh tokens on disk, beside an organisation that is kept.

use serde::{Deserialize, Serialize};

/// A refresh token that is good.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub token: String,
    pub user: String,
    pub client: String,
    pub scope: String,
    pub secretless: bool,
}
