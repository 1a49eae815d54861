//! A request as handlers see it: read to the end, decoded, nothing left to wait for.

use std::sync::OnceLock;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde_json::Value;

use super::{Reply, reply};

/// The content type of an HTML form.
const FORM: &str = "application/x-www-form-urlencoded";

/// One request.
#[derive(Debug)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The path as it came, still encoded.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The parts of a multipart body.
    pub parts: Vec<Part>,
    params: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    json: OnceLock<Option<Value>>,
}

/// One part of a multipart body.
#[derive(Debug, Clone)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The name of the file, when it is one.
    pub file_name: Option<String>,
    /// The declared content type.
    pub content_type: Option<String>,
    /// What it holds.
    pub bytes: Bytes,
}

impl Request {
    pub(super) fn new(method: Method, path: &str, query: &str, headers: HeaderMap) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers,
            body: Bytes::new(),
            parts: Vec::new(),
            params: Vec::new(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            json: OnceLock::new(),
        }
    }

    pub(super) fn with_params(mut self, params: Vec<(&'static str, String)>) -> Self {
        self.params = params;
        self
    }

    /// The text that stands in the path where the pattern says `{name}`; empty when it has no such place.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The first value of a query parameter; an empty one counts as absent.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.queries(name).find(|value| !value.is_empty())
    }

    /// All values of a query parameter.
    pub fn queries(&self, name: &str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All query parameters in the order they came.
    #[must_use]
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.query
    }

    /// A field of the request, wherever it stands: in the query, in an urlencoded or a multipart body.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        if let Some(value) = self.query(name) {
            return Some(value.to_owned());
        }
        if let Some(part) = self.part(name) {
            return Some(String::from_utf8_lossy(&part.bytes).into_owned());
        }
        let form = self.header("content-type").is_some_and(|kind| kind.starts_with(FORM));
        let mut pairs = form_urlencoded::parse(if form { &self.body } else { &[] });
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON; it is parsed once.
    ///
    /// # Errors
    /// Bigin's refusal of a body that is not JSON.
    pub fn json(&self) -> Result<&Value, Reply> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.body).ok())
            .as_ref()
            .ok_or_else(reply::malformed_body)
    }

    /// The first part of a multipart body with this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// How many records the body carries in `data`, for the price of the call.
    #[must_use]
    pub fn records(&self) -> usize {
        self.listed("data")
    }

    /// How many records the body or the query names in `ids`, for the price of the call.
    #[must_use]
    pub fn ids(&self) -> usize {
        let asked = self.query("ids").map_or(0, |ids| ids.split(',').count());
        asked.max(self.listed("ids"))
    }

    fn listed(&self, key: &str) -> usize {
        self.json().ok().and_then(|body| body[key].as_array()).map_or(0, Vec::len)
    }
}
