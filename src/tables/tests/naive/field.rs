//! What records hold.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Expr, Item, Naive, Node, Rows, Statement, Value};

impl Naive<'_> {
    /// A selected column by its alias, or a field.
    pub(super) fn column(&self, name: &str, rows: &Rows<'_>, statement: &Statement) -> Value {
        let aliased = statement.items.iter().find_map(|item| match item {
            Item::One { node, alias: Some(alias) } if alias.value == name => Some(node),
            _ => None,
        });
        if let Some(node) = aliased {
            return self.value(node, rows, statement);
        }
        match rows.first() {
            Some(record) => self.field("Pipelines", record, name),
            None => Value::Null,
        }
    }

    fn field(&self, module: &str, record: &Json, path: &str) -> Value {
        if let Some((lookup, rest)) = path.split_once('.') {
            let target = match lookup {
                "Account_Name" => "Accounts",
                "Contact_Name" => "Contacts",
                _ => "users",
            };
            let id = record[lookup]["id"].as_str().and_then(|id| id.parse().ok());
            let found = id.and_then(|id: u64| self.org[target].get(&id));
            return found.map_or(Value::Null, |record| self.field(target, record, rest));
        }
        let name = match (module, path) {
            ("users", "name") => "full_name",
            (_, path) => path,
        };
        match (&record[name], name) {
            (Json::Null, _) => Value::Null,
            (Json::String(id), "id") => Value::Id(id.parse().expect("an id")),
            (Json::String(text), "Closing_Date") => Value::Day(text.parse().expect("a day")),
            (Json::String(text), "Modified_Time") => {
                Value::Time(text.parse::<Timestamp>().expect("a time").as_second())
            }
            (Json::String(text), _) => Value::Text(text.clone()),
            (Json::Number(number), _) => Value::Number(number.as_f64().expect("a number")),
            (Json::Bool(flag), _) => Value::Flag(*flag),
            (Json::Array(values), _) if values.is_empty() => Value::Null,
            (Json::Array(values), _) => {
                Value::Set(values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
            }
            (Json::Object(object), _) => {
                Value::Id(object["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
            }
        }
    }

    /// A reference as the name of what it points to.
    pub(super) fn by_name(&self, node: &Node, rows: &Rows<'_>, statement: &Statement) -> Value {
        match (&node.value, self.value(node, rows, statement)) {
            (Expr::Column(_), Value::Id(id)) => self.name(id),
            (_, value) => value,
        }
    }

    pub(super) fn name(&self, id: u64) -> Value {
        let found = ["Accounts", "users", "Contacts"].iter().find_map(|module| self.org[module].get(&id));
        let name = found.and_then(|record| {
            ["Account_Name", "full_name"].iter().find_map(|key| record[*key].as_str().map(str::to_owned))
        });
        name.map_or(Value::Null, Value::Text)
    }
}
