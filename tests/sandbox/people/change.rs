//! Adding, changing and deleting users.

use reqwest::Method;
use serde_json::{Value, json};

use super::{failed, result};
use crate::desk::{Answer, Desk};

#[tokio::test]
async fn a_new_user_takes_a_licence_and_waits_to_be_confirmed() {
    let desk = Desk::open().await;
    failed(&desk.add(json!({})).await, "LICENSE_LIMIT_EXCEEDED");
    desk.make_room().await;
    let added = result(&desk.add(json!({})).await, 201);
    assert_eq!((&added["code"], &added["message"]), (&json!("SUCCESS"), &json!("User added")));
    let id = added["details"]["id"].as_str().expect("an id");
    let user = desk.get(&format!("/bigin/v2/users/{id}")).await.expect(200)["users"][0].clone();
    assert_eq!((&user["full_name"], &user["confirm"]), (&json!("Idris Okafor"), &json!(false)));
    assert_eq!(user["created_by"]["id"], desk.users("?type=CurrentUser").await[0]["id"]);
}

#[tokio::test]
async fn what_a_new_user_needs_is_checked() {
    let desk = Desk::open().await;
    desk.make_room().await;
    for key in ["first_name", "last_name", "email", "role", "profile"] {
        let details = failed(&desk.add(json!({ key: null })).await, "MANDATORY_NOT_FOUND");
        assert_eq!(details, json!({ "api_name": key, "json_path": format!("$.users[0].{key}") }));
    }
    for (key, value) in
        [("email", json!("nobody")), ("role", json!("123")), ("profile", json!({ "id": "9" }))]
    {
        assert_eq!(failed(&desk.add(json!({ key: value })).await, "INVALID_DATA")["api_name"], key);
    }
    let taken = desk.users("").await[0].clone();
    let details = failed(&desk.add(json!({ "email": taken["email"] })).await, "DUPLICATE_DATA");
    assert_eq!(details["id"], taken["id"]);

    assert_eq!(
        desk.post("/bigin/v2/users", &json!({})).await.refused(400, "MANDATORY_NOT_FOUND")["api_name"],
        "users"
    );
    let wrong = desk.post("/bigin/v2/users", &json!({ "users": {} })).await.refused(400, "INVALID_DATA");
    assert_eq!(wrong["expected_data_type"], "jsonarray");
    let two = json!({ "users": [{}, {}] });
    assert_eq!(desk.post("/bigin/v2/users", &two).await.refused(400, "LIMIT_EXCEEDED")["maximum_length"], 1);
    let text = desk.request(Method::POST, "/bigin/v2/users").body("{\"users\":");
    Answer::of(text.send().await.expect("an answer")).await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn users_are_changed_by_path_or_by_body() {
    let desk = Desk::open().await;
    let user = desk.users("").await[1].clone();
    let id = user["id"].as_str().expect("an id");
    let path = format!("/bigin/v2/users/{id}");
    let change = async |changes: Value| desk.put(&path, &json!({ "users": [changes] })).await;
    let done = result(&change(json!({ "last_name": "Renamed", "phone": null })).await, 200);
    assert_eq!((&done["message"], &done["details"]["id"]), (&json!("User updated"), &user["id"]));
    let changed = desk.get(&path).await.expect(200)["users"][0].clone();
    assert_eq!((&changed["last_name"], &changed["phone"]), (&json!("Renamed"), &Value::Null));
    assert_ne!(changed["Modified_Time"], user["Modified_Time"]);

    failed(&change(json!({ "email": "new@example.test" })).await, "EMAIL_UPDATE_NOT_ALLOWED");
    failed(&change(json!({ "status": "active" })).await, "ID_ALREADY_ACTIVE");
    result(&change(json!({ "status": "inactive" })).await, 200);
    failed(&change(json!({ "status": "inactive" })).await, "ID_ALREADY_DEACTIVATED");
    failed(&change(json!({ "status": "asleep" })).await, "INVALID_DATA");
    let by_body = json!({ "users": [{ "id": id, "status": "active" }] });
    result(&desk.put("/bigin/v2/users", &by_body).await, 200);
    failed(
        &desk.put("/bigin/v2/users", &json!({ "users": [{ "phone": "1" }] })).await,
        "MANDATORY_NOT_FOUND",
    );
    failed(&desk.put("/bigin/v2/users/1", &json!({ "users": [{ "phone": "1" }] })).await, "INVALID_DATA");
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_so_are_the_tokens() {
    let desk = Desk::open().await;
    let user = desk.users("").await[3].clone();
    let id = user["id"].as_str().expect("an id");
    let token = desk.token_for("ZohoBigin.users.READ", Some(id)).await;
    let path = format!("/bigin/v2/users/{id}");
    let done = result(&desk.delete(&path).await, 200);
    assert_eq!(done["message"], "User deleted");
    failed(&desk.delete(&path).await, "ID_ALREADY_DELETED");
    let change = json!({ "users": [{ "phone": "1" }] });
    failed(&desk.put(&path, &change).await, "CANNOT_UPDATE_DELETED_USER");
    failed(&desk.delete("/bigin/v2/users/1").await, "INVALID_DATA");
    let first = desk.users("").await[0]["id"].as_str().expect("an id").to_owned();
    failed(&desk.delete(&format!("/bigin/v2/users/{first}")).await, "NOT_ALLOWED");
    desk.acting(token).get("/bigin/v2/users").await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn only_administrators_change_users() {
    let desk = Desk::open().await;
    let users = desk.users("").await;
    let plain = users.iter().find(|user| user["profile"]["name"] == "Standard").expect("a standard user");
    let token = desk.token_for("ZohoBigin.users.ALL", plain["id"].as_str()).await;
    let desk = desk.acting(token);
    let path = format!("/bigin/v2/users/{}", plain["id"].as_str().expect("an id"));
    desk.delete(&path).await.refused(400, "AUTHORIZATION_FAILED");
    desk.put(&path, &json!({ "users": [{ "phone": "1" }] })).await.refused(400, "AUTHORIZATION_FAILED");
    desk.get(&path).await.expect(200);
}
