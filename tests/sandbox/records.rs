//! Records: what reads show, what writes take, what deletion leaves, and who may do it.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

mod lists;
mod writes;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::desk::Desk;

fn ids(answer: &Value) -> Vec<String> {
    answer["data"].as_array().expect("rows").iter().map(id).collect()
}

fn id(record: &Value) -> String {
    record["id"].as_str().expect("ids are text").to_owned()
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

async fn layouts(desk: &Desk) -> Vec<Value> {
    let body = desk.get("/bigin/v2/settings/layouts?module=Pipelines").await.expect(200);
    body["layouts"].as_array().expect("layouts").clone()
}

async fn insert(desk: &Desk, module: &str, record: Value) -> String {
    let answer = desk.post(&format!("/bigin/v2/{module}"), &json!({ "data": [record] })).await;
    let body = answer.expect(201);
    body["data"][0]["details"]["id"].as_str().expect("an id").to_owned()
}

fn deal(name: &str) -> Value {
    json!({ "Deal_Name": name, "Sub_Pipeline": "Sales Pipeline Standard", "Stage": "Qualification" })
}

async fn read(desk: &Desk, module: &str, id: &str) -> Value {
    desk.get(&format!("/bigin/v2/{module}/{id}")).await.expect(200)["data"][0].clone()
}

#[tokio::test]
async fn deleted_records_leave_with_what_hung_on_them_and_are_listed() {
    let desk = Desk::open().await;
    let company = insert(&desk, "Accounts", json!({ "Account_Name": "Quayside Optics" })).await;
    let contact =
        insert(&desk, "Contacts", json!({ "Last_Name": "Okafor", "Account_Name": { "id": company } })).await;
    let note = json!({ "data": [{ "Note_Content": "Wants samples." }] });
    desk.post(&format!("/bigin/v2/Accounts/{company}/Notes"), &note).await.expect(201);
    let body = desk.delete(&format!("/bigin/v2/Accounts?ids={company},12")).await.expect(207);
    assert_eq!(body["data"][0]["message"], "record deleted");
    assert_eq!(
        body["data"][1],
        json!({ "code": "INVALID_DATA", "details": { "id": "12" }, "message": "record not deleted", "status": "error" })
    );
    desk.get(&format!("/bigin/v2/Accounts/{company}")).await.expect(204);
    assert_eq!(read(&desk, "Contacts", &contact).await["Account_Name"], Value::Null);
    desk.get("/bigin/v2/Notes?fields=Note_Content&sort_order=desc&per_page=1").await.expect(200)["data"]
        .as_array()
        .expect("notes")
        .iter()
        .for_each(|note| assert_ne!(note["Note_Content"], "Wants samples."));

    let body = desk.get("/bigin/v2/Accounts/deleted").await.expect(200);
    let row = &body["data"][0];
    assert_eq!(
        keys(row),
        BTreeSet::from(["deleted_by", "id", "display_name", "type", "created_by", "deleted_time"])
    );
    assert_eq!((&row["display_name"], &row["type"]), (&json!("Quayside Optics"), &json!("recycle")));
    assert_eq!(keys(&body["info"]), BTreeSet::from(["per_page", "count", "page", "more_records"]));
    desk.get("/bigin/v2/Accounts/deleted?type=permanent").await.expect(204);
    desk.get("/bigin/v2/Products/deleted").await.expect(204);
    assert_eq!(
        desk.get("/bigin/v2/Accounts/deleted?type=x").await.refused(400, "PATTERN_NOT_MATCHED")["param_name"],
        "type"
    );
    assert_eq!(
        desk.delete("/bigin/v2/Accounts").await.refused(400, "REQUIRED_PARAM_MISSING")["param_name"],
        "ids"
    );
    desk.delete(&format!("/bigin/v2/Accounts/{company}")).await.expect(400);
    let many = vec!["1"; 101].join(",");
    desk.delete(&format!("/bigin/v2/Accounts?ids={many}")).await.refused(400, "LIMIT_EXCEEDED");
    desk.sandbox.sandbox().clock.advance(61 * 24 * 3600);
    let later = desk.fresh_token().await;
    let desk = desk.acting(later);
    let body = desk.get("/bigin/v2/Accounts/deleted?type=permanent").await.expect(200);
    assert_eq!(body["data"][0]["display_name"], Value::Null);
}

#[tokio::test]
async fn scopes_are_asked_for_the_module_and_the_verb() {
    let desk = Desk::open().await;
    let token = desk.token_for("ZohoBigin.modules.contacts.READ,ZohoBigin.modules.deals.CREATE", None).await;
    let desk = desk.acting(token);
    desk.get("/bigin/v2/Contacts?fields=id").await.expect(200);
    desk.get("/bigin/v2/Accounts?fields=id").await.refused(401, "OAUTH_SCOPE_MISMATCH");
    desk.post("/bigin/v2/Contacts", &json!({ "data": [{ "Last_Name": "A" }] }))
        .await
        .refused(401, "OAUTH_SCOPE_MISMATCH");
    desk.post("/bigin/v2/Pipelines", &json!({ "data": [deal("A")] })).await.expect(201);
    desk.delete("/bigin/v2/Contacts?ids=1").await.refused(401, "OAUTH_SCOPE_MISMATCH");
}

#[tokio::test]
async fn writes_cost_a_credit_for_each_started_ten_records() {
    let desk = Desk::open().await;
    let used = async || desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64().expect("a number");
    let before = used().await;
    let people: Vec<_> = (0..11).map(|n| json!({ "Last_Name": format!("N{n}") })).collect();
    desk.post("/bigin/v2/Contacts", &json!({ "data": people })).await.expect(201);
    assert_eq!(used().await - before, 2);
    let views = desk.get("/bigin/v2/settings/custom_views?module=Contacts").await.expect(200);
    let before = used().await;
    desk.get(&format!("/bigin/v2/Contacts?fields=id&cvid={}", id(&views["custom_views"][0])))
        .await
        .expect(200);
    assert_eq!(used().await - before, 3);
}

#[tokio::test]
async fn a_profile_permits_verbs() {
    let desk = Desk::open().await;
    let users = desk.get("/bigin/v2/users?type=ActiveUsers").await.expect(200);
    let users = users["users"].as_array().expect("users");
    let fitter = users.iter().find(|user| user["profile"]["name"] == "Field Service").expect("a technician");
    let token = desk.token_for("ZohoBigin.modules.ALL,ZohoBigin.coql.READ", fitter["id"].as_str()).await;
    let desk = desk.acting(token);
    let list = desk.get("/bigin/v2/Contacts?fields=id&per_page=1").await.expect(200);
    let contact = id(&list["data"][0]);
    let body = json!({ "data": [{ "id": contact, "Last_Name": "Okafor" }] });
    desk.put("/bigin/v2/Contacts", &body).await.expect(200);
    let details = desk.post("/bigin/v2/Contacts", &body).await.refused(403, "NO_PERMISSION");
    assert_eq!(details["permissions"], json!(["Crm_Implied_Create_Contacts"]));
    let details = desk.delete(&format!("/bigin/v2/Contacts/{contact}")).await.refused(403, "NO_PERMISSION");
    assert_eq!(details["permissions"], json!(["Crm_Implied_Delete_Contacts"]));
    desk.post(
        &format!("/bigin/v2/Contacts/{contact}/Notes"),
        &json!({ "data": [{ "Note_Content": "Fixed." }] }),
    )
    .await
    .expect(201);
}
