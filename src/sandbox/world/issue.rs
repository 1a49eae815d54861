//! Why a record is refused, in the service's words.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/status-codes.html>

use serde_json::{Map, Value, json};

use super::{Id, value::Flaw};

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The code.
    pub code: &'static str,
    /// The message.
    pub message: &'static str,
    /// The details, an object.
    pub details: Map<String, Value>,
}

impl Issue {
    fn new(code: &'static str, message: &'static str, details: Value) -> Self {
        let Value::Object(details) = details else { return Self { code, message, details: Map::new() } };
        Self { code, message, details }
    }

    /// A mandatory field is missing; `path` is that of the record.
    pub(super) fn missing(field: &str, path: &str) -> Self {
        let details = json!({ "api_name": field, "json_path": format!("{path}.{field}") });
        Self::new("MANDATORY_NOT_FOUND", "required field not found", details)
    }

    /// The value of a field is not what it takes.
    pub(super) fn flaw(flaw: Flaw, field: &str, path: &str) -> Self {
        let mut details = Map::new();
        match flaw {
            Flaw::Type(expected) => details.insert("expected_data_type".to_owned(), json!(expected)),
            Flaw::Long(most) => details.insert("maximum_length".to_owned(), json!(most)),
        };
        details.insert("api_name".to_owned(), json!(field));
        details.insert("json_path".to_owned(), json!(format!("{path}.{field}")));
        Self { code: "INVALID_DATA", message: "invalid data", details }
    }

    /// The value of a field is none that the field can have.
    pub(super) fn value(field: &str, path: &str) -> Self {
        let details = json!({ "api_name": field, "json_path": format!("{path}.{field}") });
        Self::new("INVALID_DATA", "invalid data", details)
    }

    /// A field points to nothing.
    pub(super) fn reference(field: &str, path: &str) -> Self {
        let details = json!({ "api_name": field, "json_path": format!("{path}.{field}") });
        Self::new("INVALID_DATA", "the id given seems to be invalid", details)
    }

    /// There is no such record.
    pub(super) fn unknown(id: &str, path: &str) -> Self {
        let details = json!({ "id": id, "api_name": "id", "json_path": format!("{path}.id") });
        Self::new("INVALID_DATA", "the id given seems to be invalid", details)
    }

    /// A field needs another one beside it.
    pub(super) fn dependent(field: &str, on: &str, path: &str) -> Self {
        let at = |name: &str| json!({ "api_name": name, "json_path": format!("{path}.{name}") });
        let details =
            json!({ "dependee": at(on), "api_name": field, "json_path": format!("{path}.{field}") });
        Self::new("DEPENDENT_FIELD_MISSING", "dependent field missing", details)
    }

    /// Another record has the value; `owner` is its owner as the service shows it here.
    pub(super) fn duplicate(field: &str, path: &str, other: Id, module: (&str, Id), owner: &Value) -> Self {
        let details = json!({
            "api_name": field,
            "json_path": format!("{path}.{field}"),
            "id": other,
            "more_records": false,
            "duplicate_record": {
                "id": other,
                "Owner": owner,
                "module": { "api_name": module.0, "id": module.1 },
            },
        });
        Self::new("DUPLICATE_DATA", "duplicate data", details)
    }

    /// A note without a word.
    pub(super) fn empty_note(path: &str) -> Self {
        let at = |name: &str| json!({ "api_name": name, "json_path": format!("{path}.{name}") });
        let details = json!({ "expected_fields": [at("Note_Title"), at("Note_Content")] });
        Self::new("EXPECTED_FIELD_MISSING", "should contain either content or title", details)
    }

    /// Too many of something in one field.
    pub(super) fn too_many(field: &str, most: u32, path: &str) -> Self {
        let details =
            json!({ "maximum_length": most, "api_name": field, "json_path": format!("{path}.{field}") });
        Self::new("LIMIT_EXCEEDED", "limit exceeded", details)
    }

    /// The record was changed after the time that the caller named.
    pub(super) fn already_modified(details: Value) -> Self {
        Self::new("ALREADY_MODIFIED", "the record has been modified already", details)
    }

    /// One result out of all that is wrong.
    #[must_use]
    pub fn together(mut issues: Vec<Self>) -> Self {
        if issues.len() == 1 {
            return issues.swap_remove(0);
        }
        let errors: Vec<Value> = issues.iter().map(Self::result).collect();
        Self::new("MULTIPLE_OR_MULTI_ERRORS", "Multiple errors in the request", json!({ "errors": errors }))
    }

    /// The result of the item in an answer.
    #[must_use]
    pub fn result(&self) -> Value {
        json!({ "code": self.code, "details": self.details, "message": self.message, "status": "error" })
    }
}
