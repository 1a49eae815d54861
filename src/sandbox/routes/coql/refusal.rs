//! Refusals of queries, in the service's spelling.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    coql::{CheckError, MAX_LIMIT, MAX_REACH, SyntaxError, position},
    sandbox::Reply,
};

fn refuse(code: &str, message: &str, details: Value) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, code, message, details)
}

/// The text is not a query.
pub(super) fn syntax(error: &SyntaxError, text: &str) -> Reply {
    match error {
        SyntaxError::NotSelect => refuse("SYNTAX_ERROR", "given coql query not supported", json!({})),
        SyntaxError::MissingClause { clause, .. } => missing_clause(clause),
        SyntaxError::Unexpected { at, near } => {
            let (line, column) = position(text, *at);
            refuse(
                "SYNTAX_ERROR",
                "unexpected token",
                json!({ "line": line, "column": column, "near": near }),
            )
        }
        SyntaxError::Misplaced { near, .. } => misplaced(near),
        SyntaxError::UnknownOperator { operator, .. } => {
            refuse("SYNTAX_ERROR", "operator not supported", json!({ "operator": operator }))
        }
        SyntaxError::NotANumber { clause, found, .. } => {
            let message = format!("{clause} given seems to be invalid");
            refuse("INVALID_QUERY", &message, json!({ *clause: found }))
        }
    }
}

fn missing_clause(clause: &str) -> Reply {
    refuse("SYNTAX_ERROR", "missing clause", json!({ "clause": clause }))
}

/// The misspelling is the service's.
fn misplaced(near: &str) -> Reply {
    refuse("SYNTAX_ERROR", "error occured while parsing the query", json!({ "near": near }))
}

/// The query breaks a rule.
pub(super) fn check(error: &CheckError) -> Reply {
    let query = |message: &str, details| refuse("INVALID_QUERY", message, details);
    let unknown = |column: &str| query("column given seems to be invalid", json!({ "column_name": column }));
    match error {
        CheckError::NoWhere => missing_clause("where"),
        CheckError::NotInDialect { near, .. } => misplaced(near),
        CheckError::UnknownModule { module, .. } => unknown(module),
        CheckError::UnknownColumn { column, .. } | CheckError::NotGrouped { column, .. } => unknown(column),
        CheckError::TooMany { clause, most, .. } => {
            refuse("LIMIT_EXCEEDED", "limit exceeded", json!({ "clause": clause.clause(), "limit": most }))
        }
        CheckError::UnknownFunction { column, .. } => {
            let details = json!({ "reason": "unsupported aggregate function", "column": column });
            refuse("INVALID_DATA", "invalid data", details)
        }
        CheckError::FunctionKind { column, kind, .. } | CheckError::UnsupportedKind { column, kind, .. } => {
            query("data type not supported", json!({ "column_name": column, "data_type": kind.to_string() }))
        }
        CheckError::DuplicateColumn { column, .. } => {
            refuse("DUPLICATE_DATA", "duplicate select column", json!({ "column_name": column }))
        }
        CheckError::DuplicateAlias { alias, columns, .. } => {
            let details = json!({ "alias": alias, "referred_columns": [columns.0, columns.1] });
            refuse("DUPLICATE_ALIAS", "same alias cannot refer more than one column", details)
        }
        CheckError::EmptyAlias { column, .. } => {
            let details = json!({ "column_name": column, "alias": "" });
            refuse("INVALID_ALIAS", "alias name cannot be an empty string", details)
        }
        CheckError::AliasIsColumn { column, alias, .. } => {
            let message = "alias name cannot be the same as the name of another selected column";
            query(message, json!({ "column_name": column, "alias": alias }))
        }
        CheckError::UnsupportedColumn { column, .. } => {
            query("unsupported column", json!({ "column_name": column }))
        }
        CheckError::UnsupportedCriterion { column, value, operator, .. } => {
            let details =
                json!({ "cv_criteria": false, "column_name": column, "value": value, "operator": operator });
            query("unsupported column in criteria", details)
        }
        CheckError::Operator { column, operator, .. } => {
            let details =
                json!({ "reason": "invalid operator found", "column_name": column, "operator": operator });
            query("Invalid query formed", details)
        }
        CheckError::Value { column, expected, .. } => {
            let details = json!({ "column_name": column, "expected_data_type": expected.to_string() });
            query("value given seems to be invalid for the column", details)
        }
        CheckError::NoRows { .. } => refuse("INVALID_DATA", "limit should be greater than 0", json!({})),
        CheckError::Limit { .. } => {
            refuse("LIMIT_EXCEEDED", "limit exceeded", json!({ "clause": "limit", "limit": MAX_LIMIT }))
        }
        CheckError::Reach { .. } => {
            refuse("LIMIT_EXCEEDED", "Max records limit exceeded", json!({ "limit": MAX_REACH }))
        }
    }
}
