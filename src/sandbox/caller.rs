//! Who is calling.

use jiff::Timestamp;

use super::gate::Scopes;

/// The holder of a valid access token, for the length of one call.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Id of the user who granted the token.
    pub user: String,
    /// Id of the app that holds it.
    pub client: String,
    /// What the token allows.
    pub scopes: Scopes,
    /// When the token ends.
    pub expires: Timestamp,
    /// When the call began, in the sandbox's time.
    pub now: Timestamp,
}

impl Caller {
    /// Whether the token covers one of `needs`, such as `ZohoBigin.modules.contacts.READ`.
    #[must_use]
    pub fn may(&self, needs: &[&str]) -> bool {
        needs.iter().any(|need| self.scopes.allow(need))
    }
}
