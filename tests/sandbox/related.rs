//! Related lists, links, owners.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-related-records.html>

use std::collections::BTreeSet;

use bigin::sandbox::Options;
use serde_json::{Value, json};

use crate::desk::Desk;

async fn insert(desk: &Desk, module: &str, record: Value) -> String {
    let body = desk.post(&format!("/bigin/v2/{module}"), &json!({ "data": [record] })).await.expect(201);
    body["data"][0]["details"]["id"].as_str().expect("an id").to_owned()
}

fn ids(body: &Value) -> Vec<&str> {
    body["data"].as_array().expect("rows").iter().map(|row| row["id"].as_str().expect("an id")).collect()
}

/// A company with a contact and a deal.
async fn family(desk: &Desk) -> (String, String, String) {
    let company = insert(desk, "Accounts", json!({ "Account_Name": "Quayside Optics" })).await;
    let contact = json!({ "Last_Name": "Okafor", "Account_Name": { "id": company } });
    let contact = insert(desk, "Contacts", contact).await;
    let deal = json!({
        "Deal_Name": "Quayside refit", "Sub_Pipeline": "Enterprise", "Stage": "Discovery",
        "Account_Name": { "id": company }, "Contact_Name": { "id": contact },
    });
    let deal = insert(desk, "Pipelines", deal).await;
    (company, contact, deal)
}

#[tokio::test]
async fn lookups_are_lists_on_the_other_side() {
    let desk = Desk::open().await;
    let (company, contact, deal) = family(&desk).await;
    let table = [
        (format!("Accounts/{company}/Contacts"), contact.as_str()),
        (format!("Accounts/{company}/Pipelines"), &deal),
        (format!("Accounts/{company}/Deals"), &deal),
        (format!("Contacts/{contact}/Pipelines"), &deal),
        (format!("Contacts/{contact}/Deals"), &deal),
        (format!("Pipelines/{deal}/Contacts"), &contact),
    ];
    for (path, only) in table {
        let body = desk.get(&format!("/bigin/v2/{path}?fields=Owner")).await.expect(200);
        assert_eq!(ids(&body), [only], "{path}");
        let keys: BTreeSet<&str> =
            body["info"].as_object().expect("info").keys().map(String::as_str).collect();
        let seven = [
            "per_page",
            "next_page_token",
            "count",
            "page",
            "previous_page_token",
            "page_token_expiry",
            "more_records",
        ];
        assert_eq!(keys, BTreeSet::from(seven), "{path}");
    }
    let listed = desk.get(&format!("/bigin/v2/Contacts/{contact}/Deals?fields=Pipeline")).await.expect(200);
    assert_eq!(listed["data"][0]["Pipeline"]["name"], "Sales Pipeline");
    desk.get(&format!("/bigin/v2/Pipelines/{deal}/Tasks?fields=Subject")).await.expect(204);
    let task = json!({ "Subject": "Call", "Related_To": { "id": deal }, "$related_module": "Deals", "Contact_Name": { "id": contact } });
    let task = insert(&desk, "Tasks", task).await;
    for path in [format!("Pipelines/{deal}/Tasks"), format!("Contacts/{contact}/Tasks")] {
        let body = desk.get(&format!("/bigin/v2/{path}?fields=Subject")).await.expect(200);
        assert_eq!(ids(&body), [task.as_str()], "{path}");
    }
    let call = json!({ "Subject": "C", "Call_Type": "Inbound", "Call_Start_Time": "2026-03-01T10:00:00+00:00", "Related_To": { "id": company }, "$related_module": "Accounts" });
    let call = insert(&desk, "Calls", call).await;
    let body = desk.get(&format!("/bigin/v2/Accounts/{company}/All_Calls?fields=Subject")).await.expect(200);
    assert_eq!(ids(&body), [call.as_str()]);
}

#[tokio::test]
async fn unknown_records_and_lists_are_named_by_their_place_in_the_path() {
    let desk = Desk::open().await;
    let (_, contact, _) = family(&desk).await;
    let details = desk.get("/bigin/v2/Contacts/12/Pipelines?fields=id").await.refused(400, "INVALID_DATA");
    assert_eq!(details["resource_path_index"], 1);
    let details =
        desk.get(&format!("/bigin/v2/Contacts/{contact}/Cats?fields=id")).await.refused(400, "INVALID_DATA");
    assert_eq!(details["resource_path_index"], 2);
    desk.get(&format!("/bigin/v2/Contacts/{contact}/Pipelines")).await.refused(400, "REQUIRED_PARAM_MISSING");
    desk.get("/bigin/v2/People/12/Pipelines?fields=id").await.refused(400, "INVALID_MODULE");
    for absent in ["Emails?fields=id", "Emails/12", "Stage_History"] {
        let path = format!("/bigin/v2/Contacts/{contact}/{absent}");
        desk.get(&path).await.refused(404, "INVALID_URL_PATTERN");
    }
}

