//! Fields.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>

use serde_json::{Map, Value, json};

use super::{id, may_customize, module};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{
        World,
        metadata::{Choice, Field, Formula, Kind, Link, Module},
        people::PROFILES,
    },
};

/// The fields of a module.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request, |_| true).into()
}

/// One field of a module; none has this id: nothing found.
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let id = id(request, "field");
    answer(sandbox, caller, request, |field| Some(field.id) == id).into()
}

fn answer(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    wanted: impl Fn(&Field) -> bool,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let module = module(&world, request)?;
    may_customize(sandbox, &world, caller)?;
    let unused = request.query("type") == Some("unused");
    let fields = module.fields.iter().enumerate().filter(|(_, field)| !unused && wanted(field));
    let fields: Vec<_> = fields.map(|(place, field)| whole(&world, module, place, field)).collect();
    Ok(if fields.is_empty() { Reply::none() } else { Reply::ok(json!({ "fields": fields })) })
}

/// A field as other objects name it.
pub(super) fn named(module: &Module, api_name: &str) -> Option<Value> {
    module.field(api_name).map(|field| json!({ "api_name": field.api_name, "id": field.id }))
}

/// Everything about a field. `place` counts from 0.
pub(super) fn whole(world: &World, module: &Module, place: usize, field: &Field) -> Map<String, Value> {
    let objects = [nature(world, module, field), rules(field), platform(world, place, field)];
    objects
        .into_iter()
        .filter_map(|object| if let Value::Object(map) = object { Some(map) } else { None })
        .flatten()
        .collect()
}

/// What the field is.
fn nature(world: &World, module: &Module, field: &Field) -> Value {
    json!({
        "id": field.id,
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": field.kind.data_type(),
        "json_type": field.kind.json_type(),
        "length": field.length,
        "decimal_place": decimals(field.kind),
        "custom_field": field.custom,
        "created_source": if field.custom { "web" } else { "default" },
        "display_field": field.api_name == module.display_field,
        "default_value": field.default,
        "pick_list_values": choices(world, &field.choices),
        "pick_list_values_sorted_lexically": false,
        "enable_colour_code": false,
        "colour_code_enabled_by_system": false,
        "lookup": lookup(world, module, field),
        "multiselectlookup": many(world, field),
        "multiuserlookup": {},
        "subform": null,
        "association_details": null,
        "related_details": null,
        "currency": currency(field.kind),
        "formula": formula(field),
        "auto_number": auto_number(field),
    })
}

/// What may be done with it.
fn rules(field: &Field) -> Value {
    let writable = !field.read_only;
    let shown = field.visible && field.api_name != "id";
    let plain = field.filterable();
    json!({
        "system_mandatory": field.mandatory,
        "required": field.mandatory,
        "read_only": field.read_only,
        "field_read_only": field.read_only,
        "visible": field.visible,
        "view_type": { "view": shown, "edit": shown && writable, "create": shown && writable,
                       "quick_create": field.mandatory },
        "operation_type": { "web_create": writable, "web_update": writable, "api_create": writable,
                            "api_update": writable },
        "unique": if field.unique { json!({ "casesensitive": "0" }) } else { json!({}) },
        "searchable": plain,
        "filterable": plain,
        "sortable": plain,
        "mass_update": writable && plain,
        "webhook": true,
        "businesscard_supported": shown && plain,
        "separator": matches!(field.kind, Kind::Currency | Kind::Double | Kind::Integer),
        "virtual_field": false,
        "blueprint_supported": writable,
        "available_in_user_layout": shown,
    })
}

/// What only the platform itself reads.
fn platform(world: &World, place: usize, field: &Field) -> Value {
    json!({
        "sequence_number": place + 1,
        "quick_sequence_number": (place + 1).to_string(),
        "ui_type": ui_type(field.kind),
        "display_type": -1,
        "show_type": 7,
        "category": u8::from(field.custom),
        "type": "used",
        "column_name": null,
        "additional_column": null,
        "external": null,
        "crypt": null,
        "private": null,
        "tooltip": null,
        "profiles": profiles(world, field),
        "history_tracking": null,
        "convert_mapping": null,
        "email_parser": { "fields_update_supported": false, "record_operations_supported": false },
        "hipaa_compliance_enabled": false,
        "hipaa_compliance": null,
        "refer_from_field": null,
        "created_time": null,
        "modified_time": null,
    })
}

/// The values of a picklist.
pub(super) fn choices<'a>(world: &World, choices: impl IntoIterator<Item = &'a Choice>) -> Vec<Value> {
    let numbered = choices.into_iter().enumerate();
    numbered.map(|(place, value)| choice(world, place, value, Vec::new())).collect()
}

