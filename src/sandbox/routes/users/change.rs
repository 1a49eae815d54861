//! Adding, changing and deleting users. Only administrators may.
//!
//! <https://bigin.com/developer/docs/apis/v2/add-user.html>

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions,
    gate::lock,
    ids,
    reply::{self, failure, results, success},
    world::{
        Id, User, World,
        people::{PROFILES, ROLES, Status},
    },
};

type Object = Map<String, Value>;

/// Adds one user, who is not confirmed until the invitation is accepted.
pub fn add(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    in_turn(sandbox, caller, request, StatusCode::CREATED, |world, item| hire(sandbox, world, caller, item))
        .into()
}

/// Changes the users that the body names by their ids, or the one in the path.
pub fn update(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    in_turn(sandbox, caller, request, StatusCode::OK, |world, item| {
        let id = match request.param("user") {
            "" => text(item, "id").ok_or_else(|| missing("id"))?,
            id => id,
        };
        change(sandbox, world, caller, id, item)
    })
    .into()
}

/// Deletes a user; records go on to name the user.
pub fn delete(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let mut world = sandbox.world();
    if let Err(refusal) = administrates(&world, caller) {
        return refusal;
    }
    let done = dismiss(sandbox, &mut world, caller, request.param("user"));
    results("users", vec![done.unwrap_or_else(|failure| failure)], StatusCode::OK)
}

fn in_turn(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
    all_well: StatusCode,
    step: impl Fn(&mut World, &Object) -> Result<Value, Value>,
) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    administrates(&world, caller)?;
    let users: &[Value] = reply::wrapped(request, "users")?;
    if users.len() > 1 {
        return Err(reply::too_many("users", 1));
    }
    let done = users.iter().map(|item: &Value| match item {
        Value::Object(item) => step(&mut world, item).unwrap_or_else(|failure| failure),
        _ => failure("INVALID_DATA", json!({ "expected_data_type": "jsonobject" }), "invalid data"),
    });
    Ok(results("users", done.collect(), all_well))
}

fn administrates(world: &World, caller: &Caller) -> Result<(), Reply> {
    let user = Id::parse(&caller.user).and_then(|id| world.user(id));
    if user.is_some_and(|user| user.is_administrator(world.metadata.prefix)) {
        return Ok(());
    }
    let message = "User does not have sufficient privilege to perform this action";
    Err(Reply::error(StatusCode::BAD_REQUEST, "AUTHORIZATION_FAILED", message, json!({})))
}

fn hire(sandbox: &Sandbox, world: &mut World, caller: &Caller, item: &Object) -> Result<Value, Value> {
    let need = |key| text(item, key).map(str::to_owned).ok_or_else(|| missing(key));
    let (first_name, last_name, email) = (need("first_name")?, need("last_name")?, need("email")?);
    let (role, profile) = (role(world, item)?, profile(world, item)?);
    let (role, profile) = (role.ok_or_else(|| missing("role"))?, profile.ok_or_else(|| missing("profile"))?);
    check_email(world, &email, None)?;
    check_licence(sandbox, world)?;
    let me = caller_id(sandbox, caller);
    let count = u32::try_from(world.users().len()).unwrap_or(u32::MAX);
    let user = User {
        id: ids::user(sandbox.options.seed, count),
        zuid: (700_112_200 + u64::from(count) * 7 + 1).to_string(),
        first_name,
        last_name,
        email,
        phone: text(item, "phone").map(str::to_owned),
        mobile: text(item, "mobile").map(str::to_owned),
        role,
        profile,
        status: Status::Active,
        confirmed: false,
        created_by: me,
        created: caller.now.as_second(),
        modified_by: me,
        modified: caller.now.as_second(),
    };
    let id = user.id;
    world.put_user(user).map_err(|_| broken())?;
    Ok(success(json!({ "id": id }), "User added"))
}

fn change(
    sandbox: &Sandbox,
    world: &mut World,
    caller: &Caller,
    id: &str,
    item: &Object,
) -> Result<Value, Value> {
    let mut user = known(world, id)?;
    if user.status == Status::Deleted {
        return Err(failure("CANNOT_UPDATE_DELETED_USER", json!({ "id": id }), "Cannot update deleted user"));
    }
    if let Some(email) = text(item, "email")
        && !email.eq_ignore_ascii_case(&user.email)
    {
        if user.confirmed {
            let message = "Cannot update email of a confirmed User";
            return Err(failure(assumptions::EMAIL_UPDATE_NOT_ALLOWED, json!({ "id": id }), message));
        }
        check_email(world, email, Some(user.id))?;
        email.clone_into(&mut user.email);
    }
    match text(item, "status") {
        None => {}
        Some("active") if user.status == Status::Active => {
            return Err(failure("ID_ALREADY_ACTIVE", json!({ "id": id }), "user already active"));
        }
        Some("inactive") if user.status == Status::Inactive => {
            return Err(failure("ID_ALREADY_DEACTIVATED", json!({ "id": id }), "user already deactivated"));
        }
        Some("active") => {
            check_licence(sandbox, world)?;
            user.status = Status::Active;
        }
        Some("inactive") => {
            keep_primary(sandbox, &user)?;
            user.status = Status::Inactive;
        }
        Some(_) => return Err(invalid("status")),
    }
    user.role = role(world, item)?.unwrap_or(user.role);
    user.profile = profile(world, item)?.unwrap_or(user.profile);
    for (key, value) in [("first_name", &mut user.first_name), ("last_name", &mut user.last_name)] {
        if let Some(text) = text(item, key) {
            text.clone_into(value);
        }
    }
    for (key, value) in [("phone", &mut user.phone), ("mobile", &mut user.mobile)] {
        if let Some(new) = item.get(key) {
            *value = new.as_str().map(str::to_owned);
        }
    }
    save(sandbox, world, caller, user)?;
    Ok(success(json!({ "id": id }), "User updated"))
}

