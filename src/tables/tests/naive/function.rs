//! Functions of values and over rows.

use jiff::ToSpan;

use super::{Naive, Node, Rows, Statement, Value, order, shown};

impl Naive<'_> {
    pub(super) fn call(
        &self,
        name: &str,
        distinct: bool,
        arguments: &[Node],
        rows: &Rows<'_>,
        statement: &Statement,
    ) -> Value {
        if ["count", "sum", "avg", "min", "max"].contains(&name) {
            return self.over_rows(name, distinct, arguments, rows, statement);
        }
        let values: Vec<Value> = arguments.iter().map(|node| self.value(node, rows, statement)).collect();
        let day = |value: &Value| match value {
            Value::Day(day) | Value::Days(day, _) => Some(*day),
            Value::Time(at) => Some(self.day_of(*at)),
            _ => None,
        };
        if name == "concat" {
            let all =
                values.iter().map(|value| if *value == Value::Null { String::new() } else { shown(value) });
            return Value::Text(all.collect());
        }
        if name == "coalesce" {
            return values.into_iter().find(|value| *value != Value::Null).unwrap_or(Value::Null);
        }
        let text = |text: String| Value::Text(text);
        match (name, &values[0]) {
            (_, Value::Null) => Value::Null,
            ("lower", Value::Text(value)) => text(value.to_ascii_lowercase()),
            ("upper", Value::Text(value)) => text(value.to_ascii_uppercase()),
            #[expect(clippy::cast_precision_loss, reason = "texts of tests are short")]
            ("length", Value::Text(value)) => Value::Number(value.chars().count() as f64),
            ("abs", Value::Number(value)) => Value::Number(value.abs()),
            ("round", Value::Number(value)) => {
                let digits = match values.get(1) {
                    Some(Value::Number(digits)) => *digits,
                    _ => 0.0,
                };
                let scale = 10f64.powf(digits);
                Value::Number((value * scale).round() / scale)
            }
            (name, value) => {
                let day = day(value).expect("a day");
                match name {
                    "year" => Value::Number(f64::from(day.year())),
                    "quarter" => text(format!("{}-Q{}", day.year(), (day.month() + 2) / 3)),
                    "month" => text(day.strftime("%Y-%m").to_string()),
                    "week" => {
                        let back = i64::from(day.weekday().to_monday_zero_offset());
                        Value::Day(day.checked_sub(back.days()).expect("a day"))
                    }
                    "date" => Value::Day(day),
                    "age" => {
                        let age = day.until(self.context.today()).expect("days").get_days();
                        Value::Number(f64::from(age))
                    }
                    other => unreachable!("{other}"),
                }
            }
        }
    }

    fn over_rows(
        &self,
        name: &str,
        distinct: bool,
        arguments: &[Node],
        rows: &Rows<'_>,
        statement: &Statement,
    ) -> Value {
        let mut values: Vec<Value> = match arguments.first() {
            Some(node) => rows.iter().map(|record| self.value(node, &[record], statement)).collect(),
            None => rows.iter().map(|_| Value::Flag(true)).collect(),
        };
        values.retain(|value| *value != Value::Null);
        values.sort_by(order);
        if distinct {
            values.dedup_by(|a, b| order(a, b).is_eq());
        }
        let numbers = || {
            values.iter().map(|value| match value {
                Value::Number(number) => *number,
                other => unreachable!("{other:?}"),
            })
        };
        #[expect(clippy::cast_precision_loss, reason = "rows of tests are few")]
        let count = values.len() as f64;
        match name {
            "count" => Value::Number(count),
            _ if values.is_empty() => Value::Null,
            "sum" => Value::Number(numbers().sum()),
            "avg" => Value::Number(numbers().sum::<f64>() / count),
            "min" => values[0].clone(),
            _ => values[values.len() - 1].clone(),
        }
    }
}
