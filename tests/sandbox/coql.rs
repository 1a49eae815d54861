//! COQL: the documented queries and what each of them is answered with.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>

mod refusals;

use bigin::sandbox::Options;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

async fn query(desk: &Desk, text: &str) -> Answer {
    desk.post("/bigin/v2/coql", &json!({ "select_query": text })).await
}

/// What a query must be answered with.
enum Outcome {
    /// 200 or 204.
    Ok,
    /// 204.
    Nothing,
    /// 400 with this code and message; an empty message is any.
    Refused(&'static str, &'static str),
}

use Outcome::{Nothing, Ok, Refused};

const OPERATOR: Outcome = Refused("INVALID_QUERY", "Invalid query formed");
const VALUE: Outcome = Refused("INVALID_QUERY", "value given seems to be invalid for the column");
const COLUMN: Outcome = Refused("INVALID_QUERY", "column given seems to be invalid");
const PARSE: Outcome = Refused("SYNTAX_ERROR", "error occured while parsing the query");
const UNSUPPORTED: Outcome = Refused("INVALID_QUERY", "unsupported column");
const LIMIT: Outcome = Refused("LIMIT_EXCEEDED", "limit exceeded");

/// The queries of the reference with their outcomes; a body without a query is one more.
async fn documented(desk: &Desk) -> Vec<(String, Outcome)> {
    let long_list = format!("select id from Contacts where id in ({})", vec!["1"; 51].join(","));
    let deals = desk.get("/bigin/v2/settings/fields?module=Pipelines").await.expect(200);
    let names: Vec<&str> =
        deals["fields"].as_array().expect("fields").iter().filter_map(|f| f["api_name"].as_str()).collect();
    let wide: Vec<String> =
        (0..51).map(|n| names.get(n).map_or_else(|| format!("F{n}"), |n| (*n).to_owned())).collect();
    let wide = format!("select {} from Pipelines where id is not null", wide.join(", "));
    let nested = (1..26).fold("Amount > 1".to_owned(), |tree, _| format!("({tree} and Amount > 1)"));
    let nested = format!("select id from Pipelines where {nested}");
    let table: Vec<(&str, Outcome)> = vec![
        ("select Last_Name, Email from Contacts where Last_Name = 'Okafor'", Ok),
        ("SELECT Last_Name FROM Contacts WHERE id IS NOT NULL LIMIT 10", Ok),
        ("select Last_Name from Contacts where (Last_Name = 'Okafor' and Email is not null)", Ok),
        ("select Last_Name from Contacts where Last_Name = 'Okafor' and Email is not null", Ok),
        (
            "select id from Contacts where Last_Name is not null and Email is not null and Phone is null",
            PARSE,
        ),
        (
            "select id from Contacts where ((Last_Name is not null and Email is not null) and Phone is null)",
            Ok,
        ),
        (
            "select id from Contacts where (Last_Name is not null and (Email is not null and Phone is null))",
            Ok,
        ),
        (
            "select id from Contacts where (Title = 'Buyer' or Title = 'Owner') and (Email is not null and Phone is null)",
            Ok,
        ),
        ("select id from Contacts where Title = 'Buyer' or Title = 'Owner' and Email is not null", PARSE),
        ("select id from Contacts where (((Last_Name = 'Okafor')))", Ok),
        ("select id from Contacts where (Last_Name = 'Okafor'", PARSE),
        ("select Deal_Name, Amount from Pipelines where Amount >= 5000", Ok),
        ("select Deal_Name from Pipelines where Amount >= '5000'", Ok),
        ("select Deal_Name from Pipelines where Amount = 'lots'", VALUE),
        ("select Deal_Name from Pipelines where Amount like '5%'", OPERATOR),
        ("select Deal_Name from Pipelines where Deal_Name > 'M'", OPERATOR),
        ("select Deal_Name from Pipelines where Deal_Name like 'Quay%'", Ok),
        ("select Deal_Name from Pipelines where Deal_Name like '%refit'", Ok),
        ("select Deal_Name from Pipelines where Deal_Name like '%side%'", Ok),
        ("select Deal_Name from Pipelines where Deal_Name not like '%test%'", Ok),
        ("select Deal_Name from Pipelines where Deal_Name not like 'test%'", Refused("INVALID_QUERY", "")),
        ("select Deal_Name from Pipelines where Stage in ('Qualification','Proposal')", Ok),
        ("select Deal_Name from Pipelines where Stage not in ('Won','Lost')", Ok),
        ("select Deal_Name from Pipelines where Stage in ()", Refused("SYNTAX_ERROR", "")),
        (&long_list, LIMIT),
        ("select Deal_Name from Pipelines where Closing_Date between '2026-05-01' and '2026-05-31'", Ok),
        (
            "select Deal_Name from Pipelines where (Closing_Date >= '2026-05-01' and Closing_Date <= '2026-05-31')",
            Ok,
        ),
        ("select Deal_Name from Pipelines where Closing_Date = '31.05.2026'", VALUE),
        (
            "select id, Modified_Time from Contacts where Modified_Time > '2026-05-01T00:00:00+05:30' order by Modified_Time asc",
            Ok,
        ),
        ("select id from Contacts where Modified_Time > '2026-05-01'", VALUE),
        ("select Last_Name from Contacts where Email_Opt_Out = 'true'", Ok),
        ("select Last_Name from Contacts where Email_Opt_Out = false", Ok),
        ("select Last_Name from Contacts where Email_Opt_Out > 'true'", OPERATOR),
        ("select Last_Name from Contacts where Email = null", Refused("INVALID_QUERY", "")),
        ("select Last_Name, Account_Name from Contacts where Account_Name = '5210437000000398041'", Ok),
        (
            "select Last_Name, Account_Name.Account_Name from Contacts where Account_Name.Account_Name like 'Quay%'",
            Ok,
        ),
        ("select Deal_Name, Contact_Name.Account_Name.Website from Pipelines where id is not null", Ok),
        (
            "select Deal_Name, Contact_Name.Email, Account_Name.Phone, Owner.email from Pipelines where id is not null",
            LIMIT,
        ),
        ("select Deal_Name from Pipelines where Owner = '5210437000000310001'", Ok),
        ("select Deal_Name from Pipelines where Owner > '5210437000000310001'", OPERATOR),
        (
            "select Last_Name, Email, Last_Name from Contacts where id is not null",
            Refused("DUPLICATE_DATA", "duplicate select column"),
        ),
        ("select Nickname from Contacts where id is not null", COLUMN),
        ("select Last_Name from People where id is not null", COLUMN),
        ("select * from Contacts where id is not null", Refused("SYNTAX_ERROR", "")),
        ("select Last_Name from Contacts", Refused("SYNTAX_ERROR", "missing clause")),
        ("select Last_Name where Last_Name = 'Okafor'", Refused("SYNTAX_ERROR", "missing clause")),
        (
            "update Contacts set Last_Name = 'X' where id = '1'",
            Refused("SYNTAX_ERROR", "given coql query not supported"),
        ),
        ("select id from Contacts where id is not null limit 200 offset 9800", Nothing),
        (
            "select id from Contacts where id is not null limit 200 offset 9900",
            Refused("LIMIT_EXCEEDED", "Max records limit exceeded"),
        ),
        ("select id from Contacts where id is not null limit 201", LIMIT),
        (
            "select id from Contacts where id is not null limit 0",
            Refused("INVALID_DATA", "limit should be greater than 0"),
        ),
        (
            "select id from Contacts where id is not null limit ten",
            Refused("INVALID_QUERY", "limit given seems to be invalid"),
        ),
        ("select Last_Name from Contacts where Last_Name = 'O\\'Neil'", Ok),
        ("select Last_Name from Contacts where Last_Name = \"Okafor\"", Ok),
        (
            "select Last_Name from Contacts where Description like '%vip%'",
            Refused("INVALID_QUERY", "unsupported column in criteria"),
        ),
        ("select Last_Name, Description from Contacts where id is not null", Ok),
        ("select Tag from Contacts where id is not null", UNSUPPORTED),
        ("select Deal_Name, Secondary_Contacts from Pipelines where id is not null", UNSUPPORTED),
        ("select Event_Title, Participants from Events where id is not null", UNSUPPORTED),
        ("select Deal_Name from Pipelines where Pipeline = 'Sales Pipeline'", Ok),
        ("select Deal_Name from Pipelines where Pipeline = '5210437000000390077'", Nothing),
        (
            "select Deal_Name from Pipelines where Stage = 'Won' order by Amount desc, Deal_Name asc limit 20",
            Ok,
        ),
        ("select Deal_Name from Pipelines where Stage = 'Won' order by Nowhere", COLUMN),
        ("select COUNT(id) from Pipelines where id is not null", Refused("INVALID_QUERY", "")),
        (
            "select Stage, SUM(Amount) from Pipelines where id is not null group by Stage",
            Refused("SYNTAX_ERROR", ""),
        ),
        ("select 'What_Id->Accounts.Account_Name', Subject from Tasks where id is not null", Ok),
        (
            "select Subject from Tasks where (Status != 'Completed' and Due_Date < '2026-05-04') order by Due_Date",
            Ok,
        ),
        (&wide, LIMIT),
        (&nested, LIMIT),
    ];
    table.into_iter().map(|(text, outcome)| (text.to_owned(), outcome)).collect()
}

