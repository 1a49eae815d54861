//! The calls of this run, newest first, with what would make them once more.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use reqwest::{Request, header::AUTHORIZATION};

use crate::{
    api::call::Call,
    domain::{CallEnd, CallLine, Purpose, SafeText},
};

/// Calls that are remembered.
const MOST: usize = 100;

/// The log of a client.
#[derive(Debug, Default)]
pub(in crate::api) struct Log {
    lines: Mutex<VecDeque<CallLine>>,
}

/// A call that is on its way.
#[derive(Debug)]
pub(in crate::api) struct Sent {
    at: Timestamp,
    begun: Instant,
    route: String,
    purpose: Purpose,
    credits: u32,
    curl: String,
}

impl Sent {
    pub(in crate::api) fn new(call: &Call, request: &Request, purpose: Purpose, at: Timestamp) -> Self {
        let endpoint = call.op.endpoint();
        Self {
            at,
            begun: Instant::now(),
            route: format!("{} {}", request.method(), request.url().path()),
            purpose,
            credits: endpoint.cost(call.shape),
            curl: curl(call, request),
        }
    }
}

impl Log {
    /// A call ended; `counted` says whether it cost anything.
    pub(super) fn note(&self, sent: Sent, end: CallEnd, counted: bool) {
        let line = CallLine {
            at: sent.at,
            route: SafeText::new(&sent.route),
            purpose: sent.purpose,
            credits: if counted { sent.credits } else { 0 },
            took_ms: u32::try_from(sent.begun.elapsed().as_millis()).unwrap_or(u32::MAX),
            end,
            curl: sent.curl,
        };
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.truncate(MOST - 1);
        lines.push_front(line);
    }

    pub(super) fn lines(&self) -> Vec<CallLine> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// The call as a command for a shell, without the token and without what a write writes.
fn curl(call: &Call, request: &Request) -> String {
    let mut words = vec!["curl".to_owned(), "-X".to_owned(), request.method().to_string()];
    words.push(quoted(request.url().as_str()));
    words.push("-H \"Authorization: Zoho-oauthtoken $BIGIN_TOKEN\"".to_owned());
    for (name, value) in request.headers().iter().filter(|(name, _)| **name != AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default();
        words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    match &call.body {
        Some(_) if call.op.endpoint().is_write() => words.push("-d @body.json".to_owned()),
        Some(body) => words.push(format!("-d {}", quoted(&body.to_string()))),
        None => {}
    }
    words.join(" ")
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use reqwest::{Method, Url, header::HeaderValue};
    use serde_json::json;

    use super::*;
    use crate::{api::endpoint::Op, domain::Module};

    fn request(method: Method, url: &str) -> Request {
        let mut request = Request::new(method, Url::parse(url).expect("a URL"));
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static("Zoho-oauthtoken 1000.canary"));
        request
    }

    #[test]
    fn a_call_can_be_made_again_by_whoever_has_a_token() {
        let call = Call { module: Some(Module::Contacts), ..Call::new(Op::ListRecords) };
        let line =
            curl(&call, &request(Method::GET, "https://www.zohoapis.eu/bigin/v2/Contacts?fields=id,Email"));
        assert_eq!(
            line,
            "curl -X GET 'https://www.zohoapis.eu/bigin/v2/Contacts?fields=id,Email' \
             -H \"Authorization: Zoho-oauthtoken $BIGIN_TOKEN\""
        );
        let query = json!({"select_query": "select id from Contacts where Last_Name = 'O\u{27}Hara'"});
        let coql = Call { body: Some(query), ..Call::new(Op::Coql) };
        let line = curl(&coql, &request(Method::POST, "https://www.zohoapis.eu/bigin/v2/coql"));
        assert!(line.contains(r"Last_Name = '\''O'\''Hara'\''"), "{line}");
        assert!(!line.contains("canary"), "{line}");
    }

    #[test]
    fn what_is_written_stays_out_and_only_so_many_calls_are_kept() {
        let note =
            Call { body: Some(json!({"data": [{"Note_Content": "private"}]})), ..Call::new(Op::CreateNote) };
        let request = request(Method::POST, "https://www.zohoapis.eu/bigin/v2/Contacts/42/Notes?word=secret");
        let log = Log::default();
        for status in 0..150 {
            let sent = Sent::new(&note, &request, Purpose::Write, Timestamp::UNIX_EPOCH);
            log.note(sent, CallEnd::Status(status), status != 149);
        }
        let lines = log.lines();
        assert_eq!((lines.len(), &lines[0].end, lines[0].credits), (MOST, &CallEnd::Status(149), 0));
        assert!(lines[1].credits > 0);
        assert_eq!(lines[0].route.as_str(), "POST /bigin/v2/Contacts/42/Notes");
        assert!(!lines[0].curl.contains("private") && lines[0].curl.ends_with("-d @body.json"));
    }
}
