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
    Kind::TooMany { retry_at: Timestamp::now().saturating_add(THROTTLE).unwrap_or(Timestamp::MAX) }
}
