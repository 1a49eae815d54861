//! Inserts, updates and upserts.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/insert-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/update-records.html>
//! <https://www.bigin.com/developer/docs/apis/v2/upsert-records.html>

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{deal, id, ids, insert, keys, layouts, read};
use crate::desk::{Answer, Desk};

#[tokio::test]
async fn an_inserted_deal_reads_back_with_owner_pipeline_probability_and_tags() {
    let desk = Desk::open().await;
    let contacts = desk.get("/bigin/v2/Contacts?fields=Last_Name&per_page=2").await.expect(200);
    let [contact, second] = ids(&contacts).try_into().expect("two contacts");
    let layout = layouts(&desk).await[0].clone();
    let record = json!({
        "Deal_Name": "Quayside refit", "Sub_Pipeline": "Enterprise", "Stage": "Site Survey",
        "Pipeline": { "id": layout["id"] }, "Amount": 18250.5, "Closing_Date": "2026-07-31",
        "Contact_Name": { "id": contact }, "Secondary_Contacts": [{ "id": second }], "Tag": [{ "name": "q3" }, { "name": "Tender" }],
        "Interested_In": ["Espresso", "Water"], "Tasting_At": "2026-05-04T11:20:07+02:00", "Leasing": true,
        "Nonsense": "is passed over", "Created_Time": "2001-01-01T00:00:00+00:00", "Deal_Number": "D-1",
    });
    let answer =
        desk.post("/bigin/v2/Pipelines", &json!({ "data": [record], "trigger": ["workflow"] })).await;
    let body = answer.expect(201);
    let result = &body["data"][0];
    assert_eq!((&result["code"], &result["message"]), (&json!("SUCCESS"), &json!("record added")));
    let details = &result["details"];
    let expected = ["Modified_Time", "Modified_By", "Created_Time", "id", "Created_By", "$approval_state"];
    assert_eq!(keys(details), BTreeSet::from(expected));
    assert_eq!(keys(&details["Created_By"]), BTreeSet::from(["name", "id"]));
    let read = read(&desk, "Pipelines", &id(details)).await;
    assert_eq!(read["Amount"], 18250.5);
    assert_eq!(read["Probability"], 25);
    assert_eq!(read["Expected_Revenue"], 4562.63);
    assert_eq!(read["Pipeline"], json!({ "name": "Sales Pipeline", "id": layout["id"] }));
    assert_eq!(read["Contact_Name"]["id"], contact.as_str());
    assert_eq!(read["Secondary_Contacts"][0]["id"], second.as_str());
    assert_eq!(read["Interested_In"], json!(["Espresso", "Water"]));
    assert_eq!(read["Tasting_At"], "2026-05-04T04:20:07-05:00", "instants come in the organisation's offset");
    assert_eq!(read["Leasing"], true);
    let tags: Vec<_> = read["Tag"].as_array().expect("tags").iter().map(|tag| tag["name"].clone()).collect();
    assert_eq!(tags, ["q3", "Tender"]);
    assert_eq!(keys(&read["Tag"][0]), BTreeSet::from(["name", "id", "color_code"]));
    assert_eq!(read["Owner"]["id"], details["Created_By"]["id"]);
    assert_eq!(read["Deal_Number"], "D-00031", "automatic numbers go on");
    assert_eq!(read["Created_Time"], details["Created_Time"]);
    assert!(read.get("Nonsense").is_none());
}

