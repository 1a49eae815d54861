//! What the org's administrators set up: modules, fields, pipelines, views, related lists.

mod fields;
mod pipelines;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    call::Call,
    client::{Answer, Client},
    endpoint::Op,
    error::{Error, Kind},
    records::ListQuery,
    wire::{self, Reference, id_of, name_of},
};
use crate::domain::{Module, Pipeline, RecordId, SafeText, Schema};
pub use pipelines::pipelines_seen_in;

/// A module as the org has it.
///
/// <https://www.bigin.com/developer/docs/apis/v2/modules-api.html>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ModuleInfo {
    /// As it stands in URLs.
    pub api_name: String,
    /// What the org calls it; tabs can be renamed.
    #[serde(default)]
    pub plural_label: Option<String>,
    /// The same for one record.
    #[serde(default)]
    pub singular_label: Option<String>,
    /// The API serves its records.
    #[serde(default)]
    pub api_supported: bool,
}

/// A custom view.
///
/// <https://www.bigin.com/developer/docs/apis/custom-view-meta.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomView {
    /// To list by: 3 credits.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// The one shown first.
    pub default: bool,
}

/// A related list of a module.
///
/// <https://www.bigin.com/developer/docs/apis/v2/related-list-meta.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedList {
    /// As it stands in URLs.
    pub api_name: String,
    /// What people call it.
    pub label: String,
    /// API name of the module that its records are of.
    pub module: Option<String>,
}

impl Client {
    /// Every module of the org, also those that the API does not serve.
    ///
    /// # Errors
    /// As every call.
    pub async fn modules(&self) -> Result<Vec<ModuleInfo>, Error> {
        self.settings(Call::new(Op::ListModules), "modules").await
    }

    /// The fields of a module.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
    ///
    /// # Errors
    /// As every call; [`Kind::Forbidden`] for users that are no administrators.
    pub async fn schema(&self, module: Module) -> Result<Schema, Error> {
        let fields: Vec<fields::FieldShape> = self.settings(of(Op::ListFields, module), "fields").await?;
        let module = module.api_name().to_owned();
        Ok(Schema { module, fields: fields.into_iter().map(fields::FieldShape::into_field).collect() })
    }

    /// The team pipelines, from the layouts of the deals' module. Where the user may not read layouts, they
    /// are put together from what the newest 200 deals show.
    ///
    /// <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn pipelines(&self) -> Result<Vec<Pipeline>, Error> {
        let layouts = self.settings(of(Op::ListLayouts, Module::Pipelines), "layouts").await;
        match layouts {
            Ok(layouts) => Ok(pipelines::of_layouts(layouts)),
            Err(error) if matches!(error.kind(), Kind::Forbidden { .. }) => {
                let query = ListQuery::of(["Pipeline", "Sub_Pipeline", "Stage"]);
                Ok(pipelines_seen_in(&self.list(Module::Pipelines, &query).await?.rows))
            }
            Err(error) => Err(error),
        }
    }

    /// The custom views of a module.
    ///
    /// # Errors
    /// As every call.
    pub async fn views(&self, module: Module) -> Result<Vec<CustomView>, Error> {
        let views: Vec<Value> = self.settings(of(Op::ListViews, module), "custom_views").await?;
        Ok(views.iter().filter_map(CustomView::read).collect())
    }

    /// The related lists of a module, in the org's order.
    ///
    /// # Errors
    /// As every call.
    pub async fn related_lists(&self, module: Module) -> Result<Vec<RelatedList>, Error> {
        let lists: Vec<Value> = self.settings(of(Op::ListRelatedLists, module), "related_lists").await?;
        Ok(lists.iter().filter_map(RelatedList::read).collect())
    }

    /// The list under `key`; nothing when there is none.
    pub(super) async fn settings<T: DeserializeOwned>(&self, call: Call, key: &str) -> Result<Vec<T>, Error> {
        let Answer::Json(_, mut value) = self.send(&call).await? else { return Ok(Vec::new()) };
        let failed = |kind| Error::new(call.words(), kind).during(call.op);
        match value.get_mut(key) {
            Some(list) => wire::typed(list.take()).map_err(failed),
            None => {
                Err(failed(Kind::Unexpected { problem: SafeText::new(&format!("no list under `{key}`")) }))
            }
        }
    }
}

impl CustomView {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Self {
            id: id_of(value.get("id")?)?,
            name: text("display_value").or_else(|| text("name"))?.to_owned(),
            default: value.get("default").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

impl RelatedList {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let api_name = text("api_name")?;
        Some(Self {
            label: text("display_label").or_else(|| text("name")).unwrap_or_else(|| api_name.clone()),
            module: value.get("module").and_then(name_of).map(str::to_owned),
            api_name,
        })
    }
}

fn of(op: Op, module: Module) -> Call {
    Call { module: Some(module), query: vec![("module", module.api_name().to_owned())], ..Call::new(op) }
}

/// The name of what an object refers to; its id where it has none.
pub(super) fn name_or_id(value: &Value) -> Option<String> {
    let found = Reference::read(value)?;
    Some(found.name.unwrap_or_else(|| found.id.into()))
}
