//! Bigin's refusals of a query, in words, at their place in the text, and with what to do.

mod fix;
mod words;

use serde_json::{Map, Value};

use self::fix::Refused;
use super::{
    context::Context,
    diagnostic::Diagnostic,
    highlight::{Token, TokenClass, highlight},
    span::Span,
    statement_at,
};
use crate::domain::Schemas;

/// What Bigin's refusal of a call says of `text`, the statement that the call was made for, which may be
/// written otherwise than what was sent. `details` are those of the answer. There is always something to do,
/// in [`Diagnostic::help`]; what `schemas` and `context` know of the text's names offers a fix where there is one.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[must_use]
pub fn refused(
    text: &str,
    (code, message, details): (&str, &str, &Map<String, Value>),
    schemas: &Schemas,
    context: &Context,
) -> Diagnostic {
    let tokens: Vec<Token> =
        highlight(text).into_iter().filter(|token| token.class != TokenClass::Comment).collect();
    let (words, help) = words::of(code, message, details);
    let place = place(text, &tokens, code, message, details);
    let span = place.clone().unwrap_or_else(|| whole(text));
    let fix = Refused { text, tokens: &tokens, place, schemas, context }.fix(code, message, details);
    Diagnostic { help, fix, ..Diagnostic::error(span, words) }
}

/// The part of the text that a refusal is about, as far as its details or its kind tell.
fn place(
    text: &str,
    tokens: &[Token],
    code: &str,
    message: &str,
    details: &Map<String, Value>,
) -> Option<Span> {
    let detail = |key: &str| details.get(key).and_then(Value::as_str).filter(|word| !word.is_empty());
    let named = |key: &str| detail(key).and_then(|name| place_of(text, tokens, name));
    let after = |keyword: &str| {
        let at = tokens.iter().position(|token| text[token.span.clone()].eq_ignore_ascii_case(keyword))?;
        tokens.get(at + 1).map(|token| token.span.clone())
    };
    let by_detail = ["alias", "column_name", "api_name", "column", "near", "operator"];
    by_detail.iter().find_map(|key| named(key)).or_else(|| at(text, tokens, details)).or_else(|| {
        match (code, message) {
            ("INVALID_MODULE", _) => after("from"),
            (_, message) if message.starts_with("limit") && message != "limit exceeded" => after("limit"),
            (_, message) if message.starts_with("offset") => after("offset"),
            ("LIMIT_EXCEEDED", _) => match detail("clause") {
                Some("limit") => after("limit"),
                Some(clause) => place_of(text, tokens, clause),
                None => after("offset").or_else(|| after("limit")),
            },
            _ => None,
        }
    })
}

/// The token that stands for `name`, or else the last one that ends with it.
fn place_of(text: &str, tokens: &[Token], name: &str) -> Option<Span> {
    let bare = |span: &Span| text[span.clone()].trim_matches(['\'', '"', '`']).to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    // Of a call it is the name that stands as one token.
    let name = name.split_once('(').map_or(name.as_str(), |(function, _)| function);
    let exact = tokens.iter().find(|token| bare(&token.span) == name);
    let tail = format!(".{name}");
    let found = exact.or_else(|| tokens.iter().rev().find(|token| bare(&token.span).ends_with(&tail)));
    found.map(|token| token.span.clone())
}

/// The place that a line and a column name, both from 1.
fn at(text: &str, tokens: &[Token], details: &Map<String, Value>) -> Option<Span> {
    let number = |key: &str| details.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
    let (line, column) = (number("line")?.checked_sub(1)?, number("column")?.checked_sub(1)?);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let at = start + text.get(start..)?.chars().take(column).map(char::len_utf8).sum::<usize>();
    let token = tokens.iter().find(|token| token.span.contains(&at));
    Some(token.map_or(at..at, |token| token.span.clone()))
}

fn whole(text: &str) -> Span {
    statement_at(text, 0).unwrap_or(0..text.len())
}