/// A value of a picklist, with the values of other picklists that it leaves. `place` counts from 0.
pub(super) fn choice(world: &World, place: usize, choice: &Choice, maps: Vec<Value>) -> Value {
    let mut object = json!({
        "id": choice.id,
        "display_value": choice.label,
        "actual_value": choice.value,
        "reference_value": choice.value,
        "sequence_number": place + 1,
        "type": "used",
        "colour_code": null,
        "maps": maps,
    });
    if let Some(stage) = &choice.stage {
        let open = stage.forecast.forecast_type() == "Open";
        let (name, ending) = if open { ("Pipeline", 1_201) } else { ("Closed", 1_207) };
        object["probability"] = json!(stage.probability);
        object["forecast_type"] = json!(stage.forecast.forecast_type());
        object["forecast_category"] = json!({ "name": name, "id": world.metadata.prefix.id(ending) });
        object["expected_data_type"] = json!("integer");
        object["sys_ref_name"] = json!(stage.forecast.sys_ref_name());
    }
    object
}

fn lookup(world: &World, module: &Module, field: &Field) -> Value {
    let Kind::Lookup(target) = field.kind else { return json!({}) };
    let Some(target) = world.metadata.module(target) else { return json!({}) };
    let list = target
        .related
        .iter()
        .find(|list| list.module == module.api_name && list.link == Link::Field(field.api_name));
    json!({
        "id": field.id,
        "api_name": list.map_or(module.historic_name(), |list| list.api_name),
        "display_label": list.map_or(module.plural, |list| list.label),
        "module": { "api_name": target.api_name, "id": target.id },
        "query_details": {},
        "revalidate_filter_during_edit": false,
        "show_fields": [],
    })
}

fn many(world: &World, field: &Field) -> Value {
    let Kind::MultiLookup(target) = field.kind else { return json!({}) };
    let target =
        world.metadata.module(target).map(|target| json!({ "api_name": target.api_name, "id": target.id }));
    json!({ "display_label": field.label, "connected_module": target, "lookup_apiname": field.api_name })
}

const fn decimals(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Currency | Kind::Double | Kind::Formula => Some(2),
        Kind::Percent => Some(0),
        _ => None,
    }
}

fn currency(kind: Kind) -> Value {
    match kind {
        Kind::Currency => json!({ "rounding_option": "normal", "precision": 2 }),
        _ => json!({}),
    }
}

fn formula(field: &Field) -> Value {
    match field.formula {
        Some(Formula::Share { of, percent }) => {
            let expression = format!("${{{of}}}*${{{percent}}}/100");
            json!({ "return_type": "double", "expression": expression })
        }
        None => json!({}),
    }
}

fn auto_number(field: &Field) -> Value {
    match field.number_prefix {
        Some(prefix) => json!({
            "prefix": prefix, "start_number": 1, "suffix": null, "starting_number_length": 4
        }),
        None => json!({}),
    }
}

fn profiles(world: &World, field: &Field) -> Vec<Value> {
    let permission = if field.read_only { "read_only" } else { "read_write" };
    let prefix = world.metadata.prefix;
    let profiles = PROFILES.iter();
    profiles
        .map(|profile| {
            json!({ "id": prefix.id(profile.ending), "name": profile.name, "permission_type": permission })
        })
        .collect()
}

/// The platform's number of a field's widget.
const fn ui_type(kind: Kind) -> u16 {
    match kind {
        Kind::PickList => 2,
        Kind::TextArea => 3,
        Kind::Lookup(_) | Kind::Related | Kind::MultiLookup(_) => 4,
        Kind::Owner | Kind::User => 8,
        Kind::Date => 24,
        Kind::Email => 25,
        Kind::Website => 21,
        Kind::Integer => 32,
        Kind::Phone => 33,
        Kind::Currency => 36,
        Kind::Double => 38,
        Kind::Boolean => 301,
        Kind::DateTime => 333,
        _ => 1,
    }
}

/// Keys of a field object that a layout does not repeat.
const NOT_IN_LAYOUTS: [&str; 18] = [
    "colour_code_enabled_by_system",
    "multiuserlookup",
    "subform",
    "association_details",
    "related_details",
    "searchable",
    "filterable",
    "sortable",
    "businesscard_supported",
    "virtual_field",
    "available_in_user_layout",
    "display_type",
    "show_type",
    "category",
    "column_name",
    "additional_column",
    "created_time",
    "modified_time",
];

/// A field as a layout lists it.
pub(super) fn in_layout(world: &World, module: &Module, place: usize, field: &Field) -> Map<String, Value> {
    let mut object = whole(world, module, place, field);
    object.retain(|key, _| !NOT_IN_LAYOUTS.contains(&key.as_str()));
    object
}