#[tokio::test]
async fn the_documented_queries_are_answered_as_documented() {
    let desk = Desk::open().await;
    let table = documented(&desk).await;
    assert_eq!(table.len(), 69, "and a body without a query is the last");
    for (text, outcome) in table {
        let answer = query(&desk, &text).await;
        match outcome {
            Ok => assert!(matches!(answer.status, 200 | 204), "{text}: {}", answer.text),
            Nothing => assert_eq!(answer.status, 204, "{text}: {}", answer.text),
            Refused(code, message) => {
                answer.refused(400, code);
                assert!(message.is_empty() || answer.json()["message"] == message, "{text}: {}", answer.text);
            }
        }
    }
    let details = desk.post("/bigin/v2/coql", &json!({})).await.refused(400, "MANDATORY_NOT_FOUND");
    assert_eq!(details["api_name"], "select_query");
    let details =
        desk.post("/bigin/v2/coql", &json!({ "select_query": 7 })).await.refused(400, "INVALID_DATA");
    assert_eq!(details["expected_data_type"], "text");
    desk.get("/bigin/v2/coql").await.refused(400, "INVALID_REQUEST_METHOD");
}

#[tokio::test]
async fn rows_have_the_selected_keys_in_the_shapes_of_the_service() {
    let desk = Desk::open().await;
    let text = "select Deal_Name, Amount, Stage, Closing_Date, Account_Name, Account_Name.Account_Name, Owner, Leasing, \
                Interested_In, Modified_Time, Quote_Reference from Pipelines where Account_Name is not null limit 3";
    let body = query(&desk, text).await.expect(200);
    assert_eq!(body["info"], json!({ "count": 3, "more_records": true }));
    let row = &body["data"][0];
    let listed =
        desk.get(&format!("/bigin/v2/Pipelines/{}", row["id"].as_str().expect("an id"))).await.expect(200);
    let listed = &listed["data"][0];
    for key in ["Deal_Name", "Amount", "Stage", "Closing_Date", "Leasing", "Interested_In", "Modified_Time"] {
        assert_eq!(row[key], listed[key], "{key}");
    }
    assert_eq!(row["Account_Name"], json!({ "id": listed["Account_Name"]["id"] }));
    assert_eq!(row["Account_Name.Account_Name"], listed["Account_Name"]["name"]);
    assert_eq!(row["Owner"], json!({ "id": listed["Owner"]["id"] }));
    assert_eq!(row["Quote_Reference"], Value::Null);
    let ids: Vec<_> =
        body["data"].as_array().expect("rows").iter().map(|row| row["id"].as_str().expect("an id")).collect();
    assert!(ids.is_sorted(), "by ascending id unless asked otherwise");
}

