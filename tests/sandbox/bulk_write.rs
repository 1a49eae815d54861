//! Bulk writes: uploads, jobs, what becomes of each row.

use std::{
    io::{Cursor, Read, Write},
    time::{Duration, Instant},
};

use bigin::sandbox::Options;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    desk::{Answer, Desk},
    hook::Hook,
};

const JOBS: &str = "/bigin/bulk/v2/write";

async fn desk() -> Desk {
    let desk = Desk::with(Options { deals: 30, job_step: Duration::ZERO, ..Options::default() }).await;
    desk.sandbox.ready().await.expect("an organisation");
    desk
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a file");
        writer.write_all(text.as_bytes()).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

async fn upload_with(desk: &Desk, bytes: Vec<u8>, headers: &[(&'static str, &str)]) -> Answer {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("records.zip"));
    let mut request = desk.request(Method::POST, "/bigin/v2/upload").multipart(form);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.expect("an answer")).await
}

async fn zgid(desk: &Desk) -> String {
    let org = desk.get("/bigin/v2/org").await.expect(200);
    org["org"][0]["zgid"].as_str().expect("a zgid").to_owned()
}

async fn upload(desk: &Desk, bytes: Vec<u8>) -> Answer {
    upload_with(desk, bytes, &[("feature", "bulk-write"), ("X-CRM-ORG", &zgid(desk).await)]).await
}

/// The id of an uploaded CSV file.
async fn file(desk: &Desk, text: &str) -> String {
    let answer = upload(desk, zip(&[("people.csv", text)])).await.expect(200);
    assert_eq!(answer["code"], "FILE_UPLOAD_SUCCESS", "{answer}");
    answer["details"]["file_id"].as_str().expect("an id").to_owned()
}

fn order(operation: &str, file: &str, more: &Value) -> Value {
    let mut resource = json!({ "type": "data", "module": "Contacts", "file_id": file });
    for (key, value) in more.as_object().expect("an object") {
        resource[key] = value.clone();
    }
    json!({ "operation": operation, "resource": [resource] })
}

async fn start(desk: &Desk, body: &Value) -> String {
    let added = desk.post(JOBS, body).await.expect(201);
    assert_eq!((&added["status"], &added["code"]), (&"success".into(), &"SUCCESS".into()));
    assert!(added["details"]["created_by"]["name"].is_string(), "{added}");
    added["details"]["id"].as_str().expect("an id").to_owned()
}

async fn ended(desk: &Desk, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let job = desk.get(&format!("{JOBS}/{id}")).await.expect(200);
        if job["status"] == "COMPLETED" {
            return job;
        }
        assert!(Instant::now() < deadline, "{job}");
        tokio::task::yield_now().await;
    }
}

/// The name of the result's file and its rows, header first.
async fn result(desk: &Desk, job: &Value) -> (String, Vec<Vec<String>>) {
    let url = job["result"]["download_url"].as_str().expect("an address");
    let path = url.strip_prefix(&desk.url("")).expect("an absolute address of the sandbox");
    let fetched = desk.bytes(path).await;
    assert_eq!(fetched.headers["content-type"], "application/octet-stream");
    let mut archive = ZipArchive::new(Cursor::new(fetched.bytes)).expect("a ZIP file");
    let mut packed = archive.by_index(0).expect("a file");
    let mut text = String::new();
    packed.read_to_string(&mut text).expect("text");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    (packed.name().expect("a name").into_owned(), rows.collect())
}

/// Writes a CSV file and gives the job and the rows of its result without the header.
async fn written(desk: &Desk, operation: &str, text: &str, more: Value) -> (Value, Vec<Vec<String>>) {
    let file = file(desk, text).await;
    let id = start(desk, &order(operation, &file, &more)).await;
    let job = ended(desk, &id).await;
    let (_, mut rows) = result(desk, &job).await;
    rows.remove(0);
    (job, rows)
}

fn counts(job: &Value) -> [u64; 4] {
    ["added_count", "updated_count", "skipped_count", "total_count"]
        .map(|key| job["resource"][0]["file"][key].as_u64().expect("a count"))
}

#[tokio::test]
async fn rows_are_inserted_and_each_is_accounted_for() {
    let desk = desk().await;
    let company = desk.row("SELECT id, Account_Name FROM Accounts ORDER BY id LIMIT 1");
    let taken = desk.row("SELECT Email FROM Contacts WHERE Email IS NOT NULL LIMIT 1").remove(0);
    let text = format!(
        "Family,Mail,Firm,Born\nQuill,q@new.example,\"{}\",03-14-1980\n,n@new.example,,\nTwin,{taken},,\nOdd,odd,Nowhere Inc,14/3\n",
        company[1]
    );
    let mappings = json!([
        { "api_name": "Last_Name", "index": 0 },
        { "api_name": "Email", "index": 1 },
        { "api_name": "Account_Name", "index": 2, "find_by": "Account_Name" },
        { "api_name": "Birthday", "index": 3, "format": "MM-dd-yyyy" },
        { "api_name": "Preferred_Channel", "default_value": { "value": "Phone" } },
    ]);
    let upload = file(&desk, &text).await;
    let body = order("insert", &upload, &json!({ "field_mappings": mappings, "ignore_empty": true }));
    let id = start(&desk, &body).await;
    let job = ended(&desk, &id).await;
    assert_eq!((&job["id"], &job["operation"]), (&id.as_str().into(), &"insert".into()));
    let resource = &job["resource"][0];
    assert_eq!((&resource["status"], &resource["module"]), (&"COMPLETED".into(), &"Contacts".into()));
    assert_eq!(resource["file"]["name"], "people.csv");
    assert_eq!(resource["ignore_empty"], true);
    assert_eq!(
        resource["field_mappings"][0],
        json!({ "api_name": "Last_Name", "index": 0, "format": null, "find_by": null, "default_value": null })
    );
    assert_eq!(counts(&job), [1, 0, 3, 4]);

    let (name, rows) = result(&desk, &job).await;
    assert_eq!(name, "Contacts-people.csv");
    assert_eq!(rows[0], ["Family", "Mail", "Firm", "STATUS", "RECORD_ID", "ERRORS"]);
    assert_eq!(rows[1][3], "ADDED");
    let record = desk.row(&format!(
        "SELECT Last_Name, Email, Account_Name, Birthday, Preferred_Channel FROM Contacts WHERE id = '{}'",
        rows[1][4]
    ));
    assert_eq!(record, ["Quill", "q@new.example", &company[0], "1980-03-14", "Phone"]);
    assert_eq!(rows[2][3..], ["SKIPPED", "", "MANDATORY_NOT_FOUND-Last_Name"]);
    assert_eq!(rows[3][3..], ["SKIPPED", "", "DUPLICATE_DATA-Email"]);
    assert_eq!(rows[4][3..], ["SKIPPED", "", "INVALID_DATA-Account_Name,Birthday"]);
}

#[tokio::test]
async fn upserts_match_by_a_unique_field_and_updates_never_create() {
    let desk = desk().await;
    let known = desk.row("SELECT id, Email FROM Contacts WHERE Email IS NOT NULL LIMIT 1");
    let text = format!(
        "Last_Name,Email,Title\nChanged,{},Head\nFresh,fresh@new.example,\n",
        known[1].to_uppercase()
    );
    let mapping = |name: &str, index: usize| json!({ "api_name": name, "index": index });
    let mappings = json!([mapping("Last_Name", 0), mapping("Email", 1), mapping("Title", 2)]);
    let more = json!({ "find_by": "Email", "field_mappings": mappings });

    let (job, rows) = written(&desk, "update", &text, more.clone()).await;
    assert_eq!(counts(&job), [0, 1, 1, 2]);
    assert_eq!(rows[0][3..5], ["UPDATED".to_owned(), known[0].clone()]);
    assert_eq!(rows[1][3..], ["SKIPPED", "", "RESOURCE_NOT_FOUND-Email"]);

    let (job, rows) = written(&desk, "upsert", &text, more).await;
    assert_eq!(counts(&job), [1, 1, 0, 2]);
    assert_eq!([&rows[0][3], &rows[1][3]], ["UPDATED", "ADDED"]);
    let title = |id: &str| format!("SELECT coalesce(Title, '-') FROM Contacts WHERE id = '{id}'");
    assert_eq!(desk.row(&title(&known[0])), ["Head"]);

    let clear = json!([{ "api_name": "id", "index": 0 }, { "api_name": "Title", "index": 1 }]);
    let text = format!("Id,Title\n{},\n1,x\n", known[0]);
    let keep = json!({ "find_by": "id", "field_mappings": clear, "ignore_empty": true });
    let (job, _) = written(&desk, "update", &text, keep).await;
    assert_eq!(counts(&job), [0, 1, 1, 2]);
    assert_eq!(desk.row(&title(&known[0])), ["Head"]);
    written(&desk, "update", &text, json!({ "find_by": "id", "field_mappings": clear })).await;
    assert_eq!(desk.row(&title(&known[0])), ["-"]);
}

#[tokio::test]
async fn headers_can_be_the_mapping_and_delimiters_are_recognised() {
    let desk = desk().await;
    let company = desk.row("SELECT id FROM Accounts ORDER BY id LIMIT 1").remove(0);
    let text =
        format!("Last_Name;Account_Name.id;Coffee_Taste;Satisfaction;Unknown\nÅs;{company};Decaf;7;x\n");
    let (job, rows) = written(&desk, "insert", &text, json!({})).await;
    assert_eq!(counts(&job), [1, 0, 0, 1]);
    let record = desk.row(&format!(
        "SELECT Last_Name, Account_Name, Coffee_Taste, CAST(Satisfaction AS TEXT) FROM Contacts WHERE id = '{}'",
        rows[0][4]
    ));
    assert_eq!(record, ["Ås", &company, "[\"Decaf\"]", "7"]);

    let file = file(&desk, "Email,Phone\na@b.example,1\n").await;
    let id = start(&desk, &order("insert", &file, &json!({}))).await;
    let job = ended(&desk, &id).await;
    assert_eq!(job["resource"][0]["status"], "FAILED");
    assert_eq!(job["resource"][0]["code"], "MANDATORY_FIELDS_NOT_MAPPED");
    assert!(job.get("result").is_none(), "{job}");
}

#[tokio::test]
async fn archives_that_are_not_fit_are_refused() {
    let desk = desk().await;
    let code = |answer: &Answer| answer.expect(200)["code"].as_str().expect("a code").to_owned();
    assert_eq!(code(&upload(&desk, b"Last_Name\nRao\n".to_vec()).await), "INVALID_FILE_FORMAT");
    assert_eq!(code(&upload(&desk, vec![0; (25 << 20) + 1]).await), "FILE_TOO_LARGE");
    let org = zgid(&desk).await;
    let archive = || zip(&[("a.csv", "Last_Name\nRao\n")]);
    for headers in [
        vec![("X-CRM-ORG", org.as_str())],
        vec![("feature", "bulk-write")],
        vec![("feature", "bulk-write"), ("X-CRM-ORG", "1")],
    ] {
        let answer = upload_with(&desk, archive(), &headers).await.expect(400);
        assert_eq!(answer["ERROR_CODE"], 400, "{answer}");
    }
    let other = upload_with(&desk, archive(), &[("feature", "export"), ("X-CRM-ORG", &org)]).await;
    assert_eq!(code(&other), "NOT_SUPPORTED_FEATURE");

    let bomb = format!("Last_Name\n{}\n", "0".repeat(20 << 20));
    let many = format!("Last_Name\n{}", "Rao\n".repeat(25_001));
    for files in [
        vec![],
        vec![("a.csv", "Last_Name\nRao\n"), ("b.csv", "Last_Name\nRao\n")],
        vec![("a.txt", "Last_Name\nRao\n")],
        vec![("../a.csv", "Last_Name\nRao\n")],
        vec![("/etc/a.csv", "Last_Name\nRao\n")],
        vec![("a.csv", "")],
        vec![("bomb.csv", bomb.as_str())],
        vec![("many.csv", many.as_str())],
    ] {
        let uploaded = upload(&desk, zip(&files)).await.expect(200);
        let file = uploaded["details"]["file_id"].as_str().expect("an id");
        let answer = desk.post(JOBS, &order("insert", file, &json!({}))).await;
        answer.refused(400, "FILE_NOT_SUPPORTED");
    }
}

#[tokio::test]
async fn more_than_two_hundred_columns_fail() {
    let desk = desk().await;
    let header: Vec<String> = (0..200).map(|index| format!("C{index}")).collect();
    let file = file(&desk, &format!("Last_Name,{}\nRao\n", header.join(","))).await;
    let id = start(&desk, &order("insert", &file, &json!({}))).await;
    let resource = ended(&desk, &id).await["resource"][0].clone();
    assert_eq!((&resource["status"], &resource["code"]), (&"FAILED".into(), &"HEADER_LIMIT_EXCEEDED".into()));
}

#[tokio::test]
async fn orders_that_cannot_be_followed_are_refused() {
    let desk = desk().await;
    let known = file(&desk, "Last_Name\nRao\n").await;
    desk.post(JOBS, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND");
    desk.post(JOBS, &order("insert", "12345", &json!({}))).await.refused(400, "INVALID_FILE_ID");
    let details = desk.post(JOBS, &order("insert", &known, &json!({ "module": "Notes" }))).await;
    assert_eq!(details.refused(400, "MODULE_NOT_AVAILABLE")["api_name"], "Notes");
    let beyond = json!({ "field_mappings": [{ "api_name": "Last_Name", "index": 1 }] });
    desk.post(JOBS, &order("insert", &known, &beyond)).await.refused(400, "COLUMN_INDEX_NOT_FOUND");
    desk.get(&format!("{JOBS}/12345")).await.refused(404, "RESOURCE_NOT_FOUND");
    let mapped =
        |mapping: Value| json!({ "field_mappings": [{ "api_name": "Last_Name", "index": 0 }, mapping] });
    for (more, code) in [
        (mapped(json!({ "api_name": "Nothing", "index": 0 })), "INVALID_FIELD"),
        (mapped(json!({ "api_name": "Created_Time", "index": 0 })), "INVALID_FIELD_NAME"),
        (mapped(json!({ "api_name": "Last_Name", "index": 0 })), "DUPLICATE_DATA"),
        (mapped(json!({ "api_name": "Birthday", "index": 0, "format": "the day" })), "INVALID_FORMAT"),
        (json!({ "field_mappings": [{ "api_name": "Email", "index": 0 }] }), "MANDATORY_FIELDS_NOT_MAPPED"),
        (json!({ "type": "meta" }), "INVALID_DATA"),
    ] {
        desk.post(JOBS, &order("insert", &known, &more)).await.refused(400, code);
    }
    let mut twice = order("insert", &known, &json!({ "ignore_empty": true }));
    twice["ignore_empty"] = json!(true);
    desk.post(JOBS, &twice).await.refused(400, "COEXISTENCE_NOT_ALLOWED");
    let mut told = order("insert", &known, &json!({}));
    told["character_encoding"] = json!("EBCDIC");
    assert_eq!(desk.post(JOBS, &told).await.refused(400, "INVALID_DATA")["api_name"], "character_encoding");
    told["character_encoding"] = json!("UTF-8");
    desk.post(JOBS, &told).await.expect(201);
    let mut called = order("insert", &known, &json!({}));
    called["callback"] = json!({ "url": "http://127.0.0.1:1/", "method": "get" });
    let details = desk.post(JOBS, &called).await.refused(400, "INVALID_CALLBACK_METHOD");
    assert_eq!(details["supported_callback_methods"], json!(["post"]));

    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 86_400 })).await.expect(200);
    let token = desk.fresh_token().await;
    let desk = desk.acting(token);
    desk.post(JOBS, &order("insert", &known, &json!({}))).await.refused(400, "INVALID_FILE_ID");
}

