//! To whom mail about a record may go.

use std::collections::HashSet;

use serde_json::Value;

use super::super::parent::{Parent, record};
use crate::sandbox::{
    Reply, reply,
    world::{
        Fields, Id, Reading, Record, Style, World,
        metadata::{Kind, Module},
    },
};

/// The addresses that belong to a record, in lower case: its own, those of a deal's contacts and company,
/// those of a company's contacts.
pub(super) fn of(world: &World, parent: &Parent<'_>) -> Result<HashSet<String>, Reply> {
    let mut all = HashSet::new();
    own(parent.module, &parent.record, &mut all);
    match parent.module.api_name {
        "Pipelines" => {
            let named = |field: &str| parent.record.get(field).cloned().unwrap_or_default();
            let secondary = named("Secondary_Contacts");
            let contacts = std::iter::once(named("Contact_Name"))
                .chain(secondary.as_array().cloned().unwrap_or_default())
                .map(|contact| ("Contacts", contact));
            let company = std::iter::once(("Accounts", named("Account_Name")));
            for (module, reference) in contacts.chain(company) {
                beyond(world, module, &reference, &mut all)?;
            }
        }
        "Accounts" => contacts(world, parent.id, &mut all)?,
        _ => {}
    }
    Ok(all)
}

fn own(module: &Module, record: &Record, all: &mut HashSet<String>) {
    let addresses = module.fields.iter().filter(|field| field.kind == Kind::Email);
    all.extend(addresses.filter_map(|field| record.get(field.api_name)?.as_str()).map(str::to_lowercase));
}

fn beyond(world: &World, name: &str, reference: &Value, all: &mut HashSet<String>) -> Result<(), Reply> {
    let id = reference["id"].as_str().or_else(|| reference.as_str()).and_then(Id::parse);
    let (Some(module), Some(id)) = (world.metadata.module(name), id) else { return Ok(()) };
    if let Some(record) = record(world, module, id)? {
        own(module, &record, all);
    }
    Ok(())
}

fn contacts(world: &World, company: Id, all: &mut HashSet<String>) -> Result<(), Reply> {
    let Some(module) = world.metadata.module("Contacts") else { return Ok(()) };
    let addresses = module.fields.iter().filter(|field| field.kind == Kind::Email);
    let names: Vec<String> = addresses.map(|field| field.api_name.to_owned()).collect();
    let reading = Reading::new(world, module, Fields::Named(&names), Style::Record);
    let company = [rusqlite::types::Value::Text(company.to_string())];
    let contacts = reading.records("WHERE t.Account_Name = ?", &company);
    for contact in contacts.map_err(|_| reply::server_fault())? {
        own(module, &contact, all);
    }
    Ok(())
}
