//! A record or user named by id.

use serde_json::Value;

use crate::domain::RecordId;

/// A lookup value: `{"id", "name"}`, and for users an `email`.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The id.
    pub id: RecordId,
    /// Missing where the answer names none, as COQL does.
    pub name: Option<String>,
    /// Of a user.
    pub email: Option<String>,
}

impl Reference {
    /// Reads an object with an `id`, or a bare id; none for anything else.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = id_of(value.get("id").unwrap_or(value))?;
        Some(Self { id, name: text("name").or_else(|| text("display_label")), email: text("email") })
    }
}

/// An id as it comes: text, or a number in a few old answers.
pub(in crate::api) fn id_of(value: &Value) -> Option<RecordId> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// A name as it comes: text, or an object with an API name or a name.
pub(in crate::api) fn name_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("api_name")?.as_str()).or_else(|| value.get("name")?.as_str())
}