#[tokio::test]
async fn uploads_jobs_and_modules_have_their_own_scopes() {
    let desk = desk().await;
    let known = file(&desk, "Last_Name\nRao\n").await;
    let id = start(&desk, &order("insert", &known, &json!({}))).await;
    let job = ended(&desk, &id).await;
    let org = zgid(&desk).await;
    let token = desk.token_for("ZohoBigin.bulk.READ,ZohoBigin.modules.ALL", None).await;
    let desk = desk.acting(token);
    let headers = [("feature", "bulk-write"), ("X-CRM-ORG", org.as_str())];
    upload_with(&desk, zip(&[("a.csv", "A\n")]), &headers).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    desk.get(&format!("{JOBS}/{id}")).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    let token = desk.token_for("ZohoBigin.bulk.ALL,ZohoBigin.modules.products.ALL", None).await;
    let desk = desk.acting(token);
    desk.post(JOBS, &order("insert", &known, &json!({}))).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    let url = job["result"]["download_url"].as_str().expect("an address");
    let path = url.strip_prefix(&desk.url("")).expect("the sandbox's address");
    desk.get(path).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    let bare = desk.http.get(url).send().await.expect("an answer");
    assert_eq!(bare.status(), 401);
}

#[tokio::test]
async fn a_job_costs_five_hundred_credits_and_tells_its_callback() {
    let (desk, hook) = (desk().await, Hook::open().await);
    let known = file(&desk, "Last_Name\nRao\n").await;
    let mut body = order("insert", &known, &json!({}));
    body["callback"] = json!({ "url": format!("{}/written", hook.url), "method": "post" });
    let used = async || desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64().expect("credits");
    let before = used().await;
    let id = start(&desk, &body).await;
    assert_eq!(used().await, before + 500);
    let told = hook.heard(1).await.remove(0);
    assert_eq!(told, ended(&desk, &id).await);
    assert_eq!(told["callback"], body["callback"]);
}

