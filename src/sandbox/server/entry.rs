//! The way of one request through the sandbox.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use tokio::sync::watch;

use super::{Cut, Progress, intake};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock, reply,
    router::{self, Found},
    routes::oauth,
};

/// What every request finds.
#[derive(Clone)]
pub(super) struct Entry {
    pub sandbox: Arc<Sandbox>,
    pub progress: watch::Receiver<Progress>,
}

/// Answers a request, whatever it is.
pub(super) async fn answer(
    State(entry): State<Entry>,
    ConnectInfo(_cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if path.starts_with("/bigin/") {
        return entry.call(parts, body).await.into_response();
    }
    let reply = match oauth::find(&parts.method, &path) {
        Some(handler) => match entry.read(&parts, body).await {
            Ok(request) => handler(&entry.sandbox, &request),
            Err(refusal) => refusal,
        },
        None => reply::invalid_url(),
    };
    reply.into_response()
}

impl Entry {
    /// A call of the API: credentials, token, concurrency, credits, route, verb, scope, handler.
    async fn call(&self, parts: Parts, body: axum::body::Body) -> Reply {
        let sandbox = &self.sandbox;
        let now = sandbox.clock.now();
        let (method, path) = (parts.method.as_str().to_owned(), parts.uri.path().to_owned());
        let gate = &sandbox.gate;
        let turned_away = |refusal: Reply| {
            gate.note_unpaid(now, &method, &path, refusal.status.as_u16());
            refusal
        };
        let caller = match gate.identify(parts.headers.get(header::AUTHORIZATION), now) {
            Ok(caller) => caller,
            Err(refusal) => return turned_away(refusal),
        };
        let mut seat = match gate.enter(&caller) {
            Ok(seat) => seat,
            Err(refusal) => return turned_away(refusal),
        };
        tokio::time::sleep(sandbox.options.latency).await;
        let found = router::find(&parts.method, &path);
        let request = self.read(&parts, body).await;
        let mut credits = 1;
        if let (Found::Operation(operation, params), Ok(request)) = (&found, &request) {
            let _ = params;
            credits = operation.credits(request);
            if operation.is_heavy(request)
                && let Err(refusal) = seat.join_pool()
            {
                return turned_away(refusal);
            }
        }
        let call = match gate.charge(now, &method, &path, credits) {
            Ok(call) => call,
            Err(refusal) => return refusal,
        };
        let expires = HeaderValue::from_str(&clock::iso(caller.expires));
        let mut reply = match (found, request) {
            (Found::Nothing, _) => reply::invalid_url(),
            (Found::WrongMethod, _) => reply::invalid_method(),
            (_, Err(refusal)) => refusal,
            (Found::Operation(operation, params), Ok(request)) => {
                let request = request.with_params(params);
                if operation.admits(&caller, &request) {
                    self.run(operation.handler, caller, request).await
                } else {
                    reply::scope_mismatch()
                }
            }
        };
        gate.settle(call, reply.status.as_u16());
        if let Ok(expires) = expires {
            reply = reply.with_header(header::HeaderName::from_static("x-accesstoken-reset"), expires);
        }
        reply
    }

    /// Runs a handler where it may block. SQLite has one connection behind a lock: handlers of one
    /// connection take turns for their SQL, and read bodies and write answers side by side.
    async fn run(&self, handler: router::Handler, caller: Caller, request: Request) -> Reply {
        let mut progress = self.progress.clone();
        let ready = progress.wait_for(|progress| progress.end.is_some()).await;
        if !ready.is_ok_and(|progress| progress.end == Some(Ok(()))) {
            return reply::server_fault();
        }
        let sandbox = Arc::clone(&self.sandbox);
        let work = tokio::task::spawn_blocking(move || handler(&sandbox, &caller, &request));
        work.await.unwrap_or_else(|_| reply::server_fault())
    }

    async fn read(&self, parts: &Parts, body: axum::body::Body) -> Result<Request, Reply> {
        let query = parts.uri.query().unwrap_or_default();
        let mut request = Request::new(parts.method.clone(), parts.uri.path(), query, parts.headers.clone());
        request.body = intake::body(body, &parts.headers, assumptions::JSON_BODY_LIMIT).await?;
        request.parts = intake::parts(&parts.headers, &request.body).await?;
        Ok(request)
    }
}
