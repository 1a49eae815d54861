//! Tags of the organisation and of records.
//!
//! <https://bigin.com/developer/docs/apis/v2/get-tag-list.html>
//! <https://www.bigin.com/developer/docs/apis/v2/add-tags-records.html>

use bigin::sandbox::Options;
use serde_json::{Value, json};

use crate::desk::Desk;

const CONTACTS: &str = "/bigin/v2/settings/tags?module=Contacts";

async fn create(desk: &Desk, name: &str) -> String {
    let body = desk.post(CONTACTS, &json!({ "tags": [{ "name": name }] })).await.expect(201);
    body["tags"][0]["details"]["id"].as_str().expect("an id").to_owned()
}

async fn contacts(desk: &Desk, count: usize) -> Vec<String> {
    let people: Vec<_> = (0..count).map(|n| json!({ "Last_Name": format!("N{n}") })).collect();
    let body = desk.post("/bigin/v2/Contacts", &json!({ "data": people })).await.expect(201);
    let results = body["data"].as_array().expect("results");
    results.iter().map(|result| result["details"]["id"].as_str().expect("an id").to_owned()).collect()
}

fn names(tags: &Value) -> Vec<&str> {
    tags.as_array().expect("tags").iter().map(|tag| tag["name"].as_str().expect("a name")).collect()
}

async fn tags_of(desk: &Desk, contact: &str) -> Value {
    desk.get(&format!("/bigin/v2/Contacts/{contact}?fields=Tag")).await.expect(200)["data"][0]["Tag"].clone()
}

