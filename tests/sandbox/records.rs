//! Records: lists, single records, writes, deletion, counts.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

use std::collections::BTreeSet;

use bigin::sandbox::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

const NAMES: &str = "fields=Last_Name,Email,Owner";

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
async fn a_list_has_the_asked_keys_and_id_and_nine_keys_of_info() {
    let desk = Desk::open().await;
    let body = desk.get(&format!("/bigin/v2/Contacts?{NAMES}&per_page=3")).await.expect(200);
    let record = &body["data"][0];
    assert_eq!(keys(record), BTreeSet::from(["id", "Last_Name", "Email", "Owner"]));
    assert_eq!(keys(&record["Owner"]), BTreeSet::from(["name", "id", "email"]));
    let info = [
        "per_page",
        "next_page_token",
        "count",
        "sort_by",
        "page",
        "previous_page_token",
        "page_token_expiry",
        "sort_order",
        "more_records",
    ];
    assert_eq!(keys(&body["info"]), BTreeSet::from(info));
    assert_eq!(body["info"]["count"], 3);
    assert_eq!(body["info"]["sort_by"], "id");
    assert_eq!(body["info"]["sort_order"], "desc");
    assert_eq!(body["info"]["more_records"], true);
    assert!(body["info"]["next_page_token"].is_string());
}

#[tokio::test]
async fn lists_want_fields_and_pass_over_unknown_ones_and_criteria() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.get("/bigin/v2/Contacts").await.refused(400, "REQUIRED_PARAM_MISSING")["param_name"],
        "fields"
    );
    let many = vec!["Last_Name"; 51].join(",");
    let details = desk.get(&format!("/bigin/v2/Contacts?fields={many}")).await.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(details, json!({ "limit": 50, "param_name": "fields" }));
    let body =
        desk.get("/bigin/v2/Contacts?fields=Nonsense&criteria=(Last_Name:equals:nobody)").await.expect(200);
    assert_eq!(keys(&body["data"][0]), BTreeSet::from(["id"]));
    assert_eq!(
        desk.get("/bigin/v2/People?fields=id").await.refused(400, "INVALID_MODULE")["resource_path_index"],
        0
    );
    desk.get("/bigin/v2/Social?fields=id").await.refused(400, "INVALID_MODULE");
    desk.get("/bigin/v2/Contacts/abc?fields=id").await.refused(404, "INVALID_URL_PATTERN");
    let lenient = Desk::with(Options { deals: 5, strict: false, ..Options::default() }).await;
    lenient.get("/bigin/v2/Contacts").await.expect(200);
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let desk = Desk::open().await;
    let table = [
        ("sort_by=Last_Name", "INVALID_DATA", "sort_by"),
        ("sort_order=up", "INVALID_DATA", "sort_order"),
        ("page=0", "INVALID_DATA", "page"),
        ("per_page=x", "INVALID_DATA", "per_page"),
        ("per_page=201", "LIMIT_EXCEEDED", "per_page"),
        ("cvid=12", "INVALID_DATA", "cvid"),
        ("ids=1,x", "INVALID_DATA", "ids"),
        ("approved=maybe", "INVALID_DATA", "approved"),
        ("page_token=abc", "TOKEN_BOUND_DATA_MISMATCH", "page_token"),
    ];
    for (query, code, name) in table {
        let details = desk.get(&format!("/bigin/v2/Contacts?fields=id&{query}")).await.refused(400, code);
        assert_eq!(details["param_name"], name, "{query}");
    }
    let query = "/bigin/v2/Pipelines?fields=id&pipeline_id=1";
    assert_eq!(desk.get(query).await.refused(400, "INVALID_DATA")["param_name"], "pipeline_id");
}

#[tokio::test]
async fn pages_by_number_and_by_token_see_every_record_once() {
    let desk = Desk::with(Options { deals: 60, ..Options::default() }).await;
    for sort in ["", "&sort_by=Modified_Time", "&sort_by=Created_Time&sort_order=asc", "&sort_order=asc"] {
        let list = format!("/bigin/v2/Pipelines?fields=Deal_Name,Modified_Time{sort}&per_page=17");
        let all = desk.get(&list.replace("per_page=17", "per_page=200")).await.expect(200);
        let all = ids(&all);
        assert_eq!(all.len(), 60);
        let (mut numbered, mut walked) = (Vec::new(), Vec::new());
        let mut token: Option<String> = None;
        for page in 1..=4 {
            numbered.extend(ids(&desk.get(&format!("{list}&page={page}")).await.expect(200)));
            let query = token.map_or_else(String::new, |token| format!("&page_token={token}"));
            let body = desk.get(&format!("{list}{query}")).await.expect(200);
            assert_eq!(body["info"]["page"], page);
            walked.extend(ids(&body));
            token = body["info"]["next_page_token"].as_str().map(str::to_owned);
            assert_eq!(token.is_none(), page == 4);
        }
        assert_eq!(numbered, all, "{sort}");
        assert_eq!(walked, all, "{sort}");
        desk.get(&format!("{list}&page=5")).await.expect(204);
    }
}

