//! Field values as people read them.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::{
    domain::{Field, FieldKind, Link, Module, RecordId, SafeText, Shape},
    store::mirror::{Org, timeline},
};

/// A value line by line; empty for no value.
pub(super) fn lines(org: &Org, field: &Field, value: &Value) -> Vec<SafeText> {
    match (field.shape(), value) {
        (_, Value::Null) => Vec::new(),
        (Shape::Flag, Value::Bool(flag)) => one(if *flag { "yes" } else { "no" }),
        (Shape::Date, Value::String(text)) => one(&text
            .parse::<Date>()
            .map_or_else(|_| text.clone(), |date| date.strftime("%-d %b %Y").to_string())),
        (Shape::Instant, Value::String(text)) => one(&text.parse::<Timestamp>().map_or_else(
            |_| text.clone(),
            |at| org.zone.to_datetime(at).strftime("%-d %b %Y %H:%M").to_string(),
        )),
        (Shape::Number, _) => one(&number(org, field, value)),
        _ => timeline::lines(&plain(value)),
    }
}

/// The record that a value points to.
pub(super) fn link(field: &Field, value: &Value) -> Option<Link> {
    let module: Module = match field.target() {
        Some(target) => target.parse().ok()?,
        None => called(value.get("module")?.get("api_name").unwrap_or(value.get("module")?).as_str()?)?,
    };
    let id: RecordId = value.get("id")?.as_str()?.parse().ok()?;
    let name = value.get("name").and_then(Value::as_str).unwrap_or(id.as_str());
    Some(Link { module, name: SafeText::new(name), id })
}

fn called(name: &str) -> Option<Module> {
    if name == "Deals" { Some(Module::Pipelines) } else { name.parse().ok() }
}

fn one(text: &str) -> Vec<SafeText> {
    if text.is_empty() { Vec::new() } else { vec![SafeText::new(text)] }
}

fn number(org: &Org, field: &Field, value: &Value) -> String {
    let raw = plain(value);
    let Ok(number) = raw.parse::<Decimal>() else { return raw };
    match field.kind {
        FieldKind::Currency => format!("{} {}", grouped(number), org.catalog.org.currency),
        FieldKind::Percent => format!("{}%", number.normalize()),
        _ => grouped(number),
    }
}

/// A number with its thousands apart.
fn grouped(number: Decimal) -> String {
    let text = number.normalize().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut apart = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    if let Some(fraction) = fraction {
        apart.push('.');
        apart.push_str(fraction);
    }
    apart
}

/// Any JSON in words: names of what it points to, items of lists by themselves.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let between = if items.iter().any(|item| item.get("Product").is_some()) { "\n" } else { ", " };
            let items: Vec<String> = items.iter().map(plain).filter(|item| !item.is_empty()).collect();
            items.join(between)
        }
        Value::Object(object) if object.contains_key("Product") => product_line(object),
        Value::Object(object) => {
            let named = ["name", "display_value", "File_Name", "file_name", "Email", "id"];
            let name = named.iter().find_map(|key| object.get(*key)?.as_str());
            name.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// A line of a deal's products: `2 × Duo machine, 4,884`.
fn product_line(line: &Map<String, Value>) -> String {
    let part = |key: &str| line.get(key).map(plain).unwrap_or_default();
    let number = |key: &str| part(key).parse::<Decimal>().map(grouped).ok();
    let quantity = number("Quantity").map(|quantity| format!("{quantity} × ")).unwrap_or_default();
    let total = number("Total").map(|total| format!(", {total}")).unwrap_or_default();
    format!("{quantity}{}{total}", part("Product"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let all = [("48000", "48,000"), ("-1234567.5", "-1,234,567.5"), ("999", "999"), ("0.25", "0.25")];
        for (number, text) in all {
            assert_eq!(grouped(number.parse().expect(number)), text);
        }
    }

    #[test]
    fn lists_and_references_read_as_names() {
        assert_eq!(plain(&json!([{"name": "vip", "id": "1"}, "b", null])), "vip, b");
        assert_eq!(plain(&json!({"odd": 1})), "{\"odd\":1}");
        let lines = json!([
            {"id": "1", "Product": {"name": "Duo machine", "id": "7"}, "Quantity": 2, "Total": 4884.0},
            {"id": "2", "Product": {"name": "Beans", "id": "8"}, "Quantity": null},
        ]);
        assert_eq!(plain(&lines), "2 × Duo machine, 4,884\nBeans");
    }
}
