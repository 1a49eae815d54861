//! Which data centre an account lives in.

use secrecy::SecretString;

use super::{Accounts, Grant};
use crate::{
    api::{
        credentials::AppKey,
        error::{Error, Kind},
        http::Timeouts,
    },
    domain::SafeText,
};

/// Exchanges the code of a self client at the first of these accounts servers that takes it, and tells which
/// one that is. A client id is known at all data centres and a code at its own only, where it works once; the
/// others answer `invalid_client` or `invalid_code` and learn nothing that they could use.
///
/// <https://www.bigin.com/developer/docs/apis/v2/multi-dc.html>
///
/// # Errors
/// The most telling one: a server that knows the app but not the code says more than one that knows neither.
/// Any other error ends the search, for the code may be used up.
pub async fn exchange_anywhere(
    hosts: &[&str],
    app: &AppKey,
    code: &SecretString,
    timeouts: Timeouts,
) -> Result<(Accounts, Grant), Error> {
    let mut told = None;
    for host in hosts {
        let accounts = Accounts::new(host, timeouts);
        let error = match accounts.exchange(app, code).await {
            Ok(grant) => return Ok((accounts, grant)),
            Err(error) => error,
        };
        match error.sign_in_code() {
            Some("invalid_code") => told = Some(error),
            Some("invalid_client" | "invalid_client_secret") => told = told.or(Some(error)),
            _ => return Err(error),
        }
    }
    Err(told.unwrap_or_else(|| {
        let problem = SafeText::new("no accounts server to ask");
        Error::new("sign in", Kind::Settings { problem })
    }))
}
