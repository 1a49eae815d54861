//! The criteria of a bulk read: conditions in nested groups.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>

use serde_json::{Value as Json, json};

use super::{
    path::{Missing, Path},
    people, refuse,
};
use crate::{
    domain::FieldKind,
    sandbox::{
        Reply, assumptions,
        world::{
            User,
            filter::{Clause, Comparator, Filter, FilterError, Viewpoint},
            metadata::{Metadata, Module},
        },
    },
};

/// Reads criteria.
#[derive(Debug)]
pub struct Reading<'a> {
    metadata: &'a Metadata,
    module: &'a Module,
    users: &'a [User],
    viewpoint: &'a Viewpoint,
    conditions: usize,
    /// Lookups that conditions look through.
    pub lookups: Vec<&'static str>,
}

impl<'a> Reading<'a> {
    /// Criteria over `module`, as seen from `viewpoint`.
    #[must_use]
    pub const fn new(
        metadata: &'a Metadata,
        module: &'a Module,
        users: &'a [User],
        viewpoint: &'a Viewpoint,
    ) -> Self {
        Self { metadata, module, users, viewpoint, conditions: 0, lookups: Vec::new() }
    }

    /// Reads a node: a condition names its field as `api_name` or `field.api_name`.
    ///
    /// # Errors
    /// The refusal of criteria that cannot be used.
    pub fn node(&mut self, node: &Json) -> Result<Filter, Reply> {
        let Some(object) = node.as_object() else {
            return Err(refuse("INVALID_CRITERIA", "The criteria is not valid", json!({ "criteria": node })));
        };
        let group = object.contains_key("group") || object.contains_key("group_operator");
        let condition =
            ["api_name", "field", "comparator", "value"].iter().any(|key| object.contains_key(*key));
        match (group, condition) {
            (true, false) => self.group(node),
            (false, true) => self.condition(node),
            (true, true) => Err(refuse("AMBIGUOUS_CRITERIA", "The criteria is ambiguous", node.clone())),
            (false, false) => {
                let details = json!({ "criteria": node });
                Err(refuse("CRITERIA_NOT_SUPPORTED", "The criteria is not supported", details))
            }
        }
    }

    fn group(&mut self, node: &Json) -> Result<Filter, Reply> {
        let inner = node["group"].as_array().filter(|inner| !inner.is_empty());
        let (Some(operator), Some(inner)) = (node["group_operator"].as_str(), inner) else {
            return Err(refuse("AMBIGUOUS_GROUP_IN_CRITERIA", "The group is ambiguous", node.clone()));
        };
        let operator = operator.to_ascii_lowercase();
        if !matches!(operator.as_str(), "and" | "or") {
            let details = json!({ "supported": ["and", "or"] });
            let message = "The group operator is not supported";
            return Err(refuse("GROUP_OPERATOR_NOT_SUPPORTED", message, details));
        }
        let inner = inner.iter().map(|node| self.node(node)).collect::<Result<_, _>>()?;
        Ok(if operator == "and" { Filter::All(inner) } else { Filter::Any(inner) })
    }

