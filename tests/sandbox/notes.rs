//! Notes.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-notes.html>

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::desk::Desk;

async fn first(desk: &Desk, module: &str) -> String {
    let body = desk.get(&format!("/bigin/v2/{module}?fields=id&per_page=1")).await.expect(200);
    body["data"][0]["id"].as_str().expect("an id").to_owned()
}

async fn note(desk: &Desk, path: &str, note: Value) -> String {
    let body = desk.post(path, &json!({ "data": [note] })).await.expect(201);
    body["data"][0]["details"]["id"].as_str().expect("an id").to_owned()
}

const FIELDS: &str = "fields=Note_Title,Note_Content,Parent_Id,Owner,$se_module";

#[tokio::test]
async fn a_note_is_made_read_changed_and_deleted_on_its_record() {
    let desk = Desk::open().await;
    for module in ["Pipelines", "Contacts", "Accounts", "Products", "Tasks", "Events", "Calls"] {
        let parent = first(&desk, module).await;
        let path = format!("/bigin/v2/{module}/{parent}/Notes");
        let body = desk
            .post(&path, &json!({ "data": [{ "Note_Title": "Kick-off", "Note_Content": "Wants samples." }] }))
            .await;
        let body = body.expect(201);
        let details = &body["data"][0]["details"];
        assert!(details.get("$approval_state").is_none());
        assert!(details["Created_By"]["name"].is_string());
        let id = details["id"].as_str().expect("an id");
        let listed = desk.get(&format!("{path}?{FIELDS}&per_page=1")).await.expect(200);
        let row = &listed["data"][0];
        assert_eq!(row["id"], id, "the newest first");
        assert_eq!(row["Parent_Id"]["id"], parent.as_str());
        assert_eq!(row["Parent_Id"]["module"]["api_name"], module);
        assert_eq!(row["$se_module"], module);
        assert_eq!(listed["info"]["sort_by"], "id");
        desk.put(&format!("{path}/{id}"), &json!({ "data": [{ "Note_Content": "Wants two." }] }))
            .await
            .expect(200);
        let read = desk.get(&format!("{path}/{id}")).await.expect(200);
        assert_eq!(
            (&read["data"][0]["Note_Title"], &read["data"][0]["Note_Content"]),
            (&json!("Kick-off"), &json!("Wants two."))
        );
        let gone = desk.delete(&format!("{path}/{id}")).await.expect(200);
        assert_eq!(gone["data"][0]["message"], "record deleted");
        let again = desk.delete(&format!("{path}/{id}")).await.expect(400);
        assert_eq!(again["data"][0]["message"], "record not deleted");
    }
}

#[tokio::test]
async fn all_notes_are_a_list_of_their_own() {
    let desk = Desk::open().await;
    desk.get("/bigin/v2/Notes").await.refused(400, "REQUIRED_PARAM_MISSING");
    let body = desk.get(&format!("/bigin/v2/Notes?{FIELDS}&per_page=2")).await.expect(200);
    assert_eq!(body["info"].as_object().map(serde_json::Map::len), Some(9));
    let deal = first(&desk, "Pipelines").await;
    let hung = format!("/bigin/v2/Pipelines/{deal}/Notes");
    let wanted = note(&desk, &hung, json!({ "Note_Content": "This one" })).await;
    note(&desk, &hung, json!({ "Note_Content": "Another" })).await;
    let body = desk.get(&format!("{hung}?fields=Note_Content&ids={wanted}")).await.expect(200);
    assert_eq!((&body["info"]["count"], &body["data"][0]["Note_Content"]), (&json!(1), &json!("This one")));
    let new =
        json!({ "Note_Content": "A", "Parent_Id": { "module": { "api_name": "Pipelines" }, "id": deal } });
    let old = json!({ "Note_Content": "B", "Parent_Id": deal, "se_module": "Deals" });
    for record in [new, old] {
        let id = note(&desk, "/bigin/v2/Notes", record).await;
        let read = desk.get(&format!("/bigin/v2/Notes/{id}")).await.expect(200);
        let read = &read["data"][0];
        assert_eq!(read["Parent_Id"]["module"]["api_name"], "Pipelines");
        let keys: BTreeSet<&str> = read.as_object().expect("a note").keys().map(String::as_str).collect();
        for key in [
            "$attachments",
            "$se_module",
            "$editable",
            "$state",
            "$voice_note",
            "$size",
            "Created_By",
            "Owner",
        ] {
            assert!(keys.contains(key), "{key}");
        }
        desk.put("/bigin/v2/Notes", &json!({ "data": [{ "id": id, "Note_Title": "T" }] })).await.expect(200);
        desk.delete(&format!("/bigin/v2/Notes?ids={id}")).await.expect(200);
    }
}

