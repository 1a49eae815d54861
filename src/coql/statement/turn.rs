//! Statements made of a statement and a place in its answer: what a person asks next.

use serde_json::Value as Json;

use super::{Expr, Item, Node, SortKey, Statement};
use crate::{
    coql::{
        plan::LocalColumn,
        tree::{Comparison, Connective, Direction},
    },
    domain::{FieldKind, Shape},
};

impl Statement {
    /// The same with only those rows whose value in `column` is like `value`, or, with `keep` false, with only
    /// the others. `columns` are those of the answer, whose values are as the answer has them. None where
    /// there is no such column.
    #[must_use]
    pub fn filtered(&self, columns: &[LocalColumn], column: usize, value: &Json, keep: bool) -> Option<Self> {
        let node = self.node(columns, column)?;
        let test = test(&node, columns.get(column)?, value, keep);
        let mut next = self.clone();
        let clause = if is_over_rows(&node.value) { &mut next.having } else { &mut next.condition };
        *clause = Some(both(clause.take(), test));
        Some(next)
    }

    /// The rows behind `row` of an answer whose rows are groups: those of `shown` fields and of what the
    /// functions look at. None where rows are records.
    #[must_use]
    pub fn drilled(&self, columns: &[LocalColumn], row: &[Json], shown: &[&str]) -> Option<Self> {
        if !self.is_grouped() {
            return None;
        }
        let mut condition = self.condition.clone();
        for (at, value) in row.iter().enumerate() {
            let node = self.node(columns, at)?;
            if !is_over_rows(&node.value) {
                condition = Some(both(condition, test(&node, columns.get(at)?, value, true)));
            }
        }
        let mut paths: Vec<String> = shown.iter().map(|path| (*path).to_owned()).collect();
        for item in &self.items {
            if let Item::One { node, .. } = item {
                collect(node, &mut paths);
            }
        }
        let one = |path: String| Item::One { node: Expr::Column(path).at(0..0), alias: None };
        Some(Self {
            items: paths.into_iter().map(one).collect(),
            module: self.module.clone(),
            condition,
            ..Self::default()
        })
    }

    /// How often each value of `column` occurs, the most frequent first. None where it is counted over groups
    /// already.
    #[must_use]
    pub fn frequency(&self, columns: &[LocalColumn], column: usize) -> Option<Self> {
        let node = self.node(columns, column).filter(|node| !is_over_rows(&node.value))?;
        let count = call("count", None);
        Some(Self {
            items: vec![
                Item::One { node: node.clone(), alias: None },
                Item::One { node: count.clone(), alias: Some("n".to_owned().into()) },
            ],
            module: self.module.clone(),
            condition: self.condition.clone(),
            group: vec![node],
            order: vec![SortKey { node: count, direction: Direction::Descending }],
            ..Self::default()
        })
    }

    /// How many values `column` has and, where it holds numbers or days, their sum, mean and extremes.
    #[must_use]
    pub fn totals(&self, columns: &[LocalColumn], column: usize) -> Option<Self> {
        let node = self.node(columns, column).filter(|node| !is_over_rows(&node.value))?;
        let functions: &[&str] = match columns.get(column)?.shape {
            Some(Shape::Whole | Shape::Digits | Shape::Number) => &["count", "sum", "avg", "min", "max"],
            Some(Shape::Date | Shape::Instant | Shape::Text) => &["count", "min", "max"],
            _ => &["count"],
        };
        let items = functions.iter().map(|function| Item::One {
            node: call(function, Some(node.clone())),
            alias: Some((*function).to_owned().into()),
        });
        Some(Self {
            items: items.collect(),
            module: self.module.clone(),
            condition: self.condition.clone(),
            ..Self::default()
        })
    }

    /// The same sorted by `column` before anything else.
    #[must_use]
    pub fn sorted(&self, columns: &[LocalColumn], column: usize, direction: Direction) -> Option<Self> {
        let node = self.node(columns, column)?;
        let mut next = self.clone();
        next.order.retain(|key| key.node != node);
        next.order.insert(0, SortKey { node, direction });
        Some(next)
    }

    /// Whether rows of the answer are groups of records.
    #[must_use]
    pub fn is_grouped(&self) -> bool {
        let items = self.items.iter().filter_map(|item| match item {
            Item::One { node, .. } => Some(node),
            Item::Everything(_) => None,
        });
        self.distinct
            || !self.group.is_empty()
            || self.having.is_some()
            || items.chain(self.order.iter().map(|key| &key.node)).any(|node| is_over_rows(&node.value))
    }

    /// The expression of a column of the answer.
    fn node(&self, columns: &[LocalColumn], column: usize) -> Option<Node> {
        if self.items.iter().any(|item| matches!(item, Item::Everything(_))) {
            return columns.get(column).map(|column| Expr::Column(column.name.clone()).at(0..0));
        }
        match self.items.get(column)? {
            Item::One { node, .. } => Some(node.clone()),
            Item::Everything(_) => None,
        }
    }
}

fn call(name: &str, argument: Option<Node>) -> Node {
    let arguments = argument.into_iter().collect();
    Expr::Call { name: name.to_owned(), distinct: false, arguments }.at(0..0)
}

fn is_over_rows(expr: &Expr) -> bool {
    let named =
        |name: &str| ["count", "sum", "avg", "min", "max"].iter().any(|own| own.eq_ignore_ascii_case(name));
    matches!(expr, Expr::Call { name, .. } if named(name))
        || expr.children().into_iter().any(|node| is_over_rows(&node.value))
}

/// Fields inside functions over rows.
fn collect(node: &Node, paths: &mut Vec<String>) {
    if let Expr::Column(path) = &node.value
        && !paths.contains(path)
    {
        paths.push(path.clone());
    }
    let over_rows = is_over_rows(&node.value);
    node.value.children().into_iter().filter(|_| over_rows).for_each(|child| collect(child, paths));
}

fn both(condition: Option<Node>, test: Node) -> Node {
    match condition.map(|node| node.value) {
        None => test,
        Some(Expr::Logic(Connective::And, mut all)) => {
            all.push(test);
            Expr::Logic(Connective::And, all).at(0..0)
        }
        Some(other) => Expr::Logic(Connective::And, vec![other.at(0..0), test]).at(0..0),
    }
}

/// `node = value`, or the contrary.
fn test(node: &Node, column: &LocalColumn, value: &Json, keep: bool) -> Node {
    let operand = Box::new(node.clone());
    let text = |text: &str| Expr::Text(text.to_owned());
    let lookup =
        matches!(column.kind, Some(FieldKind::Lookup | FieldKind::OwnerLookup | FieldKind::UserLookup));
    let value = match value {
        Json::Null => return Expr::Null { operand, negated: !keep }.at(0..0),
        Json::Array(values) if values.is_empty() => return Expr::Null { operand, negated: !keep }.at(0..0),
        Json::Bool(flag) => Expr::Word(flag.to_string()),
        Json::Number(number) => Expr::Number(number.to_string()),
        Json::String(own) => text(own),
        Json::Array(values) => {
            let values: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
            Expr::Text(values.join(";"))
        }
        Json::Object(object) => {
            // Team pipelines are known by name, records by id.
            let keys = if lookup { ["id", "name"] } else { ["name", "id"] };
            text(keys.iter().find_map(|key| object.get(*key).and_then(Json::as_str)).unwrap_or_default())
        }
    };
    let comparison = if keep { Comparison::Equal } else { Comparison::NotEqual };
    Expr::Compare(operand, comparison, Box::new(value.at(0..0))).at(0..0)
}
