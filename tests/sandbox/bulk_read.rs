//! Bulk reads: jobs, their files, their limits.

mod refusals;

use std::{
    io::{Cursor, Read},
    time::{Duration, Instant},
};

use bigin::sandbox::Options;
use serde_json::{Value, json};

use crate::{
    desk::{Answer, Desk},
    hook::Hook,
};

const JOBS: &str = "/bigin/bulk/v2/read";

async fn desk() -> Desk {
    let desk = Desk::with(Options { deals: 30, job_step: Duration::ZERO, ..Options::default() }).await;
    desk.sandbox.ready().await.expect("an organisation");
    desk
}

async fn start(desk: &Desk, body: &Value) -> String {
    let added = desk.post(JOBS, body).await.expect(201);
    added["data"][0]["details"]["id"].as_str().expect("an id").to_owned()
}

/// The job, once it has ended.
async fn ended(desk: &Desk, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let job = desk.get(&format!("{JOBS}/{id}")).await.expect(200)["data"][0].clone();
        if !job["result"].is_null() {
            return job;
        }
        assert!(Instant::now() < deadline, "{job}");
        tokio::task::yield_now().await;
    }
}

/// The one file in the job's archive.
async fn file(desk: &Desk, id: &str) -> (String, String) {
    let fetched = desk.bytes(&format!("{JOBS}/{id}/result")).await;
    assert_eq!(fetched.headers["content-type"], "application/x-download");
    let disposition = fetched.headers["content-disposition"].to_str().expect("text").to_owned();
    assert_eq!(disposition, format!("attachment; filename={id}.zip"));
    let mut archive = zip::ZipArchive::new(Cursor::new(fetched.bytes)).expect("a ZIP file");
    assert_eq!(archive.len(), 1);
    let mut packed = archive.by_index(0).expect("a file");
    let mut text = String::new();
    packed.read_to_string(&mut text).expect("text");
    (packed.name().expect("a name").into_owned(), text)
}

/// The rows of what a query gives, header first.
async fn rows(desk: &Desk, query: Value) -> Vec<Vec<String>> {
    let id = start(desk, &json!({ "query": query })).await;
    assert_eq!(ended(desk, &id).await["state"], "COMPLETED");
    let (_, text) = file(desk, &id).await;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

async fn refused(desk: &Desk, query: Value, code: &str) -> Value {
    desk.post(JOBS, &json!({ "query": query })).await.refused(400, code)
}

#[tokio::test]
async fn a_job_goes_through_its_states_by_the_sandbox_s_clock() {
    let step = Duration::from_secs(3_600);
    let desk = Desk::with(Options { deals: 30, job_step: step, ..Options::default() }).await;
    let body = json!({ "query": { "module": "Contacts", "fields": ["Last_Name", "Email"] } });
    let added = desk.post(JOBS, &body).await.expect(201);
    let item = &added["data"][0];
    assert_eq!((&item["code"], &item["status"]), (&"ADDED_SUCCESSFULLY".into(), &"success".into()));
    assert_eq!(item["details"]["state"], "ADDED");
    assert_eq!(item["details"]["operation"], "read");
    assert!(item["details"]["created_by"]["name"].is_string(), "{item}");
    assert_eq!(added["info"], json!({}));
    let id = item["details"]["id"].as_str().expect("an id").to_owned();

    let state = |job: Answer| job.expect(200)["data"][0]["state"].as_str().expect("a state").to_owned();
    let path = format!("{JOBS}/{id}");
    assert_eq!(state(desk.get(&path).await), "ADDED");
    desk.get(&format!("{path}/result")).await.refused(400, "RESOURCE_NOT_FOUND");
    for expected in ["IN PROGRESS", "COMPLETED"] {
        desk.post("/__sandbox/clock", &json!({ "advance_seconds": 3_601 })).await.expect(200);
        let token = desk.fresh_token().await;
        let request = || desk.http.get(desk.url(&path)).header("Authorization", format!("Bearer {token}"));
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let job = Answer::of(request().send().await.expect("an answer")).await.expect(200);
            if job["data"][0]["state"] == expected {
                break;
            }
            assert!(Instant::now() < deadline, "{job}");
        }
    }
}

#[tokio::test]
async fn the_result_tells_what_the_file_holds() {
    let desk = desk().await;
    let contacts = desk.row("SELECT CAST(count(*) AS TEXT) FROM Contacts").remove(0);
    let query = json!({ "module": { "api_name": "Contacts" }, "fields": ["Last_Name"] });
    let id = start(&desk, &json!({ "query": query })).await;
    let job = ended(&desk, &id).await;
    assert_eq!(
        (&job["state"], &job["operation"], &job["file_type"]),
        (&"COMPLETED".into(), &"read".into(), &"csv".into())
    );
    assert_eq!(job["query"], json!({ "module": "Contacts", "fields": ["Last_Name"], "page": 1 }));
    let result = &job["result"];
    assert_eq!(result["count"].to_string(), contacts);
    assert_eq!(
        (&result["page"], &result["per_page"], &result["more_records"]),
        (&1.into(), &200_000.into(), &false.into())
    );
    assert_eq!(result["download_url"], format!("{JOBS}/{id}/result"));
    let (name, text) = file(&desk, &id).await;
    assert_eq!(name, format!("{id}.csv"));
    assert_eq!(text.lines().next(), Some("id,Last_Name"));
    assert!(!text.starts_with('\u{feff}') && !text.contains('\r'));
}

