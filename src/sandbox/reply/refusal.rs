//! Refusals of a whole request, in the service's spelling.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/status-codes.html>

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::Reply;
use crate::sandbox::{Request, assumptions};

/// No usable `Authorization` header.
#[must_use]
pub fn authentication_failure() -> Reply {
    Reply::error(StatusCode::UNAUTHORIZED, "AUTHENTICATION_FAILURE", "Authentication failed", json!({}))
}

/// A token that is unknown, ended or revoked.
#[must_use]
pub fn invalid_token() -> Reply {
    Reply::error(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", "invalid oauth token", json!({}))
}

/// The token does not cover the call.
#[must_use]
pub fn scope_mismatch() -> Reply {
    let message = "invalid oauth scope to access this URL";
    Reply::error(StatusCode::UNAUTHORIZED, "OAUTH_SCOPE_MISMATCH", message, json!({}))
}

/// The caller's profile lacks a permission such as `Crm_Implied_View_Contacts`.
#[must_use]
pub fn no_permission(permission: &str) -> Reply {
    let details = json!({ "permissions": [permission] });
    Reply::error(StatusCode::FORBIDDEN, "NO_PERMISSION", "permission denied", details)
}

/// No operation has this path.
#[must_use]
pub fn invalid_url() -> Reply {
    let message = "Please check if the URL trying to access is a correct one";
    Reply::error(StatusCode::NOT_FOUND, "INVALID_URL_PATTERN", message, json!({}))
}

/// The path exists, the verb does not.
#[must_use]
pub fn invalid_method() -> Reply {
    let message = "The http request method type is not a valid one";
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_REQUEST_METHOD", message, json!({}))
}

/// The module that the path or the query names is unknown.
#[must_use]
pub fn invalid_module() -> Reply {
    module_refused("the module name given seems to be invalid")
}

/// The module is known, and refused with this `message`. The place is the same wherever the module is named.
#[must_use]
pub fn module_refused(message: &str) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_MODULE", message, json!({ "resource_path_index": 0 }))
}

/// A query parameter is missing.
#[must_use]
pub fn missing_param(name: &str) -> Reply {
    let message = "One of the expected parameter is missing";
    Reply::error(StatusCode::BAD_REQUEST, "REQUIRED_PARAM_MISSING", message, json!({ "param_name": name }))
}

/// Something in the request has the wrong type or value.
#[must_use]
pub fn invalid_data(details: Value) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", "invalid data", details)
}

/// The body is not JSON.
#[must_use]
pub fn malformed_body() -> Reply {
    let message = "either the request body or parameters is in wrong format";
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, json!({}))
}

/// Too many calls in flight (`retry` tells the caller to try again soon), or the credits are spent.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[must_use]
pub fn too_many_requests(message: &str, retry: bool) -> Reply {
    let reply = Reply::error(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", message, json!({}));
    if !retry {
        return reply;
    }
    reply.with_header(header::RETRY_AFTER, HeaderValue::from(assumptions::RETRY_AFTER_SECONDS))
}

/// The sandbox itself went wrong.
#[must_use]
pub fn server_fault() -> Reply {
    let message = "Internal Server Error";
    Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message, json!({}))
}

/// The request cannot be understood, for one because of an unknown `Authorization` scheme.
#[must_use]
pub fn invalid_request() -> Reply {
    let message = "unable to process your request. please verify whether you have entered proper method \
                   name, parameter and parameter values.";
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, json!({}))
}

/// The body is larger than the operation takes.
#[must_use]
pub fn body_too_large(limit: usize) -> Reply {
    let message = "the size of the request body exceeds the limit";
    Reply::error(StatusCode::PAYLOAD_TOO_LARGE, "BODY_SIZE_REACHED", message, json!({ "limit": limit }))
}

/// The items of a body `{"<key>":[…]}`.
///
/// # Errors
/// Bigin's refusals of a body that is not JSON, lacks the key or has something else than a list under it.
pub fn wrapped<'a>(request: &'a Request, key: &str) -> Result<&'a Vec<Value>, Reply> {
    let body = request.json()?;
    let missing = || {
        let details = json!({ "api_name": key });
        Reply::error(StatusCode::BAD_REQUEST, "MANDATORY_NOT_FOUND", "required field not found", details)
    };
    let object =
        body.as_object().ok_or_else(|| invalid_data(json!({ "expected_data_type": "jsonobject" })))?;
    let items = object.get(key).ok_or_else(missing)?;
    let wrong = || invalid_data(json!({ "expected_data_type": "jsonarray", "api_name": key }));
    let items = items.as_array().ok_or_else(wrong)?;
    if items.is_empty() { Err(missing()) } else { Ok(items) }
}

/// More items under `key` than one call takes.
#[must_use]
pub fn too_many(key: &str, most: usize) -> Reply {
    let message = "count of records in your request exceeds the limit";
    let details = json!({ "maximum_length": most, "api_name": key });
    Reply::error(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", message, details)
}
