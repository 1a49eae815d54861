//! Bulk reads: the service writes records into a file, which is fetched when it is ready.

use serde_json::{Value, json};
use tempfile::SpooledTempFile;

use super::{
    call::Call,
    client::{Answer, Client},
    endpoint::Op,
    error::{Error, Kind},
    wire::id_of,
};
use crate::domain::{Module, RecordId, SafeText};

/// Records of one file at most.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub const EXPORT_ROWS: u64 = 200_000;

/// How far a bulk read is.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/job-details.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportState {
    /// The service is at it.
    Working,
    /// The file can be fetched, for a day.
    Ready {
        /// Records in it.
        rows: u64,
        /// The next page has more.
        more: bool,
    },
    /// The service gave it up.
    Failed {
        /// What it says.
        reason: SafeText,
    },
    /// The service knows of no such bulk read any more.
    Gone,
}

impl Client {
    /// Asks for a file with these fields of a module's records, [`EXPORT_ROWS`] to a page, from 1: 50 credits.
    /// Gives the name of the job. A lookup comes as the id alone; the id always comes.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
    ///
    /// # Errors
    /// As every call; after a lost answer nobody knows whether a job was taken on.
    pub async fn start_export(
        &self,
        module: Module,
        fields: &[String],
        page: u32,
    ) -> Result<RecordId, Error> {
        let query = json!({ "module": module.api_name(), "fields": fields, "page": page });
        let call = Call {
            module: Some(module),
            body: Some(json!({ "query": query })),
            ..Call::new(Op::BulkReadCreate)
        };
        let value = self.json(&call).await?;
        value.pointer("/data/0/details/id").and_then(id_of).ok_or_else(|| odd(&call, "no job was named"))
    }

    /// How far a bulk read is.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/job-details.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn export_state(&self, module: Module, job: &RecordId) -> Result<ExportState, Error> {
        let call =
            Call { module: Some(module), path: vec![job.to_string()], ..Call::new(Op::BulkReadStatus) };
        let value = match self.json(&call).await {
            Err(error) if is_gone(&error) => return Ok(ExportState::Gone),
            answer => answer?,
        };
        let item = value.pointer("/data/0").ok_or_else(|| odd(&call, "no job under `data`"))?;
        Ok(match item.get("state").and_then(Value::as_str) {
            Some("COMPLETED") => ExportState::Ready {
                rows: item.pointer("/result/count").and_then(Value::as_u64).unwrap_or(0),
                more: item.pointer("/result/more_records").and_then(Value::as_bool).unwrap_or(false),
            },
            Some("FAILURE" | "FAILED") => {
                let reason = item.pointer("/result/error_message/message").and_then(Value::as_str);
                ExportState::Failed { reason: SafeText::new(reason.unwrap_or("no reason is given")) }
            }
            _ => ExportState::Working,
        })
    }

    /// The file of a bulk read that is ready: a ZIP archive with one CSV file. None when it is not there any
    /// more.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/download-result.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn download_export(
        &self,
        module: Module,
        job: &RecordId,
    ) -> Result<Option<SpooledTempFile>, Error> {
        let call =
            Call { module: Some(module), path: vec![job.to_string()], ..Call::new(Op::BulkReadResult) };
        match self.send(&call).await {
            Ok(Answer::File(file)) => Ok(Some(file)),
            Ok(_) => Err(odd(&call, "no file came")),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn json(&self, call: &Call) -> Result<Value, Error> {
        match self.send(call).await? {
            Answer::Json(_, value) => Ok(value),
            _ => Err(odd(call, "nothing came")),
        }
    }
}

/// An unknown job is 404 for its state and 400 for its file; the code is the same.
fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), Kind::Refused(refusal) if refusal.code == "RESOURCE_NOT_FOUND")
}

fn odd(call: &Call, problem: &str) -> Error {
    Error::new(call.words(), Kind::Unexpected { problem: SafeText::new(problem) }).during(call.op)
}
