//! `GET /{module}/actions/count`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/module-records-count.html>

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;

use super::{Ask, Verb, ambiguous, served, unusable, viewpoint};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    routes::search,
    world::{
        Id,
        filter::{Clause, Filter},
        metadata::Nature,
    },
};

/// Answers with the number of records: all, those of a view, or those of a search.
pub fn count(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = served(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    if module.nature != Nature::Tab {
        let message = "the given module is not supported in api";
        let details = json!({ "resource_path_index": 0 });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "NOT_SUPPORTED", message, details));
    }
    let searched = search::PARAMETERS.into_iter().find(|name| request.query(name).is_some());
    let mut clause = Clause { sql: "1".to_owned(), params: Vec::new() };
    match (request.query("cvid"), searched) {
        (Some(_), Some(name)) => return Err(ambiguous(&["cvid", name])),
        (Some(view), None) => {
            let known = Id::parse(view).and_then(|id| module.views.iter().find(|view| view.id == id));
            let view = known.ok_or_else(|| reply::invalid_data(json!({ "param_name": "cvid" })))?;
            clause.push(" AND ");
            Filter::of_view(&view.criteria)
                .write(&metadata, module, &viewpoint(caller), &mut clause)
                .map_err(|error| unusable(&error))?;
        }
        (None, Some(_)) => clause = search::clause(&world, module, caller, request)?,
        (None, None) => {}
    }
    let sql = format!("SELECT count(*) FROM \"{}\" AS t WHERE {}", module.api_name, clause.sql);
    let count: i64 = world
        .conn
        .prepare_cached(&sql)?
        .query_row(rusqlite::params_from_iter(clause.params), |row| row.get(0))?;
    Ok(Reply::ok(json!({ "count": count })))
}
