//! From kept keys to a client, and from errors to exit codes.

use std::process::ExitCode;

use crate::{
    api::{AppKey, Credentials, Error, Kind},
    config::Account,
};

/// The credentials of a kept account.
#[must_use]
pub fn credentials(account: &Account) -> Credentials {
    Credentials {
        app: AppKey { id: account.client_id.clone(), secret: account.client_secret.clone() },
        refresh_token: account.refresh_token.clone(),
        accounts: account.accounts.clone(),
        api_domain: account.api_domain.clone(),
    }
}

/// What a command ends with when a call failed: 4 not signed in or not allowed, 6 credits or too many calls,
/// 7 offline, 10 read-only, else 1.
#[must_use]
pub fn exit_code(error: &Error) -> ExitCode {
    ExitCode::from(match error.kind() {
        Kind::SignIn { .. } | Kind::Scope { .. } | Kind::Forbidden { .. } => 4,
        Kind::Credits { .. } | Kind::TooMany { .. } | Kind::Throttled { .. } => 6,
        Kind::Offline { .. } | Kind::Timeout { .. } | Kind::Untrusted { .. } => 7,
        Kind::ReadOnly => 10,
        _ => 1,
    })
}
