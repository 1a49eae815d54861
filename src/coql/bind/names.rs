//! Names as people write them: in any case, or by their labels.

use crate::{
    coql::resolve::{field, target},
    domain::{LAYOUTS, Schema, Schemas, USERS},
};

/// `path` from `base` with every name in the spelling of the API, as far as it is known.
pub(in crate::coql) fn canonical(schemas: &Schemas, base: &Schema, path: &str) -> String {
    let mut at = Some(base);
    let mut out: Vec<String> = Vec::new();
    let parts: Vec<&str> = path.split('.').collect();
    for (index, part) in parts.iter().enumerate() {
        let (name, chosen) =
            part.split_once("->").map_or((*part, None), |(name, module)| (name, Some(module)));
        let leaf = index + 1 == parts.len();
        let Some(schema) = at else {
            out.push((*part).to_owned());
            continue;
        };
        let known = spelling(schema, name, leaf);
        let found = field(schema, &known);
        let to = found.and_then(|field| field.target());
        if to == Some(LAYOUTS) && parts.get(index + 1).is_some_and(|next| next.eq_ignore_ascii_case("name")) {
            // A team pipeline is known by its name already.
            out.push(known);
            return out.join(".");
        }
        at = found.and_then(|field| target(field, chosen)).and_then(|module| schemas.get(module));
        out.push(match chosen {
            Some(module) => format!("{known}->{module}"),
            None => known,
        });
    }
    out.join(".")
}

fn spelling(schema: &Schema, name: &str, leaf: bool) -> String {
    if field(schema, name).is_some() || name == "id" || schema.module == USERS {
        return if schema.module == USERS { name.to_ascii_lowercase() } else { name.to_owned() };
    }
    let by_name = schema.fields.iter().find(|field| field.api_name.eq_ignore_ascii_case(name));
    let by_label =
        || schema.fields.iter().find(|field| field.label.replace(' ', "_").eq_ignore_ascii_case(name));
    match by_name.or_else(by_label) {
        Some(field) => field.api_name.clone(),
        None if name.eq_ignore_ascii_case("id") => "id".to_owned(),
        None if leaf && name.eq_ignore_ascii_case("name") => schema.name_field().to_owned(),
        None => name.to_owned(),
    }
}
