//! What a bulk write asks for.

use serde_json::{Value as Json, json};

use super::{mapping::Mapping, refuse};
use crate::sandbox::{
    Reply, assumptions,
    jobs::{callback, export::query::module_name, sheet::Encoding},
    world::{
        Id, Metadata,
        metadata::{Field, Module},
    },
};

/// What is done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Operation {
    /// A new record.
    Insert,
    /// A change to the record that it matches.
    Update,
    /// A change to the record that it matches, or a new one.
    Upsert,
}

/// What a bulk write is made of.
#[derive(Debug)]
pub struct Order<'a> {
    /// What is done.
    pub operation: Operation,
    /// The module.
    pub module: &'a Module,
    /// The uploaded file.
    pub file: Id,
    /// The field by which rows match records.
    pub find_by: Option<&'a Field>,
    /// Whether empty cells leave fields alone instead of clearing them.
    pub ignore_empty: bool,
    /// Which cell goes where; none when the header says it.
    pub mappings: Option<Vec<Mapping<'a>>>,
    /// The encoding that the file is said to have.
    pub encoding: Option<Encoding>,
    /// Who hears that the job has ended.
    pub callback: Option<String>,
}

impl<'a> Order<'a> {
    /// Reads the body of a request for a bulk write.
    ///
    /// # Errors
    /// The refusal of what cannot be done, in the words of the documentation.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/bulk-write/create-job.html>
    pub fn read(metadata: &'a Metadata, body: &Json) -> Result<Self, Reply> {
        let given = |object: &'_ Json, key: &str| object.get(key).filter(|value| !value.is_null()).cloned();
        let operation = given(body, "operation").ok_or_else(|| missing("operation"))?;
        let operation = operation.as_str().and_then(|word| word.parse().ok()).ok_or_else(|| {
            invalid(json!({ "api_name": "operation", "supported": ["insert", "update", "upsert"] }))
        })?;
        let callback = callback::read(body.get("callback"))?;
        let encoding = match given(body, "character_encoding") {
            None => None,
            Some(name) => {
                let encoding = name.as_str().and_then(Encoding::of);
                Some(encoding.ok_or_else(|| invalid(json!({ "api_name": "character_encoding" })))?)
            }
        };
        let resource = given(body, "resource").ok_or_else(|| missing("resource"))?;
        let Some([resource]) = resource.as_array().map(Vec::as_slice) else {
            return Err(invalid(json!({
                "api_name": "resource", "expected_data_type": "jsonarray", "maximum_length": 1
            })));
        };
        let kind = given(resource, "type").ok_or_else(|| missing("type"))?;
        if kind != "data" {
            return Err(invalid(json!({ "api_name": "type", "supported": ["data"] })));
        }
        let module = module(metadata, resource)?;
        let file = given(resource, "file_id").ok_or_else(|| missing("file_id"))?;
        let file = file.as_str().map_or_else(|| file.to_string(), str::to_owned);
        let file = Id::parse(&file).ok_or_else(invalid_file)?;
        let mappings = match given(resource, "field_mappings") {
            None => None,
            Some(mappings) => {
                let array = mappings.as_array().ok_or_else(|| {
                    invalid(json!({ "api_name": "field_mappings", "expected_data_type": "jsonarray" }))
                })?;
                Some(Mapping::all(module, array)?)
            }
        };
        let order = Self {
            operation,
            module,
            file,
            find_by: find_by(module, operation, given(resource, "find_by"))?,
            ignore_empty: ignore_empty(body, resource)?,
            mappings,
            encoding,
            callback,
        };
        match &order.mappings {
            Some(mappings) if !order.is_complete(mappings) => Err(incomplete()),
            _ => Ok(order),
        }
    }

