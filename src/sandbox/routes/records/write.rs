//! `POST /{module}`, `PUT /{module}` and `PUT /{module}/{id}`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/insert-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/update-records.html>

use std::{collections::HashSet, sync::Arc};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Ask, Verb, author, input, instant, writable};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{Author, Id, Record, World, metadata::Module},
};

/// Inserts records.
pub fn insert(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    inserted(sandbox, caller, request).into()
}

fn inserted(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = writable(&metadata, Ask { world: &world, caller, request, verb: Verb::Create })?;
    let records = input::records(request)?;
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            results.push(match record {
                Ok(record) => insert_one(world, module, record, &author, &format!("$.data[{index}]"))?,
                Err(refusal) => refusal,
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::CREATED))
}

/// Inserts one record; notes do not tell of their approval.
pub(in crate::sandbox::routes) fn insert_one(
    world: &mut World,
    module: &Module,
    record: &Record,
    author: &Author,
    path: &str,
) -> rusqlite::Result<Value> {
    match world.insert(module, record, author, path) {
        Ok(written) => Ok(input::written(world, &written, module.api_name != "Notes")),
        Err(refused) => input::refused(refused),
    }
}

/// Changes records that carry their ids.
pub fn update(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    updated(sandbox, caller, request).into()
}

/// Changes the record that the path names.
pub fn update_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    updated(sandbox, caller, request).into()
}

fn updated(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = writable(&metadata, Ask { world: &world, caller, request, verb: Verb::Edit })?;
    let records = input::records(request)?;
    let since = instant(request, "if-unmodified-since")?;
    let author = author(sandbox, caller);
    let named = Some(request.param("id")).filter(|id| !id.is_empty());
    if named.is_some() && records.len() > 1 {
        return Err(super::limit_exceeded(json!({ "maximum_length": 1, "api_name": "data" })));
    }
    let mut seen = HashSet::new();
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            let path = format!("$.data[{index}]");
            results.push(match record {
                Err(refusal) => refusal,
                Ok(record) => {
                    let id = match named {
                        Some(id) => Some(Id::parse(id).ok_or_else(|| id.to_owned())),
                        None => input::id_of(record),
                    };
                    match target(id, &mut seen, &path) {
                        Err(refusal) => refusal,
                        Ok(id) => match world.update(module, id, record, &author, &path, since) {
                            Ok(written) => input::written(world, &written, module.api_name != "Notes"),
                            Err(refused) => input::refused(refused)?,
                        },
                    }
                }
            });
        }
        Ok(results)
    })?;
    if since.is_some() && results.iter().all(|result| result["code"] == "ALREADY_MODIFIED") {
        return Ok(Reply::json(StatusCode::PRECONDITION_FAILED, json!({ "data": results })));
    }
    Ok(reply::results("data", results, StatusCode::OK))
}

/// The record that an item of a write means: it must be named, exist and come once.
fn target(id: Option<Result<Id, String>>, seen: &mut HashSet<Id>, path: &str) -> Result<Id, Value> {
    let at = json!({ "api_name": "id", "json_path": format!("{path}.id") });
    match id {
        None => Err(reply::failure("MANDATORY_NOT_FOUND", at, "required field not found")),
        Some(Err(_)) => Err(reply::failure("INVALID_DATA", at, "the id given seems to be invalid")),
        Some(Ok(id)) if !seen.insert(id) => Err(reply::failure("DUPLICATE_DATA", at, "duplicate data")),
        Some(Ok(id)) => Ok(id),
    }
}
