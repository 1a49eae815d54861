//! Searching.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/search-records.html>

use std::{collections::BTreeSet, time::Duration};

use bigin::sandbox::Options;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

async fn search(desk: &Desk, module: &str, pairs: &[(&str, &str)]) -> Answer {
    let request = desk.request(reqwest::Method::GET, &format!("/bigin/v2/{module}/search")).query(pairs);
    Answer::of(request.send().await.expect("an answer")).await
}

fn column(body: &Value, key: &str) -> Vec<String> {
    let rows = body["data"].as_array().expect("rows").iter();
    rows.map(|row| row[key].as_str().unwrap_or_default().to_owned()).collect()
}

async fn products(desk: &Desk, names: &[&str]) {
    let data: Vec<_> = names.iter().map(|name| json!({ "Product_Name": name })).collect();
    desk.post("/bigin/v2/Products", &json!({ "data": data })).await.expect(201);
}

#[tokio::test]
async fn equals_on_text_means_all_words_and_on_picklists_the_value() {
    let desk = Desk::open().await;
    products(&desk, &["Nango Test Product", "Nango Unlink Test Product", "Nango Testing Product", "Nango"])
        .await;
    let body = search(&desk, "Products", &[("criteria", "(Product_Name:equals:nango test product)")])
        .await
        .expect(200);
    assert_eq!(column(&body, "Product_Name"), ["Nango Unlink Test Product", "Nango Test Product"]);
    let body = search(
        &desk,
        "Products",
        &[("criteria", "(Product_Category:equals:Service)"), ("fields", "Product_Category")],
    )
    .await;
    let body = body.expect(200);
    assert!(column(&body, "Product_Category").iter().all(|category| category == "Service"));
    search(&desk, "Products", &[("criteria", "(Product_Category:equals:Serv)")]).await.expect(204);
    let body =
        search(&desk, "Products", &[("criteria", "(Product_Name:starts_with:Nango Te)")]).await.expect(200);
    assert_eq!(column(&body, "Product_Name"), ["Nango Testing Product", "Nango Test Product"]);
}

#[tokio::test]
async fn a_word_is_found_by_its_beginning_never_by_its_middle() {
    let desk = Desk::open().await;
    products(&desk, &["Quayside-refit kit", "Unrelated"]).await;
    for word in ["quay", "QUAYSIDE", "refit kit", "kit ref"] {
        let body = search(&desk, "Products", &[("word", word)]).await.expect(200);
        assert_eq!(column(&body, "Product_Name"), ["Quayside-refit kit"], "{word}");
    }
    search(&desk, "Products", &[("word", "ayside")]).await.expect(204);
    let details = search(&desk, "Products", &[("word", "q")]).await.refused(400, "INVALID_DATA");
    assert_eq!(details["param_name"], "word");
    for word in ["\" * NEAR(", "-- ; drop", "a\"b OR c"] {
        assert!(search(&desk, "Products", &[("word", word)]).await.status < 500, "{word}");
    }
}

#[tokio::test]
async fn email_and_phone_look_at_all_their_fields() {
    let desk = Desk::open().await;
    let people = json!([
        { "Last_Name": "A", "Email": "a@quayside.example", "Phone": "(987) 654-3210" },
        { "Last_Name": "B", "Secondary_Email": "A@quayside.example", "Mobile": "987 654 3210" },
        { "Last_Name": "C", "Email": "c@quayside.example" },
    ]);
    desk.post("/bigin/v2/Contacts", &json!({ "data": people })).await.expect(201);
    let body = search(&desk, "Contacts", &[("email", "a@quayside.example"), ("fields", "Last_Name")])
        .await
        .expect(200);
    assert_eq!(column(&body, "Last_Name"), ["B", "A"]);
    let body =
        search(&desk, "Contacts", &[("phone", "987-654-3210"), ("fields", "Last_Name")]).await.expect(200);
    assert_eq!(column(&body, "Last_Name"), ["B", "A"]);
    search(&desk, "Contacts", &[("email", "nobody@quayside.example")]).await.expect(204);
}

