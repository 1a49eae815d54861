use super::*;
use crate::coql::{self, Dialect};

fn ask(f: &Fixture, text: &str, dialect: &Dialect) -> Answer {
    let query = coql::parse(text).expect(text);
    let checked = coql::check(&query, &f.schemas, dialect).expect(text);
    run(&f.conn, &coql::lower(&checked), &f.zone).expect(text)
}

fn rows(f: &Fixture, text: &str) -> Json {
    Json::Array(ask(f, text, &Dialect::LENIENT).rows.into_iter().map(Json::Object).collect())
}

fn org() -> Fixture {
    let f = Fixture::new();
    f.put("users", json!([{"id": "3", "full_name": "Mira Solt", "email": "mira@quayside.example"}]));
    f.put("layouts", json!([{"id": "390077", "name": "Direct Sales"}, {"id": "390078", "name": "Rental"}]));
    f.put("Accounts", json!([{"id": "20", "Account_Name": "Quayside Optics", "Website": "q.example"}]));
    f.put(
        "Pipelines",
        json!([
            {"id": "1", "Deal_Name": "100% refit", "Stage": "Won", "Amount": 10, "Account_Name": {"id": "20"},
             "Owner": {"id": "3"}, "Pipeline": {"id": "390077"}, "Colours": ["Red", "blue"],
             "Modified_Time": "2026-05-04T11:25:40+02:00", "Source_ID": "77", "Urgent": true},
            {"id": "2", "Deal_Name": "a_b", "Stage": "won", "Amount": 5.5, "Pipeline": {"id": "390078"}},
            {"id": "10", "Deal_Name": "aXb", "Stage": "Lost", "Closing_Date": "2026-05-31"}
        ]),
    );
    f
}

fn ids(f: &Fixture, condition: &str) -> Vec<String> {
    let text = format!("select id from Pipelines where {condition}");
    let answer = ask(f, &text, &Dialect::LENIENT);
    answer.rows.iter().map(|row| row["id"].as_str().expect("id").to_owned()).collect()
}

#[test]
fn rows_are_written_as_bigin_writes_them() {
    let f = org();
    let text = "select Deal_Name, Amount, Account_Name, Account_Name.Account_Name, Account_Name.Website, Owner, Owner.name, \
                Colours, Modified_Time, Source_ID, Urgent, Pipeline from Pipelines where id <= 2";
    assert_eq!(
        rows(&f, text),
        json!([
            {"id": "1", "Deal_Name": "100% refit", "Amount": 10, "Account_Name": {"id": "20"},
             "Account_Name.Account_Name": "Quayside Optics", "Account_Name.Website": "q.example", "Owner": {"id": "3"},
             "Owner.name": "Mira Solt", "Colours": ["Red", "blue"], "Modified_Time": "2026-05-04T14:55:40+05:30",
             "Source_ID": "77", "Urgent": true, "Pipeline": {"id": "390077"}},
            {"id": "2", "Deal_Name": "a_b", "Amount": 5.5, "Account_Name": null, "Account_Name.Account_Name": null,
             "Account_Name.Website": null, "Owner": null, "Owner.name": null, "Colours": [], "Modified_Time": null,
             "Source_ID": null, "Urgent": null, "Pipeline": {"id": "390078"}}
        ])
    );
}

#[test]
fn criteria_mean_what_the_reference_says() {
    let f = org();
    for (condition, expected) in [
        ("Stage = 'WON'", &["1", "2"][..]),
        ("Deal_Name like 'A_B'", &["2"]),
        ("Deal_Name like '100%'", &["1"]),
        ("Deal_Name like '%B'", &["2", "10"]),
        ("Deal_Name like '%0% r%'", &["1"]),
        ("Deal_Name not like '%x%'", &["1", "2"]),
        ("Account_Name.Account_Name like '%optics'", &["1"]),
        ("Account_Name.Account_Name is null", &["2", "10"]),
        ("Account_Name = 20", &["1"]),
        ("id > 9", &["10"]),
        ("id in ('10', 2)", &["2", "10"]),
        ("Amount between 5.5 and '10'", &["1", "2"]),
        ("Amount not between 6 and 7", &["1", "2"]),
        ("Modified_Time >= '2026-05-04T09:25:40+00:00'", &["1"]),
        ("Modified_Time > '2026-05-04T14:55:40+05:30'", &[]),
        ("Closing_Date between '2026-05-31' and '2026-05-31'", &["10"]),
        ("Pipeline = 'direct sales'", &["1"]),
        ("Pipeline = '390077'", &[]),
        ("Pipeline != 'Rental'", &["1"]),
        ("Pipeline not in ('Rental', 'Other')", &["1"]),
        ("Pipeline is null", &["10"]),
        ("Colours = 'Blue;red'", &["1"]),
        ("Colours = 'Red'", &[]),
        ("Colours like '%red%'", &["1"]),
        ("Colours is null", &["2", "10"]),
        ("Urgent = 'true'", &["1"]),
        ("Source_ID in (77, 78)", &["1"]),
        ("(Stage = 'won' and Amount > 6) or id = 10", &["1", "10"]),
    ] {
        assert_eq!(ids(&f, condition), expected, "{condition}");
    }
}