    /// Whether every mandatory field of new records is mapped, and what rows match records by.
    #[must_use]
    pub fn is_complete(&self, mappings: &[Mapping<'_>]) -> bool {
        let mapped = |field: &Field| mappings.iter().any(|mapping| mapping.field.api_name == field.api_name);
        let inserts = self.operation != Operation::Update;
        let mandatory = self.module.fields.iter().filter(|field| field.mandatory && field.default.is_none());
        self.find_by.is_none_or(mapped) && (!inserts || mandatory.into_iter().all(mapped))
    }
}

fn module<'a>(metadata: &'a Metadata, resource: &Json) -> Result<&'a Module, Reply> {
    let name = module_name(&resource["module"]).ok_or_else(|| missing("module"))?;
    let module = assumptions::IMPORTED.contains(&name).then(|| metadata.module(name)).flatten();
    module.ok_or_else(|| {
        let message = format!("Requested module '{name}' is not available.");
        refuse("MODULE_NOT_AVAILABLE", &message, json!({ "api_name": name }))
    })
}

/// Updates need a field to match by: the id, or a unique field. Inserts match nothing.
fn find_by(module: &Module, operation: Operation, name: Option<Json>) -> Result<Option<&Field>, Reply> {
    if operation == Operation::Insert {
        return Ok(None);
    }
    let name = name.ok_or_else(|| missing("find_by"))?;
    let name = name.as_str().unwrap_or_default();
    let field = module.field(name).filter(|field| field.unique || field.api_name == "id");
    field.map(Some).ok_or_else(|| invalid_field(name))
}

/// `ignore_empty` stands at the top or in the resource, not in both.
fn ignore_empty(body: &Json, resource: &Json) -> Result<bool, Reply> {
    let flag = match (body.get("ignore_empty"), resource.get("ignore_empty")) {
        (Some(_), Some(_)) => {
            let message = "ignore_empty cannot be given twice";
            let details = json!({ "api_name": "ignore_empty" });
            return Err(refuse("COEXISTENCE_NOT_ALLOWED", message, details));
        }
        (flag, other) => flag.or(other),
    };
    match flag {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(flag)) => Ok(*flag),
        Some(_) => Err(invalid(json!({ "api_name": "ignore_empty", "expected_data_type": "boolean" }))),
    }
}

fn missing(key: &str) -> Reply {
    let message = format!("required key {key} is not found in request body.");
    refuse("MANDATORY_NOT_FOUND", &message, json!({ "api_name": key }))
}

fn invalid(details: Json) -> Reply {
    refuse("INVALID_DATA", "invalid data", details)
}

/// The refusal of a file that was not uploaded, or too long ago.
#[must_use]
pub fn invalid_file() -> Reply {
    refuse("INVALID_FILE_ID", "improper file id", json!({ "api_name": "file_id" }))
}

/// The refusal of a field that cannot be written or matched by.
pub(super) fn invalid_field(name: &str) -> Reply {
    let message = format!("invalid mapping. invalid api_name {name}.");
    refuse("INVALID_FIELD", &message, json!({ "api_name": name }))
}

