//! The accounts server: what gives tokens.

mod consent;
mod device;
mod page;
mod token;

use axum::http::{Method, StatusCode};
use serde_json::{Map, json};

use crate::sandbox::{
    Reply, Request, Sandbox, assumptions,
    gate::{Credentials, Refusal},
};

/// Answers a request that needs no token.
type Handler = fn(&Sandbox, &Request) -> Reply;

/// What the accounts server offers.
static OPERATIONS: &[(Method, &str, Handler)] = &[
    (Method::GET, "/oauth/serverinfo", server_info),
    (Method::GET, "/oauth/v2/auth", consent::ask),
    (Method::POST, "/oauth/v2/auth", consent::decide),
    (Method::POST, "/oauth/v2/token", token::give),
    (Method::POST, "/oauth/v2/token/revoke", token::revoke),
    (Method::POST, "/oauth/v3/device/code", device::begin),
    (Method::GET, "/oauth/v3/device", device::ask),
    (Method::POST, "/oauth/v3/device", device::decide),
    (Method::POST, "/oauth/v3/device/token", device::poll),
];

/// What answers `method` on `path`; none outside the accounts server.
pub(in crate::sandbox) fn find(method: &Method, path: &str) -> Option<Handler> {
    OPERATIONS.iter().find(|(verb, at, _)| verb == method && *at == path).map(|(_, _, handler)| *handler)
}

/// The accounts server of each data centre; in the sandbox all are this one.
///
/// <https://www.zoho.com/accounts/protocol/oauth/multi-dc.html>
fn server_info(sandbox: &Sandbox, request: &Request) -> Reply {
    let address = sandbox.address(request);
    let locations = ["us", "eu", "in", "au", "jp", "cn", "ca", "sa"];
    let locations: Map<_, _> = locations.map(|name| (name.to_owned(), json!(address))).into_iter().collect();
    Reply::ok(json!({ "result": "success", "locations": locations }))
}

/// A refusal: most come with status 200.
///
/// <https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html>
fn refused(refusal: Refusal) -> Reply {
    let error = match refusal {
        Refusal::InvalidClient => "invalid_client",
        Refusal::InvalidCode => "invalid_code",
        Refusal::InvalidRedirect => "invalid_redirect_uri",
        Refusal::InvalidScope => "invalid_scope",
        Refusal::AccessDenied => "access_denied",
        Refusal::Pending => "authorization_pending",
        Refusal::SlowDown => "slow_down",
        Refusal::Expired => "expired",
        Refusal::General => "general_error",
        Refusal::Throttled => {
            let text = "You have made too many requests continuously. Please try again after some time.";
            let body = json!({ "error": "Access Denied", "error_description": text, "status": "failure" });
            let status = StatusCode::from_u16(assumptions::TOKEN_THROTTLE_STATUS).unwrap_or(StatusCode::OK);
            return Reply::json(status, body);
        }
    };
    Reply::ok(json!({ "error": error }))
}

/// The app's id and secret: as parameters, or in the header of HTTP's basic scheme.
fn credentials(request: &Request) -> (String, Option<String>) {
    let basic = request.header("authorization").and_then(basic);
    let id = request.field("client_id").or_else(|| basic.as_ref().map(|(id, _)| id.clone()));
    let secret = request.field("client_secret").or_else(|| basic.map(|(_, secret)| secret));
    (id.unwrap_or_default(), secret)
}

fn basic(header: &str) -> Option<(String, String)> {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let (scheme, text) = header.split_once(' ')?;
    let text = scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(text.trim()))?.ok()?;
    let (id, secret) = std::str::from_utf8(&text).ok()?.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn app((client, secret): &(String, Option<String>)) -> Credentials<'_> {
    Credentials { client, secret: secret.as_deref() }
}
