//! What a bulk read refuses, and how it says so.

use reqwest::Method;
use serde_json::{Value, json};

use super::{JOBS, desk, refused, start};
use crate::desk::Answer;

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let desk = desk().await;
    let raw = |body: &'static str, kind: &'static str| {
        let request = desk.request(Method::POST, JOBS).header("Content-Type", kind).body(body);
        async { Answer::of(request.send().await.expect("an answer")).await }
    };
    raw("", "application/json").await.refused(400, "REQUEST_BODY_IS_EMPTY");
    raw("{", "application/json").await.refused(400, "REQUEST_BODY_NOT_READABLE");
    raw("{}", "text/plain").await.refused(400, "MEDIA_TYPE_NOT_SUPPORTED");
    desk.post(JOBS, &json!({})).await.refused(400, "QUERY_NOT_SUPPORTED");
    let details = refused(&desk, json!({ "module": "Leads" }), "MODULE_NOT_AVAILABLE").await;
    assert_eq!(details["api_name"], "Leads");
    refused(&desk, json!({ "module": "Notes" }), "MODULE_NOT_SUPPORTED").await;
    let fields = json!({ "module": "Contacts", "fields": ["Nothing"] });
    let details = refused(&desk, fields, "FIELD_NOT_AVAILABLE").await;
    assert_eq!(details, json!({ "api_name": "Nothing", "module": "Contacts" }));
    let page = json!({ "module": "Contacts", "page": 501 });
    assert_eq!(refused(&desk, page, "PAGE_RANGE_EXCEEDED").await["max_limit"], 500);
    let unknown = desk.get(&format!("{JOBS}/12345")).await.refused(404, "RESOURCE_NOT_FOUND");
    assert_eq!(unknown["resource"], "12345");
    desk.get(&format!("{JOBS}/12345/result")).await.refused(400, "RESOURCE_NOT_FOUND");
    desk.put(JOBS, &json!({})).await.refused(400, "INVALID_REQUEST_METHOD");
}

#[tokio::test]
async fn every_refusal_of_a_query_has_its_code_and_its_details() {
    let desk = desk().await;
    let one = json!({ "api_name": "Email", "comparator": "equal", "value": "a" });
    let condition = |name: &str, comparator: &str, value: Value| json!({ "api_name": name, "comparator": comparator, "value": value });
    let group = |operator: &str, times: usize| json!({ "group_operator": operator, "group": vec![one.clone(); times] });
    let both = json!({ "group_operator": "or", "group": [one], "api_name": "Email" });
    let long = "a".repeat(256);
    let table = [
        (
            condition("Nothing", "equal", json!("a")),
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
            "module",
            json!("Contacts"),
        ),
        (
            condition("Record_Image", "equal", json!("a")),
            "FIELD_IN_CRITERIA_NOT_SUPPORTED",
            "api_name",
            json!("Record_Image"),
        ),
        (
            condition("Email", "like", json!("a")),
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
            "comparator",
            json!("like"),
        ),
        (
            condition("Account_Name", "contains", json!("a")),
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
            "supported",
            json!(["equal", "not_equal", "in", "not_in"]),
        ),
        (
            condition("Created_Time", "between", json!(["2026-03-01T00:00:00Z"])),
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
            "comparator",
            json!("between"),
        ),
        (
            condition("Created_Time", "equal", json!("noon")),
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
            "value",
            json!("noon"),
        ),
        (condition("Email", "equal", json!(long)), "VALUE_IN_CRITERIA_NOT_SUPPORTED", "value", json!(long)),
        (condition("Email", "equal", json!({})), "VALUE_TYPE_NOT_SUPPORTED", "api_name", json!("Email")),
        (
            condition("Email", "in", json!(vec!["a"; 201])),
            "VALUE_LIMIT_EXCEEDED_IN_CRITERIA",
            "max_limit",
            json!(200),
        ),
        (group("and", 26), "CRITERIA_LIMIT_EXCEEDED", "max_limit", json!(25)),
        (group("nor", 2), "GROUP_OPERATOR_NOT_SUPPORTED", "supported", json!(["and", "or"])),
        (group("and", 0), "AMBIGUOUS_GROUP_IN_CRITERIA", "group_operator", json!("and")),
        (both, "AMBIGUOUS_CRITERIA", "api_name", json!("Email")),
        (json!("Email"), "INVALID_CRITERIA", "criteria", json!("Email")),
        (json!({}), "CRITERIA_NOT_SUPPORTED", "criteria", json!({})),
    ];
    for (criteria, code, key, value) in table {
        let query = json!({ "module": "Contacts", "criteria": criteria });
        assert_eq!(refused(&desk, query, code).await[key], value, "{code}");
    }
    let image = json!({ "module": "Contacts", "fields": ["Record_Image"] });
    assert_eq!(refused(&desk, image, "FIELD_NOT_SUPPORTED").await["api_name"], "Record_Image");
    refused(&desk, json!({ "module": "Contacts", "page": 0 }), "PAGE_NOT_SUPPORTED").await;
    refused(&desk, json!({ "module": "Contacts", "cvid": "12" }), "CVID_NOT_SUPPORTED").await;
    let paths =
        ["Account_Name.Phone", "Contact_Name.Email", "Owner.email", "Created_By.email", "Modified_By.email"];
    let joins = json!({ "module": "Pipelines", "fields": paths });
    start(&desk, &json!({ "query": joins })).await;
    desk.post(JOBS, &json!([])).await.refused(400, "REQUEST_BODY_NOT_SUPPORTED");
    let callback =
        json!({ "callback": { "url": "somewhere", "method": "post" }, "query": { "module": "Calls" } });
    desk.post(JOBS, &callback).await.refused(400, "INVALID_CALLBACK_URL");
    let calendar = json!({ "query": { "module": "Events", "fields": ["Event_Title"] }, "file_type": "ics" });
    desk.post(JOBS, &calendar).await.refused(400, "QUERY_NOT_SUPPORTED");
}
