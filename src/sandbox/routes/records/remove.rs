//! `DELETE /{module}`, `DELETE /{module}/{id}` and `GET /{module}/deleted`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/delete-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/get-deleted-records.html>

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Ask, Verb, author, instant, limit_exceeded,
    paging::{number, per_page},
    served, words, writable,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock, reply,
    world::{Deleted, Id, World},
};

/// Records of one call at most.
const MOST: usize = 100;

/// Deletes the records that the query names.
pub fn delete(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let Some(ids) = request.query("ids") else { return reply::missing_param("ids") };
    gone(sandbox, caller, request, &words(ids)).into()
}

/// Deletes the record that the path names.
pub fn delete_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    gone(sandbox, caller, request, &[request.param("id").to_owned()]).into()
}

fn gone(sandbox: &Sandbox, caller: &Caller, request: &Request, ids: &[String]) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = writable(&metadata, Ask { world: &world, caller, request, verb: Verb::Delete })?;
    if ids.len() > MOST {
        return Err(limit_exceeded(json!({ "limit": MOST, "param_name": "ids" })));
    }
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(ids.len());
        for text in ids {
            let known = match Id::parse(text) {
                Some(id) => world.delete(module, id, &author)?,
                None => false,
            };
            results.push(result(known, text));
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::OK))
}

/// The result of one deletion.
pub(in crate::sandbox::routes) fn result(deleted: bool, id: &str) -> Value {
    let details = json!({ "id": id });
    if deleted {
        reply::success(details, "record deleted")
    } else {
        reply::failure("INVALID_DATA", details, "record not deleted")
    }
}

/// Answers with the records that were deleted.
pub fn deleted(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    bin(sandbox, caller, request).into()
}

fn bin(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = served(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    let kind = request.query("type").unwrap_or("all");
    if !["all", "recycle", "permanent"].contains(&kind) {
        let message = "Please check whether the input values are correct";
        let details = json!({ "param_name": "type" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "PATTERN_NOT_MATCHED", message, details));
    }
    let since = instant(request, "if-modified-since")?;
    let (page, per_page) = (number(request, "page")?.unwrap_or(1), per_page(request)?);
    let kept = i64::try_from(assumptions::RECYCLE_BIN.as_secs()).unwrap_or(i64::MAX);
    let emptied = caller.now.as_second() - kept;
    let (from, until) = match kind {
        "recycle" => (emptied, i64::MAX),
        "permanent" => (i64::MIN, emptied),
        _ => (i64::MIN, i64::MAX),
    };
    let from = since.map_or(from, |since| from.max(since));
    let mut rows = world.deleted(module, (from, until), per_page + 1, (page - 1) * per_page)?;
    let more = rows.len() > per_page;
    rows.truncate(per_page);
    if rows.is_empty() {
        return Ok(if since.is_some() && page == 1 { Reply::not_modified() } else { Reply::none() });
    }
    let data: Vec<Value> = rows.iter().map(|row| entry(&world, row, emptied)).collect();
    let info = json!({ "per_page": per_page, "count": data.len(), "page": page, "more_records": more });
    Ok(Reply::ok(json!({ "data": data, "info": info })))
}

/// A deleted record; of one that has left the recycle bin nothing but the id and the time is known.
fn entry(world: &World, row: &Deleted, emptied: i64) -> Value {
    let permanent = row.at <= emptied;
    let user = |id: Id| {
        let name = world.user(id).map(crate::sandbox::world::User::full_name);
        if permanent { Value::Null } else { json!({ "name": name, "id": id }) }
    };
    json!({
        "deleted_by": user(row.deleted_by),
        "id": row.id,
        "display_name": row.name.as_ref().filter(|_| !permanent),
        "type": if permanent { "permanent" } else { "recycle" },
        "created_by": user(row.created_by),
        "deleted_time": Timestamp::from_second(row.at).map(clock::iso).ok(),
    })
}