#[tokio::test]
async fn notes_without_words_or_parents_are_refused() {
    let desk = Desk::open().await;
    let contact = first(&desk, "Contacts").await;
    let path = format!("/bigin/v2/Contacts/{contact}/Notes");
    let body = desk.post(&path, &json!({ "data": [{ "Note_Content": "" }] })).await.expect(400);
    assert_eq!(body["data"][0]["code"], "EXPECTED_FIELD_MISSING");
    assert_eq!(body["data"][0]["details"]["expected_fields"].as_array().map(Vec::len), Some(2));
    for record in [json!({ "Note_Title": "x".repeat(121) }), json!({ "Note_Content": "x".repeat(32_001) })] {
        let body = desk.post(&path, &json!({ "data": [record] })).await.expect(400);
        assert_eq!(body["data"][0]["code"], "INVALID_DATA");
        assert!(body["data"][0]["details"]["maximum_length"].is_number());
    }
    note(&desk, &path, json!({ "Note_Content": "😀".repeat(32_000) })).await;
    let body = desk.post("/bigin/v2/Notes", &json!({ "data": [{ "Note_Content": "A" }] })).await.expect(400);
    assert_eq!(
        (&body["data"][0]["code"], &body["data"][0]["details"]["api_name"]),
        (&json!("MANDATORY_NOT_FOUND"), &json!("Parent_Id"))
    );
    let wrong = json!({ "data": [{ "Note_Content": "A", "Parent_Id": { "module": { "api_name": "Accounts" }, "id": contact } }] });
    desk.post("/bigin/v2/Notes", &wrong).await.expect(400);
    let details = desk.get("/bigin/v2/Contacts/12/Notes?fields=id").await.refused(400, "INVALID_DATA");
    assert_eq!(details["resource_path_index"], 1);
    let other = first(&desk, "Accounts").await;
    let id = note(&desk, &path, json!({ "Note_Content": "Mine" })).await;
    desk.put(
        &format!("/bigin/v2/Accounts/{other}/Notes/{id}"),
        &json!({ "data": [{ "Note_Content": "Yours" }] }),
    )
    .await
    .expect(400);
}

#[tokio::test]
async fn a_note_is_the_last_activity_of_its_record_and_no_change_of_it() {
    let desk = Desk::open().await;
    let deal = first(&desk, "Pipelines").await;
    let read = async || {
        desk.get(&format!("/bigin/v2/Pipelines/{deal}?fields=Modified_Time,Last_Activity_Time"))
            .await
            .expect(200)
    };
    let before = read().await["data"][0].clone();
    desk.sandbox.sandbox().clock.advance(600);
    note(&desk, &format!("/bigin/v2/Pipelines/{deal}/Notes"), json!({ "Note_Content": "A" })).await;
    let after = read().await["data"][0].clone();
    assert_eq!(after["Modified_Time"], before["Modified_Time"]);
    assert_ne!(after["Last_Activity_Time"], before["Last_Activity_Time"]);
}

#[tokio::test]
async fn notes_need_a_scope_of_their_own() {
    let desk = Desk::open().await;
    let deal = first(&desk, "Pipelines").await;
    let path = format!("/bigin/v2/Pipelines/{deal}/Notes");
    let token = desk.token_for("ZohoBigin.modules.pipelines.ALL", None).await;
    let desk = desk.acting(token);
    desk.get(&format!("{path}?fields=id")).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    let token = desk.token_for("ZohoBigin.modules.pipelines.READ,ZohoBigin.modules.notes.CREATE", None).await;
    let desk = desk.acting(token);
    desk.post(&path, &json!({ "data": [{ "Note_Content": "A" }] })).await.expect(201);
    desk.get(&format!("{path}?fields=id")).await.refused(401, "OAUTH_SCOPE_MISMATCH");
}
