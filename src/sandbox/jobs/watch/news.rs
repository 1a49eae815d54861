//! What changed, as those who watch are told.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/overview.html>

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Channel;
use crate::sandbox::{
    Sandbox,
    jobs::Delivery,
    routes::notifications::resource_uri,
    world::{
        Event, Fields, Id, Reading, Style, World,
        metadata::{Kind, Module},
    },
};

/// The key of a record under which it says of which module the record is that it hangs on.
const PARENT_MODULE: &str = "$se_module";

/// Changes of one kind to records of one module, told together.
#[derive(Debug)]
struct Group {
    module: &'static str,
    act: Act,
    records: Vec<(Id, Vec<&'static str>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Create,
    Edit,
    Delete,
}

impl Act {
    /// As callers subscribe to it, and as deliveries name it.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Create => ("create", "insert"),
            Self::Edit => ("edit", "update"),
            Self::Delete => ("delete", "delete"),
        }
    }
}

/// The deliveries for what happened in one call.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn of(sandbox: &Sandbox, world: &World, events: &[Event]) -> rusqlite::Result<Vec<Delivery>> {
    if !Channel::any(&world.conn)? {
        return Ok(Vec::new());
    }
    let now = sandbox.clock.now();
    let groups = grouped(events);
    let mut deliveries = Vec::new();
    for group in &groups {
        for channel in Channel::of_module(&world.conn, group.module, now)? {
            deliveries.extend(delivery(sandbox, world, group, &channel, now)?);
        }
    }
    for group in parents(world, &groups)? {
        for channel in Channel::of_module(&world.conn, group.module, now)? {
            if channel.related {
                deliveries.extend(delivery(sandbox, world, &group, &channel, now)?);
            }
        }
    }
    Ok(deliveries)
}

fn grouped(events: &[Event]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for event in events {
        let (module, act, id, fields) = match event {
            Event::Insert { module, id } => (*module, Act::Create, *id, Vec::new()),
            Event::Edit { module, id, fields } => (*module, Act::Edit, *id, fields.clone()),
            Event::Delete { module, id } => (*module, Act::Delete, *id, Vec::new()),
        };
        match groups.iter_mut().find(|group| group.module == module && group.act == act) {
            Some(group) => group.records.push((id, fields)),
            None => groups.push(Group { module, act, records: vec![(id, fields)] }),
        }
    }
    groups
}

/// The records on which changed ones hang, as edits of which no field is named. Deleted records do not say
/// any more what they hung on.
fn parents(world: &World, groups: &[Group]) -> rusqlite::Result<Vec<Group>> {
    let mut parents: Vec<Group> = Vec::new();
    for group in groups.iter().filter(|group| group.act != Act::Delete) {
        let Some(module) = world.metadata.module(group.module) else { continue };
        let lookups: Vec<(&str, Option<&'static str>)> = module
            .fields
            .iter()
            .filter_map(|field| match field.kind {
                Kind::Lookup(target) => Some((field.api_name, Some(target))),
                // The record itself says which module it is.
                Kind::Related => Some((field.api_name, None)),
                _ => None,
            })
            .collect();
        let mut names: Vec<String> = lookups.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.push(PARENT_MODULE.to_owned());
        for (id, _) in &group.records {
            let Some(record) = read(world, module, *id, &names)? else { continue };
            for (name, target) in &lookups {
                let parent = record.get(*name).and_then(|parent| parent["id"].as_str()).and_then(Id::parse);
                let target = target.or_else(|| {
                    let word = record.get(PARENT_MODULE)?.as_str()?;
                    world.metadata.module(word).map(|module| module.api_name)
                });
                let (Some(parent), Some(target)) = (parent, target) else { continue };
                match parents.iter_mut().find(|group| group.module == target) {
                    Some(known) if known.records.iter().any(|(id, _)| *id == parent) => {}
                    Some(known) => known.records.push((parent, Vec::new())),
                    None => {
                        let records = vec![(parent, Vec::new())];
                        parents.push(Group { module: target, act: Act::Edit, records });
                    }
                }
            }
        }
    }
    Ok(parents)
}

fn read(
    world: &World,
    module: &Module,
    id: Id,
    names: &[String],
) -> rusqlite::Result<Option<Map<String, Value>>> {
    Reading::new(world, module, Fields::Named(names), Style::Record).get(id)
}

/// What the channel is told of the group; none when it does not hear of it.
fn delivery(
    sandbox: &Sandbox,
    world: &World,
    group: &Group,
    channel: &Channel,
    now: Timestamp,
) -> rusqlite::Result<Option<Delivery>> {
    let (event, operation) = group.act.words();
    if !channel.hears(event) {
        return Ok(None);
    }
    let wanted = channel.fields[group.module].as_array();
    let wants = |fields: &[&str]| {
        wanted.is_none_or(|wanted| wanted.iter().any(|name| fields.iter().any(|field| name == field)))
    };
    let records: Vec<&(Id, Vec<&str>)> =
        group.records.iter().filter(|(_, fields)| group.act != Act::Edit || wants(fields)).collect();
    if records.is_empty() {
        return Ok(None);
    }
    let affected = records.iter().filter(|(_, fields)| !fields.is_empty());
    let affected: Vec<Value> = affected
        .map(|(id, fields)| Value::Object(Map::from_iter([(id.to_string(), json!(fields))])))
        .collect();
    let mut body = json!({
        "server_time": now.as_millisecond(),
        "query_params": query(&channel.url),
        "module": group.module,
        "resource_uri": resource_uri(sandbox, group.module),
        "ids": records.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "affected_fields": affected,
    });
    if channel.values {
        let mut values = Vec::new();
        for (id, fields) in records {
            values.extend(new_values(world, group.module, *id, fields)?);
        }
        body["affected_values"] = json!(values);
    }
    body["operation"] = json!(operation);
    body["channel_id"] = json!(channel.channel);
    body["token"] = json!(channel.token);
    Ok(Some(Delivery { kind: "notification", url: channel.url.clone(), body, at: now }))
}

fn new_values(world: &World, module: &str, id: Id, fields: &[&str]) -> rusqlite::Result<Option<Value>> {
    let Some(module) = world.metadata.module(module).filter(|_| !fields.is_empty()) else { return Ok(None) };
    let names: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    Ok(read(world, module, id, &names)?.map(|mut values| {
        values.shift_remove("id");
        json!({ "record_id": id, "values": values })
    }))
}

/// The query of an address as an object.
fn query(url: &str) -> Value {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let pairs = form_urlencoded::parse(query.as_bytes());
    Value::Object(pairs.map(|(key, value)| (key.into_owned(), json!(value))).collect())
}
