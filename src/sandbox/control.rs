//! The control plane under `/__sandbox/`: books, time, faults, reset and the truth, for tests and demos.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    Reply, Request, Sandbox, assumptions, clock, fault,
    gate::{Code, Grant, Scopes, lock},
    jobs,
};

/// Whether the request waits for the organisation to be seeded.
pub(super) fn needs_world(request: &Request) -> bool {
    matches!(request.path.as_str(), "/__sandbox/reset" | "/__sandbox/state")
}

/// Answers a request of the control plane. Runs where it may block.
pub(super) fn answer(sandbox: &Sandbox, request: &Request) -> Reply {
    let name = request.path.trim_start_matches("/__sandbox/");
    match (request.method.clone(), name) {
        (Method::GET, "ledger") => Reply::ok(ledger(sandbox)),
        (Method::GET, "clock") => Reply::ok(now(sandbox)),
        (Method::POST, "clock") => advance(sandbox, request).into(),
        (Method::POST, "faults") => set_faults(sandbox, request).into(),
        (Method::POST, "reset") => reset(sandbox),
        (Method::POST, "self_client_code") => self_client_code(sandbox, request).into(),
        (Method::GET, "calls") => Reply::ok(json!({ "calls": lock(&sandbox.journal).all() })),
        (Method::GET, "state") => state(sandbox),
        (_, "ledger" | "clock" | "faults" | "reset" | "calls" | "state" | "self_client_code") => {
            refuse(StatusCode::METHOD_NOT_ALLOWED, "no such method here")
        }
        _ => {
            refuse(StatusCode::NOT_FOUND, "the control plane has ledger, clock, faults, reset, calls, state")
        }
    }
}

fn ledger(sandbox: &Sandbox) -> Value {
    let flights = sandbox.gate.in_flight();
    let journal = lock(&sandbox.journal);
    json!({
        "used": sandbox.gate.used(sandbox.clock.now()),
        "limit": sandbox.gate.credits(),
        "in_flight": flights.now,
        "peak": flights.peak,
        "sub_in_flight": flights.pool_now,
        "sub_peak": flights.pool_peak,
        "calls": journal.priced(),
        "earlier": journal.earlier(),
    })
}

fn now(sandbox: &Sandbox) -> Value {
    json!({ "now": clock::iso(sandbox.clock.now()) })
}

fn advance(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let seconds = json(request)?["advance_seconds"].as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    let wrong = || refuse(StatusCode::BAD_REQUEST, "advance_seconds is a whole number, not below 0");
    sandbox.clock.advance(seconds.ok_or_else(wrong)?);
    Ok(Reply::ok(now(sandbox)))
}

fn set_faults(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let rules: fault::Rules = serde_json::from_value(json(request)?.clone())
        .map_err(|error| refuse(StatusCode::BAD_REQUEST, &error.to_string()))?;
    let count = rules.rules.len();
    lock(&sandbox.faults).set(rules);
    Ok(Reply::ok(json!({ "rules": count })))
}

/// What the API console's "Generate Code" does for a self client.
fn self_client_code(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let asked = json(request)?;
    let wrong = |reason: &str| refuse(StatusCode::BAD_REQUEST, reason);
    let scopes = Scopes::parse(asked["scope"].as_str().unwrap_or_default());
    let scopes = scopes.map_err(|error| wrong(&error.to_string()))?;
    let minutes = asked["minutes"].as_u64().unwrap_or(10);
    if !assumptions::SELF_CLIENT_MINUTES.contains(&minutes) {
        return Err(wrong("minutes is 3, 5, 7 or 10"));
    }
    let user = sandbox.person(asked["user"].as_str());
    let mut tokens = lock(&sandbox.gate.tokens);
    let (client, ..) = tokens.demo();
    let grant = Grant { user, client, scopes, offline: true, secretless: false };
    let lifetime = Duration::from_secs(minutes * 60);
    let code = Code { grant, redirect: None, challenge: None, lifetime };
    let code = tokens.give_code(code, sandbox.clock.now());
    let code = code.map_err(|_| refuse(StatusCode::TOO_MANY_REQUESTS, "at most 10 codes in 10 minutes"))?;
    Ok(Reply::ok(json!({ "code": code, "expires_in": lifetime.as_secs() })))
}

fn reset(sandbox: &Sandbox) -> Reply {
    match sandbox.reset() {
        Ok(()) => Reply::ok(now(sandbox)),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn state(sandbox: &Sandbox) -> Reply {
    let world = sandbox.world();
    let told = world.truth().and_then(|mut truth| {
        truth["outgoing"] = jobs::outgoing(sandbox, &world)?;
        Ok(truth)
    });
    match told {
        Ok(truth) => Reply::ok(truth),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn json(request: &Request) -> Result<&Value, Reply> {
    request.json().map_err(|_| refuse(StatusCode::BAD_REQUEST, "the body is not JSON"))
}

fn refuse(status: StatusCode, reason: &str) -> Reply {
    Reply::json(status, json!({ "error": reason }))
}
