//! Parameters that no other test sends.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

fn count(body: &Value, key: &str) -> usize {
    body[key].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn deletions_can_leave_automations_out_and_are_listed_by_type() {
    let desk = Desk::open().await;
    let task = desk.some("Tasks").await;
    desk.delete(&format!("/bigin/v2/Tasks?ids={task}&wf_trigger=false")).await.expect(200);
    let listed = desk.get("/bigin/v2/Tasks/deleted?type=recycle").await.expect(200);
    assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["type"]), (&json!(task), &json!("recycle")));
    desk.get("/bigin/v2/Tasks/deleted?type=permanent").await.expect(204);
}

#[tokio::test]
async fn tags_can_be_those_of_the_caller_alone() {
    let desk = Desk::open().await;
    let all = "/bigin/v2/settings/tags?module=Pipelines";
    let tag = json!({ "tags": [{ "name": "mine alone" }] });
    desk.post(all, &tag).await.expect(201);
    let (everybody, mine) =
        (desk.get(all).await.expect(200), desk.get(&format!("{all}&my_tags=true")).await.expect(200));
    assert!(mine["tags"].as_array().expect("tags").iter().any(|tag| tag["name"] == "mine alone"));
    let people = desk.get("/bigin/v2/users?type=ActiveUsers").await.expect(200);
    let other = people["users"][1]["id"].as_str().expect("an id").to_owned();
    let token = desk.token_for("ZohoBigin.settings.ALL", Some(&other)).await;
    let desk = desk.acting(token);
    let theirs = desk.get(&format!("{all}&my_tags=true")).await.json();
    assert!(count(&mine, "tags") + count(&theirs, "tags") <= count(&everybody, "tags"));
    assert!(
        !theirs["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag["name"] == "mine alone"))
    );
}

#[tokio::test]
async fn channels_are_listed_by_module_and_by_id() {
    let desk = Desk::open().await;
    let channel = |id: &str, event: &str| json!({ "channel_id": id, "events": [event], "notify_url": "http://127.0.0.1:9/" });
    let both = json!({ "watch": [channel("7", "Contacts.all"), channel("8", "Tasks.edit")] });
    desk.post("/bigin/v2/actions/watch", &both).await.expect(201);
    for query in ["module=Tasks", "channel_id=8", "module=Tasks&channel_id=8&page=1&per_page=1"] {
        let listed = desk.get(&format!("/bigin/v2/actions/watch?{query}")).await.expect(200);
        assert_eq!((count(&listed, "watch"), &listed["watch"][0]["channel_id"]), (1, &json!("8")), "{query}");
    }
    desk.get("/bigin/v2/actions/watch?module=Tasks&channel_id=7").await.expect(204);
}

#[tokio::test]
async fn fields_can_be_those_in_use_or_not() {
    let desk = Desk::open().await;
    let path = "/bigin/v2/settings/fields?module=Contacts";
    let (all, used) =
        (desk.get(path).await.expect(200), desk.get(&format!("{path}&type=used")).await.expect(200));
    assert_eq!(count(&all, "fields"), count(&used, "fields"));
    desk.get(&format!("{path}&type=unused")).await.expect(204);
    desk.get(&format!("{path}&type=all&include=allowed_permissions_to_update")).await.expect(200);
}

#[tokio::test]
async fn a_mail_has_hidden_copies_another_address_for_answers_and_the_organisation_s_name() {
    let desk = Desk::open().await;
    let from = desk.get("/bigin/v2/settings/emails/actions/from_addresses").await.expect(200);
    let from = json!({ "user_name": "Dana", "email": from["from_addresses"][0]["email"] });
    let contact = desk.row("SELECT id, Email FROM Contacts WHERE Email IS NOT NULL ORDER BY id LIMIT 1");
    let path = format!("/bigin/v2/Contacts/{}/actions/send_mail", contact[0]);
    let mail = json!({ "from": from, "to": [{ "email": contact[1] }], "bcc": [{ "email": "boss@elsewhere.example" }],
        "reply_to": { "user_name": "Desk", "email": "desk@larkmoor.example" }, "org_email": false,
        "consent_email": false, "subject": "Offer", "content": "Hello", "mail_format": "text" });
    desk.post(&path, &json!({ "data": [mail] })).await.expect(200);
    for (key, value, name) in [
        ("org_email", json!("no"), "org_email"),
        ("consent_email", json!(1), "consent_email"),
        ("bcc", json!([{ "email": "nowhere" }]), "email"),
        ("reply_to", json!({ "email": "nowhere" }), "email"),
        ("reply_to", json!("desk@larkmoor.example"), "reply_to"),
        ("mail_format", json!("markdown"), "mail_format"),
    ] {
        let mut wrong = mail.clone();
        wrong[key] = value;
        let told = desk.post(&path, &json!({ "data": [wrong] })).await.expect(400)["data"][0].clone();
        assert_eq!(
            (&told["code"], &told["details"]["api_name"]),
            (&json!("INVALID_DATA"), &json!(name)),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_search_by_an_address_and_a_list_of_approved_records_only() {
    let desk = Desk::open().await;
    let contact = desk.row("SELECT id, Email FROM Contacts WHERE Email IS NOT NULL ORDER BY id LIMIT 1");
    let found =
        desk.get(&format!("/bigin/v2/Contacts/search?email={}&approved=both", contact[1])).await.expect(200);
    assert_eq!(found["data"][0]["id"], contact[0]);
    desk.get(&format!("/bigin/v2/Contacts/search?email={}&approved=false", contact[1])).await.expect(204);
    let request =
        desk.request(Method::GET, "/bigin/v2/Contacts?fields=id&approved=true&converted=true&territory_id=7");
    Answer::of(request.send().await.expect("an answer")).await.expect(200);
}
