//! `/settings/tags`.
//!
//! <https://bigin.com/developer/docs/apis/v2/get-tag-list.html>
//! <https://www.bigin.com/developer/docs/apis/v2/create-tags.html>
//! <https://bigin.com/developer/docs/apis/v2/update-tags.html>

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::records::{author, input},
    Name, check,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock, reply,
    world::{
        Author, Id, Metadata, Record, TAG_LENGTH, Tag, World,
        metadata::{Module, Nature},
    },
};

/// Tags of one call at most.
const MOST: usize = 50;

/// The module that the query names.
fn module<'a>(metadata: &'a Metadata, request: &Request) -> Result<&'a Module, Reply> {
    let Some(name) = request.query("module") else {
        let message = "One of the expected parameter is missing";
        let details = json!({ "param": "module" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "REQUIRED_PARAM_MISSING", message, details));
    };
    let module = metadata.module(name).ok_or_else(reply::invalid_module)?;
    if module.nature == Nature::Tab {
        Ok(module)
    } else {
        Err(reply::module_refused("the given module is not supported for this api"))
    }
}

fn described(world: &World, tag: &Tag) -> Value {
    let user =
        |id: Id| json!({ "id": id, "name": world.user(id).map(crate::sandbox::world::User::full_name) });
    let at = |seconds| Timestamp::from_second(seconds).map(clock::iso).ok();
    json!({
        "id": tag.id,
        "name": tag.name,
        "color_code": tag.colour,
        "created_by": user(tag.created_by),
        "created_time": at(tag.created),
        "modified_by": user(tag.modified_by),
        "modified_time": at(tag.modified),
    })
}

/// Answers with the tags of a module.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let all = || -> Result<Reply, Reply> {
        let world = sandbox.world();
        let metadata = Arc::clone(&world.metadata);
        let module = module(&metadata, request)?;
        let mine = request.query("my_tags") == Some("true");
        let own = |tag: &&Tag| !mine || tag.created_by.to_string() == caller.user;
        let tags: Vec<Value> =
            world.tags(module.api_name).filter(own).map(|tag| described(&world, tag)).collect();
        if tags.is_empty() {
            return Ok(Reply::none());
        }
        let info = json!({ "count": tags.len(), "allowed_count": assumptions::TAGS_A_MODULE });
        Ok(Reply::ok(json!({ "tags": tags, "info": info })))
    };
    all().into()
}

/// Makes tags.
pub fn create(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let all = || -> Result<Reply, Reply> {
        let mut world = sandbox.world();
        let metadata = Arc::clone(&world.metadata);
        let module = module(&metadata, request)?;
        let items = input::items(request, "tags", MOST)?;
        let author = author(sandbox, caller);
        let results = world.write(|world| {
            let make = |(index, item): (usize, Result<&Record, Value>)| match item {
                Ok(item) => create_one(world, module, item, &author, &format!("$.tags[{index}]")),
                Err(refusal) => Ok(refusal),
            };
            items.into_iter().enumerate().map(make).collect()
        })?;
        Ok(reply::results("tags", results, StatusCode::CREATED))
    };
    all().into()
}

fn create_one(
    world: &mut World,
    module: &Module,
    item: &Record,
    author: &Author,
    path: &str,
) -> rusqlite::Result<Value> {
    let name = match name(world, module, item, None, path) {
        Ok(name) => name,
        Err(refusal) => return Ok(refusal),
    };
    if world.tags(module.api_name).count() >= assumptions::TAGS_A_MODULE {
        return Ok(reply::failure("LICENSE_LIMIT_EXCEEDED", json!({}), "tags edition limit exceeded"));
    }
    let colour = item.get("color_code").and_then(Value::as_str);
    let tag = world.create_tag(module.api_name, &name, colour, author)?;
    Ok(reply::success(described(world, &tag), "tags created successfully"))
}

/// The name in an item, if it is one and free; `own` is the tag that it is for.
fn name(world: &World, module: &Module, item: &Record, own: Option<Id>, path: &str) -> Result<String, Value> {
    let at = |extra: Value| {
        let mut details = json!({ "api_name": "name", "json_path": format!("{path}.name") });
        if let (Value::Object(details), Value::Object(extra)) = (&mut details, extra) {
            details.extend(extra);
        }
        details
    };
    let invalid = |extra: Value| reply::failure("INVALID_DATA", at(extra), "invalid data");
    let given = match item.get("name") {
        None | Some(Value::Null) => {
            return Err(reply::failure("MANDATORY_NOT_FOUND", at(json!({})), "required field not found"));
        }
        Some(Value::String(name)) => name,
        Some(_) => return Err(invalid(json!({ "expected_data_type": "text" }))),
    };
    let name = match check(given) {
        Ok(name) => name,
        Err(Name::Long) => return Err(invalid(json!({ "maximum_length": TAG_LENGTH }))),
        Err(Name::Forbidden) => return Err(invalid(json!({}))),
    };
    match world.tag_named(module.api_name, name).filter(|tag| Some(tag.id) != own) {
        Some(tag) => Err(reply::failure("DUPLICATE_DATA", at(json!({ "id": tag.id })), "duplicate data")),
        None => Ok(name.to_owned()),
    }
}

