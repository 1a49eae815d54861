//! The page on which a person allows an app to act, and what comes of the decision.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/request-user-grant-permissions.html>

use axum::http::{HeaderValue, StatusCode, Uri, header};

use super::page;
use crate::sandbox::{
    Reply, Request, Sandbox, assumptions,
    gate::{Challenge, Code, Grant, Refusal, Scopes, lock},
    server::is_loopback,
};

/// What comes back with the decision.
const CARRIED: [&str; 8] = [
    "response_type",
    "client_id",
    "scope",
    "redirect_uri",
    "access_type",
    "prompt",
    "code_challenge",
    "code_challenge_method",
];

/// What an app asks a person for.
struct Ask {
    client: String,
    scopes: Scopes,
    redirect: String,
    offline: bool,
    forced: bool,
    state: Option<String>,
    challenge: Option<Challenge>,
}

/// Shows the page.
pub(super) fn ask(sandbox: &Sandbox, request: &Request) -> Reply {
    let ask = match Ask::read(sandbox, request) {
        Ok(ask) => ask,
        Err(page) => return page,
    };
    let carried = CARRIED.iter().chain(&["state"]);
    let hidden: Vec<_> = carried.filter_map(|name| Some((*name, request.field(name)?))).collect();
    let scopes: Vec<&str> = ask.scopes.iter().collect();
    page::consent("/oauth/v2/auth", sandbox.organisation(), &sandbox.people(), &scopes, &hidden)
}

/// Sends the browser back to the app, with a code if the person accepts.
pub(super) fn decide(sandbox: &Sandbox, request: &Request) -> Reply {
    let ask = match Ask::read(sandbox, request) {
        Ok(ask) => ask,
        Err(page) => return page,
    };
    let accepts = request.field("decision").as_deref() == Some("accept");
    let code = if accepts { ask.code(sandbox, request.field("user")) } else { Err(Refusal::AccessDenied) };
    let mut answer = form_urlencoded::Serializer::new(String::new());
    if code.is_err() {
        answer.append_pair("error", "access_denied");
    }
    if let Some(state) = &ask.state {
        answer.append_pair("state", state);
    }
    if let Ok(code) = code {
        answer.append_pair("code", &code);
        answer.append_pair("location", assumptions::LOCATION);
        answer.append_pair("accounts-server", &sandbox.address(request));
    }
    // The service leaves an ampersand at the end.
    let target = format!("{}?{}&", ask.redirect, answer.finish());
    match HeaderValue::try_from(target) {
        Ok(target) => Reply::bare(StatusCode::FOUND).with_header(header::LOCATION, target),
        Err(_) => page::error("invalid_redirect_uri", "The redirect address cannot be used."),
    }
}

impl Ask {
    fn read(sandbox: &Sandbox, request: &Request) -> Result<Self, Reply> {
        let field = |name| request.field(name).filter(|value| !value.is_empty());
        if field("response_type").as_deref() != Some("code") {
            return Err(page::error("invalid_response_type", "response_type must be code."));
        }
        let client = field("client_id").unwrap_or_default();
        if !lock(&sandbox.gate.tokens).knows(&client) {
            return Err(page::error("invalid_client", "No app with this client_id is registered."));
        }
        let redirect = field("redirect_uri").filter(|redirect| is_registered(redirect));
        let redirect = redirect.ok_or_else(|| {
            page::error("invalid_redirect_uri", "The redirect_uri is none of those registered.")
        })?;
        let scopes = Scopes::parse(&field("scope").unwrap_or_default());
        let scopes = scopes.map_err(|error| page::error("scope_does_not_exist", &error.to_string()))?;
        let hashed = field("code_challenge_method").is_some_and(|method| method == "S256");
        Ok(Self {
            client,
            scopes,
            redirect,
            offline: field("access_type").as_deref() == Some("offline"),
            forced: field("prompt").as_deref() == Some("consent"),
            state: field("state"),
            challenge: field("code_challenge").map(|text| Challenge { text, hashed }),
        })
    }

    /// Without `prompt=consent` a refresh token is given only the first time.
    fn code(&self, sandbox: &Sandbox, user: Option<String>) -> Result<String, Refusal> {
        let user = sandbox.person(user.as_deref());
        let mut tokens = lock(&sandbox.gate.tokens);
        let first = tokens.consents_first(&user, &self.client);
        let grant = Grant {
            user,
            client: self.client.clone(),
            scopes: self.scopes.clone(),
            offline: self.offline && (self.forced || first),
            secretless: false,
        };
        let code = Code {
            grant,
            redirect: Some(self.redirect.clone()),
            challenge: self.challenge.clone(),
            lifetime: assumptions::CODE_LIFETIME,
        };
        tokens.give_code(code, sandbox.clock.now())
    }
}

/// The demo app is registered with any loopback address and port, and the path `/callback`.
fn is_registered(redirect: &str) -> bool {
    let Ok(uri) = redirect.parse::<Uri>() else { return false };
    uri.scheme_str() == Some("http")
        && uri.host().is_some_and(is_loopback)
        && uri.path_and_query().is_some_and(|rest| rest.as_str() == "/callback")
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        && !redirect.contains('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sent_to_loopback_addresses_only() {
        for redirect in
            ["http://localhost:8888/callback", "http://127.0.0.1:8000/callback", "http://[::1]/callback"]
        {
            assert!(is_registered(redirect), "{redirect}");
        }
        for redirect in [
            "https://example.test/callback",
            "http://example.test/callback",
            "http://localhost:8888/elsewhere",
            "http://localhost:8888/callback?x=1",
            "http://localhost:8888/callback#x",
            "http://localhost@example.test/callback",
            "http://127.0.0.1@localhost/callback",
            "javascript:alert(1)",
            "/callback",
            "",
        ] {
            assert!(!is_registered(redirect), "{redirect}");
        }
    }
}
