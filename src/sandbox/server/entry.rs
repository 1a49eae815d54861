//! The way of one request through the sandbox.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use jiff::Timestamp;
use tokio::sync::watch;

use super::{Cut, Progress, host, intake, outlet};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock, control,
    fault::Fault,
    gate::{Seat, lock},
    jobs,
    journal::CallId,
    reply,
    router::{self, Found},
    routes::oauth,
};

/// What every request finds.
#[derive(Clone)]
pub(super) struct Entry {
    pub sandbox: Arc<Sandbox>,
    pub progress: watch::Receiver<Progress>,
}

/// A request on its way.
struct Visit {
    parts: Parts,
    at: Timestamp,
    fault: Option<Fault>,
    call: CallId,
}

/// Answers a request, whatever it is.
pub(super) async fn answer(
    State(entry): State<Entry>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !entry.sandbox.options.public && !host::is_local(&parts.headers) {
        intake::discard(body).await;
        return host::refusal().into_response();
    }
    if parts.uri.path().starts_with("/__sandbox/") {
        return entry.control(&parts, body).await.into_response();
    }
    let visit = entry.begin(parts);
    if visit.fault.as_ref().is_some_and(Fault::closes_at_once) {
        return outlet::close(&cut);
    }
    let (reply, seat, credits) = if router::is_of_the_api(visit.parts.uri.path()) {
        entry.call(&visit, body).await
    } else {
        entry.accounts(&visit, body).await
    };
    let reply = reply.dressed().with_header(header::DATE, clock::date(visit.at));
    lock(&entry.sandbox.journal).settle(visit.call, reply.status.as_u16(), credits);
    let (method, path, status) = (&visit.parts.method, visit.parts.uri.path(), reply.status.as_u16());
    tracing::info!(target: "bigin::sandbox", %method, path, status, credits);
    match visit.fault {
        Some(fault) => outlet::faulty(reply, seat, &fault, &cut),
        None => reply.into_response(),
    }
}

impl Entry {
    fn begin(&self, parts: Parts) -> Visit {
        let at = self.sandbox.clock.now();
        let (method, path) = (&parts.method, parts.uri.path());
        let fault = lock(&self.sandbox.faults).pick(method, path);
        let token = parts.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        let query = parts.uri.query().unwrap_or_default();
        let call = lock(&self.sandbox.journal).note(at, method, path, query, token);
        Visit { parts, at, fault, call }
    }

    /// A call of the API: credentials, token, concurrency, credits, route, verb, scope, handler. Gives the
    /// answer, the place in flight that it holds, and what it cost.
    async fn call(&self, visit: &Visit, body: Body) -> (Reply, Option<Seat>, u32) {
        let gate = &self.sandbox.gate;
        let authorization = visit.parts.headers.get(header::AUTHORIZATION);
        let entered = gate.identify(authorization, visit.at).and_then(|caller| {
            let seat = gate.enter(&caller)?;
            Ok((caller, seat))
        });
        let (caller, mut seat) = match entered {
            Ok(entered) => entered,
            Err(refusal) => {
                intake::discard(body).await;
                return (refusal, None, 0);
            }
        };
        pause(self.sandbox.options.latency).await;
        let found = router::find(&visit.parts.method, visit.parts.uri.path(), self.sandbox.options.strict);
        let limit = match &found {
            Found::Operation(operation, _) => operation.body,
            _ => assumptions::JSON_BODY_LIMIT,
        };
        let request = self.read(visit, body, limit).await;
        let mut credits = 1;
        if let (Found::Operation(operation, _), Ok(request)) = (&found, &request) {
            credits = operation.credits(request);
            if operation.is_heavy(request)
                && let Err(refusal) = seat.join_pool()
            {
                return (refusal, Some(seat), 0);
            }
        }
        if let Err(refusal) = gate.charge(visit.at, credits) {
            return (refusal, Some(seat), 0);
        }
        let expires = HeaderValue::try_from(clock::iso(caller.expires));
        let mut reply = match self.spoiled(visit).await {
            Some(instead) => instead,
            None => self.operate(caller, found, request).await,
        };
        if matches!(reply.status.as_u16(), 401 | 429) {
            gate.refund(visit.at, credits);
            credits = 0;
        }
        if let Ok(expires) = expires {
            reply = reply.with_header(header::HeaderName::from_static("x-accesstoken-reset"), expires);
        }
        (reply, Some(seat), credits)
    }

