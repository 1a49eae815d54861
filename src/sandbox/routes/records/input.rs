//! What a write sends.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/insert-records.html>

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::{
    Reply, Request, reply,
    world::{Id, Issue, Record, Refused, World, Written},
};

/// Records of one call at most.
const MOST: usize = 100;

/// The objects under `key` in the body. What is not an object has its refusal in its place.
pub(in crate::sandbox::routes) fn items<'a>(
    request: &'a Request,
    key: &str,
    most: usize,
) -> Result<Vec<Result<&'a Record, Value>>, Reply> {
    let body = request.json()?;
    let Some(body) = body.as_object() else {
        return Err(reply::invalid_data(json!({ "expected_data_type": "jsonobject" })));
    };
    let list = match body.get(key) {
        None | Some(Value::Null) => return Err(missing(key)),
        Some(list) => list.as_array().filter(|list| !list.is_empty()),
    };
    let wrong = || reply::invalid_data(json!({ "expected_data_type": "jsonarray", "api_name": key }));
    let list = list.ok_or_else(wrong)?;
    if list.len() > most {
        let message = "count of records in your request exceeds the limit";
        let details = json!({ "maximum_length": most, "api_name": key });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", message, details));
    }
    let item = |(index, item): (usize, &'a Value)| {
        item.as_object().ok_or_else(|| {
            let details =
                json!({ "expected_data_type": "jsonobject", "json_path": format!("$.{key}[{index}]") });
            reply::failure("INVALID_DATA", details, "invalid data")
        })
    };
    Ok(list.iter().enumerate().map(item).collect())
}

/// The records of a write, and whether what else the body has is right.
pub(in crate::sandbox::routes) fn records(request: &Request) -> Result<Vec<Result<&Record, Value>>, Reply> {
    let items = items(request, "data", MOST)?;
    match &request.json()?["trigger"] {
        Value::Null => {}
        Value::Array(names) if names.iter().all(Value::is_string) => {}
        _ => {
            let details =
                json!({ "expected_data_type": "jsonarray", "api_name": "trigger", "json_path": "$.trigger" });
            return Err(reply::invalid_data(details));
        }
    }
    Ok(items)
}

/// A key of the body is missing.
pub(in crate::sandbox::routes) fn missing(key: &str) -> Reply {
    let message = "required field not found";
    let details = json!({ "api_name": key, "json_path": format!("$.{key}") });
    Reply::error(StatusCode::BAD_REQUEST, "MANDATORY_NOT_FOUND", message, details)
}

/// The id of a record in a body.
pub(in crate::sandbox::routes) fn id_of(record: &Record) -> Option<Result<Id, String>> {
    let text = match record.get("id")? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(Id::parse(&text).ok_or(text))
}

/// The result of one written record. `approval` adds the key that only plain writes show.
pub(in crate::sandbox::routes) fn written(world: &World, written: &Written, approval: bool) -> Value {
    let mut details = world.audit(written);
    if approval {
        details["$approval_state"] = json!("approved");
    }
    reply::success(details, if written.inserted { "record added" } else { "record updated" })
}

/// The result of one refused record; what SQLite refused ends the whole call.
pub(in crate::sandbox::routes) fn refused(refused: Refused) -> rusqlite::Result<Value> {
    match refused {
        Refused::Issues(issues) => Ok(Issue::together(issues).result()),
        Refused::Sql(error) => Err(error),
    }
}
