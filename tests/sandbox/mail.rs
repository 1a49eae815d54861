//! Mail about records.

use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

/// Who sends, and the address of a contact with one, and that contact's id.
async fn people(desk: &Desk) -> (Value, String, String) {
    let listed = desk.get("/bigin/v2/settings/emails/actions/from_addresses").await.expect(200);
    let from = listed["from_addresses"][0].clone();
    let contact = desk.row("SELECT id, Email FROM Contacts WHERE Email IS NOT NULL ORDER BY id LIMIT 1");
    (
        json!({ "user_name": from["user_name"], "email": from["email"] }),
        contact[1].clone(),
        contact[0].clone(),
    )
}

async fn send(desk: &Desk, module: &str, id: &str, mail: Value) -> Answer {
    desk.post(&format!("/bigin/v2/{module}/{id}/actions/send_mail"), &json!({ "data": [mail] })).await
}

#[tokio::test]
async fn the_caller_s_own_address_is_a_from_address() {
    let desk = Desk::open().await;
    let listed = desk.get("/bigin/v2/settings/emails/actions/from_addresses").await.expect(200);
    let address = &listed["from_addresses"][0];
    assert_eq!((&address["type"], &address["default"]), (&"primary".into(), &true.into()));
    assert!(address["email"].as_str().is_some_and(|email| email.contains('@')), "{address}");
    let path = "/bigin/v2/settings/emails/actions/from_addresses?user_id=1";
    desk.get(path).await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn a_mail_to_the_record_s_own_address_is_sent_for_twenty_credits() {
    let desk = Desk::open().await;
    let (from, address, contact) = people(&desk).await;
    let before = desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64();
    let mail = json!({ "from": from, "to": [{ "email": address.to_uppercase() }],
        "cc": [{ "email": "boss@elsewhere.example" }], "subject": "Offer", "content": "<p>Hello</p>",
        "mail_format": "html" });
    let sent = send(&desk, "Contacts", &contact, mail.clone()).await.expect(200);
    let after = desk.get("/__sandbox/ledger").await.expect(200)["used"].as_u64();
    assert_eq!(after, before.map(|used| used + 20));
    let item = &sent["data"][0];
    assert_eq!(item["message"], "Your mail has been sent successfully.");
    assert_eq!(item["details"]["blocked_email_addresses"], json!([]));
    let id = item["details"]["message_id"].as_str().expect("an id");

    let state = desk.get("/__sandbox/state").await.expect(200);
    let kept = &state["outgoing"]["mails"][0];
    assert_eq!((&kept["message_id"], &kept["record"]), (&id.into(), &contact.as_str().into()));
    assert_eq!(kept["mail"], mail);

    let answer = json!({ "from": from, "to": [{ "email": address }], "in_reply_to": { "message_id": id },
        "scheduled_time": "2026-03-05T09:00:00+01:00" });
    send(&desk, "Contacts", &contact, answer).await.expect(200);
}

#[tokio::test]
async fn deals_and_companies_write_to_their_people() {
    let desk = Desk::open().await;
    let (from, ..) = people(&desk).await;
    let mail = |email: &str| json!({ "from": from, "to": [{ "email": email }] });
    let deal = desk.row(
        "SELECT Pipelines.id, Email FROM Pipelines JOIN Contacts ON Contacts.id = Contact_Name
         WHERE Email IS NOT NULL LIMIT 1",
    );
    send(&desk, "Pipelines", &deal[0], mail(&deal[1])).await.expect(200);
    let company = desk.row(
        "SELECT Accounts.id, Email FROM Contacts JOIN Accounts ON Accounts.id = Contacts.Account_Name
         WHERE Email IS NOT NULL LIMIT 1",
    );
    send(&desk, "Accounts", &company[0], mail(&company[1])).await.expect(200);
    send(&desk, "Accounts", &company[0], mail("who@elsewhere.example")).await.expect(400);
    let task = desk.some("Tasks").await;
    send(&desk, "Tasks", &task, mail(&company[1])).await.refused(400, "NOT_SUPPORTED");
}

#[tokio::test]
async fn what_is_wrong_with_a_mail_is_told_by_its_place() {
    let desk = Desk::open().await;
    let (from, address, contact) = people(&desk).await;
    let to = json!([{ "email": address }]);
    for (mail, code, path) in [
        (json!({ "to": to }), "MANDATORY_NOT_FOUND", "$.data[0].from"),
        (json!({ "from": from }), "MANDATORY_NOT_FOUND", "$.data[0].to"),
        (json!({ "from": from, "to": [] }), "MANDATORY_NOT_FOUND", "$.data[0].to"),
        (json!({ "from": from, "to": [{}] }), "MANDATORY_NOT_FOUND", "$.data[0].to[0].email"),
        (json!({ "from": { "email": "x@y.example" }, "to": to }), "INVALID_DATA", "$.data[0].from.email"),
        (
            json!({ "from": from, "to": [{ "email": "x@y.example" }] }),
            "INVALID_DATA",
            "$.data[0].to[0].email",
        ),
        (
            json!({ "from": from, "to": to, "cc": [{ "email": "x" }] }),
            "INVALID_DATA",
            "$.data[0].cc[0].email",
        ),
        (json!({ "from": from, "to": to, "mail_format": "rtf" }), "INVALID_DATA", "$.data[0].mail_format"),
        (json!({ "from": from, "to": to, "subject": 7 }), "INVALID_DATA", "$.data[0].subject"),
        (
            json!({ "from": from, "to": to, "attachments": [{ "id": "x" }] }),
            "INVALID_DATA",
            "$.data[0].attachments[0].id",
        ),
        (
            json!({ "from": from, "to": to, "scheduled_time": "2026-03-01T00:00:00Z" }),
            "INVALID_DATA",
            "$.data[0].scheduled_time",
        ),
    ] {
        let item = send(&desk, "Contacts", &contact, mail).await.expect(400)["data"][0].clone();
        assert_eq!((&item["code"], &item["details"]["json_path"]), (&code.into(), &path.into()), "{item}");
    }
    let bare = desk.post(&format!("/bigin/v2/Contacts/{contact}/actions/send_mail"), &json!({})).await;
    assert_eq!(bare.refused(400, "MANDATORY_NOT_FOUND")["api_name"], "data");
}
