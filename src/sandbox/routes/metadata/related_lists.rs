//! Related lists.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/related-list-meta.html>

use serde_json::{Value, json};

use super::{module, unsupported};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    world::{
        World,
        metadata::{Link, Module, Nature, RelatedList},
    },
};

/// The lists that hang on the records of a module.
pub fn list(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    answer(sandbox, request).into()
}

fn answer(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let module = module(&world, request)?;
    if module.nature != Nature::Tab {
        return Err(unsupported());
    }
    let lists = module.related.iter().enumerate();
    let lists: Vec<Value> = lists.map(|(place, list)| whole(&world, module, place, list)).collect();
    Ok(if lists.is_empty() { Reply::none() } else { Reply::ok(json!({ "related_lists": lists })) })
}

fn whole(world: &World, module: &Module, place: usize, list: &RelatedList) -> Value {
    let rows = world.metadata.module(list.module);
    let linked = matches!(list.link, Link::Links | Link::Lines);
    json!({
        "id": list.id,
        "sequence_number": (place + 1).to_string(),
        "display_label": list.label,
        "api_name": list.api_name,
        "name": list.label,
        "module": rows.map(|rows| json!({ "api_name": rows.api_name, "id": rows.id })),
        "href": format!("{}/{{ENTITYID}}/{}", module.api_name, list.api_name),
        "action": linked.then_some("add_existing"),
        "type": "default",
        "connectedmodule": null,
        "linkingmodule": null,
        "visible": true,
        "customize_sort": false,
        "customize_fields": false,
        "customize_display_label": false,
        "sort_by": null,
        "sort_order": null,
        "fields": null,
    })
}
