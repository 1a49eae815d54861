//! `GET /{module}`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/get-team-pipeline-records.html>

use std::sync::Arc;

use serde_json::json;

use super::{
    Ask, Verb, ambiguous, instant, limit_exceeded,
    listing::{self, Sort},
    paging::Paging,
    served, unusable, viewpoint, words,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{
        Id,
        filter::{Clause, Filter},
        metadata::Module,
    },
};

/// Ids in `ids` at most.
const MOST_IDS: usize = 100;

/// Answers with a page of records.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = served(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    let fields = listing::fields(request)?;
    if fields.is_none() && sandbox.options.strict {
        return Err(reply::missing_param("fields"));
    }
    let since = instant(request, "if-modified-since")?;
    let mut sort = Sort::read(request)?;
    let mut clause = Clause { sql: "1".to_owned(), params: Vec::new() };
    if let Some(view) = request.query("cvid") {
        if request.query("sort_by").is_some() {
            return Err(ambiguous(&["cvid", "sort_by"]));
        }
        let known = Id::parse(view).and_then(|id| module.views.iter().find(|view| view.id == id));
        let view = known.ok_or_else(|| reply::invalid_data(json!({ "param_name": "cvid" })))?;
        clause.push(" AND ");
        Filter::of_view(&view.criteria)
            .write(&metadata, module, &viewpoint(caller), &mut clause)
            .map_err(|error| unusable(&error))?;
        if let Some((field, descending)) = view.sort {
            sort = Sort::of_view(field, descending);
        }
    }
    if let Some(layout) = pipeline(module, request)? {
        clause.bind(" AND t.Pipeline = ?", layout.to_string());
    }
    if let Some(ids) = request.query("ids") {
        only(ids, &mut clause)?;
    }
    if let Some(since) = since {
        clause.bind(" AND t.Modified_Time > ?", since);
    }
    if !approved(request)? {
        clause.push(" AND 0");
    }
    let bound = ["fields", "sort_by", "sort_order", "cvid", "pipeline_id", "ids", "approved"];
    let bound = bound.map(|name| request.query(name).unwrap_or_default());
    let paging = Paging::read(request, caller, &bound)?;
    let page = listing::page((&world, module, caller), fields.as_deref(), &clause, &sort, &paging)?;
    drop(world);
    Ok(match page.records.is_empty() {
        true if since.is_some() && paging.page == 1 => Reply::not_modified(),
        true => Reply::none(),
        false => Reply::ok(listing::body(page.records, page.info)),
    })
}

/// The team pipeline that `pipeline_id` names; other modules than that of deals pass it over.
pub(in crate::sandbox::routes) fn pipeline(module: &Module, request: &Request) -> Result<Option<Id>, Reply> {
    let Some(text) = request.query("pipeline_id").filter(|_| module.field("Sub_Pipeline").is_some()) else {
        return Ok(None);
    };
    let known = Id::parse(text).filter(|id| module.layouts.iter().any(|layout| layout.id == *id));
    known.map(Some).ok_or_else(|| reply::invalid_data(json!({ "param_name": "pipeline_id" })))
}

/// Only the records with these ids.
pub(in crate::sandbox::routes) fn only(ids: &str, clause: &mut Clause) -> Result<(), Reply> {
    let ids = words(ids);
    if ids.len() > MOST_IDS {
        return Err(limit_exceeded(json!({ "limit": MOST_IDS, "param_name": "ids" })));
    }
    clause.push(" AND t.\"$row\" IN (");
    for (index, id) in ids.iter().enumerate() {
        let id = Id::parse(id).ok_or_else(|| reply::invalid_data(json!({ "param_name": "ids" })))?;
        clause.bind(if index == 0 { "?" } else { ", ?" }, id.raw());
    }
    clause.push(")");
    Ok(())
}

/// Whether approved records are asked for: every record is approved.
pub(in crate::sandbox::routes) fn approved(request: &Request) -> Result<bool, Reply> {
    match request.query("approved").unwrap_or("true") {
        "true" | "both" => Ok(true),
        "false" => Ok(false),
        _ => Err(reply::invalid_data(json!({ "param_name": "approved" }))),
    }
}
