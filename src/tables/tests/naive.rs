//! What a statement means, said as plainly as possible: every record is looked at, one expression at a time.

mod field;
mod function;

use std::{cmp::Ordering, collections::BTreeMap};

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::Value as Json;

use crate::coql::{Arithmetic, Comparison, Connective, Context, Direction, Expr, Item, Node, Statement};

/// Records by module and id.
pub(super) type Org = BTreeMap<&'static str, BTreeMap<u64, Json>>;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Number(f64),
    Text(String),
    Flag(bool),
    Day(Date),
    Time(i64),
    /// A record's id.
    Id(u64),
    Set(Vec<String>),
    /// From the first day to the second.
    Days(Date, Date),
}

pub(super) struct Naive<'a> {
    pub org: &'a Org,
    pub context: &'a Context,
}

type Rows<'a> = [&'a Json];

impl Naive<'_> {
    /// The answer's rows, each value as a text.
    pub fn answer(&self, statement: &Statement) -> Vec<Vec<String>> {
        let all = self.org["Pipelines"].values();
        let passing: Vec<&Json> = all
            .filter(|record| {
                statement
                    .condition
                    .as_ref()
                    .is_none_or(|node| self.truth(node, &[record], statement) == Some(true))
            })
            .collect();
        let nodes: Vec<&Node> = statement
            .items
            .iter()
            .map(|item| match item {
                Item::One { node, .. } => node,
                Item::Everything(_) => unreachable!("the tests name their columns"),
            })
            .collect();
        let over_rows = nodes.iter().copied().chain(&statement.having).any(is_over_rows);
        let keys: Vec<&Node> =
            if statement.distinct { nodes.clone() } else { statement.group.iter().collect() };
        let groups: Vec<Vec<&Json>> = if keys.is_empty() && over_rows {
            vec![passing]
        } else if keys.is_empty() {
            passing.into_iter().map(|record| vec![record]).collect()
        } else {
            let mut groups: Vec<(Vec<Value>, Vec<&Json>)> = Vec::new();
            for record in passing {
                let key: Vec<Value> =
                    keys.iter().map(|node| self.value(node, &[record], statement)).collect();
                match groups
                    .iter_mut()
                    .find(|(known, _)| known.iter().zip(&key).all(|(a, b)| order(a, b).is_eq()))
                {
                    Some((_, group)) => group.push(record),
                    None => groups.push((key, vec![record])),
                }
            }
            groups.sort_by(|(a, _), (b, _)| by_all(a, b));
            groups.into_iter().map(|(_, group)| group).collect()
        };
        let having = |group: &&Vec<&Json>| {
            statement.having.as_ref().is_none_or(|node| self.truth(node, group, statement) == Some(true))
        };
        let mut groups: Vec<&Vec<&Json>> = groups.iter().filter(having).collect();
        groups.sort_by(|a, b| {
            let keys = statement.order.iter().map(|key| {
                let compared =
                    order(&self.value(&key.node, a, statement), &self.value(&key.node, b, statement));
                if key.direction == Direction::Descending { compared.reverse() } else { compared }
            });
            keys.fold(Ordering::Equal, Ordering::then)
        });
        let count = |node: &Option<Node>, other: usize| {
            node.as_ref().map_or(other, |node| match &node.value {
                Expr::Number(number) => number.parse().expect("a count"),
                other => unreachable!("{other:?}"),
            })
        };
        let rows =
            groups.into_iter().skip(count(&statement.offset, 0)).take(count(&statement.limit, usize::MAX));
        rows.map(|group| nodes.iter().map(|node| shown(&self.value(node, group, statement))).collect())
            .collect()
    }

    fn truth(&self, node: &Node, rows: &Rows<'_>, statement: &Statement) -> Option<bool> {
        match self.value(node, rows, statement) {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn value(&self, node: &Node, rows: &Rows<'_>, statement: &Statement) -> Value {
        let of = |node: &Node| self.value(node, rows, statement);
        let flag = |flag: Option<bool>| flag.map_or(Value::Null, Value::Flag);
        match &node.value {
            Expr::Column(name) => self.column(name, rows, statement),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Number(number) => Value::Number(number.parse().expect("a number")),
            Expr::Word(word) if word == "null" => Value::Null,
            Expr::Word(word) if word == "true" || word == "false" => Value::Flag(word == "true"),
            Expr::Word(word) => Value::Text(word.clone()),
            Expr::Variable { name, shift } => self.variable(name, shift.unwrap_or(0)),
            Expr::Parameter(name) => Value::Text(self.context.parameters[name][0].clone()),
            Expr::Negative(inner) => match of(inner) {
                Value::Number(number) => Value::Number(-number),
                _ => Value::Null,
            },
            Expr::Arithmetic(left, operation, right) => self.arithmetic(of(left), *operation, of(right)),
            Expr::Compare(left, comparison, right) => flag(self.compare(&of(left), *comparison, &of(right))),
            Expr::Like { operand, negated, pattern } => {
                let (operand, pattern) = (self.by_name(operand, rows, statement), of(pattern));
                let text = match operand {
                    Value::Text(text) => text,
                    Value::Set(values) => values.join(";"),
                    _ => return Value::Null,
                };
                let Value::Text(pattern) = pattern else { return Value::Null };
                Value::Flag(super::laws::text_like(&text, &pattern) != *negated)
            }
            Expr::In { operand, negated, values } => {
                let operand = of(operand);
                let any = values.iter().map(|value| self.compare(&operand, Comparison::Equal, &of(value)));
                flag(any.fold(Some(false), or).map(|found| found != *negated))
            }
            Expr::Between { operand, negated, low, high } => {
                let operand = of(operand);
                let low = self.compare(&operand, Comparison::GreaterEqual, &of(low));
                let high = self.compare(&operand, Comparison::LessEqual, &of(high));
                flag(and(low, high).map(|within| within != *negated))
            }
            Expr::Null { operand, negated } => Value::Flag((of(operand) == Value::Null) != *negated),
            Expr::Not(inner) => flag(self.truth(inner, rows, statement).map(|truth| !truth)),
            Expr::Logic(connective, all) => {
                let truths = all.iter().map(|node| self.truth(node, rows, statement));
                flag(match connective {
                    Connective::And => truths.fold(Some(true), and),
                    Connective::Or => truths.fold(Some(false), or),
                })
            }
            Expr::Case { operand: None, branches, otherwise } => {
                let taken = branches.iter().find(|(when, _)| self.truth(when, rows, statement) == Some(true));
                taken.map(|(_, then)| then).or(otherwise.as_deref()).map_or(Value::Null, of)
            }
            Expr::Case { operand: Some(operand), branches, otherwise } => {
                let operand = of(operand);
                let taken = branches
                    .iter()
                    .find(|(when, _)| self.compare(&operand, Comparison::Equal, &of(when)) == Some(true));
                taken.map(|(_, then)| then).or(otherwise.as_deref()).map_or(Value::Null, of)
            }
            Expr::Call { name, distinct, arguments } => {
                self.call(&name.to_lowercase(), *distinct, arguments, rows, statement)
            }
            Expr::Missing => unreachable!("the tests leave nothing out"),
        }
    }

    fn variable(&self, name: &str, shift: i64) -> Value {
        let today = self.context.today();
        let month = |shift: i64| today.first_of_month().checked_add(shift.months()).expect("a month");
        match name {
            "me" => Value::Id(self.context.me.as_ref().and_then(|id| id.parse().ok()).expect("me")),
            "now" => Value::Time(self.context.now.as_second()),
            "today" => {
                let day = today.checked_add(shift.days()).expect("a day");
                Value::Days(day, day)
            }
            "week" => {
                let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
                let monday = monday.and_then(|monday| monday.checked_add(shift.weeks())).expect("a week");
                Value::Days(monday, monday.checked_add(6.days()).expect("a day"))
            }
            "month" => Value::Days(month(shift), month(shift).last_of_month()),
            "som" => Value::Days(month(shift), month(shift)),
            "eom" => Value::Days(month(shift).last_of_month(), month(shift).last_of_month()),
            other => unreachable!("{other}"),
        }
    }

    fn arithmetic(&self, left: Value, operation: Arithmetic, right: Value) -> Value {
        let day = |value: &Value| match value {
            Value::Day(day) | Value::Days(day, _) => Some(*day),
            Value::Time(at) => Some(self.day_of(*at)),
            _ => None,
        };
        match (&left, &right) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Number(a), Value::Number(b)) => match operation {
                Arithmetic::Add => Value::Number(a + b),
                Arithmetic::Subtract => Value::Number(a - b),
                Arithmetic::Multiply => Value::Number(a * b),
                Arithmetic::Divide if *b == 0.0 => Value::Null,
                Arithmetic::Divide => Value::Number(a / b),
            },
            (left, Value::Number(count)) => {
                let sign = if operation == Arithmetic::Subtract { -1.0 } else { 1.0 };
                #[expect(clippy::cast_possible_truncation, reason = "days of tests are few")]
                let count = (sign * count) as i64;
                let later = day(left).expect("a day").checked_add(count.days()).expect("a day");
                Value::Day(later)
            }
            (left, right) => {
                let (left, right) = (day(left).expect("a day"), day(right).expect("a day"));
                Value::Number(f64::from(right.until(left).expect("days").get_days()))
            }
        }
    }

    fn compare(&self, left: &Value, comparison: Comparison, right: &Value) -> Option<bool> {
        let test = |ordering: Ordering| match comparison {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterEqual => ordering.is_ge(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessEqual => ordering.is_le(),
        };
        match (left, right) {
            (Value::Null, _) | (_, Value::Null) => None,
            (left, Value::Days(first, last)) => {
                let day = match left {
                    Value::Day(day) | Value::Days(day, _) => *day,
                    Value::Time(at) => self.day_of(*at),
                    other => unreachable!("{other:?}"),
                };
                Some(match comparison {
                    Comparison::Equal => *first <= day && day <= *last,
                    Comparison::NotEqual => !(*first <= day && day <= *last),
                    Comparison::Greater => day > *last,
                    Comparison::GreaterEqual => day >= *first,
                    Comparison::Less => day < *first,
                    Comparison::LessEqual => day <= *last,
                })
            }
            (Value::Day(_), Value::Text(text)) => {
                let day: Date = text.parse().expect("a day");
                self.compare(left, comparison, &Value::Days(day, day))
            }
            (Value::Time(_), Value::Text(text)) if text.len() == 10 => {
                let day: Date = text.parse().expect("a day");
                self.compare(left, comparison, &Value::Days(day, day))
            }
            (Value::Time(at), Value::Text(text)) => {
                Some(test(at.cmp(&text.parse::<Timestamp>().expect("a time").as_second())))
            }
            (Value::Day(day), Value::Time(at)) => Some(test(day.cmp(&self.day_of(*at)))),
            (Value::Time(at), Value::Day(day)) => Some(test(self.day_of(*at).cmp(day))),
            (Value::Id(id), Value::Text(text)) => match text.parse::<u64>() {
                Ok(other) => Some(test(id.cmp(&other))),
                Err(_) => self.compare(&self.name(*id), comparison, right),
            },
            #[expect(clippy::cast_precision_loss, reason = "ids of tests are small")]
            (Value::Id(id), Value::Number(other)) => Some(test((*id as f64).total_cmp(other))),
            (Value::Number(number), Value::Text(text)) => {
                Some(test(number.total_cmp(&text.parse().expect("a number"))))
            }
            (Value::Set(_), Value::Text(text)) => {
                let other = Value::Set(text.split(';').map(str::to_owned).collect());
                Some(test(order(left, &other)))
            }
            (Value::Flag(flag), Value::Text(text)) => Some(test(flag.cmp(&(text == "true")))),
            // A picklist value without quotes is read as a column that no record has.
            (left, right) => Some(test(order(left, right))),
        }
    }

    fn day_of(&self, at: i64) -> Date {
        self.context.zone.to_datetime(Timestamp::from_second(at).expect("a time")).date()
    }
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|neither| !neither)
}

