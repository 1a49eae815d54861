//! Bulk writes.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-write/overview.html>

mod cell;
pub mod mapping;
pub mod order;
mod pattern;
mod rows;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use self::{
    mapping::{Mapping, no_column},
    order::{Operation, Order, invalid_file},
    rows::Status,
};
use super::{
    archive::{self, Packed, Unfit},
    sheet::{Encoding, Sheet},
    table::Job,
};
use crate::sandbox::{
    Reply, Sandbox, assumptions,
    blobs::{Blob, Kind},
    reply,
    world::{Author, Id, Record, Refused, World},
};

pub use rows::{Outcome, TABLE, all as outcomes, count};

/// Rows that are written in one transaction, after which others have their turn.
const BATCH: usize = 100;

fn refuse(code: &str, message: &str, details: Json) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, code, message, details)
}

/// The uploaded archive of an order, while it lives.
///
/// # Errors
/// The refusal of a file that is unknown.
pub fn upload(conn: &Connection, id: Id, now: Timestamp) -> Result<Blob, Reply> {
    let upload = Blob::find(conn, Kind::Upload, id).map_err(|_| reply::server_fault())?;
    let life = SignedDuration::from_secs(assumptions::UPLOAD_LIFE_SECONDS);
    upload.filter(|upload| now.duration_since(upload.created) < life).ok_or_else(invalid_file)
}

/// The one file of an uploaded archive.
///
/// # Errors
/// The refusal of an archive that is not fit for a bulk write.
pub fn unpack(upload: &Blob) -> Result<Packed, Reply> {
    archive::unpack(&upload.bytes).map_err(|unfit| unsupported(&unfit))
}

/// Whether the file can be written at all: it has a header, not too many rows, and the columns that are
/// mapped.
///
/// # Errors
/// The refusal of a file that cannot.
pub fn examine(order: &Order<'_>, file: &Packed) -> Result<Sheet, Reply> {
    let encoding = order.encoding.unwrap_or_else(|| Encoding::detect(&file.bytes));
    let sheet = Sheet::read(&encoding.decode(&file.bytes));
    let sheet = sheet.filter(|sheet| sheet.rows.len() <= assumptions::IMPORT_ROWS);
    let sheet = sheet.ok_or_else(|| unsupported(&Unfit::NotOneFile))?;
    let lost = order.mappings.iter().flatten().find(|mapping| !mapping.fits(sheet.header.len()));
    match lost {
        Some(mapping) => Err(no_column(mapping.field.api_name)),
        None => Ok(sheet),
    }
}

fn unsupported(unfit: &Unfit) -> Reply {
    let details = json!({ "reason": unfit.to_string() });
    refuse("FILE_NOT_SUPPORTED", "File not supported for bulk write", details)
}