#[tokio::test]
async fn criteria_combine_types_and_comparators() {
    let desk = Desk::with(Options { deals: 120, ..Options::default() }).await;
    let all = desk
        .get("/bigin/v2/Pipelines?fields=Amount,Stage,Closing_Date,Owner,Leasing,Modified_Time")
        .await
        .expect(200);
    let all = all["data"].as_array().expect("rows").clone();
    let owner = all[0]["Owner"]["id"].as_str().expect("an id").to_owned();
    let amount = |row: &Value| row["Amount"].as_f64();
    let day = |row: &Value| row["Closing_Date"].as_str().unwrap_or_default().to_owned();
    type Test<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let table: Vec<(String, Test<'_>)> = vec![
        ("(Amount:greater_than:5000)".into(), Box::new(|row| amount(row).is_some_and(|a| a > 5000.0))),
        (
            "(Amount:between:1000,5000)".into(),
            Box::new(|row| amount(row).is_some_and(|a| (1000.0..=5000.0).contains(&a))),
        ),
        (
            "((Stage:equals:Proposal)and(Amount:greater_equal:1000))".into(),
            Box::new(|row| row["Stage"] == "Proposal" && amount(row).is_some_and(|a| a >= 1000.0)),
        ),
        (
            "(Stage:in:Proposal,Closed Won)".into(),
            Box::new(|row| row["Stage"] == "Proposal" || row["Stage"] == "Closed Won"),
        ),
        ("(Stage:not_equal:Closed Lost)".into(), Box::new(|row| row["Stage"] != "Closed Lost")),
        ("(Closing_Date:less_than:2026-03-02)".into(), Box::new(|row| day(row).as_str() < "2026-03-02")),
        (format!("(Owner:equals:{owner})"), Box::new(|row| row["Owner"]["id"] == owner.as_str())),
        ("(Leasing:equals:true)".into(), Box::new(|row| row["Leasing"] == true)),
        (
            "(Stage:equals:Proposal)or(Stage:equals:Negotiation)".into(),
            Box::new(|row| row["Stage"] == "Proposal" || row["Stage"] == "Negotiation"),
        ),
        (
            "(((Stage:equals:Proposal)or(Leasing:equals:true))and(Amount:less_equal:9000))".into(),
            Box::new(|row| {
                (row["Stage"] == "Proposal" || row["Leasing"] == true)
                    && amount(row).is_some_and(|a| a <= 9000.0)
            }),
        ),
        (
            "(Modified_Time:greater_than:2026-02-01T00:00:00+01:00)".into(),
            Box::new(|row| {
                row["Modified_Time"]
                    .as_str()
                    .is_some_and(|at| at.parse::<jiff::Timestamp>().expect(at).as_second() > 1_769_900_400)
            }),
        ),
    ];
    for (criteria, test) in table {
        let expected: Vec<_> = all.iter().filter(|row| test(row)).map(|row| row["id"].clone()).collect();
        let answer = search(&desk, "Pipelines", &[("criteria", &criteria), ("fields", "id")]).await;
        let found: Vec<_> = match answer.status {
            204 => Vec::new(),
            _ => answer.expect(200)["data"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|row| row["id"].clone())
                .collect(),
        };
        assert_eq!(found, expected, "{criteria}");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused_with_its_reason() {
    let desk = Desk::open().await;
    let table = [
        (
            "Pipelines",
            "(Nowhere:equals:x)",
            json!({ "reason": "the field is not available for search", "api_name": "Nowhere" }),
        ),
        (
            "Pipelines",
            "(Sub_Pipeline:equals:Enterprise)",
            json!({ "reason": "the field is not available for search", "api_name": "Sub_Pipeline" }),
        ),
        (
            "Pipelines",
            "(Stage:starts_with:Pro)",
            json!({ "reason": "invalid operator found", "operator": "starts_with", "api_name": "Stage" }),
        ),
        (
            "Pipelines",
            "(Amount:equals:lots)",
            json!({ "expected_data_type": "currency", "reason": "invalid value for search", "api_name": "Amount", "value": "lots" }),
        ),
        (
            "Pipelines",
            "(Closing_Date:equals:31.05.2026)",
            json!({ "expected_data_type": "date", "reason": "invalid value for search", "api_name": "Closing_Date", "value": "31.05.2026" }),
        ),
        (
            "Contacts",
            "(Email:not_equal:null)",
            json!({ "expected_data_type": "email", "reason": "invalid value for search", "api_name": "Email", "value": "null" }),
        ),
    ];
    for (module, criteria, details) in table {
        assert_eq!(
            search(&desk, module, &[("criteria", criteria)]).await.refused(400, "INVALID_QUERY"),
            details,
            "{criteria}"
        );
    }
    search(&desk, "Contacts", &[("criteria", "(Last_Name:equals")]).await.refused(400, "INVALID_QUERY");
    let details = search(&desk, "Contacts", &[]).await.refused(400, "EXPECTED_PARAM_MISSING");
    assert_eq!(details, json!({ "param_names": ["criteria", "email", "phone", "word"] }));
    let many = format!("({})", vec!["(Stage:equals:x)"; 16].join("or"));
    search(&desk, "Pipelines", &[("criteria", &many)]).await.refused(400, "CRITERIA_LIMIT_EXCEEDED");
    let values = format!("(Stage:in:{})", vec!["x"; 101].join(","));
    search(&desk, "Pipelines", &[("criteria", &values)]).await.refused(400, "INVALID_QUERY");
    search(&desk, "Pipelines", &[("word", "refit"), ("page", "11")]).await.refused(400, "LIMIT_REACHED");
    search(&desk, "Associated_Products", &[("word", "refit")]).await.refused(400, "NOT_SUPPORTED");
}

#[tokio::test]
async fn a_search_shows_everything_unless_asked_and_names_the_pipeline_layout() {
    let desk = Desk::open().await;
    let deal = json!({ "Deal_Name": "Quayside refit", "Sub_Pipeline": "Enterprise", "Stage": "Discovery" });
    desk.post("/bigin/v2/Pipelines", &json!({ "data": [deal] })).await.expect(201);
    let body = search(&desk, "Pipelines", &[("word", "quayside")]).await.expect(200);
    let keys: BTreeSet<&str> = body["info"].as_object().expect("info").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["per_page", "count", "sort_by", "page", "sort_order", "more_records"]));
    let row = &body["data"][0];
    assert_eq!(row["Layout"]["name"], "Sales Pipeline");
    assert!(row.get("Pipeline").is_none());
    assert_eq!(row["$approval_state"], "approved");
    let body = search(&desk, "Pipelines", &[("word", "quayside"), ("fields", "Stage")]).await.expect(200);
    assert_eq!(body["data"][0].as_object().map(serde_json::Map::len), Some(2));
    let found = search(&desk, "Pipelines", &[("word", "enterprise quayside"), ("fields", "id")]).await;
    assert_eq!(found.expect(200)["info"]["count"], 1, "a word finds the sub-pipeline");
    let first =
        search(&desk, "Pipelines", &[("criteria", "(Deal_Name:equals:nobody at all)"), ("word", "quayside")])
            .await;
    first.expect(204);
}

