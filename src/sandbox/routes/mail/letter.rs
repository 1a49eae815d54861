//! A mail that is to be sent, checked.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{is_known, recipients};
use crate::sandbox::{
    Caller, Reply, assumptions,
    blobs::Blob,
    reply,
    routes::parent::Parent,
    world::{Id, World},
};

/// A mail as it was sent, whole.
#[derive(Debug)]
pub(super) struct Letter(pub Value);

/// Where in the request something is wrong.
struct Wrong<'a> {
    field: &'a str,
    path: String,
}

impl Wrong<'_> {
    fn missing(&self) -> Value {
        let details = json!({ "api_name": self.field, "json_path": self.path });
        reply::failure("MANDATORY_NOT_FOUND", details, "required field not found")
    }

    fn invalid(&self, expected: Option<&str>) -> Value {
        let mut details = Map::new();
        if let Some(expected) = expected {
            details.insert("expected_data_type".to_owned(), json!(expected));
        }
        details.insert("api_name".to_owned(), json!(self.field));
        details.insert("json_path".to_owned(), json!(self.path));
        reply::failure("INVALID_DATA", Value::Object(details), "invalid data")
    }
}

fn at(field: &str) -> Wrong<'_> {
    Wrong { field, path: format!("$.data[0].{field}") }
}

impl Letter {
    /// Checks a mail about `parent`. The inner error is the item that the answer shows.
    ///
    /// # Errors
    /// When the organisation cannot be read.
    pub fn read(
        world: &World,
        parent: &Parent<'_>,
        caller: &Caller,
        mail: &Value,
    ) -> Result<Result<Self, Value>, Reply> {
        let fault = |_: rusqlite::Error| reply::server_fault();
        let Some(fields) = mail.as_object() else {
            return Ok(
                Err(Wrong { field: "data", path: "$.data[0]".to_owned() }.invalid(Some("jsonobject"))),
            );
        };
        let belongs = recipients::of(world, parent)?;
        let recipient = |address: &str| belongs.contains(&address.to_lowercase());
        let copied = |address: &str| assumptions::MAIL_COPIES_GO_ANYWHERE || recipient(address);
        if let Err(failure) = sender(world, caller, fields)
            .and_then(|()| people(fields, "to", recipient))
            .and_then(|()| people(fields, "cc", copied))
            .and_then(|()| people(fields, "bcc", copied))
            .and_then(|()| reply_to(fields))
            .and_then(|()| text(fields))
            .and_then(|()| schedule(fields, caller.now))
        {
            return Ok(Err(failure));
        }
        for (index, attachment) in list(fields, "attachments").iter().enumerate() {
            let id = attachment["id"].as_str().unwrap_or_default();
            if Blob::file(&world.conn, id).map_err(fault)?.is_none() {
                let path = format!("$.data[0].attachments[{index}].id");
                return Ok(Err(Wrong { field: "id", path }.invalid(None)));
            }
        }
        if let Some(answered) = fields.get("in_reply_to") {
            let id = answered["message_id"].as_str().or_else(|| answered.as_str()).unwrap_or_default();
            if !is_known(world, id).map_err(fault)? {
                return Ok(Err(at("in_reply_to").invalid(None)));
            }
        }
        Ok(Ok(Self(mail.clone())))
    }
}

fn list<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    fields.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whoever calls sends from their own address.
fn sender(world: &World, caller: &Caller, fields: &Map<String, Value>) -> Result<(), Value> {
    let from = fields.get("from").filter(|from| !from.is_null()).ok_or_else(|| at("from").missing())?;
    if !from.is_object() {
        return Err(at("from").invalid(Some("jsonobject")));
    }
    let own = Id::parse(&caller.user).and_then(|id| world.user(id)).map(|user| user.email.as_str());
    let email = |path: &str| Wrong { field: "email", path: format!("$.data[0].{path}.email") };
    match from["email"].as_str() {
        None => Err(email("from").missing()),
        Some(address) if own.is_some_and(|own| own.eq_ignore_ascii_case(address)) => Ok(()),
        Some(_) => Err(email("from").invalid(None)),
    }
}

/// The people in `to`, `cc` or `bcc`; somebody must be in `to`.
fn people(fields: &Map<String, Value>, name: &str, allowed: impl Fn(&str) -> bool) -> Result<(), Value> {
    let Some(people) = fields.get(name).filter(|people| !people.is_null()) else {
        return if name == "to" { Err(at(name).missing()) } else { Ok(()) };
    };
    let people = people.as_array().ok_or_else(|| at(name).invalid(Some("jsonarray")))?;
    if people.is_empty() && name == "to" {
        return Err(at(name).missing());
    }
    for (index, person) in people.iter().enumerate() {
        let wrong = Wrong { field: "email", path: format!("$.data[0].{name}[{index}].email") };
        let address = person["email"].as_str().ok_or_else(|| wrong.missing())?;
        if !is_address(address) || !allowed(address) {
            return Err(wrong.invalid(Some("email")));
        }
    }
    Ok(())
}

/// Where answers go instead, if anywhere.
fn reply_to(fields: &Map<String, Value>) -> Result<(), Value> {
    let Some(to) = fields.get("reply_to").filter(|to| !to.is_null()) else { return Ok(()) };
    if !to.is_object() {
        return Err(at("reply_to").invalid(Some("jsonobject")));
    }
    let wrong = Wrong { field: "email", path: "$.data[0].reply_to.email".to_owned() };
    match to["email"].as_str() {
        None => Err(wrong.missing()),
        Some(address) if is_address(address) => Ok(()),
        Some(_) => Err(wrong.invalid(Some("email"))),
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

fn text(fields: &Map<String, Value>) -> Result<(), Value> {
    for name in ["subject", "content", "mail_format"] {
        if fields.get(name).is_some_and(|value| !value.is_null() && !value.is_string()) {
            return Err(at(name).invalid(Some("string")));
        }
    }
    match fields.get("mail_format").and_then(Value::as_str) {
        None | Some("html" | "text") => {}
        Some(_) => return Err(at("mail_format").invalid(None)),
    }
    for name in ["org_email", "consent_email"] {
        if fields.get(name).is_some_and(|value| !value.is_null() && !value.is_boolean()) {
            return Err(at(name).invalid(Some("boolean")));
        }
    }
    // The organisation has no mail templates.
    match fields.get("template").filter(|template| !template.is_null()) {
        None => Ok(()),
        Some(_) => Err(Wrong { field: "id", path: "$.data[0].template.id".to_owned() }.invalid(None)),
    }
}

/// `scheduled_time` lies ahead.
fn schedule(fields: &Map<String, Value>, now: Timestamp) -> Result<(), Value> {
    let Some(time) = fields.get("scheduled_time").filter(|time| !time.is_null()) else { return Ok(()) };
    let time = time.as_str().and_then(|time| time.parse::<Timestamp>().ok());
    time.filter(|time| *time > now).map(drop).ok_or_else(|| at("scheduled_time").invalid(Some("datetime")))
}