#[tokio::test]
async fn the_deals_of_a_contact_in_one_pipeline_carry_a_role() {
    let desk = Desk::open().await;
    let (_, contact, deal) = family(&desk).await;
    let layouts = desk.get("/bigin/v2/settings/layouts?module=Pipelines").await.expect(200);
    let layout = |place: usize| layouts["layouts"][place]["id"].as_str().expect("an id").to_owned();
    let list = format!("/bigin/v2/Contacts/{contact}/Pipelines?fields=Deal_Name");
    let body = desk.get(&format!("{list}&pipeline_id={}", layout(0))).await.expect(200);
    assert_eq!(body["data"][0]["id"], deal.as_str());
    assert_eq!(body["data"][0].get("Contact_Role"), Some(&Value::Null));
    desk.get(&format!("{list}&pipeline_id={}", layout(1))).await.expect(204);
    desk.get(&format!("{list}&pipeline_id=1")).await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn products_are_linked_and_delinked() {
    let desk = Desk::open().await;
    let (company, contact, deal) = family(&desk).await;
    let product = insert(&desk, "Products", json!({ "Product_Name": "Duo", "Unit_Price": 4150 })).await;
    let other = insert(&desk, "Products", json!({ "Product_Name": "Trio" })).await;
    for parent in [format!("Contacts/{contact}"), format!("Accounts/{company}"), format!("Pipelines/{deal}")]
    {
        let list = format!("/bigin/v2/{parent}/Products");
        let one = desk.put(&format!("{list}/{product}"), &json!({ "data": [{}] })).await.expect(200);
        assert_eq!(one["data"][0]["message"], "relation added", "{parent}");
        let both =
            desk.put(&list, &json!({ "data": [{ "id": product }, { "id": other }] })).await.expect(200);
        let messages: Vec<_> =
            both["data"].as_array().expect("results").iter().map(|r| r["message"].clone()).collect();
        assert_eq!(messages, ["relation updated", "relation added"]);
        let body = desk.get(&format!("{list}?fields=Product_Name")).await.expect(200);
        assert_eq!(ids(&body), [other.as_str(), &product]);
        let (module, id) = parent.split_once('/').expect("a path");
        let back = desk.get(&format!("/bigin/v2/Products/{product}/{module}?fields=id")).await.expect(200);
        assert_eq!(ids(&back), [id]);
        let gone = desk.delete(&format!("{list}/{other}")).await.expect(200);
        assert_eq!(gone["data"][0]["message"], "relation removed");
        let gone = desk.delete(&format!("{list}?ids={product},{other}")).await.expect(207);
        assert_eq!(gone["data"][1]["message"], "relation not found");
        desk.get(&format!("{list}?fields=id")).await.expect(204);
    }
    let list = format!("/bigin/v2/Contacts/{contact}/Products");
    let body = desk.put(&list, &json!({ "data": [{ "id": "12" }] })).await.expect(400);
    assert_eq!(body["data"][0]["message"], "the related id given seems to be invalid");
    let many = vec!["1"; 101].join(",");
    assert_eq!(
        desk.delete(&format!("{list}?ids={many}")).await.refused(400, "LIMIT_EXCEEDED")["limit"],
        "100"
    );
    desk.put(&format!("/bigin/v2/Accounts/{company}/Contacts"), &json!({ "data": [{ "id": contact }] }))
        .await
        .refused(400, "NOT_SUPPORTED");
}

#[tokio::test]
async fn a_deal_s_lines_have_price_quantity_and_total() {
    let desk = Desk::open().await;
    let (_, _, deal) = family(&desk).await;
    let product = insert(&desk, "Products", json!({ "Product_Name": "Duo", "Unit_Price": 4150 })).await;
    let path = format!("/bigin/v2/Pipelines/{deal}");
    let lines = json!([{ "Product": { "id": product }, "Quantity": 3, "Discount": 50.5, "Description": "Two floors" }]);
    desk.put(&path, &json!({ "data": [{ "Associated_Products": lines }] })).await.expect(200);
    let read = async || {
        desk.get(&format!("{path}?fields=Associated_Products")).await.expect(200)["data"][0]["Associated_Products"].clone()
    };
    let line = read().await[0].clone();
    assert_eq!(line["Product"], json!({ "name": "Duo", "id": product }));
    assert_eq!(
        (&line["List_Price"], &line["Quantity"], &line["Total"]),
        (&json!(4150), &json!(3), &json!(12399.5))
    );
    desk.put(&format!("{path}/Products/{product}"), &json!({ "data": [{ "Quantity": 2 }] }))
        .await
        .expect(200);
    assert_eq!(read().await[0]["Total"], 8249.5);
    desk.put(&path, &json!({ "data": [{ "Associated_Products": [{ "id": product, "name": "Duo" }] }] }))
        .await
        .expect(200);
    assert_eq!(read().await[0]["Quantity"], 1, "a write replaces the lines");
    desk.put(&path, &json!({ "data": [{ "Associated_Products": null }] })).await.expect(200);
    assert_eq!(read().await, json!([]));
    let wrong = json!({ "data": [{ "Associated_Products": [{ "id": "1" }] }] });
    assert_eq!(
        desk.put(&path, &wrong).await.expect(400)["data"][0]["details"]["api_name"],
        "Associated_Products"
    );
}

#[tokio::test]
async fn related_lists_page_by_token() {
    let desk = Desk::with(Options { deals: 150, ..Options::default() }).await;
    let (company, ..) = family(&desk).await;
    let people: Vec<_> =
        (0..23).map(|n| json!({ "Last_Name": format!("N{n}"), "Account_Name": { "id": company } })).collect();
    desk.post("/bigin/v2/Contacts", &json!({ "data": people })).await.expect(201);
    let list = format!("/bigin/v2/Accounts/{company}/Contacts?fields=Last_Name&per_page=10");
    let (mut seen, mut token) = (BTreeSet::new(), String::new());
    for count in [10, 10, 4] {
        let body = desk.get(&format!("{list}{token}")).await.expect(200);
        assert_eq!(body["info"]["count"], count);
        seen.extend(ids(&body).into_iter().map(str::to_owned));
        token =
            body["info"]["next_page_token"].as_str().map(|t| format!("&page_token={t}")).unwrap_or_default();
    }
    assert_eq!((seen.len(), token.as_str()), (24, ""));
}

#[tokio::test]
async fn owners_change_one_by_one_and_many_at_once() {
    let desk = Desk::open().await;
    let (company, contact, deal) = family(&desk).await;
    let users = desk.get("/bigin/v2/users?type=ActiveUsers").await.expect(200);
    let other = users["users"][1]["id"].as_str().expect("an id").to_owned();
    let owner = async |module: &str, id: &str| {
        let body = desk.get(&format!("/bigin/v2/{module}/{id}?fields=Owner")).await.expect(200);
        body["data"][0]["Owner"]["id"].as_str().map(str::to_owned)
    };
    let body = json!({ "owner": { "id": other }, "notify": true });
    let answer =
        desk.post(&format!("/bigin/v2/Pipelines/{deal}/actions/change_owner"), &body).await.expect(200);
    assert_eq!(answer["data"][0]["message"], "owner is successfully updated");
    assert_eq!(owner("Pipelines", &deal).await, Some(other.clone()));
    let many = json!({ "owner": { "id": other }, "ids": [contact, "12"] });
    let answer = desk.post("/bigin/v2/Contacts/actions/change_owner", &many).await.expect(207);
    assert_eq!(answer["data"][1]["message"], "the id given seems to be invalid");
    assert_eq!(owner("Contacts", &contact).await, Some(other));
    let path = format!("/bigin/v2/Accounts/{company}/actions/change_owner");
    assert_eq!(desk.post(&path, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND")["api_name"], "owner");
    let answer = desk.post(&path, &json!({ "owner": { "id": "12" } })).await;
    answer.refused(400, "INVALID_DATA");
    assert_eq!(answer.json()["message"], "the owner id given is invalid");
    let none =
        desk.post("/bigin/v2/Accounts/actions/change_owner", &json!({ "owner": { "id": "12" } })).await;
    assert_eq!(none.refused(400, "MANDATORY_NOT_FOUND")["api_name"], "ids");
}
