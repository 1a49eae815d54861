//! What a query is refused for, in the service's details, and what only lenient sandboxes take.

use bigin::sandbox::Options;
use serde_json::json;

use super::query;
use crate::desk::Desk;

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    let desk = Desk::open().await;
    let table = [
        (
            "select Last_Name from Contacts where Last_Name > 'M'",
            json!({ "reason": "invalid operator found", "column_name": "Last_Name", "operator": ">" }),
        ),
        ("select Nickname from Contacts where id is not null", json!({ "column_name": "Nickname" })),
        ("select Last_Name from Contacts", json!({ "clause": "where" })),
        ("select Last_Name where id is not null", json!({ "clause": "from" })),
        (
            "select id from Contacts where id is not null limit 201",
            json!({ "clause": "limit", "limit": 200 }),
        ),
        (
            "select id from Contacts where id is not null limit 99999999999999999999",
            json!({ "clause": "limit", "limit": 200 }),
        ),
        (
            "select id from Contacts where id is not null limit 1 offset 99999999999999999999",
            json!({ "limit": 10_000 }),
        ),
        ("select id from Contacts where id is not null limit ten", json!({ "limit": "ten" })),
        (
            "select Deal_Name from Pipelines where Amount = 'lots'",
            json!({ "column_name": "Amount", "expected_data_type": "currency" }),
        ),
        (
            "select id from Contacts where Title = 'a' or Title = 'b' and Title = 'c'",
            json!({ "near": "and" }),
        ),
        (
            "select FOO(id) from Contacts where id is not null",
            json!({ "reason": "unsupported aggregate function", "column": "FOO(id)" }),
        ),
        (
            "select Event_Title from Events where Participants != 'x'",
            json!({ "cv_criteria": false, "column_name": "Participants", "value": "x", "operator": "!=" }),
        ),
    ];
    for (text, details) in table {
        assert_eq!(query(&desk, text).await.expect(400)["details"], details, "{text}");
    }
}

#[tokio::test]
async fn a_lenient_sandbox_takes_the_later_language() {
    let desk = Desk::with(Options { deals: 30, strict: false, ..Options::default() }).await;
    let body = query(&desk, "select COUNT(id) as deals from Pipelines").await.expect(200);
    assert_eq!(body["data"][0]["deals"], 30);
    query(&desk, "select Stage, SUM(Amount) from Pipelines group by Stage").await.expect(200);
    let select = |columns: &str| format!("select {columns} from Contacts where id is not null");
    for (columns, code, details) in [
        (
            "First_Name as Name, Last_Name as Name",
            "DUPLICATE_ALIAS",
            json!({ "alias": "Name", "referred_columns": ["First_Name", "Last_Name"] }),
        ),
        ("First_Name as ''", "INVALID_ALIAS", json!({ "column_name": "First_Name", "alias": "" })),
        (
            "First_Name as Last_Name, Last_Name",
            "INVALID_QUERY",
            json!({ "column_name": "First_Name", "alias": "Last_Name" }),
        ),
    ] {
        assert_eq!(query(&desk, &select(columns)).await.refused(400, code), details, "{columns}");
    }
}
