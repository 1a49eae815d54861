//! One value as text.

use serde_json::Value;

/// A value as people read it; a reference by its name, where that is known.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(object) => {
            let shown = ["name", "id"].iter().find_map(|key| object.get(*key).and_then(Value::as_str));
            shown.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}