#[tokio::test]
async fn a_query_sees_a_write_at_once_and_pages_without_a_gap() {
    let desk = Desk::with(Options {
        deals: 60,
        search_lag: std::time::Duration::from_secs(15),
        ..Options::default()
    })
    .await;
    let deal = json!({ "Deal_Name": "Quayside refit", "Sub_Pipeline": "Enterprise", "Stage": "Discovery", "Amount": 0.5 });
    desk.post("/bigin/v2/Pipelines", &json!({ "data": [deal] })).await.expect(201);
    let body =
        query(&desk, "select Amount from Pipelines where Deal_Name = 'quayside REFIT'").await.expect(200);
    assert_eq!(body["data"][0]["Amount"], 0.5);
    let mut seen = Vec::new();
    for offset in (0..).step_by(25) {
        let text = format!(
            "select Amount from Pipelines where id is not null order by Amount limit 25 offset {offset}"
        );
        let body = query(&desk, &text).await.expect(200);
        seen.extend(body["data"].as_array().expect("rows").iter().map(|row| row["id"].to_string()));
        if body["info"]["more_records"] == false {
            break;
        }
    }
    assert_eq!(seen.len(), 61);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 61);
}

#[tokio::test]
async fn a_query_needs_its_own_scope_and_that_of_its_module() {
    let desk = Desk::open().await;
    let text = "select id from Contacts where id is not null";
    let token = desk.token_for("ZohoBigin.coql.READ,ZohoBigin.modules.accounts.READ", None).await;
    let desk = desk.acting(token);
    query(&desk, text).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    query(&desk, "select id from Accounts where id is not null").await.expect(200);
    let token = desk.token_for("ZohoBigin.modules.ALL", None).await;
    let desk = desk.acting(token);
    query(&desk, text).await.refused(401, "OAUTH_SCOPE_MISMATCH");
}

