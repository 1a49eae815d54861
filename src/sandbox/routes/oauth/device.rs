//! Apps on devices without a browser.
//!
//! <https://www.zoho.com/accounts/protocol/oauth/devices/initiation-request.html>

use axum::http::StatusCode;
use serde_json::json;

use super::{app, credentials, page, refused, token};
use crate::sandbox::{
    Reply, Request, Sandbox, assumptions,
    gate::{Device, Refusal, Scopes, lock},
};

/// Gives the device a code to show.
pub(super) fn begin(sandbox: &Sandbox, request: &Request) -> Reply {
    let field = |name| request.field(name).unwrap_or_default();
    if field("grant_type") != "device_request" {
        return refused(Refusal::General);
    }
    let Ok(scopes) = Scopes::parse(&field("scope")) else { return refused(Refusal::InvalidScope) };
    let offline = field("access_type") == "offline";
    let asks = Device { client: credentials(request).0, scopes, offline };
    let code = match lock(&sandbox.gate.tokens).wait_for_person(asks, sandbox.clock.now()) {
        Ok(code) => code,
        Err(refusal) => return refused(refusal),
    };
    let url = format!("{}/oauth/v3/device", sandbox.address(request));
    let unit = if assumptions::DEVICE_TIMES_IN_MILLISECONDS { 1000 } else { 1 };
    Reply::ok(json!({
        "user_code": code.user,
        "device_code": code.device,
        "verification_url": url,
        "verification_uri_complete": format!("{url}?user_code={}", code.user),
        "interval": assumptions::DEVICE_POLL_INTERVAL.as_secs() * unit,
        "expires_in": assumptions::DEVICE_CODE_LIFETIME.as_secs() * unit,
    }))
}

/// Asks the person for the code, then for the decision.
pub(super) fn ask(sandbox: &Sandbox, request: &Request) -> Reply {
    let Some(code) = request.field("user_code") else {
        let form = "<form method=\"get\" action=\"/oauth/v3/device\">\n\
                    <p><label>Code <input name=\"user_code\" autofocus></label> <button>Go on</button></p>\n\
                    </form>";
        return page::page(StatusCode::OK, "Enter the code that your device shows", form);
    };
    let tokens = lock(&sandbox.gate.tokens);
    let Some(device) = tokens.waiting(&code, sandbox.clock.now()).cloned() else { return unknown_code() };
    drop(tokens);
    let scopes: Vec<&str> = device.scopes.iter().collect();
    let hidden = [("user_code", code)];
    page::consent("/oauth/v3/device", sandbox.organisation(), &sandbox.people(), &scopes, &hidden)
}

/// Notes the person's decision.
pub(super) fn decide(sandbox: &Sandbox, request: &Request) -> Reply {
    let accepts = request.field("decision").as_deref() == Some("accept");
    let user = accepts.then(|| sandbox.person(request.field("user").as_deref()));
    let code = request.field("user_code").unwrap_or_default();
    if !lock(&sandbox.gate.tokens).decide(&code, user, sandbox.clock.now()) {
        return unknown_code();
    }
    let title = if accepts { "Access is allowed" } else { "Access is refused" };
    page::page(StatusCode::OK, title, "<p>You can go back to your device.</p>")
}

/// Tells the device what the person decided.
pub(super) fn poll(sandbox: &Sandbox, request: &Request) -> Reply {
    let credentials = credentials(request);
    let mut tokens = lock(&sandbox.gate.tokens);
    let minted = match request.field("grant_type").as_deref() {
        Some("device_token") => {
            let code = request.field("code").unwrap_or_default();
            tokens.poll(&code, app(&credentials), sandbox.clock.now())
        }
        _ => Err(Refusal::General),
    };
    drop(tokens);
    token::given(minted, &sandbox.address(request))
}

fn unknown_code() -> Reply {
    page::page(StatusCode::BAD_REQUEST, "Unknown code", "<p>The code is wrong, used or too old.</p>")
}
