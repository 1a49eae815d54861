//! The criteria of a search: `(field:comparator:value)` joined by `and` and `or`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/search-records.html>

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::{
    Reply, assumptions,
    world::{
        filter::{Comparator, Filter, FilterError},
        metadata::{Field, Kind, Module},
    },
};

/// Groups within groups at most, so that no text can exhaust the stack.
const DEEPEST: usize = 32;
/// Values of an `in` at most.
const MOST_VALUES: usize = 100;

/// Criteria as they stand in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Criteria {
    All(Vec<Criteria>),
    Any(Vec<Criteria>),
    One { field: String, comparator: String, value: String },
}

/// Why criteria are refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// The text is not criteria.
    Malformed,
    /// More conditions than are taken.
    TooMany,
    /// A reason that the answer names.
    Because(Value),
    /// More values in a list than are taken.
    TooManyValues,
}

impl Refusal {
    pub fn of(error: FilterError) -> Self {
        Self::Because(match error {
            FilterError::Field(name) => unavailable(&name),
            FilterError::Comparator(name, comparator) => wrong_operator(&name, comparator.into()),
            FilterError::Value(name, kind, value) => {
                json!({ "expected_data_type": kind, "reason": "invalid value for search", "api_name": name, "value": value })
            }
        })
    }

    pub fn reply(self) -> Reply {
        let invalid =
            |details| Reply::error(StatusCode::BAD_REQUEST, "INVALID_QUERY", "Invalid query formed", details);
        match self {
            Self::Malformed => invalid(json!({})),
            Self::Because(details) => invalid(details),
            Self::TooMany => {
                let message = "no of criterium that can be given exceed the limit 15";
                Reply::error(StatusCode::BAD_REQUEST, "CRITERIA_LIMIT_EXCEEDED", message, json!({}))
            }
            Self::TooManyValues => {
                let message = "Only 100 values are allowed in \"IN\" criteria";
                Reply::error(StatusCode::BAD_REQUEST, "INVALID_QUERY", message, json!({}))
            }
        }
    }
}

fn unavailable(field: &str) -> Value {
    json!({ "reason": "the field is not available for search", "api_name": field })
}

fn wrong_operator(field: &str, operator: &str) -> Value {
    json!({ "reason": "invalid operator found", "operator": operator, "api_name": field })
}

/// Reads the text of `criteria`.
pub(super) fn parse(text: &str) -> Result<Criteria, Refusal> {
    let mut parser = Parser { rest: text, conditions: 0 };
    let criteria = parser.chain(0)?;
    parser.skip();
    if !parser.rest.is_empty() {
        return Err(Refusal::Malformed);
    }
    if parser.conditions > assumptions::SEARCH_CONDITIONS { Err(Refusal::TooMany) } else { Ok(criteria) }
}

struct Parser<'a> {
    rest: &'a str,
    conditions: usize,
}

