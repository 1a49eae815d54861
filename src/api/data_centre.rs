//! Where Zoho serves Bigin.

use reqwest::Url;

use super::http::is_loopback;

/// A data centre: an accounts host and the API domain that goes with it.
///
/// <https://www.bigin.com/developer/docs/apis/v2/multi-dc.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataCentre {
    /// The word in redirects and on the command line: `eu`.
    pub location: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Accounts server, without a path.
    pub accounts: &'static str,
    /// API domain, without a path.
    pub api_domain: &'static str,
}

/// The data centres of Bigin's own list, the most used first. The accounts host of Canada is irregular.
pub static DATA_CENTRES: &[DataCentre] = &[
    centre("us", "United States", "https://accounts.zoho.com", "https://www.zohoapis.com"),
    centre("eu", "Europe", "https://accounts.zoho.eu", "https://www.zohoapis.eu"),
    centre("in", "India", "https://accounts.zoho.in", "https://www.zohoapis.in"),
    centre("au", "Australia", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
    centre("jp", "Japan", "https://accounts.zoho.jp", "https://www.zohoapis.jp"),
    centre("cn", "China", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
    centre("ca", "Canada", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
    centre("sa", "Saudi Arabia", "https://accounts.zoho.sa", "https://www.zohoapis.sa"),
];

/// Data centres that Zoho's accounts service knows and Bigin does not list: accepted, never offered.
static UNLISTED: &[DataCentre] = &[
    centre("uk", "United Kingdom", "https://accounts.zoho.uk", "https://www.zohoapis.uk"),
    centre("ae", "United Arab Emirates", "https://accounts.zoho.ae", "https://www.zohoapis.ae"),
];

const fn centre(
    location: &'static str,
    name: &'static str,
    accounts: &'static str,
    api_domain: &'static str,
) -> DataCentre {
    DataCentre { location, name, accounts, api_domain }
}

/// The data centre with this location word.
#[must_use]
pub fn at(location: &str) -> Option<&'static DataCentre> {
    all().find(|centre| centre.location.eq_ignore_ascii_case(location))
}

/// The data centre with this accounts server.
#[must_use]
pub fn of_accounts(accounts: &str) -> Option<&'static DataCentre> {
    all().find(|centre| centre.accounts == accounts.trim_end_matches('/'))
}

/// Whether a token may be sent to `api_domain` when `accounts` names it: it is one of Zoho's, or both are on
/// this machine.
#[must_use]
pub fn trusts(accounts: &str, api_domain: &str) -> bool {
    let domain = api_domain.trim_end_matches('/');
    let here = |text: &str| Url::parse(text).is_ok_and(|url| is_loopback(&url));
    all().any(|centre| centre.api_domain == domain) || (here(accounts) && here(domain))
}

fn all() -> impl Iterator<Item = &'static DataCentre> {
    DATA_CENTRES.iter().chain(UNLISTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_irregular_host_is_known() {
        assert_eq!(at("ca").map(|centre| centre.accounts), Some("https://accounts.zohocloud.ca"));
        assert_eq!(at("EU").map(|centre| centre.api_domain), Some("https://www.zohoapis.eu"));
        assert_eq!(of_accounts("https://accounts.zoho.uk/").map(|centre| centre.location), Some("uk"));
        assert_eq!(at("mars"), None);
    }

    #[test]
    fn no_token_goes_to_a_domain_that_only_the_answer_names() {
        let (zoho, here) = ("https://accounts.zoho.eu", "http://127.0.0.1:4000");
        assert!(trusts(zoho, "https://www.zohoapis.com"));
        assert!(trusts(here, "http://127.0.0.1:4000"));
        for evil in [
            "https://www.zohoapis.com.evil.test",
            "https://evil.test/www.zohoapis.com",
            "https://www.zohoapis.com@evil.test",
            "http://www.zohoapis.com",
            "http://127.0.0.1:4000",
            "",
        ] {
            assert!(!trusts(zoho, evil), "{evil}");
        }
        assert!(!trusts(here, "http://127.0.0.1.evil.test"));
    }
}
