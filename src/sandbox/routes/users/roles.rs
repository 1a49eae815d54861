//! Roles.
//!
//! <https://bigin.com/developer/docs/apis/get-roles.html>

use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{
        Prefix,
        people::{ROLES, Role},
    },
};

/// All roles, the highest first.
pub fn list(sandbox: &Sandbox, _: &Caller, _: &Request) -> Reply {
    answer(sandbox, |_| true)
}

/// One role; none has this id: nothing found.
pub fn get(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    answer(sandbox, |id| id == request.param("role"))
}

fn answer(sandbox: &Sandbox, wanted: impl Fn(&str) -> bool) -> Reply {
    let prefix = Prefix::of_seed(sandbox.options.seed);
    let roles = ROLES.iter().filter(|role| wanted(&prefix.id(role.ending).to_string()));
    let roles: Vec<Value> = roles.map(|role| whole(prefix, role)).collect();
    if roles.is_empty() { Reply::none() } else { Reply::ok(json!({ "roles": roles })) }
}

fn whole(prefix: Prefix, role: &Role) -> Value {
    let above = ROLES.iter().find(|other| Some(other.ending) == role.reports_to);
    json!({
        "id": prefix.id(role.ending),
        "name": role.name,
        "display_label": role.name,
        "description": role.description,
        "share_with_peers": role.share_with_peers,
        "reporting_to": above.map(|above| json!({ "id": prefix.id(above.ending), "name": above.name })),
    })
}
