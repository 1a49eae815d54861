//! The accounts server: what gives tokens.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::sandbox::{
    Reply, Request, Sandbox,
    gate::{Minted, Refusal, lock},
};

/// Answers a request that needs no token.
type Handler = fn(&Sandbox, &Request) -> Reply;

/// What the accounts server offers.
static OPERATIONS: &[(Method, &str, Handler)] = &[(Method::POST, "/oauth/v2/token", token)];

/// What answers `method` on `path`; none outside the accounts server.
pub(in crate::sandbox) fn find(method: &Method, path: &str) -> Option<Handler> {
    OPERATIONS.iter().find(|(verb, at, _)| verb == method && *at == path).map(|(_, _, handler)| *handler)
}

fn token(sandbox: &Sandbox, request: &Request) -> Reply {
    let now = sandbox.clock.now();
    let field = |name| request.field(name).unwrap_or_default();
    let mut tokens = lock(&sandbox.gate.tokens);
    let minted =
        tokens.authenticate(&field("client_id"), &field("client_secret")).and_then(|()| {
            match field("grant_type").as_str() {
                "refresh_token" => tokens.refresh(&field("refresh_token"), &field("client_id"), now),
                _ => Err(Refusal::InvalidCode),
            }
        });
    match minted {
        Ok(minted) => Reply::ok(answer(&minted, sandbox.url())),
        Err(refusal) => refused(refusal),
    }
}

fn answer(minted: &Minted, url: &str) -> Value {
    let mut body = Map::new();
    body.insert("access_token".to_owned(), json!(minted.access));
    if let Some(refresh) = &minted.refresh {
        body.insert("refresh_token".to_owned(), json!(refresh));
    }
    body.insert("scope".to_owned(), json!(minted.scopes.listed()));
    body.insert("api_domain".to_owned(), json!(url));
    body.insert("token_type".to_owned(), json!("Bearer"));
    body.insert("expires_in".to_owned(), json!(minted.lifetime.as_secs()));
    Value::Object(body)
}

fn refused(refusal: Refusal) -> Reply {
    let error = match refusal {
        Refusal::InvalidClient => "invalid_client",
        Refusal::InvalidCode => "invalid_code",
        Refusal::InvalidRedirect => "invalid_redirect_uri",
        Refusal::AccessDenied => "access_denied",
        Refusal::Throttled => {
            let body = json!({
                "error_description": "You have made too many requests continuously. Please try again after some time.",
                "error": "Access Denied",
                "status": "failure",
            });
            return Reply::json(StatusCode::BAD_REQUEST, body);
        }
    };
    Reply::ok(json!({ "error": error }))
}