/// Renames the tags that the body names.
pub fn update(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    updated(sandbox, caller, request).into()
}

/// Renames the tag that the path names.
pub fn update_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    updated(sandbox, caller, request).into()
}

fn updated(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = module(&metadata, request)?;
    let items = input::items(request, "tags", MOST)?;
    let author = author(sandbox, caller);
    let named = Some(request.param("tag")).filter(|id| !id.is_empty());
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = format!("$.tags[{index}]");
            results.push(match item {
                Err(refusal) => refusal,
                Ok(item) => match target(world, module, named, item, &path) {
                    Err(refusal) => refusal,
                    Ok(id) => match name(world, module, item, Some(id), &path) {
                        Err(refusal) => refusal,
                        Ok(name) => {
                            let colour = item.get("color_code").and_then(Value::as_str);
                            match world.change_tag(id, &name, colour, &author)? {
                                Some(tag) => {
                                    reply::success(described(world, &tag), "tags updated successfully")
                                }
                                None => not_found(&id.to_string()),
                            }
                        }
                    },
                },
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("tags", results, StatusCode::OK))
}

/// The tag that the path or an item names.
fn target(
    world: &World,
    module: &Module,
    named: Option<&str>,
    item: &Record,
    path: &str,
) -> Result<Id, Value> {
    let Some(text) = named.or_else(|| item.get("id").and_then(Value::as_str)) else {
        let at = json!({ "api_name": "id", "json_path": format!("{path}.id") });
        return Err(reply::failure("MANDATORY_NOT_FOUND", at, "required field not found"));
    };
    let tag = Id::parse(text).and_then(|id| world.tag(id)).filter(|tag| tag.module == module.api_name);
    tag.map(|tag| tag.id).ok_or_else(|| not_found(text))
}

fn not_found(id: &str) -> Value {
    reply::failure("INVALID_DATA", json!({ "id": id }), "tags not found")
}

/// Deletes a tag.
pub fn delete(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let one = || -> Result<Reply, Reply> {
        let text = request.param("tag");
        let mut world = sandbox.world();
        let deleted = match Id::parse(text) {
            Some(id) => world.write(|world| world.delete_tag(id))?,
            None => false,
        };
        let result = if deleted {
            reply::success(json!({ "id": text }), "tags deleted successfully")
        } else {
            not_found(text)
        };
        Ok(reply::results("tags", vec![result], StatusCode::OK))
    };
    one().into()
}

/// Puts the records of another tag under the one that the path names.
pub fn merge(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let one = || -> Result<Reply, Reply> {
        let mut world = sandbox.world();
        let items = input::items(request, "tags", 1)?;
        let Some(survivor) = Id::parse(request.param("tag")).and_then(|id| world.tag(id)).cloned() else {
            return Ok(reply::results("tags", vec![not_found(request.param("tag"))], StatusCode::OK));
        };
        let results = world.write(|world| {
            let mut results = Vec::new();
            for item in items {
                let given = item.ok().and_then(|item| item.get("conflict_id")).and_then(Value::as_str);
                let at = json!({ "api_name": "conflict_id", "json_path": "$.tags[0].conflict_id" });
                let Some(text) = given else {
                    results.push(reply::failure("MANDATORY_NOT_FOUND", at, "required field not found"));
                    continue;
                };
                let other =
                    Id::parse(text).and_then(|id| world.tag(id)).map(|tag| (tag.id, tag.module.clone()));
                results.push(match other {
                    Some((id, module)) if id != survivor.id && module == survivor.module => {
                        world.merge_tags(survivor.id, id)?;
                        reply::success(described(world, &survivor), "tags merged successfully")
                    }
                    _ => not_found(text),
                });
            }
            Ok(results)
        })?;
        Ok(reply::results("tags", results, StatusCode::OK))
    };
    one().into()
}

/// Answers with the number of records that have a tag.
pub fn count(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let one = || -> Result<Reply, Reply> {
        let world = sandbox.world();
        let metadata = Arc::clone(&world.metadata);
        let module = module(&metadata, request)?;
        let tag = Id::parse(request.param("tag")).and_then(|id| world.tag(id));
        let Some(tag) = tag.filter(|tag| tag.module == module.api_name) else {
            let message = "invalid tag id";
            return Err(Reply::error(StatusCode::BAD_REQUEST, "TAG_ID_NOT_FOUND", message, json!({})));
        };
        Ok(Reply::ok(json!({ "count": world.tagged(tag)?.len().to_string() })))
    };
    one().into()
}
