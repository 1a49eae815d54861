//! Bigin's refusals of a query, in words and at their place in the text.

use serde_json::{Map, Value};

use super::{
    diagnostic::{Diagnostic, Fix},
    highlight::{TokenClass, highlight},
    span::Span,
    statement_at,
};

/// What Bigin's refusal of a call says of `text`, the statement that the call was made for, which may be
/// written otherwise than what was sent. `details` are those of the answer.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[must_use]
pub fn refused(text: &str, code: &str, message: &str, details: &Map<String, Value>) -> Diagnostic {
    let detail = |key: &str| details.get(key).and_then(Value::as_str);
    let column = detail("column_name").or_else(|| detail("api_name")).or_else(|| detail("column"));
    let near = detail("near").or_else(|| detail("operator"));
    let place = column.and_then(|column| place_of(text, column));
    let place = place.or_else(|| near.and_then(|near| place_of(text, near)));
    let place = place.or_else(|| at(text, details)).unwrap_or_else(|| whole(text));
    let named = column.map_or_else(|| "a column".to_owned(), str::to_owned);
    let reason = detail("reason").unwrap_or_default();
    let words = match (code, message) {
        ("SYNTAX_ERROR", "missing clause") => {
            format!("Bigin misses the {} clause", detail("clause").unwrap_or("where"))
        }
        ("SYNTAX_ERROR", "given coql query not supported") => "Bigin runs only select queries".to_owned(),
        ("SYNTAX_ERROR", "operator not supported") => {
            format!("Bigin has no operator {}", detail("operator").unwrap_or("of this name"))
        }
        ("SYNTAX_ERROR", _) => match near {
            Some(near) => format!("Bigin cannot read the query near {near:?}"),
            None => "Bigin cannot read the query".to_owned(),
        },
        ("INVALID_QUERY", message) if message.starts_with("unsupported column in criteria") => {
            format!("Bigin cannot filter by {named}")
        }
        ("INVALID_QUERY", message) if message.starts_with("unsupported column") => {
            format!("Bigin cannot select {named}")
        }
        ("INVALID_QUERY", message) if message.starts_with("column given") => {
            format!("Bigin has no {named} to query, or does not show it to you")
        }
        ("INVALID_QUERY", message) if message.starts_with("data type") => {
            format!(
                "Bigin cannot query {named}, which is of the kind {}",
                detail("data_type").unwrap_or("unknown")
            )
        }
        ("INVALID_QUERY", _) if reason.starts_with("invalid operator") => {
            format!("Bigin does not take {} on {named}", detail("operator").unwrap_or("this operator"))
        }
        ("INVALID_QUERY", message) if message.starts_with("value given") => {
            format!("Bigin does not take this value for {named}")
        }
        ("INVALID_DATA", message) if message.starts_with("limit should") => {
            "limit must be greater than 0".to_owned()
        }
        ("INVALID_DATA", _) if reason.starts_with("unsupported aggregate") => {
            format!("Bigin has no function {named}")
        }
        ("LIMIT_EXCEEDED", _) => limit(details),
        ("DUPLICATE_DATA", _) => format!("{named} is selected twice"),
        _ => format!("Bigin refused the query: {message}"),
    };
    let said = Diagnostic::error(place.clone(), words);
    match (code, message, detail("clause")) {
        ("SYNTAX_ERROR", "missing clause", Some("where")) => {
            said.with(Fix::replace(place.end..place.end, " where id is not null"))
        }
        _ => said,
    }
}

fn limit(details: &Map<String, Value>) -> String {
    let most = details.get("limit").map(ToString::to_string).unwrap_or_default();
    let what = match details.get("clause").and_then(Value::as_str) {
        Some("select") => "columns",
        Some("where") => "criteria",
        Some("join") => "lookups",
        Some("in") => "values in one list",
        Some("limit") => "rows in one answer",
        _ => "rows by limit and offset",
    };
    format!("Bigin takes at most {most} {what}")
}

/// The token that stands for `name`, or else the last one that ends with it.
fn place_of(text: &str, name: &str) -> Option<Span> {
    let tokens = highlight(text);
    let bare = |span: &Span| text[span.clone()].trim_matches(['\'', '"', '`']).to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let words = tokens.iter().filter(|token| token.class != TokenClass::Comment);
    let exact = words.clone().find(|token| bare(&token.span) == name);
    let tail = format!(".{name}");
    let found = exact.or_else(|| words.rev().find(|token| bare(&token.span).ends_with(&tail)));
    found.map(|token| token.span.clone())
}

/// The place that a line and a column name, both from 1.
fn at(text: &str, details: &Map<String, Value>) -> Option<Span> {
    let number = |key: &str| details.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
    let (line, column) = (number("line")?.checked_sub(1)?, number("column")?.checked_sub(1)?);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let at = start + text.get(start..)?.chars().take(column).map(char::len_utf8).sum::<usize>();
    let token = highlight(text).into_iter().find(|token| token.span.contains(&at));
    Some(token.map_or(at..at, |token| token.span))
}

fn whole(text: &str) -> Span {
    statement_at(text, 0).unwrap_or(0..text.len())
}