#[tokio::test]
async fn deals_are_written_by_the_names_of_their_pipeline() {
    let desk = desk().await;
    let known = desk.row(
        "SELECT layouts.name, Sub_Pipeline, Stage, Accounts.Account_Name FROM Pipelines
        JOIN layouts ON layouts.id = Pipeline JOIN Accounts ON Accounts.id = Pipelines.Account_Name LIMIT 1",
    );
    let text = format!(
        "Deal_Name|Pipeline|Sub_Pipeline|Stage|Amount|Account_Name|Owner|Tag\nBig one|{}|{}|{}|1200.50|{}|marcus@larkmoor.example|q3;vip\nLost one|{}|Nowhere|Nothing|x||nobody@larkmoor.example|\n",
        known[0], known[1], known[2], known[3], known[0]
    );
    let (job, rows) = written(&desk, "insert", &text, json!({ "module": "Pipelines" })).await;
    assert_eq!(counts(&job), [1, 0, 1, 2], "{rows:?}");
    let deal = desk.row(&format!(
        "SELECT Deal_Name, layouts.name, Stage, CAST(Amount AS TEXT), users.first_name FROM Pipelines
         JOIN layouts ON layouts.id = Pipeline JOIN users ON users.id = Owner WHERE Pipelines.id = '{}'",
        rows[0][4]
    ));
    assert_eq!(deal, ["Big one", &known[0], &known[2], "1200.5", "Marcus"]);
    assert_eq!(rows[1][5], "INVALID_DATA-Amount,Owner");
}

#[tokio::test]
async fn rows_that_are_written_are_told_together() {
    let (desk, hook) = (desk().await, Hook::open().await);
    let channel = json!({ "channel_id": "1", "events": ["Contacts.create"], "notify_url": hook.url });
    desk.post("/bigin/v2/actions/watch", &json!({ "watch": [channel] })).await.expect(201);
    let (_, rows) = written(&desk, "insert", "Last_Name\nOne\nTwo\nThree\n", json!({})).await;
    let told = hook.heard(1).await.remove(0);
    assert_eq!(told["operation"], "insert");
    assert_eq!(told["ids"], json!(rows.iter().map(|row| &row[2]).collect::<Vec<_>>()));
}
