//! One item of a request about channels, checked.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::sandbox::{
    assumptions,
    jobs::{callback::is_address, watch::Channel},
    reply,
    world::{Id, Metadata},
};

/// The keys of an item that were given, each in its type.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// The channel's id.
    pub channel: String,
    /// Module and operation of each event, in the order of the request.
    pub events: Option<Vec<(&'static str, String)>>,
    /// The address.
    pub url: Option<String>,
    /// The token.
    pub token: Option<String>,
    /// The end, cut to the longest life.
    pub expiry: Option<Timestamp>,
    /// `return_affected_field_values`.
    pub values: Option<bool>,
    /// `notify_on_related_action`.
    pub related: Option<bool>,
    /// The fields by module.
    pub fields: Option<Value>,
    /// `_delete_events`.
    pub delete_events: bool,
}

fn wrong(name: &str, expected: Option<&str>) -> Value {
    let mut details = Map::from_iter([("api_name".to_owned(), json!(name))]);
    if let Some(expected) = expected {
        details.insert("expected_data_type".to_owned(), json!(expected));
    }
    reply::failure("INVALID_DATA", Value::Object(details), "invalid data")
}

/// The failure of an item that lacks a key.
pub(super) fn missing(name: &str) -> Value {
    reply::failure("MANDATORY_NOT_FOUND", json!({ "api_name": name }), "required field not found")
}

impl Item {
    /// Reads an item. Only the channel's id is required here.
    pub fn read(metadata: &Metadata, item: &Value, now: Timestamp) -> Result<Self, Value> {
        let object = item.as_object().ok_or_else(|| wrong("watch", Some("jsonobject")))?;
        let given = |name: &str| object.get(name).filter(|value| !value.is_null());
        let flag = |name: &str| match given(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(wrong(name, Some("boolean"))),
        };
        let channel = match given("channel_id").ok_or_else(|| missing("channel_id"))? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if channel.is_empty() || channel.len() > 19 || !channel.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("channel_id", Some("bigint")));
        }
        Ok(Self {
            channel,
            events: given("events").map(|events| read_events(metadata, events)).transpose()?,
            url: given("notify_url").map(read_url).transpose()?,
            token: given("token").map(read_token).transpose()?,
            expiry: given("channel_expiry").map(|expiry| read_expiry(expiry, now)).transpose()?,
            values: flag("return_affected_field_values")?,
            related: flag("notify_on_related_action")?,
            fields: given("fields").map(|fields| read_fields(metadata, fields)).transpose()?,
            delete_events: flag("_delete_events")?.unwrap_or(false),
        })
    }

    /// The channel that the item describes whole, one part for each module.
    pub fn channels(self, user: Id, now: Timestamp) -> Result<Vec<Channel>, Value> {
        let events = self.events.ok_or_else(|| missing("events"))?;
        let url = self.url.ok_or_else(|| missing("notify_url"))?;
        let default = now.saturating_add(SignedDuration::from_secs(assumptions::CHANNEL_LIFE_SECONDS));
        let expiry = self.expiry.unwrap_or_else(|| default.unwrap_or(Timestamp::MAX));
        let mut channels: Vec<Channel> = Vec::new();
        for (module, event) in events {
            match channels.iter_mut().find(|channel| channel.module == module) {
                Some(channel) => channel.events.push(event),
                None => channels.push(Channel {
                    user,
                    channel: self.channel.clone(),
                    module: module.to_owned(),
                    events: vec![event],
                    url: url.clone(),
                    token: self.token.clone(),
                    expiry,
                    values: self.values.unwrap_or(false),
                    related: self.related.unwrap_or(assumptions::CHANNEL_HEARS_RELATED),
                    fields: self.fields.clone().unwrap_or(Value::Null),
                }),
            }
        }
        Ok(channels)
    }

    /// Changes what the item has of a channel, and leaves the rest as it is.
    pub fn change(&self, channel: &mut Channel) {
        if let Some(url) = &self.url {
            channel.url.clone_from(url);
        }
        if self.token.is_some() {
            channel.token.clone_from(&self.token);
        }
        channel.expiry = self.expiry.unwrap_or(channel.expiry);
        channel.values = self.values.unwrap_or(channel.values);
        channel.related = self.related.unwrap_or(channel.related);
        if let Some(fields) = &self.fields {
            channel.fields.clone_from(fields);
        }
    }
}

fn read_events(metadata: &Metadata, events: &Value) -> Result<Vec<(&'static str, String)>, Value> {
    let events = events.as_array().ok_or_else(|| wrong("events", Some("jsonarray")))?;
    if events.is_empty() {
        return Err(missing("events"));
    }
    let mut read: Vec<(&'static str, String)> = Vec::new();
    for event in events {
        let (module, operation) =
            event.as_str().and_then(|event| event.split_once('.')).ok_or_else(|| wrong("events", None))?;
        let module = metadata
            .module(module)
            .map(|module| module.api_name)
            .filter(|module| assumptions::WATCHED.contains(module))
            .ok_or_else(|| wrong("events", None))?;
        let known =
            ["create", "edit", "delete", "all"].iter().any(|name| operation.eq_ignore_ascii_case(name));
        if !known {
            return Err(wrong("events", None));
        }
        let same = |(other, name): &(&str, String)| *other == module && name.eq_ignore_ascii_case(operation);
        if !read.iter().any(same) {
            read.push((module, operation.to_owned()));
        }
    }
    Ok(read)
}

fn read_url(url: &Value) -> Result<String, Value> {
    let text = url.as_str().filter(|text| is_address(text));
    text.map(str::to_owned).ok_or_else(|| wrong("notify_url", Some("url")))
}

fn read_token(token: &Value) -> Result<String, Value> {
    let text = token.as_str().ok_or_else(|| wrong("token", Some("string")))?;
    if text.chars().count() > assumptions::CHANNEL_TOKEN {
        let details = json!({ "api_name": "token", "maximum_length": assumptions::CHANNEL_TOKEN });
        return Err(reply::failure("INVALID_DATA", details, "invalid data"));
    }
    Ok(text.to_owned())
}

fn read_expiry(expiry: &Value, now: Timestamp) -> Result<Timestamp, Value> {
    let expiry = expiry.as_str().and_then(|text| text.parse::<Timestamp>().ok()).filter(|at| *at > now);
    let latest = now.saturating_add(SignedDuration::from_secs(assumptions::CHANNEL_LONGEST_SECONDS));
    let expiry = expiry.ok_or_else(|| wrong("channel_expiry", Some("datetime")))?;
    Ok(expiry.min(latest.unwrap_or(Timestamp::MAX)))
}

/// `{"Contacts": ["Email", "Phone"]}`.
fn read_fields(metadata: &Metadata, fields: &Value) -> Result<Value, Value> {
    let object = fields.as_object().ok_or_else(|| wrong("fields", Some("jsonobject")))?;
    for (module, names) in object {
        let module = metadata.module(module).ok_or_else(|| wrong("fields", None))?;
        let names = names.as_array().ok_or_else(|| wrong("fields", Some("jsonarray")))?;
        let known = |name: &Value| name.as_str().is_some_and(|name| module.field(name).is_some());
        if !names.iter().all(known) {
            return Err(wrong("fields", None));
        }
    }
    Ok(fields.clone())
}
