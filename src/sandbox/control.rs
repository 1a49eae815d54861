//! The control plane under `/__sandbox/`: books, time, faults, reset and the truth, for tests and demos.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Reply, Request, Sandbox, clock, fault, gate::lock};

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
        (Method::GET, "calls") => Reply::ok(json!({ "calls": lock(&sandbox.journal).all() })),
        (Method::GET, "state") => state(sandbox),
        (_, "ledger" | "clock" | "faults" | "reset" | "calls" | "state") => {
            refuse(StatusCode::METHOD_NOT_ALLOWED, "no such method here")
        }
        _ => {
            refuse(StatusCode::NOT_FOUND, "the control plane has ledger, clock, faults, reset, calls, state")
        }
    }
}

fn ledger(sandbox: &Sandbox) -> Value {
    let flights = sandbox.gate.in_flight();
    json!({
        "used": sandbox.gate.used(sandbox.clock.now()),
        "limit": sandbox.gate.credits(),
        "in_flight": flights.now,
        "peak": flights.peak,
        "sub_in_flight": flights.pool_now,
        "sub_peak": flights.pool_peak,
        "calls": lock(&sandbox.journal).priced(),
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

fn reset(sandbox: &Sandbox) -> Reply {
    match sandbox.reset() {
        Ok(()) => Reply::ok(now(sandbox)),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn state(sandbox: &Sandbox) -> Reply {
    let world = sandbox.world();
    match world.truth() {
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
