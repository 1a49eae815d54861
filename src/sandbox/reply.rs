//! Answers in Bigin's shapes.

mod item;
pub mod page;
mod refusal;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};

pub use item::{failure, results, success};
pub use refusal::{
    authentication_failure, body_too_large, invalid_data, invalid_method, invalid_module, invalid_request,
    invalid_token, invalid_url, malformed_body, missing_param, module_refused, no_permission, scope_mismatch,
    server_fault, too_many, too_many_requests, wrapped,
};

/// An answer, not yet on the wire.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// Headers beyond those that every answer of its kind has.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What it carries.
    pub content: Content,
}

/// What an answer carries.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A JSON value.
    Json(Value),
    /// Text that is JSON already.
    JsonText(String),
    /// A page for a browser.
    Html(String),
    /// Bytes of the given content type.
    Bytes(&'static str, Bytes),
}

impl Reply {
    /// JSON with a status.
    #[must_use]
    pub const fn json(status: StatusCode, body: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(body) }
    }

    /// JSON with status 200.
    #[must_use]
    pub const fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// "Nothing found": 204 and no body.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/status-codes.html>
    #[must_use]
    pub const fn none() -> Self {
        Self::bare(StatusCode::NO_CONTENT)
    }

    /// "Nothing changed since": 304 and no body.
    #[must_use]
    pub const fn not_modified() -> Self {
        Self::bare(StatusCode::NOT_MODIFIED)
    }

    /// The request is refused as a whole.
    #[must_use]
    pub fn error(status: StatusCode, code: &str, message: &str, details: Value) -> Self {
        Self::json(status, json!({ "code": code, "details": details, "message": message, "status": "error" }))
    }

    /// Bytes of a content type, with status 200.
    #[must_use]
    pub const fn bytes(kind: &'static str, bytes: Bytes) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), content: Content::Bytes(kind, bytes) }
    }

    /// A status and nothing else.
    #[must_use]
    pub const fn bare(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), content: Content::Empty }
    }

    /// The same answer with another body: JSON by its header, whatever it holds.
    #[must_use]
    pub fn with_text(mut self, text: String) -> Self {
        self.content = Content::JsonText(text);
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The bytes of the body and their content type.
    #[must_use]
    pub fn into_bytes(self) -> (Option<&'static str>, Bytes) {
        const JSON: Option<&str> = Some("application/json;charset=UTF-8");
        match self.content {
            Content::Empty => (None, Bytes::new()),
            Content::Json(value) => (JSON, Bytes::from(value.to_string())),
            Content::JsonText(text) => (JSON, Bytes::from(text)),
            Content::Html(text) => (Some("text/html;charset=UTF-8"), Bytes::from(text)),
            Content::Bytes(kind, bytes) => (Some(kind), bytes),
        }
    }

    /// The answer with the headers that every JSON answer of the service is seen to have.
    pub(super) fn dressed(mut self) -> Self {
        const WORN: [(&str, &str); 10] = [
            ("content-disposition", "attachment; filename=response.json"),
            ("cache-control", "no-store, no-cache, must-revalidate, private"),
            ("pragma", "no-cache"),
            ("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("server", "ZGS"),
            ("content-language", "en-US"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "SAMEORIGIN"),
            ("x-xss-protection", "0"),
            ("referrer-policy", "strict-origin"),
        ];
        if matches!(self.content, Content::Json(_) | Content::JsonText(_)) {
            let worn =
                WORN.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            self.headers.splice(..0, worn);
        }
        self
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        let (kind, bytes) = self.into_bytes();
        if let Some(kind) = kind {
            response.headers_mut().entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
        }
        *response.body_mut() = Body::from(bytes);
        response
    }
}

/// So that a handler can use `?` on refusals.
impl From<Result<Self, Self>> for Reply {
    fn from(result: Result<Self, Self>) -> Self {
        result.unwrap_or_else(|refusal| refusal)
    }
}
