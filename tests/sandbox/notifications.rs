//! Channels: opening, reading, changing and closing them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    desk::{Answer, Desk},
    hook::Hook,
};

const WATCH: &str = "/bigin/v2/actions/watch";
const URL: &str = "https://hooks.example.test/bigin?src=tui";

fn item(channel: &str, events: &[&str]) -> Value {
    json!({ "channel_id": channel, "events": events, "notify_url": URL })
}

async fn enable(desk: &Desk, items: &[Value]) -> Answer {
    desk.post(WATCH, &json!({ "watch": items })).await
}

fn instant(text: &Value) -> jiff::Timestamp {
    text.as_str().expect("text").parse().expect("a time")
}

/// Seconds from now to the end of a channel, by the sandbox's clock.
async fn life(desk: &Desk, expiry: &Value) -> i64 {
    let now = desk.get("/__sandbox/clock").await.expect(200)["now"].clone();
    instant(expiry).as_second() - instant(&now).as_second()
}

#[tokio::test]
async fn a_channel_is_opened_for_each_module_and_read_back() {
    let desk = Desk::open().await;
    assert_eq!(desk.get(WATCH).await.status, 204);
    let mut channel = item("1001", &["Contacts.create", "Contacts.edit", "Products.ALL"]);
    channel["token"] = json!("s3cret");
    channel["return_affected_field_values"] = json!(true);
    channel["fields"] = json!({ "Contacts": ["Email", "Phone"] });
    let opened = enable(&desk, &[channel, item("1002", &["Pipelines.edit"])]).await.expect(201);
    assert_eq!(opened["watch"].as_array().map(Vec::len), Some(2));
    let one = &opened["watch"][0];
    assert_eq!((&one["code"], &one["status"]), (&"SUCCESS".into(), &"success".into()));
    assert_eq!(one["message"], "Successfully subscribed for actions-watch of the given module");
    let events = one["details"]["events"].as_array().expect("events");
    assert_eq!(events.len(), 2);
    assert_eq!((&events[0]["resource_name"], &events[0]["channel_id"]), (&"Contacts".into(), &"1001".into()));
    assert_eq!(events[0]["resource_uri"], desk.url("/bigin/v1/Contacts"));
    let modules = desk.get("/bigin/v2/settings/modules").await.expect(200);
    let contacts = modules["modules"].as_array().expect("modules").iter();
    let contacts =
        contacts.filter(|module| module["api_name"] == "Contacts").map(|module| &module["id"]).next();
    assert_eq!(Some(&events[0]["resource_id"]), contacts);
    let life = life(&desk, &events[0]["channel_expiry"]).await;
    assert!((7_140..=7_200).contains(&life), "{life}");

    let read = desk.get(WATCH).await.expect(200);
    assert_eq!(read["info"], json!({ "per_page": 200, "count": 3, "page": 1, "more_records": false }));
    let row = &read["watch"][0];
    assert_eq!((&row["channel_id"], &row["resource_name"]), (&"1001".into(), &"Contacts".into()));
    assert_eq!(row["events"], json!(["Contacts.create", "Contacts.edit"]));
    assert_eq!((&row["notify_url"], &row["token"]), (&URL.into(), &"s3cret".into()));
    assert_eq!(row["return_affected_field_values"], true);
    assert_eq!(row["notify_on_related_action"], false);
    assert_eq!(row["fields"], json!({ "Contacts": ["Email", "Phone"] }));
    assert_eq!(read["watch"][1]["events"], json!(["Products.ALL"]));
    let plain = &read["watch"][2];
    assert!(plain["token"].is_null() && plain["fields"].is_null(), "{plain}");

    let narrowed = desk.get(&format!("{WATCH}?channel_id=1001&module=Products")).await.expect(200);
    assert_eq!(narrowed["info"]["count"], 1);
    let paged = desk.get(&format!("{WATCH}?per_page=2&page=2")).await.expect(200);
    assert_eq!(paged["info"], json!({ "per_page": 2, "count": 1, "page": 2, "more_records": false }));
    assert_eq!(desk.get(&format!("{WATCH}?channel_id=9")).await.status, 204);
}

#[tokio::test]
async fn channels_end_and_are_renewed_by_opening_them_again() {
    let desk = Desk::open().await;
    let until = |at: &str| {
        let mut channel = item("7", &["Tasks.create"]);
        channel["channel_expiry"] = json!(at);
        channel
    };
    let expiry = |answer: Value| answer["watch"][0]["details"]["events"][0]["channel_expiry"].clone();
    let soon = expiry(enable(&desk, &[until("2026-03-02T09:30:00Z")]).await.expect(201));
    assert_eq!(instant(&soon), "2026-03-02T09:30:00Z".parse().expect("a time"));
    let late = expiry(enable(&desk, &[until("2026-04-01T00:00:00+02:00")]).await.expect(201));
    let day = life(&desk, &late).await;
    assert!((86_340..=86_400).contains(&day), "{day}");
    enable(&desk, &[until("2026-03-02T09:40:00Z")]).await.expect(201);
    assert_eq!(desk.get(WATCH).await.expect(200)["info"]["count"], 1);
    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 2_400 })).await.expect(200);
    assert_eq!(desk.get(WATCH).await.status, 204);
}