#[tokio::test]
async fn tags_are_listed_made_renamed_and_deleted() {
    let desk = Desk::open().await;
    let listed = desk.get(CONTACTS).await.expect(200);
    assert_eq!(listed["info"]["allowed_count"], 100);
    assert_eq!(listed["info"]["count"], listed["tags"].as_array().map_or(0, Vec::len));
    for key in ["id", "name", "color_code", "created_by", "created_time", "modified_by", "modified_time"] {
        assert!(listed["tags"][0].get(key).is_some(), "{key}");
    }
    let body = desk.post(CONTACTS, &json!({ "tags": [{ "name": "VIP" }, { "name": "vip" }, {}, { "name": "x".repeat(26) }, { "name": "a,b" }] })).await.expect(207);
    let results = body["tags"].as_array().expect("results");
    assert_eq!(results[0]["message"], "tags created successfully");
    let codes: Vec<_> = results.iter().map(|result| result["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["SUCCESS", "DUPLICATE_DATA", "MANDATORY_NOT_FOUND", "INVALID_DATA", "INVALID_DATA"]);
    let id = results[0]["details"]["id"].as_str().expect("an id");
    assert_eq!(results[1]["details"]["id"], id);
    assert_eq!(results[2]["details"]["json_path"], "$.tags[2].name");
    assert_eq!(results[3]["details"]["maximum_length"], 25);

    let many = json!({ "tags": [{ "id": id, "name": "Key" }, { "id": "12", "name": "A" }, { "name": "B" }] });
    let body = desk.put(CONTACTS, &many).await.expect(207);
    assert_eq!(body["tags"][0]["message"], "tags updated successfully");
    assert_eq!(body["tags"][1]["message"], "tags not found");
    assert_eq!(body["tags"][2]["code"], "MANDATORY_NOT_FOUND");
    let one = format!("/bigin/v2/settings/tags/{id}?module=Contacts");
    desk.put(&one, &json!({ "tags": [{ "name": "Key account", "color_code": "#57B1FD" }] }))
        .await
        .expect(200);
    let listed = desk.get(CONTACTS).await.expect(200);
    assert!(names(&listed["tags"]).contains(&"Key account"));
    let body = desk.delete(&format!("/bigin/v2/settings/tags/{id}")).await.expect(200);
    assert_eq!(body["tags"][0]["message"], "tags deleted successfully");
    let body = desk.delete(&format!("/bigin/v2/settings/tags/{id}")).await.expect(400);
    assert_eq!(
        body["tags"][0],
        json!({ "code": "INVALID_DATA", "details": { "id": id }, "message": "tags not found", "status": "error" })
    );
}

#[tokio::test]
async fn tag_calls_want_a_module_that_has_tags() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.get("/bigin/v2/settings/tags").await.refused(400, "REQUIRED_PARAM_MISSING")["param"],
        "module"
    );
    for module in ["People", "Notes"] {
        let refused = desk.get(&format!("/bigin/v2/settings/tags?module={module}")).await;
        assert_eq!(refused.refused(400, "INVALID_MODULE"), json!({ "resource_path_index": 0 }));
    }
    let merge = "/bigin/v2/settings/tags/12/actions/merge";
    desk.post(merge, &json!({ "tags": [{ "conflict_id": "13" }] })).await.refused(404, "INVALID_URL_PATTERN");
    desk.get(merge).await.refused(404, "INVALID_URL_PATTERN");
    desk.post(CONTACTS, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND");
    desk.get("/bigin/v2/settings/tags/12/actions/records_count?module=Contacts")
        .await
        .refused(400, "TAG_ID_NOT_FOUND");
}

#[tokio::test]
async fn a_record_takes_tags_by_body_and_by_query() {
    let desk = Desk::open().await;
    let contact = &contacts(&desk, 1).await[0];
    let add = format!("/bigin/v2/Contacts/{contact}/actions/add_tags");
    let body = desk.post(&add, &json!({ "tags": [{ "name": "q3" }] })).await.expect(200);
    assert_eq!(body["data"][0]["message"], "tags updated successfully");
    assert_eq!(names(&body["data"][0]["details"]["tags"]), ["q3"]);
    assert!(body.get("success_count").is_none(), "only calls for many records count");
    let request = desk.request(reqwest::Method::POST, &format!("{add}?tag_names=vip,Q3"));
    crate::desk::Answer::of(request.send().await.expect("an answer")).await.expect(200);
    assert_eq!(names(&tags_of(&desk, contact).await), ["q3", "vip"]);
    desk.post(&add, &json!({ "tags": [{ "name": "new" }], "over_write": true })).await.expect(200);
    assert_eq!(names(&tags_of(&desk, contact).await), ["new"]);
    let remove = format!("/bigin/v2/Contacts/{contact}/actions/remove_tags");
    let request = desk.request(reqwest::Method::POST, &format!("{remove}?tag_names=NEW,unknown"));
    crate::desk::Answer::of(request.send().await.expect("an answer")).await.expect(200);
    assert_eq!(tags_of(&desk, contact).await, json!([]));
    desk.post(&remove, &json!({ "tags": [{ "name": "q3" }] })).await.expect(200);
    assert_eq!(desk.post(&add, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND")["api_name"], "tags");
    let eleven: Vec<_> = (0..11).map(|n| json!({ "name": format!("t{n}") })).collect();
    desk.post(&add, &json!({ "tags": eleven })).await.refused(400, "LIMIT_EXCEEDED");
    let long = json!({ "tags": [{ "name": "x".repeat(26) }] });
    assert_eq!(desk.post(&add, &long).await.refused(400, "INVALID_DATA")["maximum_length"], 25);
}

#[tokio::test]
async fn many_records_are_tagged_at_a_credit_for_each_started_fifty() {
    let desk = Desk::open().await;
    let mut ids = contacts(&desk, 60).await;
    let used = async || desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64().expect("a number");
    let before = used().await;
    let body = desk
        .post("/bigin/v2/Contacts/actions/add_tags", &json!({ "tags": [{ "name": "fair" }], "ids": ids }))
        .await
        .expect(200);
    assert_eq!(used().await - before, 2);
    assert_eq!(
        (&body["success_count"], &body["locked_count"], &body["wf_scheduler"]),
        (&json!("60"), &json!(0), &json!(false))
    );
    let listed = desk.get(CONTACTS).await.expect(200);
    let tag =
        listed["tags"].as_array().expect("tags").iter().find(|tag| tag["name"] == "fair").expect("a tag");
    let tag = tag["id"].as_str().expect("an id");
    let count = async || {
        desk.get(&format!("/bigin/v2/settings/tags/{tag}/actions/records_count?module=Contacts"))
            .await
            .expect(200)
    };
    assert_eq!(count().await, json!({ "count": "60" }));
    ids.truncate(2);
    ids.push("12".to_owned());
    let path = format!("/bigin/v2/Contacts/actions/remove_tags?ids={}&tag_names=fair", ids.join(","));
    let request = desk.request(reqwest::Method::POST, &path);
    let body = crate::desk::Answer::of(request.send().await.expect("an answer")).await.expect(207);
    assert_eq!(body["success_count"], "2");
    assert_eq!(count().await, json!({ "count": "58" }));
    let many = json!({ "tags": [{ "name": "fair" }], "ids": vec!["1"; 501] });
    desk.post("/bigin/v2/Contacts/actions/add_tags", &many).await.refused(400, "LIMIT_EXCEEDED");
    let none = json!({ "tags": [{ "name": "fair" }] });
    assert_eq!(
        desk.post("/bigin/v2/Contacts/actions/add_tags", &none).await.refused(400, "MANDATORY_NOT_FOUND")["api_name"],
        "ids"
    );
}

#[tokio::test]
async fn renaming_merging_and_deleting_a_tag_shows_on_its_records() {
    let desk = Desk::with(Options { deals: 30, strict: false, ..Options::default() }).await;
    let contact = &contacts(&desk, 1).await[0];
    let (first, second) = (create(&desk, "one").await, create(&desk, "two").await);
    let tags = json!({ "data": [{ "Tag": [{ "name": "one" }, { "id": second }] }] });
    desk.put(&format!("/bigin/v2/Contacts/{contact}"), &tags).await.expect(200);
    let rename = json!({ "tags": [{ "name": "uno" }] });
    desk.put(&format!("/bigin/v2/settings/tags/{first}?module=Contacts"), &rename).await.expect(200);
    assert_eq!(names(&tags_of(&desk, contact).await), ["uno", "two"]);
    let merge = json!({ "tags": [{ "conflict_id": second }] });
    let body = desk.post(&format!("/bigin/v2/settings/tags/{first}/actions/merge"), &merge).await.expect(200);
    assert_eq!(body["tags"][0]["message"], "tags merged successfully");
    assert_eq!(names(&tags_of(&desk, contact).await), ["uno"]);
    desk.delete(&format!("/bigin/v2/settings/tags/{first}")).await.expect(200);
    assert_eq!(tags_of(&desk, contact).await, json!([]));
}
