//! Bulk reads.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>

mod calendar;
pub mod criteria;
pub mod path;
mod people;
pub mod query;
mod source;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use self::{path::Path, query::Query, source::Source};
use super::{archive, sheet, table::Job};
use crate::sandbox::{
    Reply, Sandbox, assumptions, clock,
    world::{Id, Record, filter::Viewpoint},
};

fn refuse(code: &str, message: &str, details: Json) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, code, message, details)
}

/// Reads the records that a job asks for; how it ended, and the file.
pub(super) fn run(sandbox: &Sandbox, job: &Job) -> (Json, Option<Vec<u8>>) {
    match try_run(sandbox, job) {
        Ok((outcome, file)) => (outcome, Some(file)),
        Err(message) => {
            let error =
                json!({ "code": "INTERNAL_ERROR", "details": {}, "message": message, "status": "error" });
            (json!({ "status": "FAILED", "result": { "error_message": error } }), None)
        }
    }
}

fn try_run(sandbox: &Sandbox, job: &Job) -> Result<(Json, Vec<u8>), String> {
    let (metadata, users) = {
        let world = sandbox.world();
        (Arc::clone(&world.metadata), world.users().to_vec())
    };
    let viewpoint = viewpoint(job.user, job.created);
    let lost = || "the query cannot be read any more".to_owned();
    let query = Query::read(&metadata, &users, &viewpoint, &job.body).map_err(|_| lost())?;
    let clause = query.clause(&metadata, &viewpoint).map_err(|_| lost())?;
    let size = query.page_size();
    let skip = (query.page - 1).saturating_mul(size);
    let source = Source::new(&query, clause);
    let extension = if query.calendar { "ics" } else { "csv" };
    let mut ended = Ok((0, false));
    let file = archive::pack(&format!("{}.{extension}", job.id), |file| {
        if query.calendar {
            calendar::begin(file)?;
            ended =
                source.page(sandbox, skip, size, &mut |record| calendar::event(file, record, job.created));
            return calendar::end(file);
        }
        let mut sheet = sheet::writer(file);
        sheet.write_record(query.columns.iter().map(ToString::to_string))?;
        ended = source.page(sandbox, skip, size, &mut |record| {
            Ok(sheet.write_record(query.columns.iter().map(|path| cell(record, path)))?)
        });
        sheet.flush()
    });
    let file = file.map_err(|error| error.to_string())?;
    let (count, more) = ended?;
    let result = json!({
        "page": query.page,
        "count": count,
        "download_url": format!("/bigin/bulk/v2/read/{}/result", job.id),
        "per_page": size,
        "more_records": more,
    });
    Ok((json!({ "status": "COMPLETED", "result": result }), file))
}

/// What relative values of criteria and views are relative to.
#[must_use]
pub fn viewpoint(user: Id, at: Timestamp) -> Viewpoint {
    Viewpoint { user, today: at.to_zoned_datetime(clock::zone()).date() }
}

fn cell(record: &Record, path: &Path) -> String {
    record.get(&path.to_string()).map(text).unwrap_or_default()
}

/// A value as a cell: lookups by their id, several values one after the other.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Object(object) => match object.get("id").or_else(|| object.get("name")) {
            Some(id) => text(id),
            None => value.to_string(),
        },
        Json::Array(items) => {
            let item = |item: &Json| match (&item["name"], &item["Email"]) {
                (Json::String(name), _) | (_, Json::String(name)) => name.clone(),
                _ => text(item),
            };
            items.iter().map(item).collect::<Vec<_>>().join(assumptions::EXPORT_SEPARATOR)
        }
        other => other.to_string(),
    }
}
