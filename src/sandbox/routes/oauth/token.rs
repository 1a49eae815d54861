//! The token endpoint.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{app, credentials, refused};
use crate::sandbox::{
    Reply, Request, Sandbox,
    gate::{Minted, Refusal, lock},
};

/// Exchanges a code or a refresh token.
///
/// <https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html>
pub(super) fn give(sandbox: &Sandbox, request: &Request) -> Reply {
    let now = sandbox.clock.now();
    let credentials = credentials(request);
    let app = app(&credentials);
    let field = |name| request.field(name);
    let mut tokens = lock(&sandbox.gate.tokens);
    let minted = match field("grant_type").unwrap_or_default().as_str() {
        "refresh_token" => tokens.refresh(&field("refresh_token").unwrap_or_default(), app, now),
        "authorization_code" => {
            let (code, redirect, verifier) = (field("code"), field("redirect_uri"), field("code_verifier"));
            let code = code.unwrap_or_default();
            tokens.exchange(&code, app, redirect.as_deref(), verifier.as_deref(), now)
        }
        _ => tokens.authenticate(app, false).and(Err(Refusal::General)),
    };
    given(minted, &sandbox.address(request))
}

/// The answer that gives tokens, or says why not.
pub(super) fn given(minted: Result<Minted, Refusal>, address: &str) -> Reply {
    let minted = match minted {
        Ok(minted) => minted,
        Err(refusal) => return refused(refusal),
    };
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
    put("access_token", json!(minted.access));
    if let Some(refresh) = &minted.refresh {
        put("refresh_token", json!(refresh));
    }
    put("scope", json!(minted.scopes.listed()));
    put("api_domain", json!(address));
    put("token_type", json!("Bearer"));
    put("expires_in", json!(minted.lifetime.as_secs()));
    Reply::ok(Value::Object(body))
}

/// Ends a token.
///
/// <https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html>
pub(super) fn revoke(sandbox: &Sandbox, request: &Request) -> Reply {
    let token = request.field("token").unwrap_or_default();
    if lock(&sandbox.gate.tokens).revoke(&token) {
        return Reply::ok(json!({ "status": "success" }));
    }
    Reply::json(StatusCode::BAD_REQUEST, json!({ "error": "invalid_token" }))
}
