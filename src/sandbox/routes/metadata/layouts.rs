//! Layouts. Those of `Pipelines` are the team pipelines, with their sub-pipelines and stages.
//!
//! <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{fields, id, may_customize, module, profiles, unsupported};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{
        World,
        metadata::{Field, Layout, Module, Section},
    },
};

/// The layouts of a module.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request, |_| true).into()
}

/// One layout of a module.
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let id = id(request, "layout");
    answer(sandbox, caller, request, |layout| Some(layout.id) == id).into()
}

fn answer(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    wanted: impl Fn(&Layout) -> bool,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let module = module(&world, request)?;
    may_customize(sandbox, &world, caller)?;
    if module.layouts.is_empty() {
        return Err(unsupported());
    }
    let layouts = module.layouts.iter().filter(|layout| wanted(layout));
    let layouts: Vec<Value> = layouts.map(|layout| whole(&world, module, layout)).collect();
    if layouts.is_empty() {
        let details = json!({ "id": request.param("layout") });
        let message = "the id given seems to be invalid";
        return Err(Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, details));
    }
    Ok(Reply::ok(json!({ "layouts": layouts })))
}

fn whole(world: &World, module: &Module, layout: &Layout) -> Value {
    let sections = layout.sections.iter().enumerate();
    let sections: Vec<Value> =
        sections.map(|(place, part)| section(world, module, layout, place, part)).collect();
    json!({
        "id": layout.id,
        "name": layout.name,
        "display_label": layout.name,
        "api_name": api_name(layout.name),
        "status": "active",
        "visible": true,
        "generated_type": "default",
        "display_type": 1,
        "show_business_card": true,
        "has_more_profiles": false,
        "source": "crm",
        "created_for": null,
        "created_by": null,
        "created_time": null,
        "modified_by": null,
        "modified_time": null,
        "convert_mapping": null,
        "actions_allowed": { "edit": true, "rename": true, "clone": true, "downgrade": false, "delete": true,
                             "deactivate": true, "set_layout_permissions": true },
        "profiles": profiles(world),
        "sections": sections,
    })
}

fn section(world: &World, module: &Module, layout: &Layout, place: usize, section: &Section) -> Value {
    let shown = section.fields.iter().filter_map(|name| module.field(name)).enumerate();
    let fields: Vec<Value> = shown
        .map(|(row, field)| {
            let mut object = fields::in_layout(world, module, row, field);
            object.insert("sequence_number".to_owned(), json!(row + 1));
            object.insert("section_id".to_owned(), json!(place + 1));
            object.insert("validation_rule".to_owned(), Value::Null);
            if let Some(values) = values(world, layout, field) {
                object.insert("pick_list_values".to_owned(), Value::Array(values));
            }
            Value::Object(object)
        })
        .collect();
    json!({
        "id": section.id,
        "name": section.name,
        "display_label": section.name,
        "api_name": api_name(section.name),
        "sequence_number": place + 1,
        "column_count": 2,
        "tab_traversal": 2,
        "isSubformSection": false,
        "generated_type": "default",
        "type": "used",
        "properties": null,
        "fields": fields,
    })
}

/// The values that a team pipeline has of a picklist; none where it has all.
fn values(world: &World, layout: &Layout, field: &Field) -> Option<Vec<Value>> {
    if layout.sub_pipelines.is_empty() {
        return None;
    }
    match field.api_name {
        "Stage" => Some(fields::choices(world, layout.stages())),
        "Sub_Pipeline" => {
            let subs = layout.sub_pipelines.iter().enumerate();
            Some(
                subs.map(|(place, sub)| {
                    let stages = fields::choices(world, &sub.stages);
                    let maps = json!({ "api_name": "Stage", "pick_list_values": stages });
                    fields::choice(world, place, &sub.choice, vec![maps])
                })
                .collect(),
            )
        }
        _ => None,
    }
}

fn api_name(name: &str) -> String {
    name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}