#[tokio::test]
async fn a_token_belongs_to_its_list_and_ends_after_a_day() {
    let desk = Desk::open().await;
    let list = "/bigin/v2/Contacts?fields=Last_Name&per_page=5";
    let body = desk.get(list).await.expect(200);
    let token = body["info"]["next_page_token"].as_str().expect("a token");
    desk.get(&format!("/bigin/v2/Contacts?fields=Email&page_token={token}"))
        .await
        .refused(400, "TOKEN_BOUND_DATA_MISMATCH");
    desk.get(&format!("/bigin/v2/Accounts?fields=Last_Name&page_token={token}"))
        .await
        .refused(400, "TOKEN_BOUND_DATA_MISMATCH");
    desk.get(&format!("{list}&page=2&page_token={token}")).await.refused(400, "AMBIGUITY_DURING_PROCESSING");
    let kept = desk.get(&format!("/bigin/v2/Contacts?fields=Last_Name&per_page=9&page_token={token}")).await;
    assert_eq!(kept.expect(200)["info"]["per_page"], 5, "the token keeps its page size");
    desk.sandbox.sandbox().clock.advance(25 * 3600);
    let later = desk.fresh_token().await;
    let desk = desk.acting(later);
    let details = desk.get(&format!("{list}&page_token={token}")).await.refused(400, "EXPIRED_VALUE");
    assert_eq!(details["json_path"], "$.query.page_token");
}

