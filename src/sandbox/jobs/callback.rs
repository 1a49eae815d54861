//! The address that hears when a bulk job has ended.

use axum::http::StatusCode;
use reqwest::Url;
use serde_json::{Value, json};

use crate::sandbox::Reply;

/// The address in `callback`, if there is one.
///
/// # Errors
/// The refusal of an address that cannot be called, or of another method than `post`.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub fn read(callback: Option<&Value>) -> Result<Option<String>, Reply> {
    let Some(callback) = callback.filter(|callback| !callback.is_null()) else { return Ok(None) };
    let refuse = |code: &str, message: &str| {
        let details = json!({ "supported_callback_methods": ["post"] });
        Reply::error(StatusCode::BAD_REQUEST, code, message, details)
    };
    if !callback["method"].as_str().is_some_and(|method| method.eq_ignore_ascii_case("post")) {
        return Err(refuse("INVALID_CALLBACK_METHOD", "The callback method is not supported"));
    }
    let url = callback["url"].as_str().filter(|url| is_address(url));
    url.map(|url| Some(url.to_owned()))
        .ok_or_else(|| refuse("INVALID_CALLBACK_URL", "The callback URL is not valid"))
}

/// Whether a text is an address that can be called.
#[must_use]
pub fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
