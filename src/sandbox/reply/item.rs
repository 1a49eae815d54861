//! Results of single items in the answer to a write.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Reply;
use crate::sandbox::assumptions;

/// One item that succeeded.
#[must_use]
pub fn success(details: Value, message: &str) -> Value {
    json!({ "code": "SUCCESS", "details": details, "message": message, "status": "success" })
}

/// One item that failed.
#[must_use]
pub fn failure(code: &str, details: Value, message: &str) -> Value {
    json!({ "code": code, "details": details, "message": message, "status": "error" })
}

/// The answer to a write: `items` under `key`, with `all_well` when each succeeded, 400 when none did and
/// the status of a mixed outcome otherwise.
///
/// <https://www.bigin.com/developer/docs/apis/v2/status-codes.html>
#[must_use]
pub fn results(key: &str, items: Vec<Value>, all_well: StatusCode) -> Reply {
    let failed = items.iter().filter(|item| item["status"] == "error").count();
    let status = match failed {
        0 => all_well,
        n if n == items.len() => StatusCode::BAD_REQUEST,
        _ => StatusCode::from_u16(assumptions::MIXED_WRITE_STATUS).unwrap_or(all_well),
    };
    Reply::json(status, Value::Object(Map::from_iter([(key.to_owned(), Value::Array(items))])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_a_write_tells_whether_all_some_or_none_succeeded() {
        let well = || success(json!({}), "record added");
        let ill = || failure("INVALID_DATA", json!({}), "invalid data");
        let status = |items| results("data", items, StatusCode::CREATED).status.as_u16();
        assert_eq!(status(vec![well(), well()]), 201);
        assert_eq!(status(vec![well(), ill()]), 207);
        assert_eq!(status(vec![ill(), ill()]), 400);
    }
}
