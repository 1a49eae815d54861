//! Faults on demand: what the service, or the line to it, does wrong.

use std::{collections::BTreeMap, time::Duration};

use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;

use super::Reply;

/// The rules in force.
#[derive(Debug)]
pub struct Faults {
    rules: Vec<Counted>,
    dice: fastrand::Rng,
}

#[derive(Debug)]
struct Counted {
    rule: Rule,
    matched: u32,
    fired: u32,
}

/// A list of rules as it is posted to the control plane.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The first one that matches and fires wins; an empty list clears all.
    pub rules: Vec<Rule>,
}

/// One rule: which requests it means, which of them it spoils, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The requests that it means; all when absent.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// The first of the matching requests that it spoils, counted from 1.
    #[serde(default = "one")]
    pub nth: u32,
    /// How often it fires; without end when absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// How likely it fires, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// What it does.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What goes wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// Its kind.
    #[serde(rename = "do")]
    pub action: Action,
    /// The status of a `status` fault, and if given of a `body` or `headers` fault.
    #[serde(default)]
    pub status: Option<u16>,
    /// The body of a `status` or `body` fault.
    #[serde(default)]
    pub body: Option<String>,
    /// Headers set on the answer, replacing its own.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Milliseconds that a `delay` fault waits before the call is answered.
    #[serde(default)]
    pub delay_ms: u64,
    /// The pace of a `trickle` fault.
    #[serde(default)]
    pub bytes_per_second: u32,
    /// The bytes of the body that come through before `close_mid_body`.
    #[serde(default)]
    pub at_byte: usize,
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The call is not carried out and answered with a status and a body.
    Status,
    /// The answer comes late.
    Delay,
    /// The answer's body comes slowly.
    Trickle,
    /// The connection closes before the body is read.
    CloseBeforeRead,
    /// The connection closes after the request is read; it is not carried out.
    CloseAfterRead,
    /// The call is carried out and the answer lost.
    ApplyThenClose,
    /// The connection closes in the middle of the answer's body.
    CloseMidBody,
    /// The call is carried out and its answer's body replaced.
    Body,
    /// The call is carried out and headers of its answer are replaced.
    Headers,
}

/// Which requests a rule means.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum Matching {
    /// `METHOD /path*`.
    Text(String),
    /// Apart.
    Parts {
        /// The verb; any when absent.
        #[serde(default)]
        method: Option<String>,
        /// The path, where `*` stands for any text; any when absent.
        #[serde(default)]
        path: Option<String>,
    },
    /// All.
    #[default]
    #[serde(skip)]
    All,
}

const fn one() -> u32 {
    1
}

const fn always() -> f64 {
    1.0
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), dice: fastrand::Rng::with_seed(seed) }
    }

    /// Puts `rules` in the place of those in force.
    pub fn set(&mut self, rules: Rules) {
        self.rules = rules.rules.into_iter().map(|rule| Counted { rule, matched: 0, fired: 0 }).collect();
    }

    /// The rules in force.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rules.len()
    }

    /// What goes wrong with this request.
    pub(super) fn pick(&mut self, method: &Method, path: &str) -> Option<Fault> {
        let mut picked = None;
        for counted in &mut self.rules {
            if !counted.rule.matching.means(method, path) {
                continue;
            }
            counted.matched += 1;
            let rule = &counted.rule;
            let due = counted.matched >= rule.nth && rule.times.is_none_or(|times| counted.fired < times);
            if picked.is_none() && due && self.dice.f64() < rule.probability {
                counted.fired += 1;
                picked = Some(rule.fault.clone());
            }
        }
        picked
    }
}

impl Matching {
    fn means(&self, method: &Method, path: &str) -> bool {
        let (verb, glob) = match self {
            Self::All => (None, None),
            Self::Text(text) => match text.split_once(' ') {
                Some((verb, glob)) => (Some(verb), Some(glob)),
                None => (None, Some(text.as_str())),
            },
            Self::Parts { method, path } => (method.as_deref(), path.as_deref()),
        };
        verb.is_none_or(|verb| verb.eq_ignore_ascii_case(method.as_str()))
            && glob.is_none_or(|glob| matches(glob, path))
    }
}

/// Whether `text` fits `glob`, in which `*` stands for any text.
fn matches(glob: &str, text: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut middle: Vec<&str> = rest.split('*').collect();
    let end = middle.pop().unwrap_or_default();
    for piece in middle {
        let Some(at) = text.find(piece) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(end)
}

impl Fault {
    /// How long the call waits first.
    pub(super) const fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms)
    }

    /// The answer to a call that is not carried out; none when it is.
    pub(super) fn instead(&self) -> Option<Reply> {
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok());
        match self.action {
            Action::Status => {
                let reply = Reply::bare(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE));
                Some(match &self.body {
                    Some(body) => reply.with_text(body.clone()),
                    None => reply,
                })
            }
            Action::CloseBeforeRead | Action::CloseAfterRead => Some(Reply::none()),
            _ => None,
        }
    }

    /// The answer as the client is to see it.
    pub(super) fn spoil(&self, mut reply: Reply) -> Reply {
        if let (Action::Body | Action::Headers, Some(status)) = (self.action, self.status)
            && let Ok(status) = StatusCode::from_u16(status)
        {
            reply.status = status;
        }
        if self.action == Action::Body {
            reply = reply.with_text(self.body.clone().unwrap_or_default());
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                reply = reply.with_header(name, value);
            }
        }
        reply
    }

    /// Whether the connection closes before anything more is read.
    pub(super) fn closes_at_once(&self) -> bool {
        self.action == Action::CloseBeforeRead
    }

    /// Whether the connection closes without an answer.
    pub(super) const fn closes(&self) -> bool {
        matches!(self.action, Action::CloseBeforeRead | Action::CloseAfterRead | Action::ApplyThenClose)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(rules: serde_json::Value) -> Faults {
        let mut faults = Faults::new(7);
        faults.set(serde_json::from_value(json!({ "rules": rules })).expect("rules"));
        faults
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (glob, text, fits) in [
            ("/a", "/a", true),
            ("/a", "/a/b", false),
            ("/a*", "/a/b", true),
            ("*", "", true),
            ("/*/Notes*", "/v2/Notes/1", true),
            ("/*/Notes", "/v2/Notes/1", false),
            ("*ab*b", "ab", false),
        ] {
            assert_eq!(matches(glob, text), fits, "{glob} {text}");
        }
    }

    #[test]
    fn a_rule_fires_from_the_nth_request_for_so_many_times() {
        let mut faults = faults(json!([
            { "match": { "method": "PUT", "path": "/x*" }, "nth": 2, "times": 2, "do": "delay", "delay_ms": 5 }
        ]));
        let fired = |faults: &mut Faults, method, path| faults.pick(&method, path).is_some();
        assert!(!fired(&mut faults, Method::GET, "/x"));
        let puts: Vec<bool> = (0..5).map(|_| fired(&mut faults, Method::PUT, "/x/1")).collect();
        assert_eq!(puts, [false, true, true, false, false]);
    }

    #[test]
    fn rules_that_are_misspelt_are_refused() {
        for rule in [json!({ "do": "explode" }), json!({}), json!({ "do": "delay", "nth": "first" })] {
            assert!(serde_json::from_value::<Rules>(json!({ "rules": [rule] })).is_err(), "{rule}");
        }
        assert!(serde_json::from_value::<Rules>(json!({ "rule": [] })).is_err());
        assert_eq!(faults(json!([{ "match": "GET /x", "do": "status", "status": 503 }])).count(), 1);
    }
}
