//! Related lists: what hangs on a record, and linking and delinking it.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-related-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/update-related-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/delink.html>

mod links;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::records::{
    Ask, Verb, author, input, instant, limit_exceeded,
    list::pipeline,
    listing::{self, Sort},
    paging::Paging,
    tab, words,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{
        Id, Metadata,
        metadata::{Link, Module, RelatedList},
    },
};

/// Records of one link or delink at most.
const MOST: usize = 100;

/// A related list of one record.
struct List<'a> {
    parent: &'a Module,
    id: Id,
    list: &'a RelatedList,
    rows: &'a Module,
}

impl<'a> List<'a> {
    fn find(metadata: &'a Metadata, ask: Ask<'_>) -> Result<Self, Reply> {
        let Ask { world, request, .. } = ask;
        let parent = tab(metadata, ask)?;
        let id = Id::parse(request.param("id")).ok_or_else(unknown_record)?;
        if !world.exists(parent.api_name, id)? {
            return Err(unknown_record());
        }
        // Older names of the same lists.
        let name = match request.param("list") {
            "Deals" => "Pipelines",
            "All_Calls" => "Calls",
            other => other,
        };
        let list = parent.related.iter().find(|list| list.api_name == name).ok_or_else(unknown_relation)?;
        let rows = metadata.module(list.module).ok_or_else(unknown_relation)?;
        Ok(Self { parent, id, list, rows })
    }
}

/// No record has the id in the path.
pub(super) fn unknown_record() -> Reply {
    let message = "the related id given seems to be invalid";
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, json!({ "resource_path_index": 1 }))
}

fn unknown_relation() -> Reply {
    let message = "the relation name given seems to be invalid";
    Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, json!({ "resource_path_index": 2 }))
}

/// Answers with a page of a related list.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    listed(sandbox, caller, request).into()
}

fn listed(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let list = List::find(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    let fields = listing::fields(request)?;
    let linking = matches!(list.list.link, Link::Links | Link::Lines);
    if fields.is_none() && sandbox.options.strict && !linking {
        return Err(reply::missing_param("fields"));
    }
    let since = instant(request, "if-modified-since")?;
    let mut clause = list.clause();
    let layout = pipeline(list.rows, request)?;
    if let Some(layout) = layout {
        clause.bind(" AND t.Pipeline = ?", layout.to_string());
    }
    if let Some(since) = since {
        clause.bind(" AND t.Modified_Time > ?", since);
    }
    let sort = Sort::read(request)?;
    let bound = ["fields", "pipeline_id"].map(|name| request.query(name).unwrap_or_default());
    let paging = Paging::read(request, caller, &bound)?;
    let mut page = listing::page((&world, list.rows, caller), fields.as_deref(), &clause, &sort, &paging)?;
    if let Some(info) = page.info.as_object_mut() {
        info.retain(|key, _| !key.starts_with("sort_"));
    }
    if layout.is_some() && list.parent.api_name == "Contacts" {
        for record in &mut page.records {
            record.insert("Contact_Role".to_owned(), Value::Null);
        }
    }
    Ok(match page.records.is_empty() {
        true if since.is_some() && paging.page == 1 => Reply::not_modified(),
        true => Reply::none(),
        false => Reply::ok(listing::body(page.records, page.info)),
    })
}

/// Links records that the body names.
pub fn link(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    linked(sandbox, caller, request).into()
}

fn linked(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let list = List::find(&metadata, Ask { world: &world, caller, request, verb: Verb::Edit })?;
    list.linkable()?;
    let items = input::items(request, "data", MOST)?;
    let named = Some(request.param("related")).filter(|id| !id.is_empty());
    if named.is_some() && items.len() > 1 {
        return Err(limit_exceeded(json!({ "maximum_length": 1, "api_name": "data" })));
    }
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let item = match item {
                Ok(item) => item,
                Err(refusal) => {
                    results.push(refusal);
                    continue;
                }
            };
            let given = named.or_else(|| item.get("id").and_then(Value::as_str));
            let path = json!({ "api_name": "id", "json_path": format!("$.data[{index}].id") });
            results.push(match (given, given.and_then(Id::parse)) {
                (None, _) => reply::failure("MANDATORY_NOT_FOUND", path, "required field not found"),
                (Some(_), Some(id)) if world.exists(list.rows.api_name, id)? => {
                    let added = list.link(world, id, item, &author)?;
                    let message = if added { "relation added" } else { "relation updated" };
                    reply::success(json!({ "id": id }), message)
                }
                _ => reply::failure("INVALID_DATA", path, "the related id given seems to be invalid"),
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::OK))
}

/// Removes the link to the record that the path names.
pub fn delink_one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    delinked(sandbox, caller, request, &[request.param("related").to_owned()]).into()
}

/// Removes the links to the records that the query names.
pub fn delink(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let Some(ids) = request.query("ids") else { return reply::missing_param("ids") };
    delinked(sandbox, caller, request, &words(ids)).into()
}

fn delinked(sandbox: &Sandbox, caller: &Caller, request: &Request, ids: &[String]) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let list = List::find(&metadata, Ask { world: &world, caller, request, verb: Verb::Edit })?;
    list.linkable()?;
    if ids.len() > MOST {
        return Err(limit_exceeded(json!({ "limit": MOST.to_string(), "param_name": "ids" })));
    }
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(ids.len());
        for text in ids {
            let removed = match Id::parse(text) {
                Some(id) => list.delink(world, id)?,
                None => false,
            };
            let details = json!({ "id": text });
            results.push(if removed {
                reply::success(details, "relation removed")
            } else {
                reply::failure("INVALID_DATA", details, "relation not found")
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::OK))
}
