//! Mail: who may send, and sending. Nothing leaves the sandbox; what was "sent" is kept.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-from-addresses.html>
//! <https://www.bigin.com/developer/docs/apis/v2/send-mail.html>

mod letter;
mod recipients;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use self::letter::Letter;
use super::parent::{self, Parent};
use crate::{
    sandbox::{
        Caller, Reply, Request, Sandbox, assumptions, blobs, clock, reply,
        world::{Id, User, World},
    },
    tables::{self, Record},
};

/// The mails that were sent, in the organisation's database.
const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS \"$mails\" (
        row INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, module TEXT NOT NULL, record INTEGER NOT NULL,
        user INTEGER NOT NULL, at INTEGER NOT NULL, letter TEXT NOT NULL);
";

/// Makes what is missing of the table.
pub(in crate::sandbox) fn create(conn: &rusqlite::Connection) -> rusqlite::Result<()> {
    conn.execute_batch(TABLE)
}

/// The addresses from which a user can send: their own.
pub(in crate::sandbox) fn from_addresses(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let asked = request.query("user_id");
    let user = Id::parse(asked.unwrap_or(&caller.user)).and_then(|id| world.user(id));
    let user = user.ok_or_else(|| reply::invalid_data(json!({ "param_name": "user_id" })))?;
    Ok(Reply::ok(json!({ "from_addresses": [address(user)] })))
}

fn address(user: &User) -> Value {
    json!({ "email": user.email, "type": "primary", "id": user.id, "user_name": user.full_name(), "default": true })
}

/// Takes one mail about the record of the path.
pub(in crate::sandbox) fn send(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let body = request.json()?;
    let Some(data) = body.get("data") else {
        let details = json!({ "api_name": "data", "json_path": "$.data" });
        let message = "required field not found";
        return Err(Reply::error(StatusCode::BAD_REQUEST, "MANDATORY_NOT_FOUND", message, details));
    };
    let Some([mail]) = data.as_array().map(Vec::as_slice) else {
        let details = json!({ "expected_data_type": "jsonarray", "api_name": "data", "maximum_length": 1 });
        return Err(reply::invalid_data(details));
    };
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = metadata.module(request.param("module")).ok_or_else(reply::invalid_module)?;
    if !assumptions::MAIL_MODULES.contains(&module.api_name) {
        return Err(parent::not_supported());
    }
    let parent = Parent::find(&world, &metadata, request)?;
    let item = match Letter::read(&world, &parent, caller, mail)? {
        Ok(letter) => {
            let message_id = keep(sandbox, &world, &parent, caller, &letter)?;
            let details = json!({ "message_id": message_id, "blocked_email_addresses": [] });
            reply::success(details, "Your mail has been sent successfully.")
        }
        Err(failure) => failure,
    };
    Ok(reply::results("data", vec![item], StatusCode::OK))
}

/// Keeps the letter, moves the record's last activity, and gives the letter's id.
fn keep(
    sandbox: &Sandbox,
    world: &World,
    parent: &Parent<'_>,
    caller: &Caller,
    letter: &Letter,
) -> Result<String, Reply> {
    let fault = |_| reply::server_fault();
    let row = world.next_id().map_err(fault)?;
    let message_id = blobs::token(sandbox.options.seed, row);
    world
        .conn
        .execute(
            "INSERT INTO \"$mails\" (row, message, module, record, user, at, letter)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            rusqlite::params![
                row,
                message_id,
                parent.module.api_name,
                parent.id,
                Id::parse(&caller.user),
                caller.now.as_second(),
                letter.0.to_string()
            ],
        )
        .map_err(fault)?;
    let activity = json!(clock::iso(caller.now));
    let change = Record::from_iter([("Last_Activity_Time".to_owned(), activity)]);
    tables::update_fields(&world.conn, &parent.module.schema(), &parent.id.to_string(), &change)
        .map_err(|_| reply::server_fault())?;
    Ok(message_id)
}

/// Whether a mail with this id was sent.
fn is_known(world: &World, message: &str) -> rusqlite::Result<bool> {
    world
        .conn
        .prepare_cached("SELECT count(*) FROM \"$mails\" WHERE message = ?1")?
        .query_row([message], |row| Ok(row.get::<_, i64>(0)? > 0))
}

/// Every mail that was sent, the oldest first, for the control plane.
///
/// # Errors
/// Whatever SQLite refuses.
pub(in crate::sandbox) fn sent(world: &World) -> rusqlite::Result<Vec<Value>> {
    let mut statement = world
        .conn
        .prepare_cached("SELECT message, module, record, user, at, letter FROM \"$mails\" ORDER BY row")?;
    let rows = statement.query_map([], |row| {
        let (message, module): (String, String) = (row.get(0)?, row.get(1)?);
        let (record, user): (Id, Id) = (row.get(2)?, row.get(3)?);
        let at = jiff::Timestamp::from_second(row.get(4)?).unwrap_or(jiff::Timestamp::MIN);
        let letter: Value = serde_json::from_str(&row.get::<_, String>(5)?).unwrap_or(Value::Null);
        Ok(json!({ "message_id": message, "module": module, "record": record, "user": user,
                   "at": clock::iso(at), "mail": letter }))
    })?;
    rows.collect()
}