#[tokio::test]
async fn the_index_lags_behind_writes_when_told_to() {
    let desk =
        Desk::with(Options { deals: 5, search_lag: Duration::from_secs(15), ..Options::default() }).await;
    products(&desk, &["Quayside kit"]).await;
    search(&desk, "Products", &[("word", "quayside")]).await.expect(204);
    let counted = desk.get("/bigin/v2/Products/actions/count?word=quayside").await.expect(200);
    assert_eq!(counted["count"], 0);
    desk.sandbox.sandbox().clock.advance(16);
    search(&desk, "Products", &[("word", "quayside")]).await.expect(200);
}

#[tokio::test]
async fn searches_follow_changes_and_deletions() {
    let desk = Desk::open().await;
    products(&desk, &["Quayside kit"]).await;
    let body = search(&desk, "Products", &[("word", "quayside"), ("fields", "id")]).await.expect(200);
    let id = body["data"][0]["id"].as_str().expect("an id");
    desk.put(&format!("/bigin/v2/Products/{id}"), &json!({ "data": [{ "Product_Name": "Harbor kit" }] }))
        .await
        .expect(200);
    search(&desk, "Products", &[("word", "quayside")]).await.expect(204);
    search(&desk, "Products", &[("word", "harbor")]).await.expect(200);
    desk.delete(&format!("/bigin/v2/Products/{id}")).await.expect(200);
    search(&desk, "Products", &[("word", "harbor")]).await.expect(204);
}
