//! Records of the modules: reading them and changing them.

mod deleted;
mod query;
mod written;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    client::{Answer, Client},
    endpoint::{Op, Shape},
    error::{Error, Kind},
    page::{List, Page, Pages},
    wire::Record,
};
use crate::domain::{Module, RecordId, SafeText};
pub use deleted::Deleted;
pub use query::{ListQuery, Order, Sort, SortBy};
pub use written::{Done, Written};

/// The keys and values of a record to write.
pub type Fields = Map<String, Value>;

impl Client {
    /// One page of a module's records.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn list(&self, module: Module, query: &ListQuery) -> Result<Page<Record>, Error> {
        self.list_page(&List::Module(module), query).await
    }

    /// A walk over all pages of a module's records.
    #[must_use]
    pub fn pages(&self, module: Module, query: ListQuery) -> Pages {
        Pages::new(self.clone(), List::Module(module), query)
    }

    pub(super) async fn list_page(&self, list: &List, query: &ListQuery) -> Result<Page<Record>, Error> {
        let call = query.apply(list.call());
        Page::read(self.send(&call).await?, "data", &call)?.records(&call)
    }

    /// One record; none when it does not exist, was deleted, or is not visible to the user. Without `fields`
    /// every key comes.
    ///
    /// # Errors
    /// As every call.
    pub async fn get(
        &self,
        module: Module,
        id: &RecordId,
        fields: Option<&[String]>,
    ) -> Result<Option<Record>, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string()],
            query: fields.map(|fields| ("fields", fields.join(","))).into_iter().collect(),
            ..Call::new(Op::GetRecord)
        };
        let page = Page::read(self.send(&call).await?, "data", &call)?.records(&call)?;
        Ok(page.rows.into_iter().next())
    }

    /// Creates up to 100 records; 1 credit for each started ten. One result a record, in order.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/insert-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn insert(&self, module: Module, records: Vec<Fields>) -> Result<Vec<Written>, Error> {
        self.write_many(Op::InsertRecords, module, records, None).await
    }

    /// Changes up to 100 records, each with its `id`; only the keys given change.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/update-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn update(&self, module: Module, records: Vec<Fields>) -> Result<Vec<Written>, Error> {
        self.write_many(Op::UpdateRecords, module, records, None).await
    }

    /// The same, unless a record changed after `since`: it is then refused with `ALREADY_MODIFIED`. That Bigin
    /// heeds the header is not documented; the CRM that it is made of does.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/update-records.html>
    ///
    /// # Errors
    /// As [`Client::update`].
    pub async fn update_unchanged(
        &self,
        module: Module,
        records: Vec<Fields>,
        since: Option<Timestamp>,
    ) -> Result<Vec<Written>, Error> {
        let ids: Vec<_> = records.iter().map(written::id_in).collect();
        let call = Call {
            module: Some(module),
            shape: shape(ids.len()),
            body: Some(json!({ "data": records })),
            unmodified_since: since.map(query::iso),
            ..Call::new(Op::UpdateRecords)
        };
        self.written(&call, "data", &ids).await
    }

    /// Changes one record; only the keys given change, and null clears.
    ///
    /// # Errors
    /// As every call; [`Kind::Refused`] when the service refuses the record.
    pub async fn update_one(&self, module: Module, id: &RecordId, fields: Fields) -> Result<Done, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string()],
            body: Some(json!({ "data": [fields] })),
            ..Call::new(Op::UpdateRecord)
        };
        self.write_one(&call).await
    }

    /// The same, unless the record changed after `since`, as [`Client::update_unchanged`] says.
    ///
    /// # Errors
    /// As [`Client::update_one`].
    pub async fn update_one_unchanged(
        &self,
        module: Module,
        id: &RecordId,
        fields: Fields,
        since: Option<Timestamp>,
    ) -> Result<Done, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string()],
            body: Some(json!({ "data": [fields] })),
            unmodified_since: since.map(query::iso),
            ..Call::new(Op::UpdateRecord)
        };
        self.write_one(&call).await
    }

    /// Creates records, or changes those that share a value of the `check` fields (in this order; with none,
    /// the module's own unique fields).
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/upsert-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn upsert(
        &self,
        module: Module,
        records: Vec<Fields>,
        check: &[String],
    ) -> Result<Vec<Written>, Error> {
        let check = (!check.is_empty()).then(|| json!(check));
        self.write_many(Op::UpsertRecords, module, records, check).await
    }

    /// Puts up to 100 records into the recycle bin.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/delete-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn delete(&self, module: Module, ids: &[RecordId]) -> Result<Vec<Written>, Error> {
        let call = Call {
            module: Some(module),
            query: vec![("ids", comma(ids))],
            shape: shape(ids.len()),
            ..Call::new(Op::DeleteRecords)
        };
        let ids: Vec<_> = ids.iter().cloned().map(Some).collect();
        self.written(&call, "data", &ids).await
    }

    /// Gives up to 500 records to another owner.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/change-record-owner.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn change_owner(
        &self,
        module: Module,
        ids: &[RecordId],
        owner: &RecordId,
        notify: bool,
    ) -> Result<Vec<Written>, Error> {
        let call = Call {
            module: Some(module),
            body: Some(json!({ "ids": ids, "owner": { "id": owner }, "notify": notify })),
            shape: shape(ids.len()),
            ..Call::new(Op::ChangeOwners)
        };
        let ids: Vec<_> = ids.iter().cloned().map(Some).collect();
        self.written(&call, "data", &ids).await
    }

    async fn write_many(
        &self,
        op: Op,
        module: Module,
        records: Vec<Fields>,
        check: Option<Value>,
    ) -> Result<Vec<Written>, Error> {
        let ids: Vec<_> = records.iter().map(written::id_in).collect();
        let mut body = json!({ "data": records });
        if let Some(check) = check {
            body["duplicate_check_fields"] = check;
        }
        let shape = shape(ids.len());
        let call = Call { module: Some(module), body: Some(body), shape, ..Call::new(op) };
        self.written(&call, "data", &ids).await
    }

    /// Sends a write of several items and reads one result for each. An item whose id is known is matched by
    /// it; none of the others is matched by hope.
    pub(super) async fn written(
        &self,
        call: &Call,
        key: &str,
        ids: &[Option<RecordId>],
    ) -> Result<Vec<Written>, Error> {
        match self.send(call).await? {
            Answer::Json(status, value) => Ok(written::results(status, value.get(key), ids)),
            Answer::Empty | Answer::File(_) => Err(lost(call)),
        }
    }

    /// Sends a write of one item.
    pub(super) async fn write_one(&self, call: &Call) -> Result<Done, Error> {
        match self.written(call, "data", &[None]).await?.pop() {
            Some(Written::Done(done)) => Ok(done),
            Some(Written::Refused(refusal)) => {
                Err(Error::new(call.words(), Kind::Refused(Box::new(refusal))).during(call.op))
            }
            Some(Written::Unknown) | None => Err(lost(call)),
        }
    }
}

pub(super) fn comma(ids: &[RecordId]) -> String {
    ids.iter().map(RecordId::as_str).collect::<Vec<_>>().join(",")
}

pub(super) fn shape(records: usize) -> Shape {
    Shape::of(u32::try_from(records).unwrap_or(u32::MAX))
}

/// The service answered a write without saying what became of it.
fn lost(call: &Call) -> Error {
    let problem = SafeText::new("nothing is said of what became of it");
    Error::new(call.words(), Kind::Unexpected { problem }).during(call.op).with_lost_answer(true)
}
