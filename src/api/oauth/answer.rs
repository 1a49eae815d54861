//! Answers of the accounts server. Its errors come with HTTP 200, and its throttle in a shape of its own.
//!
//! <https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html>

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Grant;
use crate::{
    api::{
        error::{Error, Kind},
        http::Reply,
        wire,
    },
    domain::SafeText,
};

/// How long the accounts server blocks a refresh token that asked for too many access tokens.
///
/// <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>
pub(in crate::api) const THROTTLE: SignedDuration = SignedDuration::from_mins(10);

/// The object of a successful answer.
pub(super) fn object(reply: &Reply, doing: &'static str) -> Result<Map<String, Value>, Error> {
    let fail = |kind| Err(Error::new(doing, kind));
    if reply.status >= 500 {
        return fail(Kind::Server { status: reply.status });
    }
    let object = match wire::json(reply) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return fail(Kind::Unexpected { problem: SafeText::new("not an object") }),
        Err(kind) => return fail(kind),
    };
    match object.get("error").and_then(Value::as_str) {
        None if reply.status < 400 => Ok(object),
        Some("Access Denied") => fail(throttled()),
        _ if reply.status == 429 => fail(throttled()),
        code => fail(Kind::SignIn { code: SafeText::new(code.unwrap_or("invalid_token")) }),
    }
}

pub(super) fn grant(reply: Reply, doing: &'static str) -> Result<Grant, Error> {
    let object = object(&reply, doing)?;
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let Some(access_token) = text("access_token") else {
        let problem = SafeText::new("an access token is missing");
        return Err(Error::new(doing, Kind::Unexpected { problem }));
    };
    Ok(Grant {
        access_token: SecretString::from(access_token),
        expires_in: lifetime(object.get("expires_in")),
        refresh_token: text("refresh_token").map(SecretString::from),
        api_domain: text("api_domain").map(|domain| domain.trim_end_matches('/').to_owned()),
        scopes: text("scope").map(split_scopes).unwrap_or_default(),
    })
}

/// Seconds; some older answers give milliseconds. Unknown means the usual hour.
fn lifetime(value: Option<&Value>) -> Duration {
    match value.and_then(number) {
        Some(milliseconds) if milliseconds > 86_400 => Duration::from_millis(milliseconds),
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::from_secs(3_600),
    }
}

pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn split_scopes(text: &str) -> Vec<String> {
    text.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

fn throttled() -> Kind {
    Kind::Throttled { retry_at: Timestamp::now().saturating_add(THROTTLE).unwrap_or(Timestamp::MAX) }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    fn read(status: u16, body: &Value) -> Result<Grant, Error> {
        let body = body.to_string().into();
        grant(Reply { status, headers: HeaderMap::new(), body, archive: None }, "sign in")
    }

    #[test]
    fn a_grant_is_read_with_or_without_its_optional_keys() {
        let whole = read(
            200,
            &json!({"access_token": "1000.a.b", "refresh_token": "1000.c.d", "expires_in": 3600,
                "scope": "ZohoBigin.modules.ALL ZohoBigin.users.READ", "api_domain": "https://www.zohoapis.eu/"}),
        )
        .expect("a grant");
        assert_eq!(whole.expires_in.as_secs(), 3_600);
        assert_eq!(whole.scopes, ["ZohoBigin.modules.ALL", "ZohoBigin.users.READ"]);
        assert_eq!(whole.api_domain.as_deref(), Some("https://www.zohoapis.eu"));
        let bare = read(200, &json!({"access_token": "1000.a.b", "expires_in": "3600000"})).expect("a grant");
        assert_eq!((bare.expires_in.as_secs(), bare.access_token.expose_secret()), (3_600, "1000.a.b"));
        assert!(bare.refresh_token.is_none() && bare.scopes.is_empty());
    }

    #[test]
    fn errors_come_with_any_status() {
        for (status, code) in [(200, "invalid_code"), (400, "invalid_client"), (200, "general_error")] {
            let error = read(status, &json!({ "error": code })).expect_err("an error");
            assert_eq!(error.sign_in_code(), Some(code));
        }
        let throttled =
            read(400, &json!({"error": "Access Denied", "status": "failure"})).expect_err("an error");
        assert!(matches!(throttled.kind(), Kind::Throttled { .. }));
        let failed = read(503, &json!({"error": "invalid_code"})).expect_err("an error");
        assert!(matches!(failed.kind(), Kind::Server { status: 503 }), "a failing server ends no sign-in");
        let empty = read(200, &json!({})).expect_err("an error");
        assert!(matches!(empty.kind(), Kind::Unexpected { .. }));
    }
}
