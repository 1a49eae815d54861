use serde_json::{Value, json};

use super::*;

fn said(text: &str, code: &str, message: &str, details: &Value) -> (String, String) {
    let said = refused(text, code, message, details.as_object().expect("an object"));
    (text[said.span.clone()].to_owned(), said.message)
}

#[test]
fn refusals_are_in_words_at_their_place_in_the_text() {
    let text = "select Deal_Name, Owner.email\nfrom Deals where Sub_Pipeline = 'x' and 'Account_Name.Phone' like '%1%'";
    for (code, message, details, place, words) in [
        (
            "INVALID_QUERY",
            "unsupported column in criteria",
            json!({"cv_criteria": false, "column_name": "Sub_Pipeline", "value": "x", "operator": "="}),
            "Sub_Pipeline",
            "Bigin cannot filter by Sub_Pipeline",
        ),
        (
            "INVALID_QUERY",
            "column given seems to be invalid",
            json!({"column_name": "Owner.email"}),
            "Owner.email",
            "Bigin has no Owner.email to query, or does not show it to you",
        ),
        (
            "INVALID_QUERY",
            "Invalid query formed",
            json!({"reason": "invalid operator found", "column_name": "Phone", "operator": "like"}),
            "'Account_Name.Phone'",
            "Bigin does not take like on Phone",
        ),
        (
            "INVALID_QUERY",
            "value given seems to be invalid for the column",
            json!({"column_name": "deal_name"}),
            "Deal_Name",
            "Bigin does not take this value for deal_name",
        ),
        (
            "SYNTAX_ERROR",
            "unexpected token",
            json!({"line": 2, "column": 1, "near": "FROM"}),
            "from",
            "Bigin cannot read the query near \"FROM\"",
        ),
        (
            "SYNTAX_ERROR",
            "unexpected token",
            json!({"line": 2, "column": 6}),
            "Deals",
            "Bigin cannot read the query",
        ),
        (
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"clause": "join", "limit": 2}),
            text,
            "Bigin takes at most 2 lookups",
        ),
        (
            "DUPLICATE_DATA",
            "duplicate select column",
            json!({"column_name": "Deal_Name"}),
            "Deal_Name",
            "Deal_Name is selected twice",
        ),
        ("SOMETHING_NEW", "it rains", json!({}), text, "Bigin refused the query: it rains"),
    ] {
        assert_eq!(said(text, code, message, &details), (place.to_owned(), words.to_owned()));
    }
    let details = json!({"clause": "where"});
    let said = refused(
        "select id from Tasks",
        "SYNTAX_ERROR",
        "missing clause",
        details.as_object().expect("an object"),
    );
    assert_eq!(
        said.fix.map(|fix| fix.apply("select id from Tasks")),
        Some("select id from Tasks where id is not null".to_owned())
    );
    assert_eq!(said_of_odd_places(), 0..0);
}

fn said_of_odd_places() -> Span {
    let details = json!({"line": 900, "column": 900});
    refused("", "SYNTAX_ERROR", "unexpected token", details.as_object().expect("an object")).span
}
