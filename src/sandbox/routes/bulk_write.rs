//! Bulk writes: jobs that write the records of a file.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-write/upload-file.html>
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-write/create-job.html>
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-write/job-details.html>

mod result;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

pub(in crate::sandbox) use self::result::download;
use super::{
    bulk_read::{not_found, user_of},
    org::zgid,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions,
    blobs::{Blob, Kind as BlobKind},
    clock,
    jobs::{
        self, archive,
        export::query::module_name,
        import::{self, mapping::Mapping, order::Order},
        table::{Job, Kind, State},
    },
    reply,
    world::{Id, World},
};

/// Takes a ZIP file that a job can write. Most refusals have the status 200.
pub(in crate::sandbox) fn upload(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let expected = zgid(&sandbox.world());
    let feature = request.header("feature");
    let org = request.header("x-crm-org").map(str::trim);
    let (Some(feature), true) = (feature, org.is_some_and(|org| org == expected)) else {
        return Err(bad_headers());
    };
    if feature != "bulk-write" {
        return Ok(refused("NOT_SUPPORTED_FEATURE", "feature not supported", Timestamp::UNIX_EPOCH));
    }
    let part = request.part("file").ok_or_else(reply::invalid_request)?;
    if part.bytes.len() > assumptions::ARCHIVE_LIMIT {
        return Ok(refused("FILE_TOO_LARGE", "File size too large to process", caller.now));
    }
    if !archive::is_archive(&part.bytes) {
        let message = "invalid file format. only zip format is supported";
        return Ok(refused("INVALID_FILE_FORMAT", message, caller.now));
    }
    let world = sandbox.world();
    let id = world.next_id().map_err(|_| reply::server_fault())?;
    let blob = Blob::of_part(BlobKind::Upload, id, part, caller.now);
    blob.save(&world.conn).map_err(|_| reply::server_fault())?;
    Ok(Reply::ok(json!({
        "status": "success",
        "code": "FILE_UPLOAD_SUCCESS",
        "message": "file uploaded.",
        "details": { "file_id": id, "created_time": clock::iso(caller.now) },
    })))
}

fn refused(code: &str, message: &str, at: Timestamp) -> Reply {
    let details = json!({ "created_time": clock::iso(at) });
    Reply::error(StatusCode::OK, code, message, details)
}

fn bad_headers() -> Reply {
    let body = json!({
        "ERROR_CODE": 400,
        "ERROR_MESSAGE": "Bad Request",
        "x-error": "check if headers [feature, X-CRM-ORG] are present and valid",
        "info": "Forbidden",
    });
    Reply::json(StatusCode::BAD_REQUEST, body)
}

/// Takes on a job.
pub(in crate::sandbox) fn create(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let body = request.json()?;
    let user = Id::parse(&caller.user).ok_or_else(reply::server_fault)?;
    let metadata = Arc::clone(&sandbox.world().metadata);
    let order = Order::read(&metadata, body)?;
    if !may_write(caller, order.module.api_name) {
        return Err(reply::scope_mismatch());
    }
    let upload = import::upload(&sandbox.world().conn, order.file, caller.now)?;
    import::examine(&order, &import::unpack(&upload)?)?;
    let world = sandbox.world();
    let job = jobs::add(sandbox, &world, Kind::Write, user, body.clone(), caller.now)
        .map_err(|_| reply::server_fault())?;
    let details = json!({ "id": job.id, "created_by": user_of(&world, user) });
    let body = json!({ "status": "success", "code": "SUCCESS", "message": "success", "details": details });
    Ok(Reply::json(StatusCode::CREATED, body))
}

/// How far a job is.
pub(in crate::sandbox) fn details(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let job = find(&world, caller, request)?;
    let job = job.ok_or_else(|| not_found(StatusCode::NOT_FOUND, request.param("job")))?;
    shown(&sandbox.address(request), &world, &job).map(Reply::ok).map_err(|_| reply::server_fault())
}

/// A job with everything that its status tells, for somebody who reaches the sandbox at `address`.
pub(in crate::sandbox) fn shown(address: &str, world: &World, job: &Job) -> rusqlite::Result<Value> {
    let resource = &job.body["resource"][0];
    let part = match job.state {
        State::Added => "ADDED",
        State::InProgress => "IN PROGRESS",
        State::Completed => "COMPLETED",
        State::Failed => "FAILED",
    };
    let whole = if job.state == State::Failed { "COMPLETED" } else { part };
    let counts = import::count(&world.conn, job.id)?;
    let given = |value: &Value, key: &str| value.get(key).cloned().unwrap_or(Value::Null);
    let mappings = resource["field_mappings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut about = json!({
        "status": part,
        "type": "data",
        "module": module_name(&resource["module"]),
        "field_mappings": mappings.iter().map(Mapping::shown).collect::<Vec<_>>(),
        "file": {
            "status": part,
            "name": job.outcome.get("name"),
            "added_count": counts.added,
            "skipped_count": counts.skipped,
            "updated_count": counts.updated,
            "total_count": counts.total(),
        },
        "file_id": given(resource, "file_id"),
        "find_by": given(resource, "find_by"),
        "ignore_empty": resource.get("ignore_empty").or_else(|| job.body.get("ignore_empty")).unwrap_or(&json!(false)),
    });
    if let Some(code) = job.outcome.get("code") {
        about["code"] = code.clone();
    }
    let mut shown = json!({
        "status": whole,
        "character_encoding": job.body.get("character_encoding").unwrap_or(&json!("UTF-8")),
        "resource": [about],
        "id": job.id,
        "callback": given(&job.body, "callback"),
    });
    if job.state == State::Completed {
        let org = zgid(world);
        let path = format!("/v2/crm/{org}/bulk-write/{id}/{id}.zip", id = job.id);
        shown["result"] = json!({ "download_url": format!("{address}{path}") });
    }
    shown["created_by"] = user_of(world, job.user);
    shown["operation"] = given(&job.body, "operation");
    shown["created_time"] = json!(clock::iso(job.created));
    Ok(shown)
}

/// The job of the path, if the caller may write its module.
fn find(world: &World, caller: &Caller, request: &Request) -> Result<Option<Job>, Reply> {
    let Some(id) = Id::parse(request.param("job")) else { return Ok(None) };
    let job = Job::find(&world.conn, Kind::Write, id).map_err(|_| reply::server_fault())?;
    let module = |job: &Job| module_name(&job.body["resource"][0]["module"]).unwrap_or_default().to_owned();
    match &job {
        Some(job) if !may_write(caller, &module(job)) => Err(reply::scope_mismatch()),
        _ => Ok(job),
    }
}

fn may_write(caller: &Caller, module: &str) -> bool {
    caller.may(&[&format!("ZohoBigin.modules.{module}.CREATE")])
}
