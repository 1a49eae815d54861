//! `POST /{module}/upsert`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/upsert-records.html>

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Ask, Verb, author, input, permitted, writable};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{Author, Id, Record, World, metadata::Module},
};

/// Inserts records, or changes those that are there already.
pub fn upsert(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = writable(&metadata, Ask { world: &world, caller, request, verb: Verb::Create })?;
    permitted(&world, caller, module, Verb::Edit)?;
    let records = input::records(request)?;
    let checks = checks(module, &request.json()?["duplicate_check_fields"])?;
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            results.push(match record {
                Ok(record) => one(world, module, record, &checks, &author, &format!("$.data[{index}]"))?,
                Err(refusal) => refusal,
            });
        }
        Ok(results)
    })?;
    let all_new = results.iter().all(|result| result["action"] == "insert");
    Ok(reply::results("data", results, if all_new { StatusCode::CREATED } else { StatusCode::OK }))
}

/// The field that tells the records of a module apart unless the caller says otherwise.
fn system_check(module: &Module) -> Option<&'static str> {
    match module.api_name {
        "Contacts" => Some("Email"),
        "Accounts" => Some("Account_Name"),
        "Pipelines" => Some("Deal_Name"),
        "Products" => Some("Product_Name"),
        _ => None,
    }
}

/// The fields to compare, in order.
fn checks(module: &Module, given: &Value) -> Result<Vec<&'static str>, Reply> {
    let unique = module.fields.iter().filter(|field| field.unique).map(|field| field.api_name);
    let mut known: Vec<&'static str> = system_check(module).into_iter().collect();
    known.extend(unique.filter(|name| Some(*name) != system_check(module)));
    let Some(names) = given.as_array().filter(|names| !names.is_empty()) else {
        let wrong = json!({ "expected_data_type": "jsonarray", "api_name": "duplicate_check_fields" });
        return if given.is_null() || given.is_array() { Ok(known) } else { Err(reply::invalid_data(wrong)) };
    };
    let check = |(index, name): (usize, &Value)| {
        known.iter().copied().find(|known| name.as_str() == Some(known)).ok_or_else(|| {
            let path = format!("$.duplicate_check_fields[{index}]");
            reply::invalid_data(json!({ "api_name": "duplicate_check_fields", "json_path": path }))
        })
    };
    names.iter().enumerate().map(check).collect()
}

fn one(
    world: &mut World,
    module: &Module,
    record: &Record,
    checks: &[&'static str],
    author: &Author,
    path: &str,
) -> rusqlite::Result<Value> {
    let (target, by) = match input::id_of(record) {
        Some(Ok(id)) => (Some(id), None),
        Some(Err(_)) => {
            let at = json!({ "api_name": "id", "json_path": format!("{path}.id") });
            return Ok(reply::failure("INVALID_DATA", at, "the id given seems to be invalid"));
        }
        None => twin(world, module, record, checks)?.unzip(),
    };
    let written = match target {
        Some(id) => world.update(module, id, record, author, path, None),
        None => world.insert(module, record, author, path),
    };
    let written = match written {
        Ok(written) => written,
        Err(refused) => return input::refused(refused),
    };
    let mut result = input::written(world, &written, false);
    result["duplicate_field"] = json!(by);
    result["action"] = json!(if written.inserted { "insert" } else { "update" });
    Ok(result)
}

/// The record that has the same value in the first field that finds one, and that field.
fn twin(
    world: &World,
    module: &Module,
    record: &Record,
    checks: &[&'static str],
) -> rusqlite::Result<Option<(Id, &'static str)>> {
    for name in checks {
        let Some(value) = record.get(*name).and_then(Value::as_str).filter(|value| !value.is_empty()) else {
            continue;
        };
        if let Some(id) = world.find(module, name, value)? {
            return Ok(Some((id, name)));
        }
    }
    Ok(None)
}