#[test]
fn order_and_paging() {
    let f = org();
    assert_eq!(ids(&f, "id is not null order by Amount"), ["10", "2", "1"]);
    assert_eq!(ids(&f, "id is not null order by Stage desc, Amount"), ["2", "1", "10"]);
    assert_eq!(ids(&f, "id is not null order by Stage desc"), ["1", "2", "10"]);
    assert_eq!(ids(&f, "id is not null order by id desc"), ["10", "2", "1"]);
    let page = |tail: &str| {
        let answer = ask(
            &f,
            &format!("select Deal_Name from Pipelines where id is not null {tail}"),
            &Dialect::STRICT,
        );
        (answer.rows.len(), answer.more_records)
    };
    assert_eq!(page("limit 2"), (2, true));
    assert_eq!(page("limit 3"), (3, false));
    assert_eq!(page("limit 2 offset 1"), (2, false));
    assert_eq!(page("limit 2 offset 3"), (0, false));
}

#[test]
fn functions_and_aliases_where_the_dialect_has_them() {
    let f = org();
    assert_eq!(
        rows(
            &f,
            "select Stage, COUNT(id) as deals, SUM(Amount), max(Modified_Time) from Pipelines group by Stage order by deals"
        ),
        json!([
            {"Stage": "Lost", "deals": 1, "SUM(Amount)": null, "max(Modified_Time)": null},
            {"Stage": "Won", "deals": 2, "SUM(Amount)": 15.5, "max(Modified_Time)": "2026-05-04T14:55:40+05:30"}
        ])
    );
}

#[test]
fn a_page_with_a_join_seeks_and_sorts_nothing() {
    let f = org();
    ensure_index(&f.conn, f.schema("Pipelines"), &["Stage"]).expect("index");
    let plan = |text: &str| {
        let checked = coql::check(&coql::parse(text).expect(text), &f.schemas, &Dialect::STRICT).expect(text);
        f.plan(&coql::lower(&checked).sql)
    };
    let joined =
        plan("select Deal_Name, Account_Name.Website from Pipelines where Amount > 5 limit 20 offset 40");
    assert_eq!(joined, "SCAN t\nSEARCH t1 USING INDEX sqlite_autoindex_Accounts_1 (id=?) LEFT-JOIN");
    let staged =
        plan("select Deal_Name, Account_Name.Website from Pipelines where (Stage = 'Won' and Amount > 5)");
    assert!(staged.starts_with("SEARCH t USING INDEX Pipelines.Stage (Stage=?)"), "{staged}");
    assert!(!staged.contains("B-TREE"), "{staged}");
    let resumed = plan("select Deal_Name, Owner.email from Pipelines where id > '5210437000000412009'");
    assert!(resumed.starts_with("SEARCH t USING INTEGER PRIMARY KEY (rowid>?)"), "{resumed}");

    let named = "select Deal_Name from Pipelines where Account_Name.Account_Name = 'Company 7'";
    let companies =
        (100..1_100).map(|id| json!({"id": id.to_string(), "Account_Name": format!("Company {id}")}));
    f.put("Accounts", companies.collect());
    let deals = (100..3_100)
        .map(|id| json!({"id": id.to_string(), "Account_Name": {"id": (id % 1_000 + 100).to_string()}}));
    f.put("Pipelines", deals.collect());
    ensure_index(&f.conn, f.schema("Pipelines"), &["Account_Name"]).expect("index");
    optimize(&f.conn).expect("statistics");
    assert!(
        plan(named).contains("SEARCH t USING INDEX Pipelines.Account_Name (Account_Name=?)"),
        "{}",
        plan(named)
    );
}
