//! Profiles: what users may do.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-profiles.html>

use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{
        Metadata,
        metadata::Nature,
        people::{PROFILES, Profile},
    },
};

/// Endings of the ids of permissions begin here.
const FIRST_PERMISSION: i64 = 26_201;

/// The verbs that a permission can be about.
const VERBS: [&str; 4] = ["View", "Create", "Edit", "Delete"];

/// All profiles.
pub fn list(sandbox: &Sandbox, _: &Caller, _: &Request) -> Reply {
    let world = sandbox.world();
    let profiles: Vec<Value> = PROFILES.iter().map(|profile| brief(&world.metadata, profile)).collect();
    Reply::ok(json!({ "profiles": profiles }))
}

/// One profile with its permissions; none has this id: nothing found.
pub fn get(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let world = sandbox.world();
    let prefix = world.metadata.prefix;
    let id = request.param("profile");
    let profile = PROFILES.iter().find(|profile| prefix.id(profile.ending).to_string() == id);
    match profile {
        Some(profile) => Reply::ok(json!({ "profiles": [whole(&world.metadata, profile)] })),
        None => Reply::none(),
    }
}

fn brief(metadata: &Metadata, profile: &Profile) -> Value {
    json!({
        "id": metadata.prefix.id(profile.ending),
        "name": profile.name,
        "display_label": profile.name,
        "description": profile.description,
        "custom": profile.custom,
        "created_by": null,
        "created_time": null,
        "modified_by": null,
        "modified_time": null,
    })
}

fn whole(metadata: &Metadata, profile: &Profile) -> Value {
    let mut object = brief(metadata, profile);
    let mut ids = (FIRST_PERMISSION..).map(|ending| metadata.prefix.id(ending));
    let (mut permissions, mut categories) = (Vec::new(), Vec::new());
    for module in metadata.modules.iter().filter(|module| module.nature == Nature::Tab) {
        let mut of_module = Vec::new();
        for (verb, id) in VERBS.into_iter().zip(&mut ids) {
            of_module.push(id);
            permissions.push(json!({
                "id": id,
                "name": format!("Crm_Implied_{verb}_{}", module.api_name),
                "display_label": null,
                "module": module.api_name,
                "enabled": profile.verbs.contains(&verb),
                "customizable": profile.custom,
            }));
        }
        categories.push(json!({
            "name": module.api_name, "display_label": module.plural, "module": module.api_name,
            "permissions_details": of_module,
        }));
    }
    object["permissions_details"] = json!(permissions);
    object["sections"] = json!([{ "name": "Basic Permissions", "categories": categories }]);
    object
}
