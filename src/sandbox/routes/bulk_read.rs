//! Bulk reads: jobs that read records into a file.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/job-details.html>
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/download-result.html>

use axum::http::{HeaderValue, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, clock,
    jobs::{
        self,
        export::{
            self,
            query::{Query, module_name},
        },
        table::{Job, Kind, State},
    },
    reply,
    world::{Id, World},
};

/// Takes on a job.
pub(in crate::sandbox) fn create(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let refuse = |code, message| Reply::error(StatusCode::BAD_REQUEST, code, message, json!({}));
    if request.body.is_empty() {
        return Err(refuse("REQUEST_BODY_IS_EMPTY", "The request body is empty"));
    }
    if !request.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(refuse("MEDIA_TYPE_NOT_SUPPORTED", "The media type is not supported"));
    }
    let unreadable = |_| refuse("REQUEST_BODY_NOT_READABLE", "The request body is not readable");
    let body = request.json().map_err(unreadable)?;
    let user = Id::parse(&caller.user).ok_or_else(reply::server_fault)?;
    let world = sandbox.world();
    let viewpoint = export::viewpoint(user, caller.now);
    let query = Query::read(&world.metadata, world.users(), &viewpoint, body)?;
    if !may_read(caller, query.module.api_name) {
        return Err(reply::scope_mismatch());
    }
    let job = jobs::add(sandbox, &world, Kind::Read, user, body.clone(), caller.now)
        .map_err(|_| reply::server_fault())?;
    let item = json!({
        "status": "success",
        "code": "ADDED_SUCCESSFULLY",
        "message": "Added successfully.",
        "details": {
            "id": job.id,
            "operation": "read",
            "state": "ADDED",
            "created_by": user_of(&world, job.user),
            "created_time": clock::iso(job.created),
        },
    });
    Ok(Reply::json(StatusCode::CREATED, json!({ "data": [item], "info": {} })))
}

/// How far a job is.
pub(in crate::sandbox) fn details(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let unknown = || not_found(StatusCode::NOT_FOUND, request.param("job"));
    let job = find(&world, caller, request)?.ok_or_else(unknown)?;
    let mut item = json!({ "id": job.id, "operation": "read", "state": word(job.state) });
    if job.ended.is_some() {
        item["result"] = job.outcome["result"].clone();
    }
    item["query"] = Query::echo(&job.body);
    item["created_by"] = user_of(&world, job.user);
    item["created_time"] = json!(clock::iso(job.created));
    item["file_type"] = json!(file_type(&job.body));
    Ok(Reply::ok(json!({ "data": [item] })))
}

/// The file that a job made, for a day.
pub(in crate::sandbox) fn download(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let unknown = || not_found(StatusCode::BAD_REQUEST, request.param("job"));
    let life = SignedDuration::from_secs(assumptions::RESULT_LIFE_SECONDS);
    let job = find(&world, caller, request)?
        .filter(|job| job.ended.is_some_and(|ended| caller.now.duration_since(ended) < life))
        .ok_or_else(unknown)?;
    let file = job.file(&world.conn).map_err(|_| reply::server_fault())?.ok_or_else(unknown)?;
    if !sandbox.jobs.may_download(caller.now) {
        let most = assumptions::DOWNLOADS_A_MINUTE;
        let message = format!("only {most} results can be downloaded in a minute");
        return Err(reply::too_many_requests(&message, false));
    }
    Ok(archive("application/x-download", &job, file))
}

/// The answer that is the file of a job.
pub(super) fn archive(kind: &'static str, job: &Job, file: Vec<u8>) -> Reply {
    let reply = Reply::bytes(kind, file.into());
    match HeaderValue::try_from(format!("attachment; filename={}.zip", job.id)) {
        Ok(name) => reply.with_header(header::CONTENT_DISPOSITION, name),
        Err(_) => reply,
    }
}

/// What the callback of a job that has ended says.
pub(in crate::sandbox) fn told(job: &Job) -> Value {
    json!({
        "job_id": job.id,
        "operation": "read",
        "state": word(job.state),
        "query": Query::echo(&job.body),
        "result": job.outcome["result"],
    })
}

/// The user with an id, as jobs name one.
pub(super) fn user_of(world: &World, id: Id) -> Value {
    json!({ "id": id, "name": world.user(id).map(crate::sandbox::world::User::full_name) })
}

/// The refusal of a job that is not there.
pub(super) fn not_found(status: StatusCode, id: &str) -> Reply {
    let message = "The requested resource doesn't exist.";
    Reply::error(status, "RESOURCE_NOT_FOUND", message, json!({ "resource": id }))
}

const fn word(state: State) -> &'static str {
    match state {
        State::Added => "ADDED",
        State::InProgress => "IN PROGRESS",
        State::Completed => "COMPLETED",
        State::Failed => "FAILURE",
    }
}

fn file_type(body: &Value) -> &str {
    body["file_type"].as_str().or_else(|| body["query"]["file_type"].as_str()).unwrap_or("csv")
}

/// The job of the path, if the caller may read its module.
fn find(world: &World, caller: &Caller, request: &Request) -> Result<Option<Job>, Reply> {
    let Some(id) = Id::parse(request.param("job")) else { return Ok(None) };
    let job = Job::find(&world.conn, Kind::Read, id).map_err(|_| reply::server_fault())?;
    match &job {
        Some(job) if !may_read(caller, module_name(&job.body["query"]["module"]).unwrap_or_default()) => {
            Err(reply::scope_mismatch())
        }
        _ => Ok(job),
    }
}

fn may_read(caller: &Caller, module: &str) -> bool {
    caller.may(&[&format!("ZohoBigin.modules.{module}.READ")])
}
