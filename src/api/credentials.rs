//! What proves to Zoho who asks.

use secrecy::SecretString;

/// The keys of one account. Secrets do not show in `Debug` and are wiped when dropped.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The app and its secret.
    pub app: AppKey,
    /// Lives until revoked.
    pub refresh_token: SecretString,
    /// Accounts server, without a path.
    pub accounts: String,
    /// API domain that the accounts server named, without a path.
    pub api_domain: String,
}

/// The client id of a registered app with its secret.
#[derive(Debug, Clone)]
pub struct AppKey {
    /// `1000.…`; not a secret.
    pub id: String,
    /// The secret.
    pub secret: SecretString,
}