#[tokio::test]
async fn an_update_replaces_and_a_change_keeps_the_rest() {
    let desk = Desk::open().await;
    let mut channel = item("1", &["Contacts.create", "Tasks.all"]);
    channel["token"] = json!("old");
    enable(&desk, &[channel]).await.expect(201);

    let change = json!({ "watch": [{ "channel_id": "1", "token": "new" }] });
    let changed = desk.send(reqwest::Method::PATCH, WATCH, &change).await.expect(200);
    assert_eq!(changed["watch"][0]["message"], "Successfully updated the subscribe details");
    let rows = desk.get(WATCH).await.expect(200)["watch"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!((&rows[0]["token"], &rows[1]["token"]), (&"new".into(), &"new".into()));

    let updated = desk.put(WATCH, &json!({ "watch": [item("1", &["Calls.edit"])] })).await.expect(200);
    assert_eq!(updated["watch"][0]["message"], "Successfully updated the subscribe details");
    let rows = desk.get(WATCH).await.expect(200)["watch"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!((&rows[0]["events"], &rows[0]["token"]), (&json!(["Calls.edit"]), &Value::Null));

    let unknown = desk.put(WATCH, &json!({ "watch": [item("2", &["Calls.edit"])] })).await.expect(202);
    assert_eq!(unknown["watch"][0]["code"], "NOT_SUBSCRIBED");
}

#[tokio::test]
async fn single_events_and_whole_channels_are_closed() {
    let desk = Desk::open().await;
    let items = [item("1", &["Contacts.all", "Tasks.create"]), item("2", &["Calls.edit"])];
    enable(&desk, &items).await.expect(201);
    let drop = json!({ "watch": [{ "channel_id": "1", "events": ["Contacts.edit", "Tasks.create"],
        "_delete_events": true }] });
    let dropped = desk.send(reqwest::Method::PATCH, WATCH, &drop).await.expect(200);
    assert_eq!(dropped["watch"][0]["message"], "Successfully removed the subscribe details");
    assert_eq!(dropped["watch"][0]["details"]["channel_id"], "1");
    let rows = desk.get(WATCH).await.expect(200)["watch"].clone();
    assert_eq!(rows[0]["events"], json!(["Contacts.create", "Contacts.delete"]));
    assert_eq!(rows[1]["channel_id"], "2");

    let closed = desk.delete(&format!("{WATCH}?channel_ids=1,2")).await.expect(200);
    assert_eq!(closed["watch"][0]["message"], "Successfully un-subscribed from actions-watch");
    assert_eq!(closed["watch"][1]["details"]["channel_id"], "2");
    assert_eq!(desk.get(WATCH).await.status, 204);
    let gone = desk.delete(&format!("{WATCH}?channel_ids=1")).await.expect(202);
    assert_eq!(gone["watch"][0]["code"], "NOT_SUBSCRIBED");
    assert!(gone["watch"][0]["details"].get("channel_id").is_none(), "{gone}");
    assert_eq!(desk.delete(WATCH).await.refused(400, "REQUIRED_PARAM_MISSING")["param"], "channel_ids");
}

#[tokio::test]
async fn what_is_wrong_with_an_item_is_told_in_its_place() {
    let desk = Desk::open().await;
    let with = |key: &str, value: Value| {
        let mut item = item("1", &["Contacts.create"]);
        item[key] = value;
        item
    };
    for (wrong, code, name) in [
        (with("channel_id", Value::Null), "MANDATORY_NOT_FOUND", "channel_id"),
        (with("channel_id", json!("one")), "INVALID_DATA", "channel_id"),
        (with("events", Value::Null), "MANDATORY_NOT_FOUND", "events"),
        (with("events", json!([])), "MANDATORY_NOT_FOUND", "events"),
        (with("events", json!(["Contacts.read"])), "INVALID_DATA", "events"),
        (with("events", json!(["Notes.create"])), "INVALID_DATA", "events"),
        (with("notify_url", Value::Null), "MANDATORY_NOT_FOUND", "notify_url"),
        (with("notify_url", json!("hooks")), "INVALID_DATA", "notify_url"),
        (with("token", json!("x".repeat(51))), "INVALID_DATA", "token"),
        (with("channel_expiry", json!("soon")), "INVALID_DATA", "channel_expiry"),
        (with("channel_expiry", json!("2026-03-01T00:00:00Z")), "INVALID_DATA", "channel_expiry"),
        (with("fields", json!({ "Contacts": ["Nothing"] })), "INVALID_DATA", "fields"),
    ] {
        let answer = enable(&desk, &[wrong]).await.expect(202);
        let told = &answer["watch"][0];
        assert_eq!((&told["code"], &told["details"]["api_name"]), (&code.into(), &name.into()), "{told}");
    }
    let mixed = enable(&desk, &[item("1", &["Calls.all"]), item("x", &["Calls.all"])]).await.expect(202);
    assert_eq!(
        (&mixed["watch"][0]["code"], &mixed["watch"][1]["code"]),
        (&"SUCCESS".into(), &"INVALID_DATA".into())
    );
    enable(&desk, &[with("channel_id", json!(1))]).await.expect(201);
    desk.post(WATCH, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND");
    desk.post(WATCH, &json!({ "watch": {} })).await.refused(400, "INVALID_DATA");
    let many = vec![item("1", &["Calls.all"]); 101];
    enable(&desk, &many).await.refused(400, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn channels_belong_to_their_user_and_need_their_scope() {
    let desk = Desk::open().await;
    enable(&desk, &[item("1", &["Calls.all"])]).await.expect(201);
    let other = desk.row("SELECT id FROM users ORDER BY id LIMIT 1 OFFSET 1").remove(0);
    let scopes = "ZohoBigin.notifications.READ,ZohoBigin.notifications.DELETE";
    let token = desk.token_for(scopes, Some(&other)).await;
    let desk = desk.acting(token);
    assert_eq!(desk.get(WATCH).await.status, 204);
    assert_eq!(desk.delete(&format!("{WATCH}?channel_ids=1")).await.status, 202);
    enable(&desk, &[item("2", &["Calls.all"])]).await.refused(401, "OAUTH_SCOPE_MISMATCH");
}

async fn watch(desk: &Desk, hook: &Hook, channel: &str, events: &[&str], more: Value) {
    let mut item = json!({ "channel_id": channel, "events": events,
        "notify_url": format!("{}/heard?src=tui&n=1", hook.url) });
    for (key, value) in more.as_object().expect("an object") {
        item[key] = value.clone();
    }
    enable(desk, &[item]).await.expect(201);
}

#[tokio::test]
async fn writes_are_told_in_the_recorded_shape() {
    let (desk, hook) = (Desk::open().await, Hook::open().await);
    let told = json!({ "token": "s3cret", "return_affected_field_values": true });
    watch(&desk, &hook, "1001", &["Contacts.all"], told).await;
    let people = json!({ "data": [{ "Last_Name": "Quill" }, { "Last_Name": "Reed" }] });
    let added = desk.post("/bigin/v2/Contacts", &people).await.expect(201);
    let ids: Vec<&Value> =
        added["data"].as_array().expect("items").iter().map(|item| &item["details"]["id"]).collect();
    let insert = hook.heard(1).await.remove(0);
    let keys: Vec<&String> = insert.as_object().expect("an object").keys().collect();
    let expected = [
        "server_time",
        "query_params",
        "module",
        "resource_uri",
        "ids",
        "affected_fields",
        "affected_values",
        "operation",
        "channel_id",
        "token",
    ];
    assert_eq!(keys, expected);
    assert_eq!(insert["ids"], json!(ids));
    assert_eq!((&insert["operation"], &insert["module"]), (&"insert".into(), &"Contacts".into()));
    assert_eq!((&insert["channel_id"], &insert["token"]), (&"1001".into(), &"s3cret".into()));
    assert_eq!(insert["query_params"], json!({ "src": "tui", "n": "1" }));
    assert_eq!(insert["resource_uri"], desk.url("/bigin/v1/Contacts"));
    assert_eq!((&insert["affected_fields"], &insert["affected_values"]), (&json!([]), &json!([])));
    assert!(insert["server_time"].as_i64().is_some_and(|at| at > 1_772_442_000_000), "{insert}");

    let id = ids[0].as_str().expect("an id");
    let change = json!({ "data": [{ "id": id, "Phone": "555-0101", "Last_Name": "Quill" }] });
    desk.put("/bigin/v2/Contacts", &change).await.expect(200);
    let update = hook.heard(2).await.remove(1);
    assert_eq!((&update["operation"], &update["ids"]), (&"update".into(), &json!([id])));
    assert_eq!(update["affected_fields"], json!([{ id: ["Phone"] }]));
    assert_eq!(update["affected_values"], json!([{ "record_id": id, "values": { "Phone": "555-0101" } }]));

    desk.delete(&format!("/bigin/v2/Contacts/{id}")).await.expect(200);
    let delete = hook.heard(3).await.remove(2);
    assert_eq!((&delete["operation"], &delete["ids"]), (&"delete".into(), &json!([id])));

    let delivery = delivered(&desk).await;
    assert_eq!((&delivery["kind"], &delivery["body"]), (&"notification".into(), &insert));
    assert_eq!(delivery["outcome"]["status"], 200);
}

#[tokio::test]
async fn a_channel_hears_only_of_what_it_asked_for() {
    let (desk, hook) = (Desk::open().await, Hook::open().await);
    let (contact, company) = (desk.some("Contacts").await, desk.some("Accounts").await);
    let none = json!({});
    watch(&desk, &hook, "1", &["Contacts.create"], none.clone()).await;
    watch(&desk, &hook, "2", &["Contacts.edit"], json!({ "fields": { "Contacts": ["Email"] } })).await;
    watch(&desk, &hook, "3", &["Accounts.edit"], none.clone()).await;
    watch(&desk, &hook, "4", &["Accounts.edit"], json!({ "notify_on_related_action": true })).await;
    let change = async |fields: Value| {
        desk.put(&format!("/bigin/v2/Contacts/{contact}"), &json!({ "data": [fields] })).await.expect(200)
    };
    change(json!({ "Account_Name": null })).await;
    change(json!({ "Phone": "555-0102" })).await;
    change(json!({ "Email": "heard@new.example" })).await;
    let first = hook.heard(1).await;
    assert_eq!((&first[0]["channel_id"], first.len()), (&"2".into(), 1), "{first:?}");
    assert!(first[0].get("affected_values").is_none(), "{first:?}");
    change(json!({ "Account_Name": { "id": company } })).await;
    let second = hook.heard(2).await.remove(1);
    assert_eq!((&second["channel_id"], &second["module"]), (&"4".into(), &"Accounts".into()));
    assert_eq!((&second["operation"], &second["ids"]), (&"update".into(), &json!([company])));

    desk.post("/__sandbox/clock", &json!({ "advance_seconds": 7_201 })).await.expect(200);
    let token = desk.fresh_token().await;
    let desk = desk.acting(token);
    watch(&desk, &hook, "5", &["Contacts.edit"], none).await;
    let path = format!("/bigin/v2/Contacts/{contact}");
    desk.put(&path, &json!({ "data": [{ "Email": "later@new.example" }] })).await.expect(200);
    let all = hook.heard(3).await;
    assert_eq!((&all[2]["channel_id"], all.len()), (&"5".into(), 3), "{all:?}");
}

/// The first delivery, once it has ended.
async fn delivered(desk: &Desk) -> Value {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let state = desk.get("/__sandbox/state").await.expect(200);
        if let Some(delivery) = state["outgoing"]["deliveries"].get(0) {
            return delivery.clone();
        }
        assert!(Instant::now() < deadline, "nothing was delivered");
    }
}

#[tokio::test]
async fn addresses_elsewhere_are_not_called() {
    let desk = Desk::open().await;
    enable(&desk, &[item("1", &["Contacts.edit"])]).await.expect(201);
    let contact = desk.some("Contacts").await;
    let path = format!("/bigin/v2/Contacts/{contact}");
    desk.put(&path, &json!({ "data": [{ "Phone": "555-0103" }] })).await.expect(200);
    let delivery = delivered(&desk).await;
    let error = delivery["outcome"]["error"].as_str().expect("an error");
    assert!(error.contains("loopback"), "{delivery}");
}

#[tokio::test]
async fn what_hangs_on_a_deal_is_told_to_those_who_watch_the_deal() {
    let (desk, hook) = (Desk::open().await, Hook::open().await);
    let deal = desk.some("Pipelines").await;
    watch(&desk, &hook, "1", &["Pipelines.edit"], json!({ "notify_on_related_action": true })).await;
    let task = json!({ "Subject": "Call back", "Related_To": { "id": deal }, "$related_module": "Deals" });
    desk.post("/bigin/v2/Tasks", &json!({ "data": [task] })).await.expect(201);
    let told = hook.heard(1).await.remove(0);
    assert_eq!((&told["module"], &told["ids"]), (&"Pipelines".into(), &json!([deal])));
}

#[tokio::test]
async fn a_reset_closes_channels_and_forgets_what_was_told() {
    let (desk, hook) = (Desk::open().await, Hook::open().await);
    watch(&desk, &hook, "1", &["Products.create"], json!({})).await;
    desk.post("/bigin/v2/Products", &json!({ "data": [{ "Product_Name": "Grinder" }] })).await.expect(201);
    delivered(&desk).await;
    desk.post("/__sandbox/reset", &json!({})).await.expect(200);
    let token = desk.fresh_token().await;
    let desk = desk.acting(token);
    assert_eq!(desk.get(WATCH).await.status, 204);
    let outgoing = desk.get("/__sandbox/state").await.expect(200)["outgoing"].clone();
    assert_eq!(outgoing, json!({ "mails": [], "deliveries": [] }));
}