impl Parser<'_> {
    /// Groups joined by connectives, from left to right.
    fn chain(&mut self, depth: usize) -> Result<Criteria, Refusal> {
        if depth > DEEPEST {
            return Err(Refusal::Malformed);
        }
        let mut whole = self.group(depth)?;
        while let Some(all) = self.connective() {
            let next = self.group(depth)?;
            whole = match (whole, all) {
                (Criteria::All(mut parts), true) => {
                    parts.push(next);
                    Criteria::All(parts)
                }
                (Criteria::Any(mut parts), false) => {
                    parts.push(next);
                    Criteria::Any(parts)
                }
                (first, true) => Criteria::All(vec![first, next]),
                (first, false) => Criteria::Any(vec![first, next]),
            };
        }
        Ok(whole)
    }

    fn group(&mut self, depth: usize) -> Result<Criteria, Refusal> {
        self.take('(')?;
        self.skip();
        let inner = if self.rest.starts_with('(') { self.chain(depth + 1)? } else { self.one()? };
        self.take(')')?;
        // A group in parentheses of its own does not take in what follows it.
        Ok(match inner {
            Criteria::All(parts) if parts.len() > 1 => Criteria::Any(vec![Criteria::All(parts)]),
            other => other,
        })
    }

    fn one(&mut self) -> Result<Criteria, Refusal> {
        let mut part = |end: char| {
            let (part, rest) = self.rest.split_once(end)?;
            self.rest = rest;
            Some(part.trim().to_owned()).filter(|part| !part.is_empty())
        };
        let (Some(field), Some(comparator)) = (part(':'), part(':')) else { return Err(Refusal::Malformed) };
        let (mut value, mut escaped) = (String::new(), false);
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match c {
                // A comma keeps its escape: lists are split later.
                ',' if escaped => value.push_str("\\,"),
                _ if escaped => value.push(c),
                '\\' => {}
                ')' => {
                    end = Some(at);
                    break;
                }
                _ => value.push(c),
            }
            escaped = c == '\\' && !escaped;
        }
        self.rest = &self.rest[end.ok_or(Refusal::Malformed)?..];
        self.conditions += 1;
        Ok(Criteria::One { field, comparator, value })
    }

    fn connective(&mut self) -> Option<bool> {
        self.skip();
        for (word, all) in [("and", true), ("or", false)] {
            if self.rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
                self.rest = &self.rest[word.len()..];
                return Some(all);
            }
        }
        None
    }

    fn take(&mut self, c: char) -> Result<(), Refusal> {
        self.skip();
        self.rest = self.rest.strip_prefix(c).ok_or(Refusal::Malformed)?;
        Ok(())
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

impl Criteria {
    /// The criteria as a filter, with the rules of searching.
    pub fn checked(self, module: &Module) -> Result<Filter, Refusal> {
        let all =
            |parts: Vec<Self>| parts.into_iter().map(|part| part.checked(module)).collect::<Result<_, _>>();
        match self {
            Self::All(parts) => Ok(Filter::All(all(parts)?)),
            Self::Any(parts) => Ok(Filter::Any(all(parts)?)),
            Self::One { field: name, comparator, value } => {
                let field = module.field(&name).filter(|field| searchable(field));
                let field = field.ok_or_else(|| Refusal::Because(unavailable(&name)))?;
                let refuse = || Refusal::Because(wrong_operator(&name, &comparator));
                let meant = meaning(field.kind, &comparator).ok_or_else(refuse)?;
                if value.eq_ignore_ascii_case("null") || value.trim().is_empty() {
                    return Err(Refusal::of(FilterError::Value(name, field.kind.data_type(), value)));
                }
                let values = match meant {
                    Comparator::In | Comparator::Between => list(&value),
                    _ => vec![value.replace("\\,", ",")],
                };
                if values.len() > MOST_VALUES {
                    return Err(Refusal::TooManyValues);
                }
                Ok(Filter::Test { field: name, comparator: meant, values })
            }
        }
    }
}

/// Fields that the metadata calls searchable and that make a search fail are left out, too.
fn searchable(field: &Field) -> bool {
    const REFUSED: [&str; 3] = ["Sub_Pipeline", "CTI_Entry", "Call_Status"];
    let kind = field.filterable() || field.kind == Kind::TextArea;
    kind && field.kind != Kind::Formula && !REFUSED.contains(&field.api_name)
}

/// What a comparator means for a kind of field; none where the kind does not take it. Text is compared by
/// the words in the index, everything else exactly.
fn meaning(kind: Kind, comparator: &str) -> Option<Comparator> {
    use Comparator as C;
    let text = matches!(kind, Kind::Text | Kind::Email | Kind::Phone | Kind::Website);
    let ordered = matches!(
        kind,
        Kind::Integer
            | Kind::BigInt
            | Kind::Currency
            | Kind::Double
            | Kind::Percent
            | Kind::Date
            | Kind::DateTime
    );
    let listed = kind != Kind::TextArea && kind != Kind::Boolean;
    match comparator {
        "equals" if text || kind == Kind::TextArea => Some(C::Words),
        "equals" => Some(C::Equal),
        "not_equal" => Some(C::NotEqual),
        "starts_with" if text || matches!(kind, Kind::TextArea | Kind::MultiSelect) => Some(C::StartsWith),
        "in" if listed => Some(C::In),
        "greater_than" if ordered => Some(C::GreaterThan),
        "greater_equal" if ordered => Some(C::GreaterEqual),
        "less_than" if ordered => Some(C::LessThan),
        "less_equal" if ordered => Some(C::LessEqual),
        "between" if ordered => Some(C::Between),
        _ => None,
    }
}

/// The values of a list, separated by commas that are not escaped.
fn list(value: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        if c == ',' && !escaped {
            values.push(String::new());
        } else if let Some(last) = values.last_mut()
            && (c != '\\' || escaped)
        {
            last.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(field: &str, comparator: &str, value: &str) -> Criteria {
        let [field, comparator, value] = [field, comparator, value].map(str::to_owned);
        Criteria::One { field, comparator, value }
    }

    #[test]
    fn conditions_are_joined_in_any_case_and_grouped() {
        assert_eq!(parse("(Stage:equals:Won)"), Ok(one("Stage", "equals", "Won")));
        let (a, b) = (one("Stage", "equals", "Won"), one("Amount", "greater_than", "5000"));
        assert_eq!(
            parse("((Stage:equals:Won)AND(Amount:greater_than:5000))"),
            Ok(Criteria::Any(vec![Criteria::All(vec![a.clone(), b.clone()])]))
        );
        assert_eq!(parse("(Stage:equals:Won) or (Amount:greater_than:5000)"), Ok(Criteria::Any(vec![a, b])));
    }

    #[test]
    fn values_may_have_colons_and_escaped_parentheses_and_commas() {
        assert_eq!(
            parse("(Modified_Time:greater_than:2026-03-01T08:00:00+01:00)"),
            Ok(one("Modified_Time", "greater_than", "2026-03-01T08:00:00+01:00"))
        );
        assert_eq!(parse("(Last_Name:equals:A \\(B\\))"), Ok(one("Last_Name", "equals", "A (B)")));
        assert_eq!(list("a\\,b,c"), ["a,b", "c"]);
    }

    #[test]
    fn what_is_not_criteria_is_refused() {
        for text in
            ["", "(", "()", "(a)", "(a:b)", "(a:equals:b", "a:equals:b", "(a:equals:b)x", "((a:equals:b)and)"]
        {
            assert_eq!(parse(text), Err(Refusal::Malformed), "{text:?}");
        }
        assert_eq!(parse(&"(".repeat(5000)), Err(Refusal::Malformed));
        let many = |count| format!("({})", vec!["(A:equals:b)"; count].join("and"));
        assert!(parse(&many(15)).is_ok());
        assert_eq!(parse(&many(16)), Err(Refusal::TooMany));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[(:)a\\\\, and]{0,40}") {
            let _ = parse(&text);
        }
    }
}
