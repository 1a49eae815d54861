//! Queries of the console.

use bigin::{
    domain::Module,
    protocol::{CoqlTable, Event, Failure, JobKey, QuerySource, Request},
};
use serde_json::json;

use crate::office::Office;

async fn run(office: &Office, text: &str) -> Result<Box<CoqlTable>, Failure> {
    let asked = office.send(JobKey::Coql, Request::Coql { text: text.to_owned() });
    office
        .event("answer", |event| match event {
            Event::Coql { generation, result } if generation == asked => Some(result),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_comes_back_as_a_table_with_names_and_links() {
    let office = Office::open().await;
    let text = "select Deal_Name, Amount, Owner, Account_Name from Pipelines where id is not null limit 5";
    let table = run(&office, text).await.expect("a table");
    let headings: Vec<&str> = table.columns.iter().map(|column| column.as_str()).collect();
    assert_eq!(headings, ["Deal_Name", "Amount", "Owner", "Account_Name"]);
    assert_eq!(table.numeric, [false, true, false, false]);
    assert_eq!(
        (table.rows.len(), table.credits, table.source, table.more),
        (5, 1, QuerySource::Server, true)
    );
    let users: Vec<String> = office.catalog().await.users.iter().map(|user| user.name.clone()).collect();
    for (row, link) in table.rows.iter().zip(&table.links) {
        assert!(users.iter().any(|user| user == row[2].as_str()), "an owner is named, not numbered: {row:?}");
        let link = link.as_ref().expect("a link");
        assert_eq!((link.module, &link.name), (Module::Pipelines, &row[0]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_found_is_an_empty_table() {
    let office = Office::open().await;
    let table = run(&office, "select Deal_Name from Pipelines where Deal_Name = 'no such deal'").await;
    let table = table.expect("a table");
    assert_eq!((table.columns.len(), table.rows.len(), table.more), (1, 0, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_shown_in_the_text_and_cost_nothing() {
    let office = Office::open().await;
    let before = office.seen("POST", "/bigin/v2/coql").await;
    let failure =
        run(&office, "select Deal_Nam from Pipelines where id is not null").await.expect_err("wrong");
    assert_eq!(failure.span, Some(7..15));
    let failure = run(&office, "delete from Pipelines").await.expect_err("wrong");
    assert!(failure.what.as_str().contains("only select"), "{failure:?}");
    assert_eq!(office.seen("POST", "/bigin/v2/coql").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_s_own_refusal_is_told_in_words() {
    let office = Office::open().await;
    let body = json!({"code": "INVALID_QUERY", "details": {"column_name": "Amount"},
        "message": "column given seems to be invalid", "status": "error"});
    let rule =
        json!([{"match": "POST /bigin/v2/coql", "do": "status", "status": 400, "body": body.to_string()}]);
    office.faults(rule).await;
    let failure =
        run(&office, "select Amount from Pipelines where id is not null").await.expect_err("refused");
    assert!(failure.what.as_str().contains("column given seems to be invalid: Amount"), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_is_given_up_is_not_answered() {
    let office = Office::open().await;
    office
        .faults(json!([{"match": "POST /bigin/v2/coql", "times": 1, "do": "delay", "delay_ms": 60_000}]))
        .await;
    let text = "select Amount from Pipelines where id is not null";
    let given_up = office.send(JobKey::Coql, Request::Coql { text: text.to_owned() });
    office
        .event("the call", |event| match event {
            Event::Usage(usage) => (usage.in_flight > 0).then_some(()),
            _ => None,
        })
        .await;
    office.cancel(&JobKey::Coql);
    office
        .event("the free place", |event| match event {
            Event::Usage(usage) => (usage.in_flight == 0).then_some(()),
            Event::Coql { generation, .. } => unreachable!("{generation} of {given_up} was answered"),
            _ => None,
        })
        .await;
    assert!(run(&office, text).await.is_ok());
}