#[tokio::test]
async fn columns_are_ids_values_and_what_lies_beyond_lookups() {
    let desk = desk().await;
    let fields =
        ["Full_Name", "Owner", "Owner.last_name", "Account_Name", "Account_Name.Phone", "Created_Time"];
    let all = rows(&desk, json!({ "module": "Contacts", "fields": fields })).await;
    assert_eq!(all[0][1..], fields);
    assert_eq!(all[0][0], "id");
    let row = all[1..].iter().find(|row| !row[4].is_empty() && !row[5].is_empty()).expect("a contact");
    let known = desk.row(&format!(
        "SELECT Contacts.id, Contacts.Full_Name, Contacts.Owner, users.last_name, Contacts.Account_Name, Accounts.Phone
         FROM Contacts JOIN users ON users.id = Contacts.Owner
         JOIN Accounts ON Accounts.id = Contacts.Account_Name WHERE Contacts.id = '{}'",
        row[0]
    ));
    assert_eq!(row[..6], known[..]);
    assert!(row[6].parse::<jiff::Timestamp>().is_ok() && !row[6].ends_with('Z'), "{row:?}");

    let whole = rows(&desk, json!({ "module": "Pipelines" })).await;
    assert!(whole[0].len() > 30, "{:?}", whole[0]);
    assert!(
        whole[0].iter().any(|name| name == "Stage") && whole[0].iter().all(|name| name != "Signed_Offer")
    );
    let ids: Vec<&String> = whole[1..].iter().map(|row| &row[0]).collect();
    assert!(ids.is_sorted(), "in the order of their ids");
}

#[tokio::test]
async fn criteria_views_and_pages_choose_the_records() {
    let desk = desk().await;
    let count = |sql: &str| desk.row(&format!("SELECT CAST(count(*) AS TEXT) FROM {sql}")).remove(0);
    let test = |name: &str, comparator: &str, value: Value| json!({ "api_name": name, "comparator": comparator, "value": value });
    for (criteria, sql) in [
        (test("Amount", "greater_equal", json!(5000)), "Pipelines WHERE Amount >= 5000"),
        (
            test("Stage", "in", json!(["Closed Won", "closed lost"])),
            "Pipelines WHERE Stage IN ('Closed Won', 'Closed Lost')",
        ),
        (test("Next_Step", "equal", json!("${EMPTY}")), "Pipelines WHERE Next_Step IS NULL"),
        (test("Next_Step", "not_equal", json!("${EMPTY}")), "Pipelines WHERE Next_Step IS NOT NULL"),
        (
            test("Closing_Date", "between", json!(["2026-01-01", "2026-06-30"])),
            "Pipelines WHERE Closing_Date BETWEEN '2026-01-01' AND '2026-06-30'",
        ),
        (
            test("Account_Name.Account_Name", "starts_with", json!("b")),
            "Pipelines JOIN Accounts ON Accounts.id = Pipelines.Account_Name WHERE Accounts.Account_Name LIKE 'b%'",
        ),
        (
            test("Owner", "equal", json!("${CURRENTUSER}")),
            "Pipelines WHERE Owner = (SELECT id FROM users ORDER BY id LIMIT 1)",
        ),
        (
            test("Owner.first_name", "not_equal", json!("dana")),
            "Pipelines JOIN users ON users.id = Pipelines.Owner WHERE first_name <> 'Dana'",
        ),
        (
            json!({ "group_operator": "and", "group": [
                test("Leasing", "equal", json!(true)),
                { "group_operator": "or", "group": [test("Amount", "less_than", json!(4000)), test("Deal_Name", "contains", json!("o"))] },
            ] }),
            "Pipelines WHERE Leasing AND (Amount < 4000 OR Deal_Name LIKE '%o%')",
        ),
    ] {
        let found =
            rows(&desk, json!({ "module": "Pipelines", "fields": ["id"], "criteria": criteria })).await;
        assert_eq!((found.len() - 1).to_string(), count(sql), "{criteria}");
    }

    let views = desk.get("/bigin/v2/settings/custom_views?module=Contacts").await.expect(200);
    let view = views["custom_views"].as_array().expect("views").iter();
    let view = view.filter(|view| view["name"] == "No e-mail address").map(|view| view["id"].clone()).next();
    let found = rows(&desk, json!({ "module": "Contacts", "cvid": view.expect("a view") })).await;
    assert_eq!((found.len() - 1).to_string(), count("Contacts WHERE Email IS NULL"));

    let id = start(&desk, &json!({ "query": { "module": "Contacts", "page": 2 } })).await;
    let result = ended(&desk, &id).await["result"].clone();
    assert_eq!((&result["page"], &result["count"]), (&2.into(), &0.into()));
}

