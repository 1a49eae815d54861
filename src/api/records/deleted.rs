//! Which records were deleted.

use jiff::Timestamp;
use serde_json::Value;

use super::query::iso;
use crate::{
    api::{
        call::Call,
        client::Client,
        endpoint::Op,
        error::Error,
        page::Page,
        wire::{Reference, id_of},
    },
    domain::{Module, RecordId},
};

/// A record that is in the recycle bin, or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// What its id was.
    pub id: RecordId,
    /// What it was called; not known of records that are gone for good.
    pub name: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Who did it.
    pub by: Option<Reference>,
    /// It cannot be brought back.
    pub permanent: bool,
}

impl Client {
    /// One page, from 1, of the records deleted since a time, newest first.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-deleted-records.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn deleted(
        &self,
        module: Module,
        since: Option<Timestamp>,
        page: u32,
    ) -> Result<Page<Deleted>, Error> {
        let all = [("type", "all".to_owned()), ("page", page.to_string()), ("per_page", "200".to_owned())];
        let call = Call {
            module: Some(module),
            query: all.into(),
            modified_since: since.map(iso),
            ..Call::new(Op::DeletedRecords)
        };
        let answer = Page::read(self.send(&call).await?, "data", &call)?;
        let (more, next_token) = (answer.more, answer.next_token);
        let rows = answer.rows.iter().filter_map(Deleted::read).collect();
        Ok(Page { rows, more, next_token })
    }
}

impl Deleted {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Self {
            id: id_of(value.get("id")?)?,
            name: text("display_name").map(str::to_owned),
            at: text("deleted_time").and_then(|text| text.parse().ok()),
            by: value.get("deleted_by").and_then(Reference::read),
            permanent: text("type") == Some("permanent"),
        })
    }
}
