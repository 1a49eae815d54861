//! The keys of a profile's account, in a private file.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{ConfigError, Paths, Profile, file, private};

/// The keys of an account, and who it is. The access token is not among them: it is written nowhere but sealed under
/// the refresh token.
#[derive(Debug, Clone)]
pub struct Account {
    /// Client id of the app.
    pub client_id: String,
    /// Secret of the app.
    pub client_secret: SecretString,
    /// Lives until it is revoked.
    pub refresh_token: SecretString,
    /// Accounts server, without a path.
    pub accounts: String,
    /// API domain, without a path.
    pub api_domain: String,
    /// The organisation's name, for people.
    pub org: String,
    /// The user's e-mail address, for people.
    pub user: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    client_id: String,
    client_secret: String,
    refresh_token: String,
    accounts: String,
    api_domain: String,
    #[serde(default)]
    org: String,
    #[serde(default)]
    user: String,
}

/// The account of a profile; none when nobody signed in.
///
/// # Errors
/// When the file cannot be read, is open to others, or has a mistake.
pub fn load(paths: &Paths, profile: &Profile) -> Result<Option<Account>, ConfigError> {
    let path = paths.credentials(profile);
    let Some(text) = private::read(&path)? else { return Ok(None) };
    let written: Written = file::parse(&path, &text)?;
    Ok(Some(Account {
        client_id: written.client_id,
        client_secret: written.client_secret.into(),
        refresh_token: written.refresh_token.into(),
        accounts: written.accounts,
        api_domain: written.api_domain,
        org: written.org,
        user: written.user,
    }))
}

/// Makes sure that the account of a profile can be kept.
///
/// # Errors
/// When its file could not be written.
pub fn prepare(paths: &Paths, profile: &Profile) -> Result<(), ConfigError> {
    private::prepare(&paths.credentials(profile))
}

/// Keeps the account of a profile, in the place of an earlier one.
///
/// # Errors
/// When the file cannot be written.
pub fn save(paths: &Paths, profile: &Profile, account: &Account) -> Result<(), ConfigError> {
    let written = Written {
        client_id: account.client_id.clone(),
        client_secret: account.client_secret.expose_secret().to_owned(),
        refresh_token: account.refresh_token.expose_secret().to_owned(),
        accounts: account.accounts.clone(),
        api_domain: account.api_domain.clone(),
        org: account.org.clone(),
        user: account.user.clone(),
    };
    let path = paths.credentials(profile);
    let text = toml::to_string(&written).map_err(std::io::Error::other);
    private::write(&path, &text.map_err(ConfigError::io("write", &path))?)
}

/// Removes the account of a profile and what was made with its keys; tells whether there was one.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget(paths: &Paths, profile: &Profile) -> Result<bool, ConfigError> {
    private::remove(&paths.access(profile))?;
    private::remove(&paths.credentials(profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            client_id: "1000.APP".to_owned(),
            client_secret: SecretString::from("s3cret \"quoted\" \\"),
            refresh_token: SecretString::from("1000.canary.canary"),
            accounts: "https://accounts.zoho.eu".to_owned(),
            api_domain: "https://www.zohoapis.eu".to_owned(),
            org: "Northwind\nCoffee".to_owned(),
            user: "rosa@example.test".to_owned(),
        }
    }

    #[test]
    fn an_account_comes_back_as_it_was_kept() {
        let home = tempfile::tempdir().expect("a folder");
        let (paths, profile) = (Paths::under(home.path()), Profile::default());
        assert!(load(&paths, &profile).expect("read").is_none());
        save(&paths, &profile, &account()).expect("kept");
        let kept = load(&paths, &profile).expect("read").expect("an account");
        assert_eq!(kept.client_secret.expose_secret(), account().client_secret.expose_secret());
        assert_eq!((kept.org, kept.api_domain), (account().org, account().api_domain));
        assert!(!format!("{:?}", account()).contains("canary"));
        assert!(forget(&paths, &profile).expect("removed"));
        assert!(load(&paths, &profile).expect("read").is_none());
    }

    #[test]
    fn a_damaged_file_does_not_show_its_secrets() {
        let home = tempfile::tempdir().expect("a folder");
        let (paths, profile) = (Paths::under(home.path()), Profile::default());
        let path = paths.credentials(&profile);
        private::write(&path, "client_id = \"x\"\nrefresh_token = 1000.canary\n").expect("written");
        let told = load(&paths, &profile).expect_err("damaged").to_string();
        assert!(told.contains("line 2") && !told.contains("canary"), "{told}");
    }
}
