//! Modules.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/modules-api.html>

use serde_json::{Value, json};

use super::{fields, profiles, unchanged, views};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{
        World,
        metadata::{Module, Nature},
    },
};

/// All modules, those that the API does not serve too.
pub fn list(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let world = sandbox.world();
    if let Some(unchanged) = unchanged(&world, request) {
        return unchanged;
    }
    let modules = world.metadata.modules.iter().enumerate();
    let modules: Vec<Value> = modules.map(|(place, module)| brief(&world, place, module)).collect();
    Reply::ok(json!({ "modules": modules }))
}

/// One module, with more of it.
///
/// <https://www.bigin.com/developer/docs/apis/v2/module-meta.html>
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let world = sandbox.world();
    let name = request.param("module");
    let found = world.metadata.modules.iter().enumerate().find(|(_, module)| module.api_name == name);
    let Some((place, module)) = found else { return reply::invalid_module() };
    let mut object = brief(&world, place, module);
    let named = |names: &[&str]| -> Vec<Value> {
        names.iter().filter_map(|name| fields::named(module, name)).collect()
    };
    let view = module.views.first();
    let columns = view.map_or(&[][..], |view| view.columns);
    object["per_page"] = json!(50);
    object["display_field"] = json!(module.display_field);
    object["search_layout_fields"] = json!(columns);
    object["business_card_fields"] = json!(&columns[..columns.len().min(5)]);
    object["$properties"] = json!(["$photo_id", "$stop_processing"]);
    object["$on_demand_properties"] = json!([]);
    object["$field_states"] = json!([]);
    object["filter_status"] = json!(true);
    object["kanban_view_supported"] = json!(module.nature == Nature::Tab);
    object["kanban_view"] = json!(module.api_name == "Pipelines");
    object["related_list_properties"] = json!({ "sort_by": null, "fields": columns, "sort_order": null });
    let lookup: Vec<Value> = named(&[module.display_field])
        .into_iter()
        .map(|field| json!({ "sequence_number": 1, "api_name": field["api_name"], "id": field["id"] }))
        .collect();
    object["lookup_field_properties"] = json!({ "fields": lookup });
    object["custom_view"] = view.map_or(Value::Null, |view| views::whole(&world, caller, module, view));
    Reply::ok(json!({ "modules": [object] }))
}

fn brief(world: &World, place: usize, module: &Module) -> Value {
    let tab = module.nature == Nature::Tab;
    let open = module.nature != Nature::Closed;
    let editable = open && module.api_name != "Attachments";
    json!({
        "id": module.id,
        "api_name": module.api_name,
        "module_name": module.internal_name(),
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "generated_type": if module.nature == Nature::Linking { "linking" } else { "default" },
        "access_type": "org_based",
        "sequence_number": place + 1,
        "visibility": u8::from(tab),
        "visible": tab,
        "show_as_tab": tab,
        "api_supported": open,
        "viewable": open,
        "creatable": editable,
        "editable": editable,
        "deletable": open,
        "convertable": false,
        "quick_create": tab,
        "global_search_supported": tab || module.api_name == "Notes",
        "filter_supported": tab,
        "feeds_required": false,
        "scoring_supported": false,
        "webform_supported": matches!(module.api_name, "Contacts" | "Pipelines"),
        "triggers_supported": tab,
        "isBlueprintSupported": false,
        "emailTemplate_support": matches!(module.api_name, "Contacts" | "Pipelines" | "Accounts"),
        "email_parser_supported": false,
        "inventory_template_supported": false,
        "presence_sub_menu": tab,
        "public_fields_configured": false,
        "business_card_field_limit": if tab { 5 } else { 0 },
        "has_more_profiles": false,
        "profile_count": if open { profiles(world).len() } else { 0 },
        "profiles": if open { profiles(world) } else { Vec::new() },
        "arguments": [],
        "parent_module": {},
        "modified_by": null,
        "modified_time": null,
    })
}
