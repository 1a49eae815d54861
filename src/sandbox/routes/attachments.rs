//! Attachments of records: files and links.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-attachments.html>
//! <https://www.bigin.com/developer/docs/apis/v2/upload-attachment.html>
//! <https://www.bigin.com/developer/docs/apis/v2/download-attachments.html>
//! <https://www.bigin.com/developer/docs/apis/v2/delete-attachment.html>

mod page;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

pub(in crate::sandbox) use self::page::list;
use super::{
    files::download,
    parent::{self, Parent},
};
use crate::{
    domain::{Field, FieldKind, Schema},
    sandbox::{
        Caller, Reply, Request, Sandbox, assumptions,
        blobs::{self, Blob, Kind},
        clock, reply,
        world::{Id, Metadata, Record, World, metadata::Module},
    },
    tables,
};

/// The record of the path, if attachments can hang on it.
fn parent<'m>(world: &World, metadata: &'m Metadata, request: &Request) -> Result<Parent<'m>, Reply> {
    let parent = Parent::find(world, metadata, request)?;
    if parent.module.related.iter().any(|list| list.api_name == "Attachments") {
        return Ok(parent);
    }
    let message = "the relation name given seems to be invalid";
    let details = json!({ "resource_path_index": 2 });
    Err(Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, details))
}

/// The table of attachments, with the column that the module's metadata does not name.
fn schema(world: &World) -> Schema {
    let module = world.metadata.module("Attachments");
    let none = || Schema { module: "Attachments".to_owned(), fields: Vec::new() };
    let mut schema = module.map_or_else(none, Module::schema);
    schema.fields.push(Field::plain("$se_module", FieldKind::Text));
    schema
}

/// One part `file`, or the parameter `attachmentUrl`; a link may have a `title`.
pub(in crate::sandbox) fn upload(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let link = request.field("attachmentUrl").filter(|link| !link.trim().is_empty());
    let mut files = request.parts.iter().filter(|part| part.name == "file");
    let file = match (files.next(), files.next(), &link) {
        (Some(file), None, None) => Some(file),
        (None, None, Some(_)) => None,
        _ => return Err(reply::invalid_request()),
    };
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let parent = parent(&world, &metadata, request)?;
    let fault = |_| reply::server_fault();
    let id = world.next_id().map_err(fault)?;
    let mut blob = match (file, link) {
        (Some(part), _) => {
            blobs::admit(&part.bytes, assumptions::FILE_LIMIT)?;
            Blob::of_part(Kind::Attachment, id, part, caller.now)
        }
        (None, link) => {
            let link = link.unwrap_or_default();
            let title = request.field("title").filter(|title| !title.is_empty());
            Blob {
                name: title.unwrap_or_else(|| link.clone()),
                ..Blob::of_link(Kind::Attachment, id, link, caller.now)
            }
        }
    };
    if blob.link.is_none() {
        blob.token = Some(blobs::token(sandbox.options.seed, id));
    }
    let (user, now) = (parent::user(&world, caller), clock::iso(caller.now));
    let row = json!({
        "id": id.to_string(),
        "File_Name": blob.name,
        "Size": blob.bytes.len().to_string(),
        "Parent_Id": { "id": parent.id.to_string(), "name": parent.name() },
        "$se_module": parent.module.api_name,
        "Owner": user, "Created_By": user, "Modified_By": user,
        "Created_Time": now, "Modified_Time": now,
    });
    let Value::Object(row) = row else { return Err(reply::server_fault()) };
    blob.save(&world.conn).map_err(fault)?;
    tables::upsert(&world.conn, &schema(&world), &[row]).map_err(|_| reply::server_fault())?;
    let details = json!({ "Modified_Time": now, "Modified_By": user, "Created_Time": now,
                          "id": id.to_string(), "Created_By": user });
    let item = reply::success(details, "attachment uploaded successfully");
    Ok(Reply::ok(json!({ "data": [item] })))
}

/// The attachment of the path, if it hangs on the record of the path.
fn attachment(world: &World, request: &Request) -> Result<Option<(Id, Record)>, Reply> {
    let parent = parent(world, &world.metadata, request)?;
    let Some(id) = Id::parse(request.param("attachment")) else { return Ok(None) };
    let Some(module) = world.metadata.module("Attachments") else { return Ok(None) };
    let found = parent::record(world, module, id)?;
    let parent = parent.id.to_string();
    Ok(found.filter(|record| record["Parent_Id"]["id"] == parent.as_str()).map(|record| (id, record)))
}

/// Answers with the bytes; 204 when there are none.
pub(in crate::sandbox) fn fetch(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let Some((id, _)) = attachment(&world, request)? else { return Ok(Reply::none()) };
    let blob = Blob::find(&world.conn, Kind::Attachment, id).map_err(|_| reply::server_fault())?;
    drop(world);
    // A link has no bytes to send.
    Ok(match blob {
        Some(blob) if blob.link.is_none() => download(&blob.name, &blob.media, blob.bytes),
        _ => Reply::none(),
    })
}

/// Deletes one attachment.
pub(in crate::sandbox) fn delete(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let Some((id, _)) = attachment(&world, request)? else {
        let details = json!({ "id": request.param("attachment") });
        let item = reply::failure("INVALID_DATA", details, "the id given seems to be invalid");
        return Ok(reply::results("data", vec![item], StatusCode::OK));
    };
    let ids = [id.to_string()];
    tables::delete(&world.conn, &schema(&world), &ids).map_err(|_| reply::server_fault())?;
    let item = reply::success(json!({ "id": ids[0] }), "record deleted");
    Ok(reply::results("data", vec![item], StatusCode::OK))
}
