use serde_json::{Value, json};

use super::{
    analysis::{context, org},
    *,
};

fn answered(text: &str, code: &str, message: &str, details: &Value) -> Diagnostic {
    let details = details.as_object().expect("an object");
    refused(text, (code, message, details), &org(), &context())
}

/// What the fix makes of `text`.
fn mended(text: &str, code: &str, message: &str, details: &Value) -> Option<String> {
    answered(text, code, message, details).fix.map(|fix| fix.apply(text))
}

fn said(text: &str, code: &str, message: &str, details: &Value) -> (String, String) {
    let said = answered(text, code, message, details);
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
    assert_eq!(said_of_odd_places(), 0..0);
}

/// Errors of the reference, one a row: what was asked, what Bigin answers, the place, and words of what to do.
#[test]
fn every_error_of_the_reference_has_words_a_place_and_a_way_on() {
    let whole = "select Deal_Name, Foo as Name from Pipelines where Amount > 5 and Stage not in ('x') limit 7 offset 9999";
    for (code, message, details, place, help) in [
        (
            "MANDATORY_NOT_FOUND",
            "mandatory key not found",
            json!({"api_name": "select_query"}),
            whole,
            "begins with select",
        ),
        (
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "text", "api_name": "select_query", "json_path": "$.select_query"}),
            whole,
            "mistake of the program",
        ),
        ("SYNTAX_ERROR", "given coql query not supported", json!({}), whole, "begin with select"),
        ("SYNTAX_ERROR", "missing clause", json!({"clause": "from"}), whole, "add from"),
        ("SYNTAX_ERROR", "missing clause", json!({"clause": "where"}), whole, "where id is not null"),
        (
            "SYNTAX_ERROR",
            "unexpected token",
            json!({"line": 1, "column": 33, "near": "FROM"}),
            "from",
            "put right",
        ),
        ("SYNTAX_ERROR", "error occured while parsing the query", json!({"near": "and"}), "and", "in pairs"),
        ("SYNTAX_ERROR", "operator not supported", json!({"operator": "not"}), "not", "it has ="),
        (
            "INVALID_QUERY",
            "column given seems to be invalid",
            json!({"column_name": "Foo"}),
            "Foo",
            "check the name",
        ),
        ("INVALID_MODULE", "the given module is not supported in api", json!({}), "Pipelines", "Contacts"),
        ("INVALID_QUERY", "unsupported column", json!({"column_name": "Foo"}), "Foo", "take it out"),
        (
            "INVALID_QUERY",
            "unsupported column in criteria",
            json!({"cv_criteria": false, "column_name": "Stage", "value": "x", "operator": "not in"}),
            "Stage",
            "filtered here",
        ),
        (
            "INVALID_QUERY",
            "data type not supported",
            json!({"column_name": "Foo", "data_type": "fileupload"}),
            "Foo",
            "take it out",
        ),
        (
            "INVALID_QUERY",
            "Invalid query formed",
            json!({"reason": "invalid operator found", "column_name": "Amount", "operator": ">"}),
            "Amount",
            "compare it by",
        ),
        (
            "INVALID_QUERY",
            "value given seems to be invalid for the column",
            json!({"column_name": "Amount", "expected_data_type": "currency"}),
            "Amount",
            "of the kind currency",
        ),
        ("INVALID_QUERY", "limit given seems to be invalid", json!({"limit": "s"}), "7", "from 1 to 200"),
        (
            "INVALID_QUERY",
            "offset given seems to be invalid",
            json!({"offset": "-5"}),
            "9999",
            "from 0 to 9800",
        ),
        ("INVALID_DATA", "limit should be greater than 0", json!({}), "7", "from 1 to 200"),
        ("LIMIT_EXCEEDED", "limit exceeded", json!({"clause": "limit", "limit": 200}), "7", "smaller limit"),
        (
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"clause": "select", "limit": 50}),
            "select",
            "take columns out",
        ),
        (
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"clause": "where", "limit": 25}),
            "where",
            "take criteria out",
        ),
        (
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"clause": "join", "limit": 2}),
            whole,
            "take a lookup out",
        ),
        ("LIMIT_EXCEEDED", "limit exceeded", json!({"clause": "in", "limit": 50}), "in", "split the list"),
        (
            "LIMIT_EXCEEDED",
            "Max records limit exceeded",
            json!({"limit": 10000}),
            "9999",
            "behind the last id",
        ),
        (
            "DUPLICATE_DATA",
            "duplicate select column",
            json!({"column_name": "Deal_Name"}),
            "Deal_Name",
            "take one",
        ),
        (
            "DUPLICATE_ALIAS",
            "same alias cannot refer more than one column",
            json!({"alias": "Name", "referred_columns": ["Foo", "Deal_Name"]}),
            "Name",
            "another alias",
        ),
        (
            "INVALID_ALIAS",
            "alias name cannot be an empty string",
            json!({"column_name": "Foo", "alias": ""}),
            "Foo",
            "an alias of letters",
        ),
        (
            "INVALID_QUERY",
            "alias names must differ from columns",
            json!({"column_name": "Foo", "alias": "Name"}),
            "Name",
            "another alias",
        ),
        (
            "INVALID_DATA",
            "invalid data",
            json!({"reason": "unsupported aggregate function", "column": "Foo(x)"}),
            "Foo",
            "computed here",
        ),
        ("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", json!({}), whole, "bigin login"),
        (
            "INVALID_REQUEST_METHOD",
            "The http request method type is not a valid one",
            json!({}),
            whole,
            "mistake of the program",
        ),
        ("NEVER_SEEN", "the moon is full", json!({}), whole, "--check"),
    ] {
        let said = answered(whole, code, message, &details);
        assert_eq!(&whole[said.span.clone()], place, "{code}: {message} {details}");
        assert!(said.help.contains(help), "{code}: {message}: {}", said.help);
        let own = code == "NEVER_SEEN" || !said.message.contains(message);
        assert!(own && !said.message.contains(code), "{code}: {}", said.message);
    }
}

