//! The criteria of a bulk read: conditions in nested groups.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>

use serde_json::{Value as Json, json};
use strum::VariantNames;

use super::{
    path::{Missing, Path},
    refuse,
    test::{Comparator, Operand, passes},
};
use crate::{
    domain::FieldKind,
    sandbox::{
        Reply, assumptions,
        world::metadata::{Metadata, Module},
    },
};

/// A condition, or a group of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Criteria {
    /// Every one holds.
    All(Vec<Criteria>),
    /// At least one holds.
    Any(Vec<Criteria>),
    /// One condition.
    Test {
        /// What is compared.
        path: Path,
        /// How.
        comparator: Comparator,
        /// With what.
        values: Vec<Operand>,
    },
}

impl Criteria {
    /// Whether a record passes; `value` gives its value in a column. `me` is the id of the user who asks.
    pub fn holds<'r>(&self, value: &dyn Fn(&Path) -> std::borrow::Cow<'r, Json>, me: &str) -> bool {
        match self {
            Self::All(all) => all.iter().all(|criteria| criteria.holds(value, me)),
            Self::Any(any) => any.iter().any(|criteria| criteria.holds(value, me)),
            Self::Test { path, comparator, values } => {
                passes(path.kind, *comparator, values, &value(path), me)
            }
        }
    }

    /// Every column that is compared.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::paths).collect(),
            Self::Test { path, .. } => vec![path],
        }
    }
}

/// Reads criteria.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The organisation's metadata.
    pub metadata: &'a Metadata,
    /// The module that is read.
    pub module: &'a Module,
    /// The id of the user who asks.
    pub me: &'a str,
    /// Conditions read so far.
    conditions: usize,
}

impl<'a> Reading<'a> {
    /// Criteria over `module`, asked for by the user `me`.
    #[must_use]
    pub const fn new(metadata: &'a Metadata, module: &'a Module, me: &'a str) -> Self {
        Self { metadata, module, me, conditions: 0 }
    }

    /// Reads a node: a condition names its field as `api_name` or `field.api_name`.
    ///
    /// # Errors
    /// The refusal of criteria that cannot be used.
    pub fn node(&mut self, node: &Json) -> Result<Criteria, Reply> {
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

    fn group(&mut self, node: &Json) -> Result<Criteria, Reply> {
        let (Some(operator), Some(inner)) = (node["group_operator"].as_str(), node["group"].as_array())
        else {
            return Err(refuse("AMBIGUOUS_GROUP_IN_CRITERIA", "The group is ambiguous", node.clone()));
        };
        if inner.is_empty() {
            return Err(refuse("AMBIGUOUS_GROUP_IN_CRITERIA", "The group is ambiguous", node.clone()));
        }
        let operator = operator.to_ascii_lowercase();
        if !matches!(operator.as_str(), "and" | "or") {
            let details = json!({ "supported": ["and", "or"] });
            return Err(refuse(
                "GROUP_OPERATOR_NOT_SUPPORTED",
                "The group operator is not supported",
                details,
            ));
        }
        let inner = inner.iter().map(|node| self.node(node)).collect::<Result<_, _>>()?;
        Ok(if operator == "and" { Criteria::All(inner) } else { Criteria::Any(inner) })
    }

    fn condition(&mut self, node: &Json) -> Result<Criteria, Reply> {
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
        let path = Path::read(self.metadata, self.module, name).map_err(|missing| {
            let details = json!({ "api_name": name, "module": self.module.api_name });
            match missing {
                Missing::Unknown => refuse(
                    "FIELD_IN_CRITERIA_NOT_AVAILABLE",
                    "The field in the criteria is not available",
                    details,
                ),
                Missing::Closed => closed(details),
            }
        })?;
        let supported = Comparator::of(path.kind);
        if supported.is_empty() {
            return Err(closed(json!({ "api_name": name, "module": self.module.api_name })));
        }
        let comparator = comparator(name, word, supported)?;
        let values = self.values(name, path.kind, comparator, value)?;
        Ok(Criteria::Test { path, comparator, values })
    }

    fn values(
        &self,
        name: &str,
        kind: FieldKind,
        comparator: Comparator,
        value: &Json,
    ) -> Result<Vec<Operand>, Reply> {
        let word: &str = comparator.into();
        let about = json!({ "api_name": name, "comparator": word, "type": kind.to_string(), "value": value });
        let list = match value {
            Json::Array(list) if comparator.takes_list() => list.as_slice(),
            Json::Array(_) | Json::Object(_) => return Err(value_type(name, comparator)),
            _ if comparator.takes_list() => return Err(value_type(name, comparator)),
            one => std::slice::from_ref(one),
        };
        if list.len() > assumptions::CRITERIA_VALUES {
            let details = json!({ "max_limit": assumptions::CRITERIA_VALUES });
            let message = "There are too many values in the criteria";
            return Err(refuse("VALUE_LIMIT_EXCEEDED_IN_CRITERIA", message, details));
        }
        let pair = matches!(comparator, Comparator::Between | Comparator::NotBetween);
        let operands: Option<Vec<Operand>> =
            list.iter().map(|item| Operand::read(kind, item, self.me).filter(|_| !item.is_null())).collect();
        let Some(operands) = operands else {
            let message = "The field and the value in the criteria are not compatible";
            return Err(refuse("FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message, about));
        };
        let takes_empty = matches!(
            comparator,
            Comparator::Equal | Comparator::NotEqual | Comparator::In | Comparator::NotIn
        );
        let empty = operands.contains(&Operand::Empty) && !takes_empty;
        if operands.is_empty() || (pair && operands.len() != 2) || empty {
            let message = "The comparator and the value in the criteria are not compatible";
            return Err(refuse("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message, about));
        }
        let long =
            |item: &Json| item.as_str().is_some_and(|text| text.chars().count() > assumptions::CRITERIA_TEXT);
        if list.iter().any(long) {
            let message = "The value in the criteria is not supported";
            return Err(refuse("VALUE_IN_CRITERIA_NOT_SUPPORTED", message, about));
        }
        Ok(operands)
    }
}

fn comparator(name: &str, word: &str, supported: &[Comparator]) -> Result<Comparator, Reply> {
    let words: Vec<&str> = supported.iter().map(Into::into).collect();
    let details = json!({ "api_name": name, "comparator": word, "supported": words });
    if !Comparator::VARIANTS.contains(&word) {
        let message = "The comparator of the field in the criteria is not supported";
        return Err(refuse("FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", message, details));
    }
    supported.iter().copied().find(|comparator| <&str>::from(comparator) == word).ok_or_else(|| {
        let message = "The field and the comparator in the criteria are not compatible";
        refuse("FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", message, details)
    })
}

fn closed(details: Json) -> Reply {
    let message = "The field in the criteria is not supported";
    refuse("FIELD_IN_CRITERIA_NOT_SUPPORTED", message, details)
}

fn value_type(name: &str, comparator: Comparator) -> Reply {
    let supported =
        if comparator.takes_list() { json!(["array"]) } else { json!(["string", "number", "boolean"]) };
    let details = json!({ "api_name": name, "supported": supported });
    refuse("VALUE_TYPE_NOT_SUPPORTED", "The type of the value is not supported", details)
}
