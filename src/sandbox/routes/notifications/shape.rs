//! Channels as answers show them.

use serde_json::{Value, json};

use crate::sandbox::{
    Sandbox, assumptions, clock,
    jobs::watch::Channel,
    world::{Id, World},
};

/// The address of a module as answers about channels have it: of the first version of the API.
pub(in crate::sandbox) fn resource_uri(sandbox: &Sandbox, module: &str) -> String {
    format!("{}/bigin/{}/{module}", sandbox.url(), assumptions::RESOURCE_URI_VERSION)
}

fn module_id(world: &World, module: &str) -> Option<Id> {
    world.metadata.module(module).map(|module| module.id)
}

/// What names a part of a channel.
pub(super) fn named(sandbox: &Sandbox, world: &World, channel: &Channel) -> Value {
    json!({
        "resource_uri": resource_uri(sandbox, &channel.module),
        "resource_id": module_id(world, &channel.module),
        "channel_id": channel.channel,
    })
}

/// A channel as the answer to opening or changing it shows it.
pub(super) fn described(sandbox: &Sandbox, world: &World, channels: &[Channel]) -> Value {
    let event = |channel: &Channel| {
        json!({
            "channel_expiry": clock::iso(channel.expiry),
            "resource_uri": resource_uri(sandbox, &channel.module),
            "resource_id": module_id(world, &channel.module),
            "resource_name": channel.module,
            "channel_id": channel.channel,
        })
    };
    json!({ "events": channels.iter().map(event).collect::<Vec<_>>() })
}

/// A part of a channel as a list shows it.
pub(super) fn row(sandbox: &Sandbox, world: &World, channel: &Channel) -> Value {
    let event = |event: &String| format!("{}.{event}", channel.module);
    json!({
        "notify_on_related_action": channel.related,
        "channel_expiry": clock::iso(channel.expiry),
        "return_affected_field_values": channel.values,
        "resource_uri": resource_uri(sandbox, &channel.module),
        "resource_id": module_id(world, &channel.module),
        "notify_url": channel.url,
        "resource_name": channel.module,
        "fields": channel.fields,
        "channel_id": channel.channel,
        "events": channel.events.iter().map(event).collect::<Vec<_>>(),
        "token": channel.token,
    })
}
