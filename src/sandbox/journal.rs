//! The requests that came in, for the control plane.

use std::collections::VecDeque;

use axum::http::Method;
use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::{assumptions, clock, router};

/// The newest requests.
#[derive(Debug, Default)]
pub struct Journal {
    calls: VecDeque<Call>,
    noted: u64,
    earlier: Earlier,
}

/// Calls of the API that are no longer listed.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Earlier {
    /// How many they are.
    calls: u64,
    /// What they cost together.
    credits: u64,
}

/// Names a noted request.
#[derive(Debug, Clone, Copy)]
pub struct CallId(u64);

#[derive(Debug)]
struct Call {
    at: Timestamp,
    method: Method,
    path: String,
    query: String,
    token: Option<String>,
    body: Option<(usize, String)>,
    credits: u32,
    status: Option<u16>,
}

impl Journal {
    /// Notes a request that began at `at`. Of its token only a digest is kept.
    pub(super) fn note(
        &mut self,
        at: Timestamp,
        method: &Method,
        path: &str,
        query: &str,
        authorization: Option<&[u8]>,
    ) -> CallId {
        if self.calls.len() == assumptions::CALLS_KEPT
            && let Some(call) = self.calls.pop_front()
            && router::is_of_the_api(&call.path)
        {
            self.earlier.calls += 1;
            self.earlier.credits += u64::from(call.credits);
        }
        self.calls.push_back(Call {
            at,
            method: method.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            token: authorization.map(|text| digest(text)[..12].to_owned()),
            body: None,
            credits: 0,
            status: None,
        });
        self.noted += 1;
        CallId(self.noted)
    }

    /// Notes what a request carried.
    pub(super) fn note_body(&mut self, call: CallId, body: &Bytes) {
        if let Some(call) = self.call(call) {
            call.body = Some((body.len(), digest(body)));
        }
    }

    /// Notes how a request was answered, and what it cost.
    pub(super) fn settle(&mut self, call: CallId, status: u16, credits: u32) {
        match self.call(call) {
            Some(call) => {
                call.status = Some(status);
                call.credits = credits;
            }
            // It was answered after so many others that it is no longer listed.
            None => self.earlier.credits += u64::from(credits),
        }
    }

    /// The calls of the API that [`priced`](Self::priced) no longer lists.
    #[must_use]
    pub const fn earlier(&self) -> Earlier {
        self.earlier
    }

    /// The calls of the API with their price, oldest first.
    #[must_use]
    pub fn priced(&self) -> Vec<Value> {
        let shown = |call: &Call| {
            json!({ "at": clock::iso(call.at), "method": call.method.as_str(), "path": call.path,
                    "credits": call.credits, "status": call.status })
        };
        self.calls.iter().filter(|call| router::is_of_the_api(&call.path)).map(shown).collect()
    }

    /// All requests, oldest first. A request that has no answer yet has no status.
    #[must_use]
    pub fn all(&self) -> Vec<Value> {
        let shown = |call: &Call| {
            let (bytes, body) = call.body.as_ref().map_or((None, None), |(n, hex)| (Some(n), Some(hex)));
            json!({ "at": clock::iso(call.at), "method": call.method.as_str(), "path": call.path,
                    "query": call.query, "token": call.token, "body_bytes": bytes, "body_sha256": body,
                    "credits": call.credits, "status": call.status })
        };
        self.calls.iter().map(shown).collect()
    }

    fn call(&mut self, call: CallId) -> Option<&mut Call> {
        let newer = usize::try_from(self.noted.checked_sub(call.0)?).ok()?;
        let at = self.calls.len().checked_sub(newer + 1)?;
        self.calls.get_mut(at)
    }
}

fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_and_what_is_not_is_together_all_that_was_paid() {
        let mut journal = Journal::default();
        let note =
            |journal: &mut Journal, path| journal.note(Timestamp::UNIX_EPOCH, &Method::GET, path, "", None);
        let slow = note(&mut journal, "/bigin/v2/coql");
        let most = u64::try_from(assumptions::CALLS_KEPT).expect("a number");
        for _ in 0..most + 5 {
            note(&mut journal, "/oauth/v2/token");
            let call = note(&mut journal, "/bigin/v2/org");
            journal.settle(call, 200, 3);
        }
        journal.settle(slow, 200, 20);
        let listed = journal.priced();
        let listed: u64 = listed.iter().map(|call| call["credits"].as_u64().expect("credits")).sum();
        assert_eq!(journal.all().len() as u64, most);
        assert_eq!(listed + journal.earlier().credits, 20 + 3 * (most + 5));
        assert_eq!(journal.earlier().calls + journal.priced().len() as u64, most + 6);
    }
}
