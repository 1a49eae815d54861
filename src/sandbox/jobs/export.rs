//! Bulk reads.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>

pub mod criteria;
pub mod path;
pub mod query;
pub mod test;

use axum::http::StatusCode;
use serde_json::Value as Json;

use crate::sandbox::Reply;

fn refuse(code: &str, message: &str, details: Json) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, code, message, details)
}
