//! The file that tells what became of each row of a bulk write.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::{super::bulk_read, find};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions,
    blobs::Blob,
    jobs::{
        archive::pack,
        import::{self, Outcome, mapping::Mapping, order::Order},
        sheet,
        table::State,
    },
    reply,
};

/// The result of a job that has ended, for a day.
pub(in crate::sandbox) fn download(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let unknown = || bulk_read::not_found(StatusCode::BAD_REQUEST, request.param("job"));
    let life = SignedDuration::from_secs(assumptions::RESULT_LIFE_SECONDS);
    let job = find(&world, caller, request)?
        .filter(|job| request.param("file") == format!("{}.zip", job.id))
        .filter(|job| job.state == State::Completed)
        .filter(|job| job.ended.is_some_and(|ended| caller.now.duration_since(ended) < life))
        .ok_or_else(unknown)?;
    let fault = |_| reply::server_fault();
    let metadata = Arc::clone(&world.metadata);
    let order = Order::read(&metadata, &job.body)?;
    let upload = import::upload(&world.conn, order.file, job.created)?;
    let outcomes = import::outcomes(&world.conn, job.id).map_err(fault)?;
    drop(world);
    let file = written(&order, &upload, &outcomes)?;
    Ok(bulk_read::archive("application/octet-stream", &job, file))
}

/// The first mapped columns of each row, and what became of it.
fn written(order: &Order<'_>, upload: &Blob, outcomes: &[Outcome]) -> Result<Vec<u8>, Reply> {
    let file = import::unpack(upload)?;
    let sheet = import::examine(order, &file)?;
    let from_header;
    let mappings = match &order.mappings {
        Some(mappings) => mappings,
        None => {
            from_header = Mapping::of_header(order.module, &sheet.header);
            &from_header
        }
    };
    let columns: Vec<usize> =
        mappings.iter().filter_map(|mapping| mapping.column).take(assumptions::RESULT_COLUMNS).collect();
    let shown = |row: &[String]| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).cloned().unwrap_or_default()).collect()
    };
    let name = format!("{}-{}", order.module.api_name, file.name);
    let packed = pack(&name, |file| {
        let mut writer = sheet::writer(file);
        let mut header = shown(&sheet.header);
        header.extend(["STATUS", "RECORD_ID", "ERRORS"].map(str::to_owned));
        writer.write_record(&header)?;
        for (row, outcome) in sheet.rows.iter().zip(outcomes) {
            let mut cells = shown(row);
            let status: &str = outcome.status.into();
            let record = outcome.record.map(|id| id.to_string()).unwrap_or_default();
            cells.extend([status.to_owned(), record, outcome.errors.clone()]);
            writer.write_record(&cells)?;
        }
        writer.flush()
    });
    packed.map_err(|_| reply::server_fault())
}