#[tokio::test]
async fn what_is_wrong_with_a_record_is_told_in_its_place() {
    let desk = Desk::open().await;
    let table = [
        ("Contacts", json!({ "First_Name": "A" }), "MANDATORY_NOT_FOUND", "Last_Name"),
        ("Contacts", json!({ "Last_Name": null }), "MANDATORY_NOT_FOUND", "Last_Name"),
        ("Contacts", json!({ "Last_Name": "" }), "MANDATORY_NOT_FOUND", "Last_Name"),
        ("Contacts", json!({ "Last_Name": 5 }), "INVALID_DATA", "Last_Name"),
        ("Contacts", json!({ "Last_Name": "x".repeat(81) }), "INVALID_DATA", "Last_Name"),
        ("Contacts", json!({ "Last_Name": "A", "Email": "nobody" }), "INVALID_DATA", "Email"),
        ("Contacts", json!({ "Last_Name": "A", "Email_Opt_Out": "yes" }), "INVALID_DATA", "Email_Opt_Out"),
        ("Contacts", json!({ "Last_Name": "A", "Birthday": "1.2.1990" }), "INVALID_DATA", "Birthday"),
        (
            "Contacts",
            json!({ "Last_Name": "A", "Account_Name": { "id": "1" } }),
            "INVALID_DATA",
            "Account_Name",
        ),
        ("Contacts", json!({ "Last_Name": "A", "Account_Name": 7 }), "INVALID_DATA", "Account_Name"),
        ("Contacts", json!({ "Last_Name": "A", "Owner": { "id": "1" } }), "INVALID_DATA", "Owner"),
        ("Contacts", json!({ "Last_Name": "A", "Tag": [{ "name": "x".repeat(26) }] }), "INVALID_DATA", "Tag"),
        (
            "Pipelines",
            json!({ "Deal_Name": "A", "Stage": "Proposal" }),
            "MANDATORY_NOT_FOUND",
            "Sub_Pipeline",
        ),
        (
            "Pipelines",
            json!({ "Deal_Name": "A", "Sub_Pipeline": "Nowhere", "Stage": "Proposal" }),
            "INVALID_DATA",
            "Sub_Pipeline",
        ),
        (
            "Pipelines",
            json!({ "Deal_Name": "A", "Sub_Pipeline": "Enterprise", "Stage": "Proposal" }),
            "INVALID_DATA",
            "Stage",
        ),
        (
            "Pipelines",
            json!({ "Deal_Name": "A", "Sub_Pipeline": "Enterprise", "Stage": "Pilot Machine", "Amount": "much" }),
            "INVALID_DATA",
            "Amount",
        ),
        (
            "Calls",
            json!({ "Subject": "A", "Call_Type": "Inbound" }),
            "MANDATORY_NOT_FOUND",
            "Call_Start_Time",
        ),
        (
            "Events",
            json!({ "Event_Title": "A", "Start_DateTime": "2026-05-04T11:00:00+00:00", "End_DateTime": "2026-05-04T10:00:00+00:00" }),
            "INVALID_DATA",
            "End_DateTime",
        ),
        (
            "Tasks",
            json!({ "Subject": "A", "Recurring_Activity": { "RRULE": "weekly" } }),
            "INVALID_DATA",
            "Recurring_Activity",
        ),
    ];
    for (module, record, code, field) in table {
        let body = desk.post(&format!("/bigin/v2/{module}"), &json!({ "data": [record] })).await.expect(400);
        let result = &body["data"][0];
        assert_eq!(result["code"], code, "{record}");
        assert_eq!(result["status"], "error");
        assert_eq!(result["details"]["api_name"], field, "{record}");
        assert_eq!(result["details"]["json_path"], format!("$.data[0].{field}"));
    }
    let two = json!({ "data": [{ "Email": "nobody" }] });
    let body = desk.post("/bigin/v2/Contacts", &two).await.expect(400);
    assert_eq!(body["data"][0]["code"], "MULTIPLE_OR_MULTI_ERRORS");
    let errors = body["data"][0]["details"]["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2, "{errors:?}");
    let long = desk
        .post("/bigin/v2/Contacts", &json!({ "data": [{ "Last_Name": "x".repeat(81) }] }))
        .await
        .expect(400);
    assert_eq!(long["data"][0]["details"]["maximum_length"], 80);
}

#[tokio::test]
async fn a_batch_keeps_its_order_and_fails_item_by_item() {
    let desk = Desk::open().await;
    let first = json!({ "Last_Name": "Okafor", "Email": "n.okafor@quayside.example" });
    let twin = json!({ "Last_Name": "Okafor", "Email": "N.OKAFOR@quayside.example" });
    let body = json!({ "data": [first, { "First_Name": "No" }, twin, 7] });
    let answer = desk.post("/bigin/v2/Contacts", &body).await.expect(207);
    let codes: Vec<_> =
        answer["data"].as_array().expect("results").iter().map(|r| r["code"].clone()).collect();
    assert_eq!(codes, ["SUCCESS", "MANDATORY_NOT_FOUND", "DUPLICATE_DATA", "INVALID_DATA"]);
    assert_eq!(answer["data"][1]["details"]["json_path"], "$.data[1].Last_Name");
    let known = id(&answer["data"][0]["details"]);
    let details = &answer["data"][2]["details"];
    assert_eq!(details["id"], known.as_str());
    assert_eq!(details["more_records"], false);
    assert_eq!(details["duplicate_record"]["id"], known.as_str());
    assert_eq!(details["duplicate_record"]["module"]["api_name"], "Contacts");
    assert_eq!(keys(&details["duplicate_record"]["Owner"]), BTreeSet::from(["name", "id", "zuid"]));
}

#[tokio::test]
async fn bodies_that_are_no_writes_are_refused_whole() {
    let desk = Desk::open().await;
    let path = "/bigin/v2/Contacts";
    assert_eq!(desk.post(path, &json!({})).await.refused(400, "MANDATORY_NOT_FOUND")["api_name"], "data");
    for data in [json!({}), json!("x"), json!([])] {
        let details = desk.post(path, &json!({ "data": data })).await.refused(400, "INVALID_DATA");
        assert_eq!(details, json!({ "expected_data_type": "jsonarray", "api_name": "data" }));
    }
    let many = json!({ "data": vec![json!({ "Last_Name": "A" }); 101] });
    let details = desk.post(path, &many).await.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(details, json!({ "maximum_length": 100, "api_name": "data" }));
    desk.post(path, &json!({ "data": [{ "Last_Name": "A" }], "trigger": "all" }))
        .await
        .refused(400, "INVALID_DATA");
    for bytes in [&b"{"[..], b"\xff\xfe", b"", b"[1,2"] {
        let request = desk.request(Method::POST, path).body(bytes.to_vec());
        Answer::of(request.send().await.expect("an answer")).await.refused(400, "INVALID_DATA");
    }
    let before = desk.get(&format!("{path}/actions/count")).await.expect(200);
    assert_eq!(before, desk.get(&format!("{path}/actions/count")).await.expect(200), "nothing was written");
    desk.post("/bigin/v2/Associated_Products", &json!({ "data": [{}] })).await.refused(400, "INVALID_MODULE");
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_null_clears() {
    let desk = Desk::open().await;
    let contact = insert(
        &desk,
        "Contacts",
        json!({ "First_Name": "Ada", "Last_Name": "Okafor", "Title": "Buyer", "Phone": "555-0101" }),
    )
    .await;
    desk.sandbox.sandbox().clock.advance(90);
    let answer = desk
        .put(
            &format!("/bigin/v2/Contacts/{contact}"),
            &json!({ "data": [{ "Last_Name": "Eze", "Phone": null }] }),
        )
        .await;
    let result = answer.expect(200)["data"][0].clone();
    assert_eq!(result["message"], "record updated");
    let read = read(&desk, "Contacts", &contact).await;
    assert_eq!(read["Full_Name"], "Ada Eze");
    assert_eq!((&read["Title"], &read["Phone"]), (&json!("Buyer"), &Value::Null));
    assert_eq!(read["Modified_Time"], result["details"]["Modified_Time"]);
    assert_ne!(read["Modified_Time"], read["Created_Time"]);

    let table = [
        (json!([{ "Title": "X" }]), "MANDATORY_NOT_FOUND"),
        (json!([{ "id": "1", "Title": "X" }]), "INVALID_DATA"),
        (json!([{ "id": "x", "Title": "X" }]), "INVALID_DATA"),
        (json!([{ "id": contact, "Last_Name": null }]), "MANDATORY_NOT_FOUND"),
    ];
    for (data, code) in table {
        let body = desk.put("/bigin/v2/Contacts", &json!({ "data": data })).await.expect(400);
        assert_eq!(body["data"][0]["code"], code, "{data}");
    }
    let twice = json!({ "data": [{ "id": contact, "Title": "A" }, { "id": contact, "Title": "B" }] });
    let body = desk.put("/bigin/v2/Contacts", &twice).await.expect(207);
    assert_eq!(body["data"][1]["code"], "DUPLICATE_DATA");
}

#[tokio::test]
async fn an_update_that_comes_too_late_says_what_is_there() {
    let desk = Desk::open().await;
    let contact = insert(&desk, "Contacts", json!({ "Last_Name": "Okafor" })).await;
    let put = async |since: &str| {
        let body = json!({ "data": [{ "id": contact, "Title": "Buyer" }] });
        let request =
            desk.request(Method::PUT, "/bigin/v2/Contacts").header("If-Unmodified-Since", since).json(&body);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let late = put("2020-01-01T00:00:00+00:00").await.expect(412);
    assert_eq!(late["data"][0]["code"], "ALREADY_MODIFIED");
    assert_eq!(late["data"][0]["details"]["id"], contact.as_str());
    put("2040-01-01T00:00:00+00:00").await.expect(200);
}

#[tokio::test]
async fn a_deal_moves_only_where_its_pipeline_has_stages() {
    let desk = Desk::open().await;
    let deal = insert(&desk, "Pipelines", deal("Quayside refit")).await;
    let path = format!("/bigin/v2/Pipelines/{deal}");
    let put = async |change: Value| desk.put(&path, &json!({ "data": [change] })).await;
    put(json!({ "Stage": "Proposal" })).await.expect(200);
    assert_eq!(read(&desk, "Pipelines", &deal).await["Probability"], 50);
    put(json!({ "Stage": "Closed Won", "Probability": 99 })).await.expect(200);
    assert_eq!(read(&desk, "Pipelines", &deal).await["Probability"], 99);
    let table = [
        (json!({ "Stage": "Won" }), "INVALID_DATA", "Stage"),
        (json!({ "Stage": "Pilot Machine" }), "INVALID_DATA", "Stage"),
        (json!({ "Sub_Pipeline": "Service Plans Standard" }), "DEPENDENT_FIELD_MISSING", "Stage"),
        (json!({ "Sub_Pipeline": "Nowhere" }), "INVALID_DATA", "Sub_Pipeline"),
    ];
    for (change, code, field) in table {
        let body = put(change.clone()).await.expect(400);
        assert_eq!(body["data"][0]["code"], code, "{change}");
        assert_eq!(body["data"][0]["details"]["api_name"], field, "{change}");
    }
    let other = id(&layouts(&desk).await[1]);
    let body = put(json!({ "Pipeline": { "id": other } })).await.expect(400);
    assert_eq!(body["data"][0]["details"]["dependee"]["api_name"], "Pipeline");
    put(json!({ "Pipeline": { "id": other }, "Sub_Pipeline": "Service Plans Standard", "Stage": "Renewal Due" })).await.expect(200);
    assert_eq!(read(&desk, "Pipelines", &deal).await["Pipeline"]["name"], "Service Plans");
    put(json!({ "Sub_Pipeline": "Enterprise", "Stage": "Discovery" })).await.expect(200);
    assert_eq!(
        read(&desk, "Pipelines", &deal).await["Pipeline"]["name"],
        "Sales Pipeline",
        "the sub-pipeline implies it"
    );
}

#[tokio::test]
async fn upsert_finds_twins_by_its_fields_whatever_their_case() {
    let desk = Desk::open().await;
    let upsert =
        async |module: &str, body: Value| desk.post(&format!("/bigin/v2/{module}/upsert"), &body).await;
    let record = json!({ "Last_Name": "Okafor", "Email": "n.okafor@quayside.example" });
    let body = upsert("Contacts", json!({ "data": [record], "duplicate_check_fields": ["Email"] }))
        .await
        .expect(201);
    let first = &body["data"][0];
    assert_eq!((&first["action"], &first["message"]), (&json!("insert"), &json!("record added")));
    assert!(first["details"].get("$approval_state").is_none());
    let again = json!({ "Last_Name": "Okafor", "Email": "N.Okafor@Quayside.example", "Title": "Buyer" });
    let body = upsert("Contacts", json!({ "data": [again] })).await.expect(200);
    let second = &body["data"][0];
    assert_eq!((&second["action"], &second["duplicate_field"]), (&json!("update"), &json!("Email")));
    assert_eq!(second["details"]["id"], first["details"]["id"]);
    let deals = json!({ "data": [deal("Quayside refit"), deal("Harbor fit-out"), { "Deal_Name": "" }] });
    let body = upsert("Pipelines", deals.clone()).await.expect(207);
    assert!(body["data"][2].get("action").is_none());
    let body = upsert("Pipelines", deals).await.expect(207);
    assert_eq!(body["data"][0]["duplicate_field"], "Deal_Name");
    let task = json!({ "data": [{ "Subject": "Same" }] });
    upsert("Tasks", task.clone()).await.expect(201);
    upsert("Tasks", task).await.expect(201);
    let named = json!({ "data": [{ "id": second["details"]["id"], "Last_Name": "Eze" }] });
    assert_eq!(upsert("Contacts", named).await.expect(200)["data"][0]["action"], "update");
    let wrong = json!({ "data": [{ "Last_Name": "A" }], "duplicate_check_fields": ["Last_Name"] });
    assert_eq!(
        upsert("Contacts", wrong).await.refused(400, "INVALID_DATA")["json_path"],
        "$.duplicate_check_fields[0]"
    );
}

#[tokio::test]
async fn activities_take_and_give_both_spellings_of_their_relations() {
    let desk = Desk::open().await;
    let deal = insert(&desk, "Pipelines", deal("Quayside refit")).await;
    let contact = insert(&desk, "Contacts", json!({ "Last_Name": "Okafor" })).await;
    let new = insert(&desk, "Tasks", json!({ "Subject": "A", "Related_To": { "id": deal }, "$related_module": "Deals", "Contact_Name": { "id": contact } })).await;
    let old = insert(&desk, "Tasks", json!({ "Subject": "B", "What_Id": { "id": deal }, "$se_module": "Deals", "Who_Id": { "id": contact } })).await;
    for task in [new, old] {
        let fields =
            "Related_To,$related_module,Contact_Name,Who_Id,What_Id,$se_module,Status,Priority,Closed_Time";
        let body = desk.get(&format!("/bigin/v2/Tasks/{task}?fields={fields}")).await.expect(200);
        let read = &body["data"][0];
        assert_eq!(read["Related_To"], json!({ "name": "Quayside refit", "id": deal }));
        assert_eq!(read["What_Id"], read["Related_To"]);
        assert_eq!(read["$related_module"], "Deals");
        assert_eq!(read["Who_Id"]["name"], "Okafor");
        assert_eq!((&read["Status"], &read["Priority"]), (&json!("Not Started"), &json!("Normal")));
        desk.put(&format!("/bigin/v2/Tasks/{task}"), &json!({ "data": [{ "Status": "Completed" }] }))
            .await
            .expect(200);
        assert!(super::read(&desk, "Tasks", &task).await["Closed_Time"].is_string());
    }
    let call = json!({ "Subject": "C", "Call_Type": "Outbound", "Call_Start_Time": "2026-03-01T10:00:00+00:00", "Call_Duration": "12" });
    let call = insert(&desk, "Calls", call).await;
    let call = read(&desk, "Calls", &call).await;
    assert_eq!((&call["Call_Duration"], &call["Call_Duration_in_seconds"]), (&json!("12:00"), &json!(720)));
    let event = json!({
        "Event_Title": "D", "Start_DateTime": "2026-03-01T10:00:00+00:00", "End_DateTime": "2026-03-01T11:00:00+00:00",
        "Participants": [{ "type": "contact", "participant": contact }, { "type": "email", "participant": "a@b.example" }],
        "Remind_At": [{ "unit": 15, "period": "minutes" }],
    });
    let event = insert(&desk, "Events", event).await;
    let event = read(&desk, "Events", &event).await;
    assert_eq!(event["Participants"][0]["name"], "Okafor");
    assert_eq!(event["Remind_At"][0]["unit"], 15);
    let touched = read(&desk, "Pipelines", &deal).await;
    assert!(touched["Last_Activity_Time"].is_string());
}
