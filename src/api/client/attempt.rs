//! One try of a call, and what its answer means.

use jiff::SignedDuration;
use reqwest::{
    Method, Request,
    header::{
        AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE,
        LOCATION,
    },
};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Answer, Client};
use crate::{
    api::{
        auth::Token,
        call::Call,
        endpoint::Op,
        error::{Error, Kind},
        http::Reply,
        limits::{Ask, Sent, Settled},
        refusal::Refusal,
        retry::{Failed, Why, http_date, retry_after},
        wire,
    },
    domain::{CallEnd, SafeText},
};

/// Credits that are left, as some answers say.
const REMAINING: &str = "x-api-credits-remaining";

impl Client {
    /// Sends a call once; once more with a new token when the service refuses the token.
    pub(super) async fn attempt(&self, call: &Call) -> Result<Answer, Failed> {
        let auth = &self.inner.auth;
        let mut token = auth.token().await.map_err(settled)?;
        let mut renewed = false;
        loop {
            match self.exchange(call, &token).await? {
                Some(answer) => return Ok(answer),
                None if renewed => {
                    let code = SafeText::new("INVALID_TOKEN");
                    return Err(settled(Error::new("", Kind::SignIn { code })));
                }
                None => token = auth.token_after(token.generation).await.map_err(settled)?,
            }
            // Another program's may have ended too since it was shared.
            renewed = !token.second_hand;
        }
    }

    /// One request and its answer; none when the token was refused.
    async fn exchange(&self, call: &Call, token: &Token) -> Result<Option<Answer>, Failed> {
        let request = request(call, token).map_err(settled)?;
        let permit = {
            let Call { op, shape, module, .. } = *call;
            let ask = Ask { op, shape, module, purpose: self.purpose, priority: self.priority };
            self.inner.limits.permit(ask).await.map_err(settled)?
        };
        let line = Sent::new(call, &request, self.purpose, self.clock().now());
        let traced = call.op.endpoint().leaves_a_trace();
        let sent = match call.op {
            Op::BulkReadResult => self.inner.http.download(request).await,
            _ => self.inner.http.send(request).await,
        };
        let reply = match sent {
            Ok(reply) => reply,
            Err(fault) => {
                permit.settle(if fault.sent { Settled::Counted } else { Settled::Free });
                self.limits().note_call(
                    line,
                    CallEnd::Nothing(SafeText::new(&fault.kind.to_string())),
                    fault.sent,
                );
                let lost = fault.sent && traced;
                let error = Error::new("", fault.kind).with_lost_answer(lost);
                return Err(Failed { error, why: if fault.sent { Why::Lost } else { Why::NotSent } });
            }
        };
        self.hear(&reply.headers);
        permit.settle(match reply.status {
            401 => Settled::Free,
            429 => Settled::TooMany,
            _ => Settled::Counted,
        });
        self.limits().note_call(line, CallEnd::Status(reply.status), !matches!(reply.status, 401 | 429));
        tracing::debug!(call = call.op.endpoint().name, status = reply.status, bytes = reply.body.len());
        match reply.status {
            401 if token_refused(&reply) => Ok(None),
            429 => Err(self.busy(&reply.headers)),
            _ => read(call, reply, traced).map(Some),
        }
    }

    fn hear(&self, headers: &HeaderMap) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(date) = text(DATE.as_str()).and_then(http_date) {
            self.limits().hear_time(date.as_millisecond());
        }
        if let Some(remaining) = text(REMAINING).and_then(|text| text.trim().parse().ok()) {
            self.limits().hear_remaining(remaining);
        }
    }

    fn busy(&self, headers: &HeaderMap) -> Failed {
        let now = self.clock().now();
        let wait = retry_after(headers, now);
        let until = wait.unwrap_or(self.inner.backoff.cap).min(self.inner.backoff.cap);
        let until = SignedDuration::try_from(until).unwrap_or(SignedDuration::MAX);
        let retry_at = now.saturating_add(until).unwrap_or(now);
        Failed { error: Error::new("", Kind::TooMany { retry_at }), why: Why::Busy { wait } }
    }
}

fn request(call: &Call, token: &Token) -> Result<Request, Error> {
    let method: &'static str = call.op.endpoint().method.into();
    let url = call.url(&token.api_domain)?;
    let mut request = Request::new(Method::from_bytes(method.as_bytes()).unwrap_or_default(), url);
    let headers = request.headers_mut();
    let unsendable = |_| {
        let problem = SafeText::new("the access token has characters that no header can hold");
        Error::new("", Kind::Settings { problem })
    };
    let scheme = format!("Zoho-oauthtoken {}", token.value.expose_secret());
    let mut authorization = HeaderValue::try_from(scheme).map_err(unsendable)?;
    authorization.set_sensitive(true);
    headers.insert(AUTHORIZATION, authorization);
    let times = [(IF_MODIFIED_SINCE, &call.modified_since), (IF_UNMODIFIED_SINCE, &call.unmodified_since)];
    for (name, time) in times {
        if let Some(time) = time.as_ref().and_then(|time| HeaderValue::from_str(time).ok()) {
            headers.insert(name, time);
        }
    }
    if let Some(body) = &call.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.to_string().into());
    }
    Ok(request)
}

/// Whether a 401 is about the token: everything but a missing scope or right.
fn token_refused(reply: &Reply) -> bool {
    let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = answer.get("code").and_then(Value::as_str).unwrap_or("INVALID_TOKEN");
    matches!(code, "INVALID_TOKEN" | "AUTHENTICATION_FAILURE")
}

/// What a whole answer means.
fn read(call: &Call, mut reply: Reply, traced: bool) -> Result<Answer, Failed> {
    let status = reply.status;
    if let Some(archive) = reply.archive.take() {
        return Ok(Answer::File(archive));
    }
    match status {
        204 | 304 => return Ok(Answer::Empty),
        300..400 => {
            let to = reply.headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("nowhere");
            return Err(settled(Error::new("", Kind::Redirected { to: SafeText::new(to) })));
        }
        500.. => {
            let error = Error::new("", Kind::Server { status }).with_lost_answer(traced);
            return Err(Failed { error, why: Why::Lost });
        }
        _ => {}
    }
    let value = wire::json(&reply).map_err(|kind| {
        let why = if matches!(kind, Kind::Truncated) { Why::Lost } else { Why::Settled };
        Failed { error: Error::new("", kind).with_lost_answer(traced && status < 300), why }
    })?;
    match Refusal::read(status, &value, None) {
        Some(refusal) => Err(settled(Error::new("", refused(call, refusal)))),
        None if status >= 400 && value.get("data").is_none() && !holds_results(&value) => {
            let problem = SafeText::new(&format!("HTTP {status} without an error code"));
            Err(settled(Error::new("", Kind::Unexpected { problem })))
        }
        None => Ok(Answer::Json(status, value)),
    }
}

/// Results of single items come under the collection's own name.
fn holds_results(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.values().any(Value::is_array))
}

fn refused(call: &Call, refusal: Refusal) -> Kind {
    match (refusal.status, refusal.code.as_str()) {
        (_, "OAUTH_SCOPE_MISMATCH") => Kind::Scope { needed: call.scope() },
        (401, "AUTHORIZATION_FAILED") | (403, _) => {
            let listed = refusal.details.get("permissions").and_then(Value::as_array);
            let permissions = listed.into_iter().flatten().filter_map(Value::as_str).map(SafeText::new);
            Kind::Forbidden { permissions: permissions.collect() }
        }
        _ => Kind::Refused(Box::new(refusal)),
    }
}

fn settled(error: Error) -> Failed {
    Failed { error, why: Why::Settled }
}