#[tokio::test]
async fn several_values_of_a_field_are_compared_one_by_one() {
    let desk = desk().await;
    for (comparator, taste, sql) in [
        ("in", json!(["decaf", "Tea only"]), "LIKE '%Decaf%' OR Coffee_Taste LIKE '%Tea only%'"),
        ("equal", json!("Decaf"), "LIKE '%Decaf%'"),
        ("not_equal", json!("Decaf"), "IS NULL OR Coffee_Taste NOT LIKE '%Decaf%'"),
        ("not_equal", json!("${EMPTY}"), "IS NOT NULL"),
    ] {
        let criteria = json!({ "api_name": "Coffee_Taste", "comparator": comparator, "value": taste });
        let sql = format!("SELECT CAST(count(*) AS TEXT) FROM Contacts WHERE Coffee_Taste {sql}");
        let count = desk.row(&sql).remove(0);
        let found =
            rows(&desk, json!({ "module": "Contacts", "fields": ["id"], "criteria": criteria })).await;
        assert_eq!((found.len() - 1).to_string(), count, "{criteria}");
    }
}

#[tokio::test]
async fn events_can_be_read_as_a_calendar() {
    let desk = desk().await;
    let id = start(&desk, &json!({ "query": { "module": "Events" }, "file_type": "ics" })).await;
    let job = ended(&desk, &id).await;
    assert_eq!((&job["file_type"], &job["result"]["per_page"]), (&"ics".into(), &20_000.into()));
    let (name, text) = file(&desk, &id).await;
    assert_eq!(name, format!("{id}.ics"));
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    let events = text.matches("BEGIN:VEVENT\r\n").count();
    assert!(events > 0);
    assert_eq!(job["result"]["count"], events);
}

#[tokio::test]
async fn the_scope_of_the_module_is_needed_too() {
    let desk = desk().await;
    let id = start(&desk, &json!({ "query": { "module": "Contacts" } })).await;
    let token = desk.token_for("ZohoBigin.bulk.READ,ZohoBigin.modules.products.READ", None).await;
    let desk = desk.acting(token);
    let body = json!({ "query": { "module": "Contacts" } });
    desk.post(JOBS, &body).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    desk.get(&format!("{JOBS}/{id}")).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    start(&desk, &json!({ "query": { "module": "Products" } })).await;
}

#[tokio::test]
async fn a_job_costs_fifty_credits_and_its_file_one() {
    let desk = desk().await;
    let used = async || desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64().expect("credits");
    let before = used().await;
    let id = start(&desk, &json!({ "query": { "module": "Products" } })).await;
    assert_eq!(used().await, before + 50);
    ended(&desk, &id).await;
    let before = used().await;
    file(&desk, &id).await;
    assert_eq!(used().await, before + 1);
}

#[tokio::test]
async fn ten_downloads_a_minute_for_a_day() {
    let desk = desk().await;
    let id = start(&desk, &json!({ "query": { "module": "Products" } })).await;
    ended(&desk, &id).await;
    for _ in 0..10 {
        file(&desk, &id).await;
    }
    let path = format!("{JOBS}/{id}/result");
    desk.get(&path).await.refused(429, "TOO_MANY_REQUESTS");
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 60 })).await.expect(200);
    file(&desk, &id).await;
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 86_400 })).await.expect(200);
    let token = desk.fresh_token().await;
    desk.acting(token).get(&path).await.refused(400, "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn a_callback_hears_that_the_job_has_ended() {
    let (desk, hook) = (desk().await, Hook::open().await);
    let body = json!({
        "query": { "module": "Products", "fields": ["Product_Name"] },
        "callback": { "url": format!("{}/done", hook.url), "method": "post" },
    });
    let id = start(&desk, &body).await;
    let told = hook.heard(1).await.remove(0);
    assert_eq!(
        (&told["job_id"], &told["operation"], &told["state"]),
        (&id.as_str().into(), &"read".into(), &"COMPLETED".into())
    );
    assert_eq!(told["query"]["module"], "Products");
    assert_eq!(told["result"]["download_url"], format!("{JOBS}/{id}/result"));
    let wrong =
        json!({ "query": { "module": "Products" }, "callback": { "url": hook.url, "method": "get" } });
    desk.post(JOBS, &wrong).await.refused(400, "INVALID_CALLBACK_METHOD");
}

#[tokio::test]
async fn a_job_survives_the_end_of_the_sandbox() {
    let dir = tempfile::tempdir().expect("a directory");
    let options =
        |job_step| Options { deals: 5, dir: Some(dir.path().to_owned()), job_step, ..Options::default() };
    let desk = Desk::with(options(Duration::from_secs(900))).await;
    let id = start(&desk, &json!({ "query": { "module": "Products" } })).await;
    desk.sandbox.stop().await.expect("a clean stop");

    let desk = Desk::with(options(Duration::ZERO)).await;
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 1_800 })).await.expect(200);
    ended(&desk, &id).await;
    file(&desk, &id).await;
}
