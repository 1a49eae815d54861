//! Every refusal of a query that is known, and what to do about it.

use serde_json::{Map, Value};

/// What happened, and what to do.
pub(super) fn of(code: &str, message: &str, details: &Map<String, Value>) -> (String, String) {
    let detail = |key: &str| details.get(key).and_then(Value::as_str).filter(|word| !word.is_empty());
    let column = detail("column_name").or_else(|| detail("api_name")).or_else(|| detail("column"));
    let named = column.unwrap_or("a column");
    let reason = detail("reason").unwrap_or_default();
    let (words, help) = match (code, message) {
        ("MANDATORY_NOT_FOUND", _) => ("Bigin got no query".to_owned(), "write one that begins with select"),
        ("INVALID_DATA", _) if reason.starts_with("unsupported aggregate") => (
            format!("Bigin has no function {named}"),
            "take it out, or leave the strict language: count, sum, avg, min and max are computed here",
        ),
        ("INVALID_DATA", message) if message.starts_with("limit should") => {
            ("limit must be greater than 0".to_owned(), "write a limit from 1 to 200, or none")
        }
        ("INVALID_DATA", _) => (
            "Bigin did not get the query as text".to_owned(),
            "that is a mistake of the program and not of the query: tell its authors",
        ),
        ("SYNTAX_ERROR", "missing clause") => match detail("clause") {
            Some("from") => {
                ("Bigin misses the from clause".to_owned(), "add from and a module, such as from Pipelines")
            }
            clause => (
                format!("Bigin misses the {} clause", clause.unwrap_or("where")),
                "add where id is not null to take every record",
            ),
        },
        ("SYNTAX_ERROR", "given coql query not supported") => (
            "Bigin runs only select queries".to_owned(),
            "begin with select; records are changed by their own keys, n, m and e",
        ),
        ("SYNTAX_ERROR", "operator not supported") => (
            format!("Bigin has no operator {}", detail("operator").unwrap_or("of this name")),
            "it has =, !=, <, >, <=, >=, in, not in, between, not between, like, not like, is null, is not null",
        ),
        ("SYNTAX_ERROR", _) => syntax(detail("near").or_else(|| detail("operator"))),
        ("INVALID_MODULE", _) => (
            "Bigin does not query this module".to_owned(),
            "query Pipelines, Contacts, Accounts, Products, Tasks, Events or Calls",
        ),
        ("INVALID_QUERY", _) if detail("alias").is_some() => (
            format!("{} is another selected column", detail("alias").unwrap_or_default()),
            "choose another alias",
        ),
        ("INVALID_QUERY", message) if message.starts_with("unsupported column in criteria") => (
            format!("Bigin cannot filter by {named}"),
            "leave the test out, or leave the strict language: it is then filtered here",
        ),
        ("INVALID_QUERY", message) if message.starts_with("unsupported column") => {
            (format!("Bigin cannot select {named}"), "take it out; the record itself shows it")
        }
        ("INVALID_QUERY", message) if message.starts_with("column given") => (
            format!("Bigin has no {named} to query, or does not show it to you"),
            "check the name, which completion offers, or ask your administrator for the right to see it",
        ),
        ("INVALID_QUERY", message) if message.starts_with("data type") => (
            format!(
                "Bigin cannot query {named}, which is of the kind {}",
                detail("data_type").unwrap_or("unknown")
            ),
            "take it out; the record itself shows it",
        ),
        ("INVALID_QUERY", _) if reason.starts_with("invalid operator") => (
            format!("Bigin does not take {} on {named}", detail("operator").unwrap_or("this operator")),
            "compare it by =, !=, in, is null, or by what fits the kind of field",
        ),
        ("INVALID_QUERY", message) if message.starts_with("value given") => {
            let kind = detail("expected_data_type");
            let help = kind.map_or_else(
                || "write a value of the kind that the field holds".to_owned(),
                |kind| format!("write a value of the kind {kind}"),
            );
            return (format!("Bigin does not take this value for {named}"), help);
        }
        ("INVALID_QUERY", message) if message.starts_with("limit given") => {
            ("limit must be a number".to_owned(), "write a whole number from 1 to 200")
        }
        ("INVALID_QUERY", message) if message.starts_with("offset given") => {
            ("offset must be a number from 0".to_owned(), "write a whole number from 0 to 9800")
        }
        ("LIMIT_EXCEEDED", _) => return limit(details),
        ("DUPLICATE_DATA", _) => (format!("{named} is selected twice"), "take one of the two out"),
        ("DUPLICATE_ALIAS", _) => (
            format!("{} stands for two columns", detail("alias").unwrap_or("an alias")),
            "give one of the two another alias",
        ),
        ("INVALID_ALIAS", _) => {
            (format!("the alias of {named} is empty"), "write an alias of letters, or none")
        }
        ("OAUTH_SCOPE_MISMATCH", _) => (
            "this sign-in does not allow queries of this module".to_owned(),
            "sign in again with `bigin login`, which asks for the right to read and to query",
        ),
        ("INVALID_REQUEST_METHOD", _) => (
            "Bigin takes queries in another way".to_owned(),
            "that is a mistake of the program and not of the query: tell its authors",
        ),
        _ => (
            format!("Bigin refused the query: {message}"),
            "compare the query with what `bigin query --check` says of it, or try a simpler one",
        ),
    };
    (words, help.to_owned())
}

fn syntax(near: Option<&str>) -> (String, &'static str) {
    let Some(near) = near else {
        return (
            "Bigin cannot read the query".to_owned(),
            "look for an open quote or parenthesis; `bigin query --check` says more",
        );
    };
    let help = match near.to_ascii_lowercase().as_str() {
        "and" | "or" => "join three criteria and more in pairs: (a and b) and c",
        "*" => "name the fields, or leave the strict language: * is then every field",
        "group" | "having" | "distinct" => "leave the strict language: groups are then computed here",
        _ => "put right what stands there; reserved words that are names need quotes",
    };
    (format!("Bigin cannot read the query near {near:?}"), help)
}

fn limit(details: &Map<String, Value>) -> (String, String) {
    let most = details.get("limit").map(ToString::to_string).unwrap_or_default();
    let (what, help) = match details.get("clause").and_then(Value::as_str) {
        Some("select") => {
            ("columns", "take columns out, or leave the strict language: they are then asked for in parts")
        }
        Some("where") => {
            ("criteria", "take criteria out, or leave the strict language: the rest is then filtered here")
        }
        Some("join") => {
            ("lookups", "take a lookup out, or leave the strict language: it is then asked for by itself")
        }
        Some("in") => (
            "values in one list",
            "split the list, or leave the strict language: it is then asked for in parts",
        ),
        Some("limit") => {
            ("rows in one answer", "write a smaller limit and page by offset, or leave the strict language")
        }
        _ => ("rows by limit and offset", "go on behind the last id: where id > '…' order by id"),
    };
    (format!("Bigin takes at most {most} {what}"), help.to_owned())
}