fn dismiss(sandbox: &Sandbox, world: &mut World, caller: &Caller, id: &str) -> Result<Value, Value> {
    let mut user = known(world, id)?;
    if user.status == Status::Deleted {
        return Err(failure("ID_ALREADY_DELETED", json!({ "id": id }), "user already deleted"));
    }
    keep_primary(sandbox, &user)?;
    user.status = Status::Deleted;
    save(sandbox, world, caller, user)?;
    Ok(success(json!({ "id": id }), "User deleted"))
}

/// Writes a changed user down. Who may no longer sign in holds no tokens either.
fn save(sandbox: &Sandbox, world: &mut World, caller: &Caller, mut user: User) -> Result<(), Value> {
    user.modified = caller.now.as_second();
    user.modified_by = caller_id(sandbox, caller);
    let gone = (user.status != Status::Active).then(|| user.id.to_string());
    world.put_user(user).map_err(|_| broken())?;
    if let Some(gone) = gone {
        lock(&sandbox.gate.tokens).forget_user(&gone);
    }
    Ok(())
}

fn known(world: &World, id: &str) -> Result<User, Value> {
    let user = Id::parse(id).and_then(|id| world.user(id)).cloned();
    user.ok_or_else(|| failure("INVALID_DATA", json!({ "id": id }), "the id given seems to be invalid"))
}

fn role(world: &World, item: &Object) -> Result<Option<Id>, Value> {
    reference(item, "role", |id| ROLES.iter().any(|role| world.metadata.prefix.id(role.ending) == id))
}

fn profile(world: &World, item: &Object) -> Result<Option<Id>, Value> {
    reference(item, "profile", |id| PROFILES.iter().any(|one| world.metadata.prefix.id(one.ending) == id))
}

/// An id, bare or in an object.
fn reference(item: &Object, key: &str, exists: impl Fn(Id) -> bool) -> Result<Option<Id>, Value> {
    let Some(value) = item.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let id = value.as_str().or_else(|| value["id"].as_str()).and_then(Id::parse);
    id.filter(|&id| exists(id)).map(Some).ok_or_else(|| invalid(key))
}

/// The service's own longest address.
const EMAIL_LENGTH: usize = 100;

fn check_email(world: &World, email: &str, own: Option<Id>) -> Result<(), Value> {
    let plain = email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    if !plain || email.len() > EMAIL_LENGTH || email.contains(char::is_whitespace) {
        return Err(invalid("email"));
    }
    let other =
        world.users().iter().find(|user| user.email.eq_ignore_ascii_case(email) && Some(user.id) != own);
    let Some(other) = other else { return Ok(()) };
    let mut details = place("email");
    details["id"] = json!(other.id);
    Err(failure("DUPLICATE_DATA", details, "duplicate data"))
}

fn check_licence(sandbox: &Sandbox, world: &World) -> Result<(), Value> {
    let active = world.users().iter().filter(|user| user.status == Status::Active).count();
    let licences = sandbox.options.users;
    if active < usize::try_from(licences).unwrap_or(usize::MAX) {
        return Ok(());
    }
    Err(failure("LICENSE_LIMIT_EXCEEDED", json!({ "limit": licences }), "license limit exceeded"))
}

fn keep_primary(sandbox: &Sandbox, user: &User) -> Result<(), Value> {
    if user.id != ids::user(sandbox.options.seed, 0) {
        return Ok(());
    }
    let message = "Primary contact cannot be deactivated or deleted";
    Err(failure("NOT_ALLOWED", json!({ "id": user.id }), message))
}

fn caller_id(sandbox: &Sandbox, caller: &Caller) -> Id {
    Id::parse(&caller.user).unwrap_or_else(|| ids::user(sandbox.options.seed, 0))
}

fn text<'a>(item: &'a Object, key: &str) -> Option<&'a str> {
    item.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn place(key: &str) -> Value {
    json!({ "api_name": key, "json_path": format!("$.users[0].{key}") })
}

fn missing(key: &str) -> Value {
    failure("MANDATORY_NOT_FOUND", place(key), "required field not found")
}

fn invalid(key: &str) -> Value {
    failure("INVALID_DATA", place(key), "invalid data")
}

fn broken() -> Value {
    failure("INTERNAL_ERROR", json!({}), "Internal Server Error")
}
