//! Searching and COQL.

use bigin::{
    api::{Filter, SearchQuery},
    domain::Module,
};
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    records::{contact, done, fields},
};

#[tokio::test]
async fn records_are_found_by_criteria_address_phone_and_word() {
    let desk = Desk::open().await;
    let person = json!({"Last_Name": "Zwetajewa", "Email": "z@quayside.example", "Phone": "+46 8 123 45"});
    let made = desk.client.insert(Module::Contacts, vec![fields(person)]).await.expect("an answer");
    let id = done(&made[0]);
    for filter in [
        Filter::Criteria("(Last_Name:equals:Zwetajewa)".to_owned()),
        Filter::Criteria("((Last_Name:starts_with:Zwet)and(Email:equals:z@quayside.example))".to_owned()),
        Filter::Email("z@quayside.example".to_owned()),
        Filter::Phone("+46 8 123 45".to_owned()),
        Filter::Word("Zwetajewa".to_owned()),
    ] {
        let page =
            desk.client.search(Module::Contacts, &SearchQuery::of(filter.clone())).await.expect("a page");
        assert_eq!(page.rows.iter().map(|row| row.id()).collect::<Vec<_>>(), [&id], "{filter:?}");
        assert_eq!(
            desk.client.count(Module::Contacts, Some(&filter)).await.expect("a count"),
            1,
            "{filter:?}"
        );
    }
    let nothing = SearchQuery::of(Filter::Word("nothinglikethat".to_owned()));
    assert!(desk.client.search(Module::Contacts, &nothing).await.expect("an answer").rows.is_empty());
    let short = SearchQuery::of(Filter::Word("a".to_owned()));
    let error = desk.client.search(Module::Contacts, &short).await.expect_err("too short");
    assert_eq!(error.refusal().and_then(|refusal| refusal.field()), Some("word"), "{error}");
    desk.agree();
}

#[tokio::test]
async fn a_name_with_the_language_s_own_characters_is_found_by_its_escaped_form() {
    let desk = Desk::open().await;
    let name = "O'Neil (Sons), Ltd";
    let id = contact(&desk, name).await;
    let criteria = Filter::Criteria(format!("(Last_Name:equals:{})", Filter::escape(name)));
    let page = desk.client.search(Module::Contacts, &SearchQuery::of(criteria)).await.expect("a page");
    assert!(page.rows.iter().any(|row| row.id() == &id));
}

#[tokio::test]
async fn a_query_gives_rows_under_the_names_that_it_selects() {
    let desk = Desk::open().await;
    let query = "select Deal_Name, Amount, Account_Name.Account_Name, Owner from Pipelines \
                 where (Amount >= 0 and Account_Name is not null) order by Amount desc limit 5";
    let page = desk.client.coql(query).await.expect("rows");
    assert_eq!((page.rows.len(), page.more), (5, true));
    for row in &page.rows {
        assert!(row["id"].is_string() && row["Deal_Name"].is_string(), "{row:?}");
        assert!(row["Account_Name.Account_Name"].is_string() && row["Owner"]["id"].is_string(), "{row:?}");
    }
    let amounts: Vec<_> = page.rows.iter().filter_map(|row| row["Amount"].as_f64()).collect();
    assert!(amounts.is_sorted_by(|a, b| a >= b), "{amounts:?}");
    let none = desk
        .client
        .coql("select id from Contacts where Last_Name = 'nobody at all'")
        .await
        .expect("an answer");
    assert_eq!((none.rows.len(), none.more), (0, false));
    desk.agree();
}

#[tokio::test]
async fn what_the_service_dislikes_in_a_query_is_told() {
    let desk = Desk::open().await;
    for (query, code, field) in [
        ("select Nickname from Contacts where id is not null", "INVALID_QUERY", Some("Nickname")),
        ("select Last_Name from Contacts", "SYNTAX_ERROR", None),
        ("update Contacts set Last_Name = 'X' where id = '1'", "SYNTAX_ERROR", None),
        ("select id from Contacts where id is not null limit 201", "LIMIT_EXCEEDED", None),
    ] {
        let error = desk.client.coql(query).await.expect_err(query);
        let refusal = error.refusal().unwrap_or_else(|| unreachable!("{error:?}"));
        assert_eq!((refusal.code.as_str(), refusal.field()), (code, field), "{query}");
        assert!(error.to_string().starts_with("could not run a COQL query: "), "{error}");
        assert!(!error.outcome_uncertain());
    }
    desk.agree();
}

#[tokio::test]
async fn read_only_mode_still_asks() {
    let desk = Desk::open().await;
    desk.client.set_read_only(true);
    let page =
        desk.client.coql("select Last_Name from Contacts where id is not null limit 1").await.expect("rows");
    assert!(matches!(page.rows[0]["Last_Name"], Value::String(_)));
}
