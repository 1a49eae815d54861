//! Channels on which callers hear of changes.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/enable.html>
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/get-details.html>
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/update-details.html>
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/disable.html>
//! <https://www.bigin.com/developer/docs/apis/v2/notifications/specific-disable.html>

mod shape;
mod subscription;

use axum::http::StatusCode;
use serde_json::{Value, json};

pub(in crate::sandbox) use self::shape::resource_uri;
use self::{
    shape::{described, named, row},
    subscription::{Item, missing},
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions,
    jobs::watch::Channel,
    reply,
    world::{Id, World},
};

const NOT_SUBSCRIBED: &str = "Not subscribed for actions-watch of the given channel";

/// What an item of a request comes to: the items of the answer, or one that failed.
type Items = Result<Vec<Value>, Value>;

/// Opens channels, or opens them anew.
pub(in crate::sandbox) fn enable(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    each(sandbox, caller, request, StatusCode::CREATED, |world, user, item| {
        let channels = item.channels(user, caller.now)?;
        replace(sandbox, world, user, caller, &channels)
            .map(|events| {
                vec![reply::success(events, "Successfully subscribed for actions-watch of the given module")]
            })
            .map_err(|_| fault())
    })
}

/// Puts channels in the place of those that are there: what is left out is dropped.
pub(in crate::sandbox) fn update(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    each(sandbox, caller, request, StatusCode::OK, |world, user, item| {
        if own(world, user, caller, &item.channel)?.is_empty() {
            return Err(not_subscribed());
        }
        let channels = item.channels(user, caller.now)?;
        replace(sandbox, world, user, caller, &channels)
            .map(|events| vec![reply::success(events, "Successfully updated the subscribe details")])
            .map_err(|_| fault())
    })
}

/// Drops single events of channels; without `_delete_events`, changes what is given.
pub(in crate::sandbox) fn change(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    each(sandbox, caller, request, StatusCode::OK, |world, user, item| {
        let channels = own(world, user, caller, &item.channel)?;
        if channels.is_empty() {
            return Err(not_subscribed());
        }
        if item.delete_events {
            return drop_events(sandbox, world, &channels, &item);
        }
        let mut changed = channels;
        for channel in &mut changed {
            item.change(channel);
            channel.save(&world.conn).map_err(|_| fault())?;
        }
        let events = described(sandbox, world, &changed);
        Ok(vec![reply::success(events, "Successfully updated the subscribe details")])
    })
}

/// The caller's channels, a row for each module of each; 204 when there are none.
pub(in crate::sandbox) fn details(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let number = |name: &str, most: usize, default: usize| match request.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| reply::invalid_data(json!({ "param_name": name }))),
    };
    let page = number("page", usize::MAX, 1)?;
    let per_page = number("per_page", assumptions::LIST_PAGE, assumptions::LIST_PAGE)?;
    let world = sandbox.world();
    let user = Id::parse(&caller.user).ok_or_else(reply::server_fault)?;
    let mut channels = Channel::of_user(&world.conn, user, caller.now).map_err(|_| reply::server_fault())?;
    channels.retain(|channel| {
        request.query("channel_id").is_none_or(|id| id == channel.channel)
            && request.query("module").is_none_or(|module| module == channel.module)
    });
    let skip = (page - 1).saturating_mul(per_page);
    let rows: Vec<Value> =
        channels.iter().skip(skip).take(per_page).map(|channel| row(sandbox, &world, channel)).collect();
    if rows.is_empty() {
        return Ok(Reply::none());
    }
    let more = channels.len() > skip.saturating_add(rows.len());
    let info = json!({ "per_page": per_page, "count": rows.len(), "page": page, "more_records": more });
    Ok(Reply::ok(json!({ "watch": rows, "info": info })))
}

/// Closes channels.
pub(in crate::sandbox) fn disable(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let Some(ids) = request.query("channel_ids") else {
        let message = "One of the expected parameter is missing";
        let details = json!({ "param": "channel_ids" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "REQUIRED_PARAM_MISSING", message, details));
    };
    let world = sandbox.world();
    let user = Id::parse(&caller.user).ok_or_else(reply::server_fault)?;
    let mut items = Vec::new();
    for id in ids.split(',').map(str::trim) {
        let closed = own(&world, user, caller, id).and_then(|channels| {
            if channels.is_empty() {
                return Err(not_subscribed());
            }
            let message = "Successfully un-subscribed from actions-watch";
            channels
                .iter()
                .map(|channel| {
                    channel.delete(&world.conn).map_err(|_| fault())?;
                    Ok(reply::success(named(sandbox, &world, channel), message))
                })
                .collect()
        });
        collect(&mut items, closed);
    }
    Ok(answer(items, StatusCode::OK))
}

