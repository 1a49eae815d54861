//! Users: reading, and the ways to change who works in the organisation.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-users.html>

mod change;
pub mod profiles;
pub mod roles;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

pub use self::change::{add, delete, update};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock,
    reply::{self, page::Page},
    world::{
        Id, Prefix, User, World,
        org::ORG,
        people::{PROFILES, ROLES, Status},
    },
};

/// Users of a `type`, page by page.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    page_of(sandbox, caller, request).into()
}

fn page_of(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let kind = request.query("type").unwrap_or("AllUsers");
    let prefix = world.metadata.prefix;
    let mut users = Vec::new();
    for user in world.users() {
        if is_of(kind, user, caller, prefix)
            .ok_or_else(|| reply::invalid_data(json!({ "param_name": "type" })))?
        {
            users.push(user);
        }
    }
    let page = Page::read(request)?;
    if let Some(since) = request.header("if-modified-since").and_then(|text| text.parse::<Timestamp>().ok()) {
        users.retain(|user| user.modified > since.as_second());
        if users.is_empty() {
            return Ok(Reply::not_modified());
        }
    }
    let shown: Vec<Value> = page.of(&users).iter().map(|user| whole(&world, user)).collect();
    if shown.is_empty() {
        return Ok(Reply::none());
    }
    Ok(Reply::ok(json!({ "users": shown, "info": page.info(users.len()) })))
}

/// One user; none has this id: nothing found.
pub fn get(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    let world = sandbox.world();
    let user = Id::parse(request.param("user")).and_then(|id| world.user(id));
    match user {
        Some(user) => {
            Reply::ok(json!({ "users": [whole(&world, user)], "info": { "per_page": 200, "count": 1,
            "page": 1, "more_records": false } }))
        }
        None => Reply::none(),
    }
}

/// Whether a user is of a `type`; none when there is no such type. The words are exact and case-sensitive.
fn is_of(kind: &str, user: &User, caller: &Caller, prefix: Prefix) -> Option<bool> {
    let active = user.status == Status::Active;
    let here = user.status != Status::Deleted;
    let administrator = user.is_administrator(prefix);
    Some(match kind {
        "AllUsers" => here,
        "ActiveUsers" => active,
        "DeactiveUsers" => user.status == Status::Inactive,
        "ConfirmedUsers" => here && user.confirmed,
        "NotConfirmedUsers" => here && !user.confirmed,
        "DeletedUsers" => !here,
        "ActiveConfirmedUsers" => active && user.confirmed,
        "AdminUsers" => here && administrator,
        "ActiveConfirmedAdmins" => active && user.confirmed && administrator,
        "CurrentUser" => user.id.to_string() == caller.user,
        _ => return None,
    })
}

fn whole(world: &World, user: &User) -> Value {
    let mut object = person(world, user);
    let taste = taste();
    if let (Value::Object(object), Value::Object(taste)) = (&mut object, taste) {
        object.extend(taste);
    }
    object
}

/// Who the user is.
fn person(world: &World, user: &User) -> Value {
    let prefix = world.metadata.prefix;
    let role = ROLES.iter().find(|role| prefix.id(role.ending) == user.role).map(|role| role.name);
    let profile = PROFILES.iter().find(|profile| prefix.id(profile.ending) == user.profile);
    let named = |id: Id| json!({ "id": id, "name": world.user(id).map(User::full_name) });
    json!({
        "id": user.id,
        "zuid": user.zuid,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "full_name": user.full_name(),
        "alias": null,
        "email": user.email,
        "phone": user.phone,
        "mobile": user.mobile,
        "fax": null,
        "website": null,
        "dob": null,
        "signature": null,
        "role": { "id": user.role, "name": role },
        "profile": { "id": user.profile, "name": profile.map(|profile| profile.name) },
        "status": user.status,
        "confirm": user.confirmed,
        "category": "regular_user",
        "Isonline": false,
        "microsoft": false,
        "personal_account": false,
        "sandboxDeveloper": false,
        "country": ORG.country_code.to_lowercase(),
        "state": null,
        "city": null,
        "street": null,
        "zip": null,
        "created_by": named(user.created_by),
        "created_time": instant(user.created),
        "Modified_By": named(user.modified_by),
        "Modified_Time": instant(user.modified),
    })
}

/// How the user likes things shown; alike for all.
fn taste() -> Value {
    let tab = json!({ "font_color": "#FFFFFF", "background": "#222222" });
    json!({
        "language": "en_US",
        "locale": "en_US",
        "country_locale": "en_US",
        "time_zone": assumptions::ORG_TIME_ZONE,
        "offset": offset(&clock::zone()),
        "time_format": "hh:mm a",
        "date_format": "MM/dd/yyyy",
        "name_format": "Salutation,First Name,Last Name",
        "sort_order_preference": "First Name,Last Name",
        "decimal_separator": "Period",
        "number_separator": "Comma",
        "default_tab_group": "0",
        "theme": { "type": "default", "screen": "fixed", "background": "#F3F0EB", "new_background": null,
                   "normal_tab": tab, "selected_tab": tab },
        "customize_info": { "notes_desc": null, "show_right_panel": null, "bc_view": null, "show_home": false,
                            "show_detail_view": true, "unpin_recent_item": null },
        "$current_shift": null,
        "$next_shift": null,
        "$shift_effective_from": null,
    })
}

/// Milliseconds between the zone and UTC, summer time aside.
fn offset(zone: &TimeZone) -> i64 {
    let winter = Timestamp::from_second(1_736_000_000).unwrap_or_default();
    i64::from(zone.to_offset(winter).seconds()) * 1000
}

fn instant(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(clock::iso)
}
