//! Custom views.
//!
//! <https://www.bigin.com/developer/docs/apis/custom-view-meta.html>

use serde_json::{Value, json};

use super::{fields, id, module, person};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, clock,
    reply::page,
    world::{
        World,
        metadata::{Condition, Module, View},
    },
};

/// The custom views of a module.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    page_of(sandbox, caller, request).into()
}

fn page_of(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let module = module(&world, request)?;
    let page = page::Page::read(request)?;
    let views = page.of(&module.views);
    if views.is_empty() {
        return Ok(Reply::none());
    }
    let mut info = page.info(module.views.len());
    info["default"] = json!(module.views.iter().find(|view| view.default).map(|view| view.id));
    info["translation"] = json!({
        "public_views": "Public Views",
        "other_users_views": "Other Users' Views",
        "shared_with_me": "Shared With Me",
        "created_by_me": "Created By Me",
    });
    let views: Vec<Value> = views.iter().map(|view| brief(&world, caller, module, view)).collect();
    Ok(Reply::ok(json!({ "custom_views": views, "info": info })))
}

/// One custom view, with what it shows; none has this id: nothing found.
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    one(sandbox, caller, request).into()
}

fn one(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let module = module(&world, request)?;
    let id = id(request, "view");
    let view = module.views.iter().find(|view| Some(view.id) == id);
    Ok(match view {
        Some(view) => Reply::ok(json!({ "custom_views": [whole(&world, caller, module, view)] })),
        None => Reply::none(),
    })
}

/// Everything about a view.
pub(super) fn whole(world: &World, caller: &Caller, module: &Module, view: &View) -> Value {
    let mut object = brief(world, caller, module, view);
    let columns = view.columns.iter().filter_map(|name| fields::named(module, name));
    object["fields"] = Value::Array(columns.collect());
    object["criteria"] = criteria(module, &view.criteria);
    object["shared_to"] = Value::Null;
    object["sort_by"] = view.sort.map_or(Value::Null, |(name, _)| json!(fields::named(module, name)));
    object["sort_order"] =
        view.sort.map_or(Value::Null, |(_, descends)| json!(if descends { "desc" } else { "asc" }));
    object
}

fn brief(world: &World, caller: &Caller, module: &Module, view: &View) -> Value {
    // The views that people made are the super administrator's.
    let maker = world.users().first().filter(|_| view.made_by_user);
    let category = match maker {
        Some(maker) if maker.id.to_string() == caller.user => "created_by_me",
        Some(_) => "other_users_views",
        None => "public_views",
    };
    let made = maker.and_then(|maker| jiff::Timestamp::from_second(maker.created).ok()).map(clock::iso);
    let maker = maker.map(person);
    json!({
        "id": view.id,
        "name": view.name,
        "display_value": view.name,
        "system_name": view.system_name,
        "category": category,
        "access_type": "public",
        "default": view.default,
        "system_defined": view.system_name.is_some(),
        "locked": false,
        "offline": true,
        "favorite": null,
        "module": { "api_name": module.api_name, "id": module.id },
        "created_by": maker,
        "created_time": made,
        "modified_by": maker,
        "modified_time": made,
        "last_accessed_time": clock::iso(caller.now),
    })
}

/// One condition alone, or a group of them that all must hold.
fn criteria(module: &Module, conditions: &[Condition]) -> Value {
    let condition = |condition: &Condition| {
        let value = match condition.comparator {
            "in" | "not_in" => json!(condition.value.split(',').collect::<Vec<_>>()),
            _ => json!(condition.value),
        };
        let field = fields::named(module, condition.field);
        json!({ "comparator": condition.comparator, "field": field, "value": value })
    };
    match conditions {
        [] => Value::Null,
        [alone] => condition(alone),
        several => {
            let group: Vec<Value> = several.iter().map(condition).collect();
            json!({ "group_operator": "and", "group": group })
        }
    }
}
