//! One value as text.

use serde_json::Value;

use crate::domain::SafeText;

/// A value as people read it; a reference by its name, where that is known.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(object) => {
            let shown = ["name", "id"].iter().find_map(|key| object.get(*key).and_then(Value::as_str));
            shown.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula, and no terminal for an order. Lines stay lines; numbers
/// and phone numbers stay as they are.
///
/// <https://owasp.org/www-community/attacks/CSV_Injection>
#[must_use]
pub fn defused(text: &str) -> String {
    let safe: Vec<String> = SafeText::lines(text).iter().map(ToString::to_string).collect();
    let safe = safe.join("\n");
    if is_formula(text) { format!("'{safe}") } else { safe }
}

fn is_formula(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    match first {
        '=' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' => true,
        '+' | '-' => !text[1..].chars().all(|c| c.is_ascii_digit() || " ().,/-".contains(c)),
        _ => false,
    }
}
