//! Tags of records: `add_tags` and `remove_tags`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/add-tags-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/remove-tags.html>

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    super::records::{Ask, Verb, author, input, limit_exceeded, tab, words},
    Name, check,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{Author, Id, MOST_TAGS, TAG_LENGTH, Tag, World, metadata::Module},
};

/// Records of one call at most.
const MOST: usize = 500;

/// What a call does to the tags of each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Add,
    Replace,
    Remove,
}

/// Adds tags to the record that the path names.
pub fn add_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    changed(sandbox, caller, request, Change::Add, true).into()
}

/// Adds tags to the records that the request names.
pub fn add(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    changed(sandbox, caller, request, Change::Add, false).into()
}

/// Removes tags from the record that the path names.
pub fn remove_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    changed(sandbox, caller, request, Change::Remove, true).into()
}

/// Removes tags from the records that the request names.
pub fn remove(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    changed(sandbox, caller, request, Change::Remove, false).into()
}

/// What the request asks for: older callers say it in the query, newer ones in the body.
struct Wish {
    names: Vec<String>,
    ids: Vec<String>,
    over_write: bool,
}

impl Wish {
    fn read(request: &Request, single: bool) -> Result<Self, Reply> {
        let body = if request.body.is_empty() { &Value::Null } else { request.json()? };
        let names = match &body["tags"] {
            Value::Null => match request.query("tag_names") {
                Some(names) => words(names),
                None => return Err(input::missing("tags")),
            },
            Value::Array(tags) => named(tags)?,
            _ => {
                let details =
                    json!({ "expected_data_type": "jsonarray", "api_name": "tags", "json_path": "$.tags" });
                return Err(reply::invalid_data(details));
            }
        };
        if names.is_empty() {
            return Err(input::missing("tags"));
        }
        if names.len() > MOST_TAGS as usize {
            return Err(limit_exceeded(json!({ "maximum_length": MOST_TAGS, "api_name": "tags" })));
        }
        for (index, name) in names.iter().enumerate() {
            let mut details = json!({ "api_name": "name", "json_path": format!("$.tags[{index}].name") });
            match check(name) {
                Ok(_) => continue,
                Err(Name::Long) => details["maximum_length"] = json!(TAG_LENGTH),
                Err(Name::Forbidden) => {}
            }
            return Err(reply::invalid_data(details));
        }
        let ids = match &body["ids"] {
            _ if single => vec![request.param("id").to_owned()],
            Value::Array(ids) => {
                ids.iter().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect()
            }
            _ => request.query("ids").map(words).unwrap_or_default(),
        };
        if ids.is_empty() {
            return Err(input::missing("ids"));
        }
        if ids.len() > MOST {
            return Err(limit_exceeded(json!({ "maximum_length": MOST, "api_name": "ids" })));
        }
        let over_write =
            body["over_write"].as_bool().unwrap_or_else(|| request.query("over_write") == Some("true"));
        Ok(Self { names, ids, over_write })
    }
}

fn named(tags: &[Value]) -> Result<Vec<String>, Reply> {
    let name = |(index, tag): (usize, &Value)| {
        let name = tag["name"].as_str().or_else(|| tag.as_str());
        name.map(|name| name.trim().to_owned()).ok_or_else(|| {
            let message = "required field not found";
            let details = json!({ "api_name": "name", "json_path": format!("$.tags[{index}].name") });
            Reply::error(StatusCode::BAD_REQUEST, "MANDATORY_NOT_FOUND", message, details)
        })
    };
    tags.iter().enumerate().map(name).collect()
}

fn changed(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    change: Change,
    single: bool,
) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = tab(&metadata, Ask { world: &world, caller, request, verb: Verb::Edit })?;
    let wish = Wish::read(request, single)?;
    let change = if change == Change::Add && wish.over_write { Change::Replace } else { change };
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        wish.ids
            .iter()
            .map(|text| one(world, module, text, &wish.names, change, &author))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let succeeded = results.iter().filter(|result| result["status"] == "success").count();
    let mut reply = reply::results("data", results, StatusCode::OK);
    if let (false, reply::Content::Json(body)) = (single, &mut reply.content) {
        body["wf_scheduler"] = json!(false);
        body["success_count"] = json!(succeeded.to_string());
        body["locked_count"] = json!(0);
    }
    Ok(reply)
}

fn one(
    world: &mut World,
    module: &Module,
    text: &str,
    names: &[String],
    change: Change,
    author: &Author,
) -> rusqlite::Result<Value> {
    let known = match Id::parse(text) {
        Some(id) if world.exists(module.api_name, id)? => Some(id),
        _ => None,
    };
    let Some(id) = known else {
        let details = json!({ "id": text });
        return Ok(reply::failure("INVALID_DATA", details, "the id given seems to be invalid"));
    };
    let mut tags = world.tag_ids(module.api_name, id)?;
    if change == Change::Remove {
        let gone: Vec<Id> = names
            .iter()
            .filter_map(|name| world.tag_named(module.api_name, name))
            .map(|tag| tag.id)
            .collect();
        tags.retain(|tag| !gone.contains(tag));
    } else {
        if change == Change::Replace {
            tags.clear();
        }
        for tag in world.tags_for(module, names, author)? {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > MOST_TAGS as usize {
            let details = json!({ "id": id, "limit": MOST_TAGS });
            return Ok(reply::failure("LIMIT_EXCEEDED", details, "limit exceeded"));
        }
    }
    world.retag(module, id, &tags)?;
    let shown: Vec<Value> = tags.iter().filter_map(|tag| world.tag(*tag)).map(Tag::shown).collect();
    Ok(reply::success(json!({ "id": id, "tags": shown }), "tags updated successfully"))
}
