//! The list of a record's attachments.

use serde_json::{Value, json};

use super::parent;
use crate::sandbox::{
    Caller, Reply, Request, Sandbox,
    blobs::{Blob, Kind},
    reply,
    routes::records::{listing, paging::Paging},
    world::{Fields, Id, Reading, Record, Style, World, filter::Clause},
};

/// Answers with the attachments of the path's record, the newest first; 204 when there are none.
pub(in crate::sandbox) fn list(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let fields = listing::fields(request)?.ok_or_else(|| reply::missing_param("fields"))?;
    let bound = ["fields", "ids"].map(|name| request.query(name).unwrap_or_default());
    let paging = Paging::read(request, caller, &bound)?;
    let world = sandbox.world();
    let parent = parent(&world, &world.metadata, request)?;
    let skip = paging.offset();
    let mut rows = rows(&world, parent.id, request, skip.saturating_add(paging.per_page + 1))?;
    rows.drain(..skip.min(rows.len()));
    if rows.is_empty() {
        return Ok(Reply::none());
    }
    let more = rows.len() > paging.per_page;
    rows.truncate(paging.per_page);
    let data: Vec<Value> = rows
        .iter()
        .map(|row| shown(&world, row, &fields))
        .collect::<rusqlite::Result<_>>()
        .map_err(|_| reply::server_fault())?;
    let info = paging.info(caller, data.len(), more, None);
    Ok(Reply::ok(json!({ "data": data, "info": info })))
}

fn rows(world: &World, parent: Id, request: &Request, most: usize) -> Result<Vec<Record>, Reply> {
    let Some(module) = world.metadata.module("Attachments") else { return Ok(Vec::new()) };
    let mut clause = Clause::default();
    clause.bind("WHERE t.Parent_Id = ?", parent.to_string());
    if let Some(ids) = request.query("ids") {
        clause.push(" AND t.id IN (");
        for (index, id) in ids.split(',').enumerate() {
            clause.bind(if index == 0 { "?" } else { ", ?" }, id.trim().to_owned());
        }
        clause.push(")");
    }
    clause.bind(" ORDER BY t.\"$row\" DESC LIMIT ?", i64::try_from(most).unwrap_or(i64::MAX));
    let reading = Reading::new(world, module, Fields::Whole, Style::Record);
    reading.records(&clause.sql, &clause.params).map_err(|_| reply::server_fault())
}

/// The asked fields of an attachment, and its id. Names that begin with `$` come when they are asked for.
fn shown(world: &World, row: &Record, fields: &[String]) -> rusqlite::Result<Value> {
    let id = row["id"].as_str().and_then(Id::parse);
    let blob = match id {
        Some(id) => Blob::about(&world.conn, Kind::Attachment, id)?,
        None => None,
    };
    let link = blob.as_ref().and_then(|blob| blob.link.as_deref());
    let mut shown = Record::new();
    for field in fields.iter().map(String::as_str).filter(|field| *field != "id") {
        let value = match field {
            "$type" => json!(if link.is_some() { "Link URL" } else { "File" }),
            "$link_url" => json!(link),
            "$file_id" => json!(blob.as_ref().and_then(|blob| blob.token.as_deref())),
            "$editable" => json!(true),
            "$state" => json!("save"),
            "Size" => json!(row["Size"].as_str().unwrap_or("0")),
            _ => match row.get(field) {
                Some(value) => value.clone(),
                None => continue,
            },
        };
        shown.insert(field.to_owned(), value);
    }
    shown.insert("id".to_owned(), row["id"].clone());
    Ok(Value::Object(shown))
}
