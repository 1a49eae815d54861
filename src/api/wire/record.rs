//! A record as the service sends it, with typed views of the keys that the program itself needs.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Reference,
    reference::{id_of, name_of},
};
use crate::domain::RecordId;

/// A record: every key as it came, unknown ones included.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    id: RecordId,
    fields: Map<String, Value>,
}

impl Record {
    /// Reads an object with an id; none without.
    #[must_use]
    pub fn read(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        let id = id_of(fields.get("id")?)?;
        Some(Self { id, fields })
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &RecordId {
        &self.id
    }

    /// The keys and values as they came.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The same without the wrapping.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    /// A value; none when the key is missing or null.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    /// A text value.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    /// A time with its offset, as an instant.
    #[must_use]
    pub fn time(&self, field: &str) -> Option<Timestamp> {
        self.text(field)?.parse().ok()
    }

    /// When the record last changed.
    #[must_use]
    pub fn modified(&self) -> Option<Timestamp> {
        self.time("Modified_Time")
    }

    /// A lookup value.
    #[must_use]
    pub fn reference(&self, field: &str) -> Option<Reference> {
        Reference::read(self.get(field)?)
    }

    /// The team pipeline of a deal: reads call it `Pipeline`, searches `Layout`; both give the layout.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-team-pipeline-records.html>
    #[must_use]
    pub fn pipeline(&self) -> Option<Reference> {
        ["Pipeline", "Layout", "$layout_id"].iter().find_map(|key| self.reference(key))
    }

    /// Names of the tags, which come as objects or as plain text.
    #[must_use]
    pub fn tags(&self) -> Vec<&str> {
        let tags = self.get("Tag").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        tags.iter().filter_map(name_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        Record::read(value).expect("a record")
    }

    #[test]
    fn both_shapes_of_tags_and_of_the_team_pipeline_are_read() {
        let listed = record(json!({"id": "1", "Tag": [{"name": "vip", "id": "2"}, "q3"],
            "Pipeline": {"name": "Sales", "id": "7"}}));
        assert_eq!(listed.tags(), ["vip", "q3"]);
        assert_eq!(listed.pipeline().map(|found| found.id.to_string()).as_deref(), Some("7"));
        let found =
            record(json!({"id": "1", "Tag": null, "Layout": {"id": "8", "display_label": "Service"}}));
        assert!(found.tags().is_empty());
        assert_eq!(found.pipeline().and_then(|found| found.name).as_deref(), Some("Service"));
    }

    #[test]
    fn a_lookup_without_a_name_is_still_a_lookup() {
        let row = record(json!({"id": "1", "Owner": {"id": "5210437000000310001"}, "Account_Name": null}));
        let owner = row.reference("Owner").expect("an owner");
        assert_eq!((owner.id.as_str(), owner.name), ("5210437000000310001", None));
        assert_eq!(row.reference("Account_Name"), None);
    }

    #[test]
    fn odd_values_do_not_cost_the_record() {
        let row =
            record(json!({"id": 9007199254740993u64, "Modified_Time": 7, "Tag": {"x": 1}, "Amount": []}));
        assert_eq!(row.id().as_str(), "9007199254740993");
        assert_eq!((row.modified(), row.text("Amount"), row.tags().len()), (None, None, 0));
        assert!(Record::read(json!({"Last_Name": "no id"})).is_none());
    }

    proptest! {
        #[test]
        fn ids_keep_every_digit(digits in "[0-9]{1,20}") {
            let row = record(json!({ "id": digits }));
            prop_assert_eq!(row.id().as_str(), digits.as_str());
            prop_assert_eq!(row.fields()["id"].as_str(), Some(digits.as_str()));
        }
    }
}