fn incomplete() -> Reply {
    let message = "All mandatory fields are not mapped for the layout";
    refuse("MANDATORY_FIELDS_NOT_MAPPED", message, json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{reply::Content, world::Prefix};

    fn code(body: &Json) -> String {
        let metadata = Metadata::new(Prefix::of_seed(1));
        match Order::read(&metadata, body).map(|order| order.file) {
            Ok(_) => "taken".to_owned(),
            Err(Reply { content: Content::Json(body), .. }) => {
                body["code"].as_str().expect("a code").to_owned()
            }
            Err(other) => format!("{other:?}"),
        }
    }

    fn body() -> Json {
        json!({ "operation": "upsert", "resource": [{
            "type": "data", "module": "Contacts", "file_id": "5000000001492610", "find_by": "Email",
            "field_mappings": [{ "api_name": "Last_Name", "index": 0 }, { "api_name": "Email", "index": 1 }],
        }] })
    }

    fn with(change: impl FnOnce(&mut Json)) -> String {
        let mut body = body();
        change(&mut body);
        code(&body)
    }

    fn without(key: &'static str) -> String {
        with(|body| {
            let object = body.as_object_mut().expect("an object");
            object.shift_remove(key);
            object["resource"][0].as_object_mut().expect("an object").shift_remove(key);
        })
    }

    #[test]
    fn each_part_of_an_order_is_checked() {
        assert_eq!(code(&body()), "taken");
        assert_eq!(code(&json!({})), "MANDATORY_NOT_FOUND");
        for key in ["operation", "type", "module", "file_id", "find_by"] {
            assert_eq!(without(key), "MANDATORY_NOT_FOUND", "{key}");
        }
        assert_eq!(without("field_mappings"), "taken");
        assert_eq!(with(|body| body["operation"] = json!("delete")), "INVALID_DATA");
        assert_eq!(with(|body| body["resource"] = json!([])), "INVALID_DATA");
        assert_eq!(with(|body| body["character_encoding"] = json!("EBCDIC")), "INVALID_DATA");
        assert_eq!(with(|body| body["resource"][0]["file_id"] = json!("x")), "INVALID_FILE_ID");
        assert_eq!(with(|body| body["resource"][0]["find_by"] = json!("Phone")), "INVALID_FIELD");
        assert_eq!(with(|body| body["resource"][0]["module"] = json!({ "api_name": "Contacts" })), "taken");
        for module in ["Leads", "Notes", "Tasks", "Events", "Calls", "Attachments", "Users"] {
            let code = with(|body| body["resource"][0]["module"] = json!(module));
            assert_eq!(code, "MODULE_NOT_AVAILABLE", "{module}");
        }
        let twice = with(|body| {
            body["ignore_empty"] = json!(true);
            body["resource"][0]["ignore_empty"] = json!(true);
        });
        assert_eq!(twice, "COEXISTENCE_NOT_ALLOWED");
    }

    #[test]
    fn mappings_name_fields_that_can_be_written_once_and_whole() {
        let mapped = |mapping: Json| {
            with(|body| body["resource"][0]["field_mappings"].as_array_mut().expect("a list").push(mapping))
        };
        assert_eq!(mapped(json!({ "api_name": "Phone", "index": 2 })), "taken");
        assert_eq!(mapped(json!({ "api_name": "id", "index": 2 })), "taken");
        assert_eq!(mapped(json!({ "api_name": "Title", "default_value": { "value": "Buyer" } })), "taken");
        assert_eq!(mapped(json!({ "index": 2 })), "INVALID_FIELD");
        assert_eq!(mapped(json!({ "api_name": "Nothing", "index": 2 })), "INVALID_FIELD");
        for name in ["Created_By", "Modified_Time", "Record_Image", "Full_Name"] {
            assert_eq!(mapped(json!({ "api_name": name, "index": 2 })), "INVALID_FIELD_NAME", "{name}");
        }
        assert_eq!(mapped(json!({ "api_name": "Phone" })), "COLUMN_INDEX_NOT_FOUND");
        assert_eq!(mapped(json!({ "api_name": "Phone", "index": -1 })), "COLUMN_INDEX_NOT_FOUND");
        assert_eq!(mapped(json!({ "api_name": "Email", "index": 2 })), "DUPLICATE_DATA");
        let dated = |format: &str| mapped(json!({ "api_name": "Birthday", "index": 2, "format": format }));
        assert_eq!(dated("MM-dd-yyyy"), "taken");
        assert_eq!(dated("yyyy-MM-dd'T'HH:mm:ss"), "taken");
        assert_eq!(dated("the day"), "INVALID_FORMAT");
        let less = with(|body| {
            body["resource"][0]["field_mappings"].as_array_mut().expect("a list").remove(0);
        });
        assert_eq!(less, "MANDATORY_FIELDS_NOT_MAPPED");
        let update = with(|body| {
            body["operation"] = json!("update");
            body["resource"][0]["field_mappings"].as_array_mut().expect("a list").remove(0);
        });
        assert_eq!(update, "taken");
    }
}