/// Text that is close to a query.
fn nearly_a_query(random: &mut fastrand::Rng) -> String {
    let pick = |random: &mut fastrand::Rng, words: &[&'static str]| words[random.usize(..words.len())];
    let columns = [
        "id",
        "Deal_Name",
        "Stage",
        "Amount",
        "Closing_Date",
        "Owner",
        "Owner.email",
        "Pipeline",
        "Modified_Time",
        "Account_Name.Account_Name",
        "Contact_Name.Account_Name.Website",
        "Description",
        "Tag",
        "Nowhere",
        "Sub_Pipeline",
        "Secondary_Contacts",
        "COUNT(id)",
    ];
    let values = [
        "'x'",
        "5",
        "-2.5",
        "true",
        "Won",
        "'2026-05-04'",
        "'2026-05-04T00:00:00+00:00'",
        "''",
        "null",
        "'%a'",
    ];
    let sound = [
        "Deal_Name like 'Quay%'",
        "Amount >= '5000'",
        "Amount between 1 and 5.5",
        "Stage in ('Won', Lost)",
        "Closing_Date < '2026-05-04'",
        "Modified_Time >= '2026-05-04T00:00:00+00:00'",
        "Owner is not null",
        "Account_Name.Account_Name = 'Quay'",
        "id > 5",
        "Pipeline != 'x'",
        "Contact_Name is null",
    ];
    let criterion = |random: &mut fastrand::Rng| {
        if random.u8(..4) > 0 {
            return pick(random, &sound).to_owned();
        }
        let (column, value, other) = (pick(random, &columns), pick(random, &values), pick(random, &values));
        match random.u8(..8) {
            0 => format!("{column} is not null"),
            1 => format!("{column} in ({value}, {other})"),
            2 => format!("{column} between {value} and {other}"),
            3 => format!("{column} not like {value}"),
            _ => format!("{column} {} {value}", pick(random, &["=", "!=", ">", "<=", "like"])),
        }
    };
    let mut condition = criterion(random);
    for _ in 0..random.u8(..4) {
        let next = criterion(random);
        let joined = format!("{condition} {} {next}", pick(random, &["and", "or"]));
        condition = if random.u8(..4) > 0 { format!("({joined})") } else { joined };
    }
    let known = &columns[..if random.u8(..4) > 0 { 10 } else { columns.len() }];
    let picked: Vec<&str> = (0..random.usize(1..4)).map(|_| pick(random, known)).collect();
    let module = pick(random, &["Pipelines", "Pipelines", "Pipelines", "Contacts", "Deals"]);
    let mut text = format!("select {} from {module}", picked.join(", "));
    if random.u8(..10) > 0 {
        text += &format!(" where {condition}");
    }
    match random.u8(..6) {
        0 => text += &format!(" order by {} desc", pick(random, &columns)),
        1 => text += &format!(" limit {} offset {}", random.u16(..260), random.u16(..11_000)),
        2 => text += pick(random, &[" limit ten", " group by Stage", ")", " order by", " offset 5"]),
        _ => {}
    }
    text
}

#[tokio::test]
async fn the_strict_verdict_is_the_service_s() {
    use bigin::{
        api::{AppKey, Client, Clock, Credentials, Limits},
        coql::{Context, Mode, analyse},
        domain::Schemas,
    };
    let desk = Desk::open().await;
    let credentials = Credentials {
        app: AppKey { id: desk.sandbox.client_id.clone(), secret: desk.sandbox.client_secret.clone().into() },
        refresh_token: desk.sandbox.refresh_token.clone().into(),
        accounts: desk.sandbox.url.clone(),
        api_domain: desk.sandbox.url.clone(),
    };
    let client = Client::new(credentials, Limits::new(None, Clock::system()), Default::default());
    let catalog = bigin::sync::catalog(&client).await.expect("the metadata");
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let context = Context::of(&catalog, jiff::Timestamp::now());
    let mut random = fastrand::Rng::with_seed(3);
    let generated = (0..400).map(|_| nearly_a_query(&mut random));
    let (mut taken, mut wrong) = (0, Vec::new());
    for text in documented(&desk).await.into_iter().map(|(text, _)| text).chain(generated) {
        let analysis = analyse(&text, &schemas, Mode::Strict, &context);
        let here = match analysis.statements.as_slice() {
            [only] => only.is_sound(),
            _ => false,
        };
        let answer = query(&desk, &text).await;
        let there = matches!(answer.status, 200 | 204);
        taken += u32::from(there);
        if here != there {
            wrong.push(format!("{here} here: {text}: {}", answer.text.chars().take(200).collect::<String>()));
        }
    }
    assert!(wrong.is_empty(), "{} verdicts differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(taken > 60, "{taken} queries were taken");
}