fn said_of_odd_places() -> Span {
    let details = json!({"line": 900, "column": 900});
    answered("", "SYNTAX_ERROR", "unexpected token", &details).span
}

#[test]
fn a_refusal_with_a_known_cause_is_put_right_by_one_key() {
    let columns = "column given seems to be invalid";
    for (text, code, message, details, expected) in [
        (
            "select id from Tasks -- all\norder by id limit 5",
            "SYNTAX_ERROR",
            "missing clause",
            json!({"clause": "where"}),
            "select id from Tasks where id is not null -- all\norder by id limit 5",
        ),
        (
            "select id from Tasks where id > '1' and id < '9' or id = '5'",
            "SYNTAX_ERROR",
            "error occured while parsing the query",
            json!({"near": "or"}),
            "select id from Tasks where (id > '1' and id < '9') or id = '5'",
        ),
        (
            "select id from Deals where id is not null",
            "INVALID_MODULE",
            "the given module is not supported in api",
            json!({}),
            "select id from Pipelines where id is not null",
        ),
        (
            "select id from Taskz where id is not null",
            "INVALID_MODULE",
            "the given module is not supported in api",
            json!({}),
            "select id from Tasks where id is not null",
        ),
        (
            "select id from Tasks limit 500",
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"clause": "limit", "limit": 100}),
            "select id from Tasks limit 100",
        ),
        (
            "select id from Tasks limit 0",
            "INVALID_DATA",
            "limit should be greater than 0",
            json!({}),
            "select id from Tasks limit 200",
        ),
        (
            "select Deal_Name, Stge from Pipelines where Amount > 5",
            "INVALID_QUERY",
            columns,
            json!({"column_name": "Stge"}),
            "select Deal_Name, Stage from Pipelines where Amount > 5",
        ),
        (
            "select Deal_Name, Amount, Stage from Pipelines",
            "INVALID_QUERY",
            columns,
            json!({"column_name": "Amount"}),
            "select Deal_Name, Stage from Pipelines",
        ),
        (
            "select Amount, Stage from Pipelines",
            "INVALID_QUERY",
            "unsupported column",
            json!({"column_name": "Amount"}),
            "select Stage from Pipelines",
        ),
        (
            "select id, Stage, Amount, Stage from Pipelines",
            "DUPLICATE_DATA",
            "duplicate select column",
            json!({"column_name": "Stage"}),
            "select id, Stage, Amount from Pipelines",
        ),
    ] {
        assert_eq!(mended(text, code, message, &details).as_deref(), Some(expected), "{text}");
    }
    for (text, message, details) in [
        ("select Amount from Pipelines", "unsupported column", json!({"column_name": "Amount"})),
        ("select Amount as a, id from Pipelines", columns, json!({"column_name": "Amount"})),
        ("select id from Pipelines where Amount > 5", columns, json!({"column_name": "Amount"})),
        ("select id from Pipelines", "a new one", json!({})),
    ] {
        assert_eq!(mended(text, "INVALID_QUERY", message, &details), None, "{text}");
    }
}

#[test]
fn a_refused_name_has_the_fix_that_the_analysis_has_for_it() {
    let text = "select Deal_Name from Pipelines where Amuont > 5 and Stage = 'Won'";
    let analysis = analyse(text, &org(), Mode::Wide, &context());
    let own = analysis.diagnostics().next().and_then(|said| said.fix.clone());
    let message = "column given seems to be invalid";
    let fix = answered(text, "INVALID_QUERY", message, &json!({"column_name": "Amuont"})).fix;
    assert_eq!(fix, own);
    assert!(own.is_some());
}