fn is_over_rows(node: &Node) -> bool {
    matches!(&node.value, Expr::Call { name, .. } if ["count", "sum", "avg", "min", "max"].contains(&name.as_str()))
        || node.value.children().into_iter().any(is_over_rows)
}

/// The order of SQL: nothing first, text without case.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (Value::Day(a) | Value::Days(a, _), Value::Day(b) | Value::Days(b, _)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Id(a), Value::Id(b)) => a.cmp(b),
        (Value::Set(_), Value::Set(_)) => shown(a).cmp(&shown(b)),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (a, b) => unreachable!("{a:?} beside {b:?}"),
    }
}

fn by_all(a: &[Value], b: &[Value]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| order(a, b)).fold(Ordering::Equal, Ordering::then)
}

/// A value as a text in which equal values are equal.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Number(number) => number_shown(*number),
        Value::Text(text) => text.to_ascii_lowercase(),
        Value::Flag(flag) => flag.to_string(),
        Value::Day(day) | Value::Days(day, _) => day.to_string(),
        Value::Time(at) => Timestamp::from_second(*at).expect("a time").to_string().to_ascii_lowercase(),
        Value::Id(id) => id.to_string(),
        Value::Set(values) => {
            let mut values: Vec<String> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
            values.sort();
            values.join(";")
        }
    }
}

pub(super) fn number_shown(number: f64) -> String {
    let rounded = (number * 1e5).round() / 1e5;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}