    /// What is checked once a call is paid for: route, verb, scope.
    async fn operate(&self, caller: Caller, found: Found, request: Result<Request, Reply>) -> Reply {
        let (operation, params) = match found {
            Found::Operation(operation, params) => (operation, params),
            Found::WrongMethod => return reply::invalid_method(),
            Found::Nothing => return reply::invalid_url(),
        };
        let request = match request {
            Ok(request) => request.with_params(params),
            Err(refusal) => return refusal,
        };
        if !operation.admits(&caller, &request) {
            return reply::scope_mismatch();
        }
        if !self.ready().await {
            return reply::server_fault();
        }
        self.work(move |sandbox| {
            let reply = (operation.handler)(sandbox, &caller, &request);
            jobs::announce(sandbox);
            reply
        })
        .await
    }

    /// A request to the accounts server, which needs no token and costs nothing.
    async fn accounts(&self, visit: &Visit, body: Body) -> (Reply, Option<Seat>, u32) {
        let handler = oauth::find(&visit.parts.method, visit.parts.uri.path());
        let request = self.read(visit, body, assumptions::JSON_BODY_LIMIT).await;
        let reply = match (self.spoiled(visit).await, handler, request) {
            (Some(instead), ..) => instead,
            (_, None, _) => reply::invalid_url(),
            (.., Err(refusal)) => refusal,
            (_, Some(handler), Ok(request)) => self.work(move |sandbox| handler(sandbox, &request)).await,
        };
        (reply, None, 0)
    }

    async fn control(&self, parts: &Parts, body: Body) -> Reply {
        let request = match read(parts, body, assumptions::JSON_BODY_LIMIT).await {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        if control::needs_world(&request) && !self.ready().await {
            return reply::server_fault();
        }
        self.work(move |sandbox| control::answer(sandbox, &request)).await
    }

    /// What a fault answers in the place of the operation, after the delay that it asks for.
    async fn spoiled(&self, visit: &Visit) -> Option<Reply> {
        let fault = visit.fault.as_ref()?;
        pause(fault.delay()).await;
        fault.instead()
    }

    /// Waits for the organisation to be seeded and tells whether it is.
    async fn ready(&self) -> bool {
        let mut progress = self.progress.clone();
        let end = progress.wait_for(|progress| progress.end.is_some()).await;
        end.is_ok_and(|progress| progress.end == Some(Ok(())))
    }

    /// Runs work where it may block. SQLite has one connection behind a lock: handlers take turns for
    /// their SQL, and read bodies and write answers side by side. Work that has begun is finished even when
    /// its client goes away.
    async fn work(&self, work: impl FnOnce(&Sandbox) -> Reply + Send + 'static) -> Reply {
        let sandbox = Arc::clone(&self.sandbox);
        let done = tokio::task::spawn_blocking(move || work(&sandbox)).await;
        done.unwrap_or_else(|_| reply::server_fault())
    }

    async fn read(&self, visit: &Visit, body: Body, limit: usize) -> Result<Request, Reply> {
        let request = read(&visit.parts, body, limit).await?;
        lock(&self.sandbox.journal).note_body(visit.call, &request.body);
        Ok(request)
    }
}

/// Waits; not at all for no time, where a timer would still wait for its next tick.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

async fn read(parts: &Parts, body: Body, limit: usize) -> Result<Request, Reply> {
    let query = parts.uri.query().unwrap_or_default();
    let mut request = Request::new(parts.method.clone(), parts.uri.path(), query, parts.headers.clone());
    request.body = intake::body(body, &parts.headers, limit).await?;
    request.parts = intake::parts(&parts.headers, &request.body).await?;
    Ok(request)
}
