//! The accounts server: codes into tokens, fresh tokens, revocation, the device flow.

mod answer;
mod device;
mod home;

use std::time::Duration;

use reqwest::{Method, Request, header};
use secrecy::{ExposeSecret, SecretString};

use super::{
    credentials::AppKey,
    error::{Error, Kind},
    http::{Http, Timeouts, parse_url},
};
pub use device::{DeviceCode, DevicePoll};
pub use home::exchange_anywhere;

/// The scopes that the program uses.
///
/// <https://www.bigin.com/developer/docs/apis/v2/scopes.html>
pub const SCOPES: &[&str] = &[
    "ZohoBigin.modules.ALL",
    "ZohoBigin.settings.ALL",
    "ZohoBigin.users.READ",
    "ZohoBigin.org.READ",
    "ZohoBigin.coql.READ",
    "ZohoBigin.bulk.ALL",
    "ZohoBigin.notifications.ALL",
    "ZohoSearch.securesearch.READ",
];

/// An accounts server.
#[derive(Debug)]
pub struct Accounts {
    http: Http,
    url: String,
}

/// What the token endpoint grants.
#[derive(Debug, Clone)]
pub struct Grant {
    /// For the `Authorization` header.
    pub access_token: SecretString,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// Only with the first exchange of an offline grant.
    pub refresh_token: Option<SecretString>,
    /// Where to use the tokens, without a path.
    pub api_domain: Option<String>,
    /// Empty where the server does not say.
    pub scopes: Vec<String>,
}

impl Accounts {
    /// The accounts server at `url`, such as `https://accounts.zoho.eu`.
    #[must_use]
    pub fn new(url: &str, timeouts: Timeouts) -> Self {
        Self { http: Http::new(timeouts), url: url.trim_end_matches('/').to_owned() }
    }

    /// Its URL, without a path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Exchanges the code of a self client; it works once and for a few minutes.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/self-client-get-access-token.html>
    ///
    /// # Errors
    /// [`Kind::SignIn`] with `invalid_code` or `invalid_client`, which is also what the wrong data centre
    /// answers; else as every call.
    pub async fn exchange(&self, app: &AppKey, code: &SecretString) -> Result<Grant, Error> {
        let form = [("grant_type", "authorization_code"), ("code", code.expose_secret())];
        let doing = "sign in";
        answer::grant(self.post(doing, "/oauth/v2/token", app, &form).await?, doing)
    }

    /// Asks for a new access token.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/self-client-refresh-token-usage.html>
    ///
    /// # Errors
    /// [`Kind::SignIn`] when the refresh token was revoked, [`Kind::Throttled`] after ten in ten minutes.
    pub async fn refresh(&self, app: &AppKey, refresh_token: &SecretString) -> Result<Grant, Error> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        let doing = "renew the sign-in";
        answer::grant(self.post(doing, "/oauth/v2/token", app, &form).await?, doing)
    }

    /// Makes a refresh token, and the access tokens made with it, worthless.
    ///
    /// <https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html>
    ///
    /// # Errors
    /// [`Kind::SignIn`] when the token is already worthless; else as every call.
    pub async fn revoke(&self, refresh_token: &SecretString) -> Result<(), Error> {
        let doing = "sign out";
        let form = [("token", refresh_token.expose_secret())];
        answer::object(&self.post_form(doing, "/oauth/v2/token/revoke", &form).await?, doing).map(drop)
    }

    async fn post(
        &self,
        doing: &'static str,
        path: &str,
        app: &AppKey,
        form: &[(&str, &str)],
    ) -> Result<super::http::Reply, Error> {
        let keys = [("client_id", app.id.as_str()), ("client_secret", app.secret.expose_secret())];
        self.post_form(doing, path, &[&keys, form].concat()).await
    }

    async fn post_form(
        &self,
        doing: &'static str,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<super::http::Reply, Error> {
        let url = parse_url(&format!("{}{path}", self.url))?;
        let mut body = url.clone();
        body.set_query(None);
        body.query_pairs_mut().extend_pairs(form);
        let mut request = Request::new(Method::POST, url);
        let urlencoded = header::HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, urlencoded);
        *request.body_mut() = Some(body.query().unwrap_or_default().to_owned().into());
        self.http.send(request).await.map_err(|fault| Error::new(doing, fault.kind))
    }
}

impl Error {
    /// The accounts server's word for why a sign-in does not hold: `invalid_code`, `invalid_client`.
    #[must_use]
    pub fn sign_in_code(&self) -> Option<&str> {
        match self.kind() {
            Kind::SignIn { code } => Some(code.as_str()),
            _ => None,
        }
    }
}