/// Does what `work` says with each item of `watch`.
fn each(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    all_well: StatusCode,
    work: impl Fn(&World, Id, Item) -> Items,
) -> Result<Reply, Reply> {
    let Some(watch) = request.json()?.get("watch") else {
        let message = "required field not found";
        let details = json!({ "api_name": "watch", "json_path": "$.watch" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "MANDATORY_NOT_FOUND", message, details));
    };
    let expected = || reply::invalid_data(json!({ "expected_data_type": "jsonarray", "api_name": "watch" }));
    let watch = watch.as_array().filter(|watch| !watch.is_empty()).ok_or_else(expected)?;
    if watch.len() > assumptions::CHANNELS_A_CALL {
        let details = json!({ "limit": assumptions::CHANNELS_A_CALL, "api_name": "watch" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", "limit exceeded", details));
    }
    let world = sandbox.world();
    let user = Id::parse(&caller.user).ok_or_else(reply::server_fault)?;
    let mut items = Vec::new();
    for item in watch {
        let done = Item::read(&world.metadata, item, caller.now).and_then(|item| work(&world, user, item));
        collect(&mut items, done);
    }
    Ok(answer(items, all_well))
}

fn collect(items: &mut Vec<Value>, done: Items) {
    match done {
        Ok(done) => items.extend(done),
        Err(failure) => items.push(failure),
    }
}

/// 202 as soon as one item failed.
fn answer(items: Vec<Value>, all_well: StatusCode) -> Reply {
    let failed = items.iter().any(|item| item["status"] == "error");
    let status = if failed { StatusCode::ACCEPTED } else { all_well };
    Reply::json(status, json!({ "watch": items }))
}

fn not_subscribed() -> Value {
    reply::failure("NOT_SUBSCRIBED", json!({}), NOT_SUBSCRIBED)
}

fn fault() -> Value {
    reply::failure("INTERNAL_ERROR", json!({}), "Internal Server Error")
}

/// The live parts of a channel of the caller.
fn own(world: &World, user: Id, caller: &Caller, id: &str) -> Result<Vec<Channel>, Value> {
    let mut channels = Channel::of_user(&world.conn, user, caller.now).map_err(|_| fault())?;
    channels.retain(|channel| channel.channel == id);
    Ok(channels)
}

/// Puts the parts of a channel in the place of all that it had, and describes them.
fn replace(
    sandbox: &Sandbox,
    world: &World,
    user: Id,
    caller: &Caller,
    channels: &[Channel],
) -> rusqlite::Result<Value> {
    let id = channels.first().map(|channel| channel.channel.as_str());
    for old in Channel::of_user(&world.conn, user, caller.now)? {
        if Some(old.channel.as_str()) == id {
            old.delete(&world.conn)?;
        }
    }
    channels.iter().try_for_each(|channel| channel.save(&world.conn))?;
    Ok(described(sandbox, world, channels))
}

/// Drops the item's events, one after the other; a module of which nothing is heard any more is dropped.
fn drop_events(sandbox: &Sandbox, world: &World, channels: &[Channel], item: &Item) -> Items {
    let events = item.events.as_ref().ok_or_else(|| missing("events"))?;
    let mut items = Vec::new();
    for channel in channels {
        let dropped: Vec<&str> = events
            .iter()
            .filter(|(module, _)| *module == channel.module)
            .map(|(_, event)| event.as_str())
            .collect();
        if dropped.is_empty() {
            continue;
        }
        let gone = |event: &str| {
            dropped.iter().any(|name| name.eq_ignore_ascii_case(event) || name.eq_ignore_ascii_case("all"))
        };
        let left: Vec<String> = ["create", "edit", "delete"]
            .into_iter()
            .filter(|event| channel.hears(event) && !gone(event))
            .map(str::to_owned)
            .collect();
        if left.is_empty() {
            channel.delete(&world.conn).map_err(|_| fault())?;
        } else {
            Channel { events: left, ..channel.clone() }.save(&world.conn).map_err(|_| fault())?;
        }
        let message = "Successfully removed the subscribe details";
        items.push(reply::success(named(sandbox, world, channel), message));
    }
    if items.is_empty() { Err(not_subscribed()) } else { Ok(items) }
}
