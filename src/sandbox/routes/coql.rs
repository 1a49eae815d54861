//! `POST /coql`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>

mod refusal;

use serde_json::json;

use super::records::{Verb, input::missing, listing, permitted};
use crate::{
    coql::{self, Dialect},
    sandbox::{Caller, Reply, Request, Sandbox, clock, reply},
    tables,
};

/// Runs a query.
pub fn run(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let body = request.json()?;
    let text = match &body["select_query"] {
        serde_json::Value::Null => return Err(absent()),
        query => query.as_str().ok_or_else(|| {
            reply::invalid_data(json!({
                "expected_data_type": "text",
                "api_name": "select_query",
                "json_path": "$.select_query",
            }))
        })?,
    };
    let query = coql::parse(text).map_err(|error| refusal::syntax(&error, text))?;
    let dialect = if sandbox.options.strict { Dialect::STRICT } else { Dialect::LENIENT };
    let world = sandbox.world();
    let known = world.schemas.get(&query.module).is_some();
    if known && !caller.may(&[&format!("ZohoBigin.modules.{}.READ", *query.module)]) {
        return Err(reply::scope_mismatch());
    }
    if let Some(module) = world.metadata.module(&query.module) {
        permitted(&world, caller, module, Verb::View)?;
    }
    let checked = coql::check(&query, &world.schemas, &dialect).map_err(|error| refusal::check(&error))?;
    let answer = tables::run(&world.conn, &coql::lower(&checked), &clock::zone()).map_err(|error| {
        tracing::error!(%error, "a checked query does not run");
        reply::server_fault()
    })?;
    drop(world);
    if answer.rows.is_empty() {
        return Ok(Reply::none());
    }
    let info = json!({ "count": answer.rows.len(), "more_records": answer.more_records });
    Ok(Reply::ok(listing::body(answer.rows, info)))
}

/// The body has no query.
fn absent() -> Reply {
    let mut reply = missing("select_query");
    if let crate::sandbox::reply::Content::Json(body) = &mut reply.content {
        body["message"] = json!("mandatory key not found");
        body["details"] = json!({ "api_name": "select_query" });
    }
    reply
}
