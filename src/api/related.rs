//! Records related to a record.

use serde_json::json;

use super::{
    call::Call,
    client::Client,
    endpoint::Op,
    error::Error,
    page::{List, Page, Pages},
    records::{ListQuery, Written, comma, shape},
    wire::Record,
};
use crate::domain::{Module, RecordId};

impl Client {
    /// One page of a related list, by the list's API name. The deals of a contact may be restricted to one team
    /// pipeline.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-related-records.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn related(
        &self,
        module: Module,
        id: &RecordId,
        list: &str,
        query: &ListQuery,
    ) -> Result<Page<Record>, Error> {
        self.list_page(&related_list(module, id, list), query).await
    }

    /// A walk over all pages of a related list.
    #[must_use]
    pub fn related_pages(&self, module: Module, id: &RecordId, list: &str, query: ListQuery) -> Pages {
        Pages::new(self.clone(), related_list(module, id, list), query)
    }

    /// Relates up to 100 records to one.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/update-related-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn link(
        &self,
        module: Module,
        id: &RecordId,
        list: &str,
        others: &[RecordId],
    ) -> Result<Vec<Written>, Error> {
        let data: Vec<_> = others.iter().map(|other| json!({ "id": other })).collect();
        let call = Call {
            module: Some(module),
            path: vec![id.to_string(), list.to_owned()],
            body: Some(json!({ "data": data })),
            shape: shape(others.len()),
            ..Call::new(Op::LinkRecords)
        };
        let ids: Vec<_> = others.iter().cloned().map(Some).collect();
        self.written(&call, "data", &ids).await
    }

    /// Takes up to 100 records out of a related list; the records themselves stay.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/delink.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn delink(
        &self,
        module: Module,
        id: &RecordId,
        list: &str,
        others: &[RecordId],
    ) -> Result<Vec<Written>, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string(), list.to_owned()],
            query: vec![("ids", comma(others))],
            shape: shape(others.len()),
            ..Call::new(Op::DelinkRecords)
        };
        let ids: Vec<_> = others.iter().cloned().map(Some).collect();
        self.written(&call, "data", &ids).await
    }
}

fn related_list(module: Module, id: &RecordId, list: &str) -> List {
    List::Related { module, id: id.clone(), list: list.to_owned() }
}
