//! From a code to a kept account.

use secrecy::SecretString;

use super::LoginError;
use crate::{
    api::{
        AppKey, Client, Clock, Credentials, Error, Kind, Limits, Member, Options, Timeouts, data_centre,
        oauth::{Accounts, Grant, SCOPES, exchange_anywhere},
    },
    config::{self, Account, Paths, Profile},
    domain::{Org, SafeText},
};

/// What a sign-in takes.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Client id of the self client.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
    /// The code that was generated for it.
    pub code: SecretString,
}

/// A sign-in that was kept.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The organisation; none when the code does not allow reading about it.
    pub org: Option<Org>,
    /// The user; none when the code does not allow reading about users.
    pub user: Option<Member>,
    /// Accounts server, without a path.
    pub accounts: String,
    /// Scopes that the program uses and the code does not allow.
    pub missing: Vec<&'static str>,
    /// Credits that the questions took.
    pub credits: u32,
    /// An earlier sign-in of the profile was revoked.
    pub replaced: bool,
    /// Why the organisation or the user could not be asked about.
    pub unasked: Option<Error>,
}

/// Exchanges the code at the first of `hosts` that takes it, asks who that is, and keeps the keys; also when
/// nobody can say who it is, for the code is used up then.
///
/// # Errors
/// When no server takes the code, what it gave does not hold, or the keys cannot be kept.
pub async fn sign_in(
    keys: &Keys,
    hosts: &[&str],
    paths: &Paths,
    profile: &Profile,
) -> Result<Granted, LoginError> {
    let app = AppKey { id: keys.id.clone(), secret: keys.secret.clone() };
    let (accounts, grant) = exchange_anywhere(hosts, &app, &keys.code, Timeouts::default()).await?;
    keep(app, accounts.url(), &grant, paths, profile).await
}

/// Asks whom a grant of the accounts server at this URL is for, and keeps what it takes to sign in again.
///
/// # Errors
/// As [`sign_in`].
pub(super) async fn keep(
    app: AppKey,
    accounts: &str,
    grant: &Grant,
    paths: &Paths,
    profile: &Profile,
) -> Result<Granted, LoginError> {
    let (Some(refresh_token), Some(api_domain)) = (grant.refresh_token.clone(), grant.api_domain.clone())
    else {
        return Err(LoginError::NotLasting);
    };
    let credentials = Credentials { app, refresh_token, accounts: accounts.to_owned(), api_domain };
    let limits = Limits::new(None, Clock::system());
    let client = Client::granted(credentials.clone(), grant, limits, Options::default())?;
    let mut unasked = None;
    let user = heard(client.current_user().await, &mut unasked)?.flatten();
    let org = heard(client.org().await, &mut unasked)?;
    let account = Account {
        client_id: credentials.app.id,
        client_secret: credentials.app.secret,
        refresh_token: credentials.refresh_token,
        accounts: credentials.accounts.clone(),
        api_domain: credentials.api_domain,
        org: org.as_ref().map(|org| org.name.clone()).unwrap_or_default(),
        user: user.as_ref().map(|member| member.user.email.clone()).unwrap_or_default(),
    };
    let earlier = config::load(paths, profile).ok().flatten();
    config::save(paths, profile, &account)?;
    let replaced = match earlier {
        Some(earlier) => {
            let accounts = Accounts::new(&earlier.accounts, Timeouts::default());
            accounts.revoke(&earlier.refresh_token).await.is_ok()
        }
        None => false,
    };
    let missing = SCOPES.iter().copied().filter(|scope| !covers(&grant.scopes, scope)).collect();
    let credits = client.limits().usage().used;
    Ok(Granted { org, user, accounts: account.accounts, missing, credits, replaced, unasked })
}

/// What the code does not allow is unknown, and so is what the service did not say; only a sign-in that does not
/// hold is an error.
fn heard<T>(answer: Result<T, Error>, unasked: &mut Option<Error>) -> Result<Option<T>, Error> {
    let error = match answer {
        Ok(value) => return Ok(Some(value)),
        Err(error) => error,
    };
    match error.kind() {
        Kind::Scope { .. } | Kind::Forbidden { .. } => {}
        Kind::SignIn { .. } => return Err(error),
        _ => *unasked = Some(error),
    }
    Ok(None)
}

/// Whether the granted scopes cover one; a server that names none is taken at its word. `X.ALL` covers
/// everything below `X`.
fn covers(granted: &[String], scope: &str) -> bool {
    let scope = scope.to_lowercase();
    granted.is_empty()
        || granted.iter().map(|granted| granted.to_lowercase()).any(|granted| {
            let below = granted.strip_suffix("all").filter(|prefix| prefix.ends_with('.'));
            granted == scope || below.is_some_and(|prefix| scope.starts_with(prefix))
        })
}

impl Granted {
    /// What was done, in words: who, where what is kept, what is allowed.
    #[must_use]
    pub fn told(&self, paths: &Paths, profile: &Profile) -> Vec<String> {
        let user = self.user.as_ref().map(|member| &member.user);
        let user = user.map(|user| SafeText::new(&format!(" as {} <{}>", user.name, user.email)));
        let user = user.map(|text| text.to_string()).unwrap_or_default();
        let place =
            data_centre::of_accounts(&self.accounts).map_or(self.accounts.as_str(), |centre| centre.name);
        let org = self.org.as_ref().map_or("an organisation", |org| org.name.as_str());
        let mut lines = vec![
            format!("Signed in to {}{user} ({}).", SafeText::new(org), SafeText::new(place)),
            format!(
                "Profile {profile}: client id, client secret and refresh token are kept in {}, which only you can \
                 read. The access token, which lasts an hour, stands sealed beside them.",
                paths.credentials(profile).display()
            ),
        ];
        if let Some(org) = &self.org {
            lines.push(format!(
                "{} edition: {} API credits in 24 hours, {} calls at once. Signing in took {}.",
                SafeText::new(&org.edition),
                org.allowance.credits,
                org.allowance.concurrency,
                self.credits
            ));
        }
        if !self.missing.is_empty() {
            lines.push(format!(
                "The code does not allow everything. Without these scopes parts of the program stay closed: {}.",
                self.missing.join(", ")
            ));
        }
        if let Some(error) = &self.unasked {
            lines.push(
                SafeText::new(&format!("The sign-in is kept, but {error}. {}", error.advice())).to_string(),
            );
        }
        if self.replaced {
            lines.push("The earlier sign-in of this profile was revoked.".to_owned());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_scope_covers_a_narrower_one() {
        let granted = ["ZohoBigin.settings.ALL", "zohobigin.users.read"].map(str::to_owned);
        assert!(covers(&granted, "ZohoBigin.settings.layouts.READ"));
        assert!(covers(&granted, "ZohoBigin.users.READ"));
        assert!(!covers(&granted, "ZohoBigin.users.ALL"));
        assert!(!covers(&granted, "ZohoBigin.settingsx.READ"));
        assert!(covers(&[], "ZohoBigin.users.ALL"));
    }
}
