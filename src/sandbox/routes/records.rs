//! Records: lists, single records, writes, the recycle bin and counts.

pub mod count;
pub mod get;
pub(super) mod input;
pub mod list;
pub(super) mod listing;
pub(super) mod paging;
pub mod remove;
mod token;
pub mod upsert;
pub mod write;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox, clock, reply,
    world::{
        Author, Id, Metadata, World,
        filter::{FilterError, Viewpoint},
        metadata::{Module, Nature},
    },
};

/// What a profile permits on a module, apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub(super) enum Verb {
    View,
    Create,
    Edit,
    Delete,
}

/// SQLite refused: the sandbox's own fault.
impl From<rusqlite::Error> for Reply {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the sandbox's database refused");
        reply::server_fault()
    }
}

/// A call on the records of a module: who asks, and what for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub world: &'a World,
    pub caller: &'a Caller,
    pub request: &'a Request,
    pub verb: Verb,
}

/// The module that the path names, if the records API serves it and the caller's profile permits the verb.
pub(super) fn served<'a>(metadata: &'a Metadata, ask: Ask<'_>) -> Result<&'a Module, Reply> {
    let module = metadata.module(ask.request.param("module")).ok_or_else(reply::invalid_module)?;
    match module.nature {
        Nature::Tab | Nature::Linking => {}
        Nature::Attached if module.api_name == "Notes" => {}
        Nature::Attached | Nature::Closed => return Err(unsupported()),
    }
    permitted(ask.world, ask.caller, module, ask.verb)?;
    Ok(module)
}

/// Whether the caller's profile permits something on a module.
pub(super) fn permitted(world: &World, caller: &Caller, module: &Module, verb: Verb) -> Result<(), Reply> {
    let user = Id::parse(&caller.user).and_then(|id| world.user(id));
    let profile = user.and_then(|user| user.profile(world.metadata.prefix));
    let verb: &str = verb.into();
    if module.nature == Nature::Tab && profile.is_some_and(|profile| !profile.verbs.contains(&verb)) {
        return Err(reply::no_permission(&format!("Crm_Implied_{verb}_{}", module.api_name)));
    }
    Ok(())
}

/// As [`served`], if the module's records can be written.
pub(super) fn writable<'a>(metadata: &'a Metadata, ask: Ask<'_>) -> Result<&'a Module, Reply> {
    let module = served(metadata, ask)?;
    if module.nature == Nature::Linking { Err(unsupported()) } else { Ok(module) }
}

/// As [`served`], if the module is one of the tabs.
pub(super) fn tab<'a>(metadata: &'a Metadata, ask: Ask<'_>) -> Result<&'a Module, Reply> {
    let module = served(metadata, ask)?;
    if module.nature == Nature::Tab { Ok(module) } else { Err(unsupported()) }
}

fn unsupported() -> Reply {
    reply::module_refused("the given module is not supported in api")
}

/// Who writes.
pub(super) fn author(sandbox: &Sandbox, caller: &Caller) -> Author {
    Author {
        user: Id::parse(&caller.user).unwrap_or(Id::from_raw(0)),
        now: caller.now.as_second(),
        lag: i64::try_from(sandbox.options.search_lag.as_secs()).unwrap_or(i64::MAX),
    }
}

/// Who reads, and on which day.
pub(super) fn viewpoint(caller: &Caller) -> Viewpoint {
    let user = Id::parse(&caller.user).unwrap_or(Id::from_raw(0));
    Viewpoint { user, today: clock::zone().to_datetime(caller.now).date() }
}

/// The instant of a conditional header, in Unix seconds.
pub(super) fn instant(request: &Request, header: &str) -> Result<Option<i64>, Reply> {
    let Some(text) = request.header(header) else { return Ok(None) };
    let at: Timestamp = text.parse().map_err(|_| reply::invalid_data(json!({ "param_name": header })))?;
    Ok(Some(at.as_second()))
}

/// A list of names or ids in a query parameter, separated by commas.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Two parameters that exclude each other.
pub(super) fn ambiguous(names: &[&str]) -> Reply {
    let due_to: Vec<Value> = names.iter().map(|name| json!({ "param_name": name })).collect();
    Reply::error(
        StatusCode::BAD_REQUEST,
        "AMBIGUITY_DURING_PROCESSING",
        "Ambiguity while processing the request",
        json!({ "ambiguity_due_to": due_to }),
    )
}

/// More of something than a call takes.
pub(super) fn limit_exceeded(details: Value) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", "limit exceeded", details)
}

/// The view or condition cannot be used; only views of the organisation's own metadata come this way.
fn unusable(error: &FilterError) -> Reply {
    tracing::error!(?error, "a custom view cannot be lowered");
    reply::server_fault()
}
