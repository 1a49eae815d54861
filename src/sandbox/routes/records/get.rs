//! `GET /{module}/{id}`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{Ask, Verb, instant, listing, served};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{Fields, Id, Reading, Record, Style, World, metadata::Module},
};

/// Answers with one record: all of it, or the fields that are asked for.
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = served(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    let since = instant(request, "if-modified-since")?;
    let Some(id) = Id::parse(request.param("id")) else { return Ok(Reply::none()) };
    if let Some(since) = since {
        let modified =
            Reading::new(&world, module, Fields::Named(&["Modified_Time".to_owned()]), Style::Record);
        let at =
            modified.get(id)?.and_then(|record| record["Modified_Time"].as_str()?.parse::<Timestamp>().ok());
        if at.is_some_and(|at| at.as_second() <= since) {
            return Ok(Reply::not_modified());
        }
    }
    let record = read(&world, module, request, id)?;
    Ok(record.map_or_else(Reply::none, |record| Reply::ok(json!({ "data": [record] }))))
}

/// The record with this id, with the fields that are asked for.
pub(in crate::sandbox::routes) fn read(
    world: &World,
    module: &Module,
    request: &Request,
    id: Id,
) -> Result<Option<Record>, Reply> {
    let fields = listing::fields(request)?;
    let fields = fields.as_deref().map_or(Fields::Whole, Fields::Named);
    Ok(Reading::new(world, module, fields, Style::Record).get(id)?)
}
