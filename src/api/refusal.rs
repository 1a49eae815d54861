//! What the service says when it refuses a call or one record of it.

use serde_json::{Map, Value};

use crate::domain::{RecordId, SafeText};

/// A refusal in the service's words: `{code, details, message, status}`.
///
/// <https://www.bigin.com/developer/docs/apis/v2/status-codes.html>
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status of the answer.
    pub status: u16,
    /// `INVALID_DATA`, `DUPLICATE_DATA` and so on.
    pub code: String,
    /// The service's sentence, made safe to show.
    pub message: SafeText,
    /// What the code is about; the keys depend on it.
    pub details: Map<String, Value>,
    /// Which record of the call, from 0; none when the whole call was refused.
    pub item: Option<usize>,
}

impl Refusal {
    /// Reads an error object; none when `value` is not one.
    pub(super) fn read(status: u16, value: &Value, item: Option<usize>) -> Option<Self> {
        let object = value.as_object()?;
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("status") == "success" || text("code").is_empty() {
            return None;
        }
        let details = object.get("details").and_then(Value::as_object).cloned().unwrap_or_default();
        let (code, message) = (text("code").to_owned(), SafeText::new(text("message")));
        Some(Self { status, code, message, details, item })
    }

    /// The API name of the field that the refusal is about, if it names one; the first, if it is about several.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        fn named(details: &Map<String, Value>) -> Option<&str> {
            ["api_name", "column_name", "param_name", "param"]
                .iter()
                .find_map(|key| details.get(*key).and_then(Value::as_str))
        }
        let inner = || self.errors().filter_map(|error| error.get("details")?.as_object());
        named(&self.details).or_else(|| inner().find_map(named))
    }

    /// The single refusals of a record that has several things wrong.
    fn errors(&self) -> impl Iterator<Item = &Value> {
        self.details.get("errors").and_then(Value::as_array).into_iter().flatten()
    }

    /// The record that is already there, for `DUPLICATE_DATA`.
    #[must_use]
    pub fn duplicate_of(&self) -> Option<RecordId> {
        let nested = self.details.get("duplicate_record").and_then(|record| record.get("id"));
        let id = nested.or_else(|| self.details.get("id")).and_then(Value::as_str)?;
        (self.code == "DUPLICATE_DATA").then(|| id.parse().ok()).flatten()
    }

    /// One sentence: the message, the field and the bound that it broke; one for each thing that is wrong.
    #[must_use]
    pub fn sentence(&self) -> String {
        let several: Vec<_> =
            self.errors().filter_map(|error| Self::read(self.status, error, self.item)).collect();
        if !several.is_empty() {
            return several.iter().map(Self::sentence).collect::<Vec<_>>().join("; ");
        }
        let mut sentence = if self.message.as_str().is_empty() {
            self.code.to_lowercase()
        } else {
            self.message.to_string()
        };
        if let Some(field) = self.field() {
            sentence += &format!(": {}", SafeText::new(field));
        }
        let detail = |key: &str| self.details.get(key).filter(|value| !value.is_null());
        if let Some(length) = detail("maximum_length").or_else(|| detail("limit")) {
            sentence += &format!(" (at most {})", plain(length));
        }
        if let Some(kind) = detail("expected_data_type") {
            sentence += &format!(" (expected {})", plain(kind));
        }
        sentence
    }
}

fn plain(value: &Value) -> SafeText {
    SafeText::new(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Option<Refusal> {
        Refusal::read(400, value, Some(2))
    }

    #[test]
    fn the_sentence_names_field_and_bound() {
        let long = json!({"code": "INVALID_DATA", "message": "invalid data", "status": "error",
            "details": {"maximum_length": 80, "api_name": "Last_Name", "json_path": "$.data[2].Last_Name"}});
        let refusal = read(&long).expect("an error object");
        assert_eq!(refusal.sentence(), "invalid data: Last_Name (at most 80)");
        assert_eq!((refusal.item, refusal.field()), (Some(2), Some("Last_Name")));
    }

    #[test]
    fn several_things_wrong_are_all_told() {
        let wrong = |field: &str| {
            json!({"code": "INVALID_DATA", "message": "invalid data", "status": "error",
                "details": {"api_name": field, "expected_data_type": "date"}})
        };
        let both = json!({"code": "MULTIPLE_OR_MULTI_ERRORS", "message": "Multiple errors in the request",
            "status": "error", "details": {"errors": [wrong("Closing_Date"), wrong("Due_Date")]}});
        let refusal = read(&both).expect("an error object");
        let told = "invalid data: Closing_Date (expected date); invalid data: Due_Date (expected date)";
        assert_eq!((refusal.sentence().as_str(), refusal.field()), (told, Some("Closing_Date")));
    }

    #[test]
    fn a_duplicate_names_the_record_that_is_there() {
        let nested = json!({"code": "DUPLICATE_DATA", "status": "error", "message": "duplicate data",
            "details": {"api_name": "Email", "id": "1", "duplicate_record": {"id": "5210437000000412009"}}});
        let id = read(&nested).and_then(|refusal| refusal.duplicate_of());
        assert_eq!(id.map(String::from).as_deref(), Some("5210437000000412009"));
        let flat = json!({"code": "DUPLICATE_DATA", "status": "error", "details": {"id": "42"}});
        assert!(read(&flat).and_then(|refusal| refusal.duplicate_of()).is_some());
    }

    #[test]
    fn success_is_no_refusal_and_hostile_words_are_made_safe() {
        assert!(read(&json!({"code": "SUCCESS", "status": "success", "details": {}})).is_none());
        assert!(read(&json!([])).is_none());
        let hostile = json!({"code": "X", "message": "\u{1b}]0;owned\u{7}", "status": "error"});
        assert_eq!(read(&hostile).expect("an error").message.as_str(), "␛]0;owned␇");
    }
}
