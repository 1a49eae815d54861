//! Changing the owner of records.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/change-record-owner.html>

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::records::{Ask, Verb, author, input, tab};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{Id, Record, Refused, people::Status},
};

/// Records of one call at most.
const MOST: usize = 500;

/// Changes the owner of the record that the path names.
pub fn change_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    change_owner(sandbox, caller, request, &[request.param("id").to_owned()]).into()
}

/// Changes the owner of the records that the body names.
pub fn change(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let all = || -> Result<Reply, Reply> {
        let ids = &request.json()?["ids"];
        if ids.is_null() {
            return Err(input::missing("ids"));
        }
        let wrong = || {
            reply::invalid_data(
                json!({ "expected_data_type": "jsonarray", "api_name": "ids", "json_path": "$.ids" }),
            )
        };
        let ids = ids.as_array().filter(|ids| !ids.is_empty()).ok_or_else(wrong)?;
        if ids.len() > MOST {
            return Err(super::records::limit_exceeded(json!({ "maximum_length": MOST, "api_name": "ids" })));
        }
        let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let ids: Vec<String> = ids.iter().map(text).collect();
        change_owner(sandbox, caller, request, &ids)
    };
    all().into()
}

fn change_owner(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    ids: &[String],
) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = tab(&metadata, Ask { world: &world, caller, request, verb: Verb::Edit })?;
    let owner = &request.json()?["owner"];
    if owner.is_null() {
        return Err(input::missing("owner"));
    }
    let known = owner["id"].as_str().and_then(Id::parse).and_then(|id| world.user(id));
    let Some(owner) = known.filter(|user| user.status == Status::Active).map(|user| user.id) else {
        let details = json!({ "api_name": "id", "json_path": "$.owner.id" });
        return Err(Reply::error(
            StatusCode::BAD_REQUEST,
            "INVALID_DATA",
            "the owner id given is invalid",
            details,
        ));
    };
    let change = Record::from_iter([("Owner".to_owned(), json!({ "id": owner }))]);
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(ids.len());
        for text in ids {
            let id = Id::parse(text).unwrap_or(Id::from_raw(-1));
            results.push(match world.update(module, id, &change, &author, "$", None) {
                Ok(written) => reply::success(json!({ "id": written.id }), "owner is successfully updated"),
                Err(Refused::Sql(error)) => return Err(error),
                Err(Refused::Issues(_)) => {
                    reply::failure("INVALID_DATA", json!({ "id": text }), "the id given seems to be invalid")
                }
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::OK))
}
