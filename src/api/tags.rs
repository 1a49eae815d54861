//! Tags of modules and on records.

use serde_json::{Value, json};

use super::{
    call::Call,
    client::Client,
    endpoint::Op,
    error::Error,
    metadata::name_or_id,
    records::{Written, comma, shape},
};
use crate::domain::{Module, RecordId};

impl Client {
    /// Names of a module's tags.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-tag-list.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn tags(&self, module: Module) -> Result<Vec<String>, Error> {
        let call = Call {
            module: Some(module),
            query: vec![("module", module.api_name().to_owned())],
            ..Call::new(Op::ListTags)
        };
        let tags: Vec<Value> = self.settings(call, "tags").await?;
        Ok(tags.iter().filter_map(name_or_id).collect())
    }

    /// Tags up to 500 records; 1 credit for each started fifty. Names that are new become tags.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/add-tags-records.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn add_tags(
        &self,
        module: Module,
        ids: &[RecordId],
        tags: &[&str],
    ) -> Result<Vec<Written>, Error> {
        let names: Vec<_> = tags.iter().map(|tag| json!({ "name": tag })).collect();
        let body = json!({ "tags": names, "ids": ids, "over_write": false });
        let call = Call { body: Some(body), ..tagging(Op::AddTagsToMany, module, ids) };
        match self.tagged(&call, ids).await {
            Err(error) if error.refusal().is_some_and(|refusal| refusal.code == "REQUIRED_PARAM_MISSING") => {
                let query = vec![("ids", comma(ids)), ("tag_names", tags.join(","))];
                self.tagged(&Call { query, body: None, ..call }, ids).await
            }
            written => written,
        }
    }

    /// Takes tags off up to 500 records; 1 credit for each started fifty.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/remove-tags.html>
    ///
    /// # Errors
    /// As every call; refusals of single records are among the results.
    pub async fn remove_tags(
        &self,
        module: Module,
        ids: &[RecordId],
        tags: &[&str],
    ) -> Result<Vec<Written>, Error> {
        let query = vec![("ids", comma(ids)), ("tag_names", tags.join(","))];
        self.tagged(&Call { query, ..tagging(Op::RemoveTagsFromMany, module, ids) }, ids).await
    }

    async fn tagged(&self, call: &Call, ids: &[RecordId]) -> Result<Vec<Written>, Error> {
        let ids: Vec<_> = ids.iter().cloned().map(Some).collect();
        self.written(call, "data", &ids).await
    }
}

fn tagging(op: Op, module: Module, ids: &[RecordId]) -> Call {
    Call { module: Some(module), shape: shape(ids.len()), ..Call::new(op) }
}