#[tokio::test]
async fn page_numbers_end_at_two_thousand_rows_and_tokens_go_on() {
    let desk = Desk::with(Options { deals: 2_050, ..Options::default() }).await;
    let list = "/bigin/v2/Pipelines?fields=id&per_page=200";
    let tenth = desk.get(&format!("{list}&page=10")).await.expect(200);
    desk.get(&format!("{list}&page=11")).await.refused(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
    let token = tenth["info"]["next_page_token"].as_str().expect("a token");
    let eleventh = desk.get(&format!("{list}&page_token={token}")).await.expect(200);
    assert_eq!(ids(&eleventh).len(), 50);
    assert_eq!(eleventh["info"]["page"], 11);
    desk.get("/bigin/v2/Contacts?fields=id&per_page=200&page=11").await.expect(204);
}

#[tokio::test]
async fn unchanged_lists_and_records_are_not_sent_again() {
    let desk = Desk::open().await;
    let get = async |path: &str, since: &str| {
        let request = desk.request(Method::GET, path).header("If-Modified-Since", since);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let list = "/bigin/v2/Contacts?fields=Modified_Time&sort_by=Modified_Time";
    let newest = desk.get(list).await.expect(200)["data"][0].clone();
    let since = newest["Modified_Time"].as_str().expect("a time");
    assert_eq!(get(list, since).await.status, 304);
    assert_eq!(get(&format!("/bigin/v2/Contacts/{}", id(&newest)), since).await.status, 304);
    get(list, "2001-01-01T00:00:00+00:00").await.expect(200);
    desk.sandbox.sandbox().clock.advance(60);
    desk.put("/bigin/v2/Contacts", &json!({ "data": [{ "id": newest["id"], "Title": "Buyer" }] }))
        .await
        .expect(200);
    assert_eq!(ids(&get(list, since).await.expect(200)), [id(&newest)]);
    get(list, "yesterday").await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn views_and_team_pipelines_narrow_a_list() {
    let desk = Desk::with(Options { deals: 120, ..Options::default() }).await;
    let views = desk.get("/bigin/v2/settings/custom_views?module=Pipelines").await.expect(200);
    let view = |name: &str| {
        let views = views["custom_views"].as_array().expect("views");
        id(views.iter().find(|view| view["name"] == name).expect(name))
    };
    let big =
        desk.get(&format!("/bigin/v2/Pipelines?fields=Amount,Stage&cvid={}", view("Big open deals"))).await;
    let big = big.expect(200);
    let amounts: Vec<f64> =
        big["data"].as_array().expect("rows").iter().filter_map(|d| d["Amount"].as_f64()).collect();
    assert!(!amounts.is_empty() && amounts.iter().all(|amount| *amount > 20_000.0));
    assert!(amounts.is_sorted_by(|a, b| a >= b), "the view sorts by amount");
    desk.get(&format!("/bigin/v2/Pipelines?fields=id&sort_by=id&cvid={}", view("All Pipelines")))
        .await
        .refused(400, "AMBIGUITY_DURING_PROCESSING");
    let mine = desk
        .get(&format!("/bigin/v2/Pipelines?fields=Owner&cvid={}", view("My Pipelines")))
        .await
        .expect(200);
    let me = desk.sandbox.sandbox().person(None);
    assert!(mine["data"].as_array().expect("rows").iter().all(|deal| deal["Owner"]["id"] == me.as_str()));

    let mut seen = 0;
    for layout in layouts(&desk).await {
        let layout = id(&layout);
        let body =
            desk.get(&format!("/bigin/v2/Pipelines?pipeline_id={layout}&fields=Pipeline")).await.expect(200);
        let rows = body["data"].as_array().expect("rows");
        assert!(rows.iter().all(|deal| deal["Pipeline"]["id"] == layout.as_str()));
        assert_eq!(keys(&rows[0]["Pipeline"]), BTreeSet::from(["name", "id"]));
        seen += rows.len();
    }
    assert_eq!(seen, 120);
}

#[tokio::test]
async fn ids_and_approval_narrow_a_list() {
    let desk = Desk::open().await;
    let some = ids(&desk.get("/bigin/v2/Contacts?fields=id&per_page=3").await.expect(200));
    let body = desk.get(&format!("/bigin/v2/Contacts?fields=id&ids={}", some.join(","))).await.expect(200);
    assert_eq!(ids(&body), some);
    let many = vec![some[0].as_str(); 101].join(",");
    desk.get(&format!("/bigin/v2/Contacts?fields=id&ids={many}")).await.refused(400, "LIMIT_EXCEEDED");
    desk.get("/bigin/v2/Contacts?fields=id&approved=false").await.expect(204);
    desk.get("/bigin/v2/Contacts?fields=id&approved=both").await.expect(200);
}

#[tokio::test]
async fn one_record_comes_whole_or_as_asked_and_a_missing_one_as_nothing() {
    let desk = Desk::open().await;
    let list = desk.get("/bigin/v2/Contacts?fields=Account_Name&per_page=1&sort_order=asc").await.expect(200);
    let first = id(&list["data"][0]);
    let body = desk.get(&format!("/bigin/v2/Contacts/{first}")).await.expect(200);
    assert_eq!(keys(&body), BTreeSet::from(["data"]), "no info");
    let whole = &body["data"][0];
    for key in [
        "Full_Name",
        "Tag",
        "Created_By",
        "$approval",
        "$currency_symbol",
        "$layout_id",
        "Salutation",
        "$state",
    ] {
        assert!(whole.get(key).is_some(), "{key}");
    }
    assert_eq!(keys(&whole["Account_Name"]), BTreeSet::from(["name", "id"]));
    assert!(whole["Tag"].is_array());
    let few = desk.get(&format!("/bigin/v2/Contacts/{first}?fields=Last_Name,Email")).await.expect(200);
    assert_eq!(keys(&few["data"][0]), BTreeSet::from(["id", "Last_Name", "Email"]));
    let nobody = desk.get("/bigin/v2/Contacts/5210437000000999999").await;
    assert_eq!((nobody.status, nobody.text.as_str()), (204, ""));
    desk.get(&format!("/bigin/v2/Accounts/{first}")).await.expect(204);
    desk.get("/bigin/v2/Contacts/99999999999999999999").await.expect(204);
}

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
async fn counts_count_all_a_view_or_a_search() {
    let desk = Desk::open().await;
    let count = async |query: &str| {
        let body = desk.get(&format!("/bigin/v2/Pipelines/actions/count{query}")).await.expect(200);
        body["count"].as_u64().expect("a number")
    };
    assert_eq!(count("").await, 30);
    let views = desk.get("/bigin/v2/settings/custom_views?module=Pipelines").await.expect(200);
    let all = id(&views["custom_views"][0]);
    assert_eq!(count(&format!("?cvid={all}")).await, 30);
    let (few, many) = (
        count("?criteria=(Amount:greater_than:20000)").await,
        count("?criteria=(Amount:less_equal:20000)").await,
    );
    assert!(few + many <= 30 && many > 0);
    desk.get(&format!("/bigin/v2/Pipelines/actions/count?cvid={all}&word=refit"))
        .await
        .refused(400, "AMBIGUITY_DURING_PROCESSING");
    desk.get("/bigin/v2/Notes/actions/count").await.refused(400, "NOT_SUPPORTED");
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
        assert!(self::read(&desk, "Tasks", &task).await["Closed_Time"].is_string());
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
