//! Metadata: modules, fields, layouts, custom views and related lists, written out from the organisation's
//! own data.

pub mod fields;
pub mod layouts;
pub mod modules;
pub mod related_lists;
pub mod views;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, reply,
    world::{Id, User, World, metadata::Module, people::PROFILES},
};

/// The module that the query names.
fn module<'a>(world: &'a World, request: &Request) -> Result<&'a Module, Reply> {
    let name = request.query("module").ok_or_else(|| reply::missing_param("module"))?;
    let module = world.metadata.module(name).ok_or_else(reply::invalid_module)?;
    if module.is_closed() {
        Err(reply::module_refused("the given module is not supported in api"))
    } else {
        Ok(module)
    }
}

/// A known module that has no such metadata.
fn unsupported() -> Reply {
    reply::module_refused("the given module is not supported for this api")
}

/// The id in the path; it cannot be that of anything when it is longer than ids are.
fn id(request: &Request, place: &str) -> Option<Id> {
    Id::parse(request.param(place))
}

/// Whether the caller may see fields and layouts.
fn may_customize(sandbox: &Sandbox, world: &World, caller: &Caller) -> Result<(), Reply> {
    let prefix = world.metadata.prefix;
    let user = Id::parse(&caller.user).and_then(|id| world.user(id));
    let administrator = user.is_none_or(|user| user.is_administrator(prefix));
    if administrator || !sandbox.options.strict || !assumptions::METADATA_FOR_ADMINISTRATORS_ONLY {
        return Ok(());
    }
    Err(reply::no_permission("Crm_Implied_Customize_Fields"))
}

/// The answer that nothing changed, to a request that asks only for what changed after an instant.
fn unchanged(world: &World, request: &Request) -> Option<Reply> {
    let since: Timestamp = request.header("if-modified-since")?.parse().ok()?;
    let made = world.users().iter().map(|user| user.created).min().unwrap_or_default();
    (made <= since.as_second()).then(Reply::not_modified)
}

/// The profiles, as metadata objects name them.
fn profiles(world: &World) -> Vec<Value> {
    let prefix = world.metadata.prefix;
    PROFILES.iter().map(|profile| json!({ "id": prefix.id(profile.ending), "name": profile.name })).collect()
}

/// A user, as metadata objects name them.
fn person(user: &User) -> Value {
    json!({ "id": user.id, "name": user.full_name() })
}