/// Writes the file of a job into the organisation and says how it ended. Rows that an earlier start of the
/// sandbox has written are not written again.
pub(super) fn run(sandbox: &Sandbox, job: &Job) -> Json {
    let metadata = Arc::clone(&sandbox.world().metadata);
    let failed = |code: &str| json!({ "status": "FAILED", "code": code });
    let Ok(order) = Order::read(&metadata, &job.body) else { return failed("INVALID_DATA") };
    let upload = upload(&sandbox.world().conn, order.file, job.created);
    let Ok(upload) = upload else { return failed("INVALID_FILE_ID") };
    let opened = unpack(&upload).and_then(|packed| Ok((examine(&order, &packed)?, packed.name)));
    let Ok((sheet, name)) = opened else { return failed("FILE_NOT_SUPPORTED") };
    if sheet.header.len() > assumptions::IMPORT_COLUMNS {
        return failed("HEADER_LIMIT_EXCEEDED");
    }
    let from_header;
    let mappings = match &order.mappings {
        Some(mappings) => mappings,
        None => {
            from_header = Mapping::of_header(order.module, &sheet.header);
            if !order.is_complete(&from_header) {
                return failed("MANDATORY_FIELDS_NOT_MAPPED");
            }
            &from_header
        }
    };
    let writing = Writing { order: &order, mappings };
    let mut done = match rows::count(&sandbox.world().conn, job.id) {
        Ok(counts) => counts.total(),
        Err(_) => return failed("CANNOT_PROCESS"),
    };
    while done < sheet.rows.len() {
        if sandbox.jobs.is_stopping() {
            return failed("CANNOT_PROCESS");
        }
        let batch = &sheet.rows[done..sheet.rows.len().min(done + BATCH)];
        let author = Author {
            user: job.user,
            now: sandbox.clock.now().as_second(),
            lag: i64::try_from(sandbox.options.search_lag.as_secs()).unwrap_or_default(),
        };
        let mut world = sandbox.world();
        // The organisation may have been put back to its start meanwhile, and the job with it.
        if !matches!(Job::find(&world.conn, job.kind, job.id), Ok(Some(known)) if known == *job) {
            return failed("CANNOT_PROCESS");
        }
        let written = world.write(|world| {
            for (row, cells) in (done..).zip(batch) {
                let outcome = writing.row(world, cells, &author)?;
                rows::note(&world.conn, job.id, row, &outcome)?;
            }
            Ok(())
        });
        drop(world);
        if written.is_err() {
            return failed("CANNOT_PROCESS");
        }
        super::announce(sandbox);
        done += batch.len();
    }
    json!({ "status": "COMPLETED", "name": name })
}

struct Writing<'a> {
    order: &'a Order<'a>,
    mappings: &'a [Mapping<'a>],
}

impl Writing<'_> {
    fn row(&self, world: &mut World, cells: &[String], author: &Author) -> rusqlite::Result<Outcome> {
        let record = match cell::record(world, self.mappings, cells, self.order.ignore_empty)? {
            Ok(record) => record,
            Err(wrong) => return Ok(Outcome::skipped(&wrong)),
        };
        let matched = self.matched(world, cells)?;
        let module = self.order.module;
        let written = match (self.order.operation, matched) {
            (Operation::Update | Operation::Upsert, Some(id)) => {
                world.update(module, id, &record, author, "$", None)
            }
            (Operation::Update, None) => {
                let name = self.order.find_by.map_or("id", |field| field.api_name);
                return Ok(Outcome::skipped(&[(assumptions::IMPORT_UNMATCHED.to_owned(), name.to_owned())]));
            }
            (Operation::Insert | Operation::Upsert, _) => {
                let record: Record = record.into_iter().filter(|(_, value)| !value.is_null()).collect();
                world.insert(module, &record, author, "$")
            }
        };
        match written {
            Ok(written) => Ok(Outcome {
                status: if written.inserted { Status::Added } else { Status::Updated },
                record: Some(written.id),
                errors: String::new(),
            }),
            Err(Refused::Sql(error)) => Err(error),
            Err(Refused::Issues(issues)) => {
                let wrong: Vec<cell::Wrong> = issues
                    .iter()
                    .map(|issue| {
                        let field = issue.details.get("api_name").and_then(Json::as_str).unwrap_or("id");
                        (rows::code(issue.code).to_owned(), field.to_owned())
                    })
                    .collect();
                Ok(Outcome::skipped(&wrong))
            }
        }
    }

    /// The record that a row matches.
    fn matched(&self, world: &World, cells: &[String]) -> rusqlite::Result<Option<Id>> {
        let Some(field) = self.order.find_by else { return Ok(None) };
        let mapping = self.mappings.iter().find(|mapping| mapping.field.id == field.id);
        let text = mapping.map_or("", |mapping| cell::text(mapping, cells));
        if text.is_empty() {
            return Ok(None);
        }
        if field.api_name != "id" {
            return world.find(self.order.module, field.api_name, text);
        }
        match Id::parse(text) {
            Some(id) => Ok(world.exists(self.order.module.api_name, id)?.then_some(id)),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