    fn condition(&mut self, node: &Json) -> Result<Filter, Reply> {
        self.conditions += 1;
        if self.conditions > assumptions::CRITERIA {
            let details = json!({ "max_limit": assumptions::CRITERIA });
            return Err(refuse("CRITERIA_LIMIT_EXCEEDED", "There are too many conditions", details));
        }
        let name = node["api_name"].as_str().or_else(|| node["field"]["api_name"].as_str());
        let (Some(name), Some(word), Some(value)) = (name, node["comparator"].as_str(), node.get("value"))
        else {
            return Err(refuse("AMBIGUOUS_CRITERIA", "The criteria is ambiguous", node.clone()));
        };
        let path = Path::read(self.metadata, self.module, name).map_err(|missing| match missing {
            Missing::Unknown => {
                let message = "The field in the criteria is not available";
                refuse("FIELD_IN_CRITERIA_NOT_AVAILABLE", message, self.about(name))
            }
            Missing::Closed => self.closed(name),
        })?;
        let supported = supported(path.kind);
        if supported.is_empty() {
            return Err(self.closed(name));
        }
        let comparator = comparator(name, word, supported)?;
        let values = values(name, path.kind, comparator, value)?;
        if path.joined.is_some() {
            self.lookups.push(path.field);
        }
        if path.is_of_user() {
            return Ok(people::filter(&path, comparator, &values, self.users));
        }
        let filter = Filter::Test { field: name.to_owned(), comparator, values };
        // What does not fit shows when the condition is put into words.
        let mut clause = Clause::default();
        match filter.write(self.metadata, self.module, self.viewpoint, &mut clause) {
            Ok(()) => Ok(filter),
            Err(FilterError::Field(_)) => Err(self.closed(name)),
            Err(_) => {
                let message = "The field and the value in the criteria are not compatible";
                let details = about_value(name, path.kind, comparator, value);
                Err(refuse("FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message, details))
            }
        }
    }

    fn about(&self, name: &str) -> Json {
        json!({ "api_name": name, "module": self.module.api_name })
    }

    fn closed(&self, name: &str) -> Reply {
        let message = "The field in the criteria is not supported";
        refuse("FIELD_IN_CRITERIA_NOT_SUPPORTED", message, self.about(name))
    }
}

/// What fields of a kind can be compared by; nothing when they cannot stand in criteria.
const fn supported(kind: FieldKind) -> &'static [Comparator] {
    use Comparator::{
        Between, Contains, EndsWith, Equal, GreaterEqual, GreaterThan, In, LessEqual, LessThan, NotBetween,
        NotContains, NotEqual, NotIn, StartsWith,
    };
    match kind {
        FieldKind::Text
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Website
        | FieldKind::PickList
        | FieldKind::AutoNumber
        | FieldKind::MultiSelectPickList => {
            &[Equal, NotEqual, In, NotIn, Contains, NotContains, StartsWith, EndsWith]
        }
        FieldKind::Integer
        | FieldKind::BigInt
        | FieldKind::Double
        | FieldKind::Currency
        | FieldKind::Percent => &[Equal, NotEqual, In, NotIn, LessThan, LessEqual, GreaterThan, GreaterEqual],
        FieldKind::Date | FieldKind::DateTime => {
            &[Equal, NotEqual, In, NotIn, LessThan, LessEqual, GreaterThan, GreaterEqual, Between, NotBetween]
        }
        FieldKind::Boolean => &[Equal],
        FieldKind::Lookup | FieldKind::OwnerLookup | FieldKind::UserLookup => &[Equal, NotEqual, In, NotIn],
        _ => &[],
    }
}

fn comparator(name: &str, word: &str, supported: &[Comparator]) -> Result<Comparator, Reply> {
    let words: Vec<&str> = supported.iter().map(Into::into).collect();
    let details = json!({ "api_name": name, "comparator": word, "supported": words });
    match word.parse().ok().filter(|comparator| *comparator != Comparator::Words) {
        Some(comparator) if supported.contains(&comparator) => Ok(comparator),
        Some(_) => {
            let message = "The field and the comparator in the criteria are not compatible";
            Err(refuse("FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", message, details))
        }
        None => {
            let message = "The comparator of the field in the criteria is not supported";
            Err(refuse("FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", message, details))
        }
    }
}

fn about_value(name: &str, kind: FieldKind, comparator: Comparator, value: &Json) -> Json {
    let word: &str = comparator.into();
    json!({ "api_name": name, "comparator": word, "type": kind.to_string(), "value": value })
}

/// The value of a condition as a list, which `in` and `between` take and others do not.
fn values(name: &str, kind: FieldKind, comparator: Comparator, value: &Json) -> Result<Vec<String>, Reply> {
    let pair = matches!(comparator, Comparator::Between | Comparator::NotBetween);
    let takes_list = pair || matches!(comparator, Comparator::In | Comparator::NotIn);
    let list = match value {
        Json::Array(list) if takes_list => list.as_slice(),
        one if !takes_list => std::slice::from_ref(one),
        _ => return Err(value_type(name, takes_list)),
    };
    if list.len() > assumptions::CRITERIA_VALUES {
        let details = json!({ "max_limit": assumptions::CRITERIA_VALUES });
        let message = "There are too many values in the criteria";
        return Err(refuse("VALUE_LIMIT_EXCEEDED_IN_CRITERIA", message, details));
    }
    let mut values = Vec::new();
    for item in list {
        values.push(match item {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Bool(flag) => flag.to_string(),
            _ => return Err(value_type(name, takes_list)),
        });
    }
    let takes_empty = matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    let empty = values.iter().any(|value| value == EMPTY) && !takes_empty;
    if values.is_empty() || (pair && values.len() != 2) || empty {
        let message = "The comparator and the value in the criteria are not compatible";
        let details = about_value(name, kind, comparator, value);
        return Err(refuse("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message, details));
    }
    if values.iter().any(|value| value.chars().count() > assumptions::CRITERIA_TEXT) {
        let message = "The value in the criteria is not supported";
        let details = about_value(name, kind, comparator, value);
        return Err(refuse("VALUE_IN_CRITERIA_NOT_SUPPORTED", message, details));
    }
    Ok(values)
}

/// Stands for no value.
pub(super) const EMPTY: &str = "${EMPTY}";

fn value_type(name: &str, takes_list: bool) -> Reply {
    let supported = if takes_list { json!(["array"]) } else { json!(["string", "number", "boolean"]) };
    let details = json!({ "api_name": name, "supported": supported });
    refuse("VALUE_TYPE_NOT_SUPPORTED", "The type of the value is not supported", details)
}
