//! Fields as the service describes them.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    api::{search::number, wire::name_of},
    domain::{Field, FieldKind},
};

/// The entry that stands for no choice; it is written as null.
const NONE: &str = "-None-";

/// A field object; keys that the program does not use are left out.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
#[derive(Debug, Clone, Deserialize)]
pub(super) struct FieldShape {
    pub(super) api_name: String,
    #[serde(default)]
    field_label: Option<String>,
    #[serde(default)]
    display_label: Option<String>,
    #[serde(default)]
    data_type: Option<String>,
    #[serde(default)]
    json_type: Option<String>,
    #[serde(default)]
    length: Value,
    #[serde(default)]
    system_mandatory: Option<bool>,
    #[serde(default)]
    required: Option<bool>,
    #[serde(default)]
    read_only: Option<bool>,
    #[serde(default)]
    field_read_only: Option<bool>,
    #[serde(default)]
    custom_field: Option<bool>,
    #[serde(default)]
    operation_type: Value,
    #[serde(default)]
    unique: Value,
    #[serde(default)]
    lookup: Value,
    #[serde(default)]
    pick_list_values: Option<Vec<PickValue>>,
}

/// A value of a picklist. Reads and writes use `actual_value`, people see `display_value`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PickValue {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) actual_value: Option<String>,
    #[serde(default)]
    pub(super) display_value: Option<String>,
    #[serde(default)]
    sequence_number: Value,
    #[serde(default, rename = "type")]
    usage: Option<String>,
    #[serde(default)]
    pub(super) probability: Value,
    #[serde(default)]
    pub(super) forecast_type: Option<String>,
    #[serde(default)]
    pub(super) sys_ref_name: Option<String>,
    #[serde(default)]
    pub(super) maps: Option<Vec<DependentValues>>,
}

/// Values of another picklist that go with one value.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct DependentValues {
    #[serde(default)]
    pub(super) api_name: Option<String>,
    #[serde(default)]
    pub(super) pick_list_values: Option<Vec<PickValue>>,
}

impl FieldShape {
    /// The values in use, in their order.
    pub(super) fn values(&self) -> Vec<&PickValue> {
        let mut values: Vec<_> = self
            .pick_list_values
            .iter()
            .flatten()
            .filter(|value| value.usage.as_deref() != Some("unused") && value.value() != Some(NONE))
            .collect();
        values.sort_by_key(|value| number(&value.sequence_number).unwrap_or(u64::MAX));
        values
    }

    /// The people of an event are called a text and written as a list of objects: no kind that can be queried.
    fn kind(&self) -> FieldKind {
        let kind = self.data_type.as_deref().map_or(FieldKind::Unknown, FieldKind::of);
        let listed = self.json_type.as_deref() == Some("jsonarray") && self.api_name != "Tag";
        if kind == FieldKind::Text && listed { FieldKind::Unknown } else { kind }
    }

    pub(super) fn into_field(self) -> Field {
        let choices = self.values().into_iter().filter_map(PickValue::value).map(str::to_owned).collect();
        let may =
            |operation: &str| self.operation_type.get(operation).and_then(Value::as_bool) != Some(false);
        let is = |flag: Option<bool>| flag.unwrap_or(false);
        let kind = self.kind();
        Field {
            label: self.display_label.or(self.field_label).unwrap_or_else(|| self.api_name.clone()),
            kind,
            length: number(&self.length).and_then(|length| u32::try_from(length).ok()),
            mandatory: is(self.system_mandatory) || is(self.required),
            read_only: is(self.read_only)
                || is(self.field_read_only)
                || !(may("api_create") || may("api_update")),
            unique: is_unique(&self.unique),
            custom: is(self.custom_field),
            lookup: self.lookup.get("module").and_then(name_of).map(str::to_owned),
            choices,
            api_name: self.api_name,
        }
    }
}

impl PickValue {
    pub(super) fn value(&self) -> Option<&str> {
        self.actual_value.as_deref().or(self.display_value.as_deref())
    }
}

/// `{}`, `false` and `"false"` mean no; an object with anything in it means yes, whatever it says of case.
fn is_unique(value: &Value) -> bool {
    match value {
        Value::Object(rules) => !rules.is_empty(),
        Value::Bool(unique) => *unique,
        Value::String(text) => text == "true",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(value: Value) -> Field {
        serde_json::from_value::<FieldShape>(value).expect("a field").into_field()
    }

    #[test]
    fn a_lookup_s_module_comes_as_an_object_or_as_text() {
        let object = json!({"api_name": "Account_Name", "field_label": "Company Name", "data_type": "lookup",
            "lookup": {"module": {"api_name": "Accounts", "id": "2"}}, "length": 100});
        let read = field(object);
        assert_eq!((read.lookup.as_deref(), read.label.as_str()), (Some("Accounts"), "Company Name"));
        let text = json!({"api_name": "A", "data_type": "lookup", "lookup": {"module": "Contacts"}});
        assert_eq!(field(text).lookup.as_deref(), Some("Contacts"));
        assert_eq!(field(json!({"api_name": "B", "data_type": "text", "lookup": {}})).lookup, None);
    }

    #[test]
    fn a_list_that_calls_itself_a_text_is_of_no_known_kind() {
        let kind = |name: &str, json: &str| {
            field(json!({"api_name": name, "data_type": "text", "json_type": json})).kind
        };
        assert_eq!(kind("Participants", "jsonarray"), FieldKind::Unknown);
        assert_eq!(kind("Tag", "jsonarray"), FieldKind::Text);
        assert_eq!(kind("Venue", "string"), FieldKind::Text);
    }

    #[test]
    fn choices_are_the_values_in_use_by_their_order() {
        let read = field(json!({"api_name": "Industry", "data_type": "picklist", "pick_list_values": [
            {"display_value": "-None-", "actual_value": "-None-"},
            {"display_value": "Second", "actual_value": "2", "sequence_number": 2, "type": "used"},
            {"display_value": "First", "actual_value": "1", "sequence_number": 1},
            {"display_value": "Old", "actual_value": "0", "sequence_number": 3, "type": "unused"}]}));
        assert_eq!(read.choices, ["1", "2"]);
    }

    #[test]
    fn uniqueness_and_writability_are_read_in_every_spelling() {
        let unique = |unique: Value| field(json!({"api_name": "A", "unique": unique})).unique;
        assert!(unique(json!({"casesensitive": "0"})));
        assert!(!unique(json!({})) && !unique(json!("false")) && !unique(Value::Null));
        let closed = json!({"api_name": "A", "operation_type": {"api_create": false, "api_update": false}});
        assert!(field(closed).read_only);
        assert!(field(json!({"api_name": "A", "field_read_only": true, "read_only": null})).read_only);
        assert!(!field(json!({"api_name": "A", "operation_type": {"api_create": true}})).read_only);
    }
}
