//! Attachments of records.

use bigin::sandbox::Options;
use reqwest::{
    Method,
    multipart::{Form, Part},
};

use crate::desk::{Answer, Desk};

const FIELDS: &str =
    "id,File_Name,Size,Parent_Id,Owner,Created_Time,$type,$link_url,$file_id,$se_module,$editable,$state";

fn list(module: &str, id: &str) -> String {
    format!("/bigin/v2/{module}/{id}/Attachments?fields={FIELDS}")
}

async fn upload(desk: &Desk, module: &str, id: &str, form: Form) -> Answer {
    desk.multipart(&format!("/bigin/v2/{module}/{id}/Attachments"), form).await
}

fn file(name: &str, bytes: Vec<u8>) -> Form {
    Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()))
}

#[tokio::test]
async fn a_file_is_attached_listed_fetched_and_deleted() {
    let desk = Desk::open().await;
    let deal = desk.some("Pipelines").await;
    assert_eq!(desk.get(&list("Pipelines", &deal)).await.expect(204), serde_json::Value::Null);

    let offer = b"%PDF-1.7 \x00\xff offer".to_vec();
    let added = upload(&desk, "Pipelines", &deal, file("offer ö.pdf", offer.clone())).await.expect(200);
    let item = &added["data"][0];
    assert_eq!((&item["code"], &item["status"]), (&"SUCCESS".into(), &"success".into()));
    assert_eq!(item["message"], "attachment uploaded successfully");
    assert!(item["details"]["Created_By"]["name"].is_string(), "{item}");
    let id = item["details"]["id"].as_str().expect("an id").to_owned();

    let listed = desk.get(&list("Pipelines", &deal)).await.expect(200);
    let row = &listed["data"][0];
    assert_eq!(row["id"], id.as_str());
    assert_eq!(row["File_Name"], "offer ö.pdf");
    assert_eq!(row["Size"], offer.len().to_string());
    assert_eq!(row["Parent_Id"]["id"], deal.as_str());
    assert_eq!((&row["$type"], &row["$se_module"]), (&"File".into(), &"Pipelines".into()));
    assert!(row["$file_id"].is_string() && row["$link_url"].is_null(), "{row}");
    assert_eq!(listed["info"]["count"], 1);
    assert_eq!(listed["info"]["more_records"], false);

    let one = format!("/bigin/v2/Pipelines/{deal}/Attachments/{id}");
    let fetched = desk.bytes(&one).await;
    assert_eq!(fetched.bytes, offer);
    let disposition = fetched.headers["content-disposition"].to_str().expect("text");
    assert!(disposition.starts_with("attachment;"), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''offer%20%C3%B6%2Epdf"), "{disposition}");

    let gone = desk.delete(&one).await.expect(200);
    assert_eq!(gone["data"][0]["message"], "record deleted");
    assert_eq!(gone["data"][0]["details"]["id"], id.as_str());
    assert_eq!(desk.get(&one).await.status, 204);
    assert_eq!(desk.delete(&one).await.expect(400)["data"][0]["code"], "INVALID_DATA");
}

#[tokio::test]
async fn a_link_is_an_attachment_without_bytes() {
    let desk = Desk::open().await;
    let contact = desk.some("Contacts").await;
    let path = format!(
        "/bigin/v2/Contacts/{contact}/Attachments?attachmentUrl=https%3A%2F%2Fdocs.example.test%2Fa&title=Plan"
    );
    let added =
        Answer::of(desk.request(Method::POST, &path).send().await.expect("an answer")).await.expect(200);
    let id = added["data"][0]["details"]["id"].as_str().expect("an id").to_owned();
    let row = desk.get(&list("Contacts", &contact)).await.expect(200)["data"][0].clone();
    assert_eq!((&row["$type"], &row["Size"]), (&"Link URL".into(), &"0".into()));
    assert_eq!(row["$link_url"], "https://docs.example.test/a");
    assert_eq!(row["File_Name"], "Plan");
    assert!(row["$file_id"].is_null(), "{row}");
    assert_eq!(desk.get(&format!("/bigin/v2/Contacts/{contact}/Attachments/{id}")).await.status, 204);
}

#[tokio::test]
async fn lists_have_pages_and_need_fields() {
    let desk = Desk::open().await;
    let company = desk.some("Accounts").await;
    for name in ["a.txt", "b.txt", "c.txt"] {
        upload(&desk, "Accounts", &company, file(name, name.as_bytes().to_vec())).await.expect(200);
    }
    let path = format!("/bigin/v2/Accounts/{company}/Attachments");
    assert_eq!(desk.get(&path).await.refused(400, "REQUIRED_PARAM_MISSING")["param_name"], "fields");
    let page = |number| format!("{path}?fields=File_Name&per_page=2&page={number}");
    let first = desk.get(&page(1)).await.expect(200);
    let names: Vec<_> = first["data"].as_array().expect("rows").iter().map(|row| &row["File_Name"]).collect();
    assert_eq!(names, ["c.txt", "b.txt"]);
    assert_eq!(first["info"]["more_records"], true);
    assert!(first["data"][0].get("Size").is_none(), "{first}");
    assert_eq!(desk.get(&page(2)).await.expect(200)["data"][0]["File_Name"], "a.txt");
    assert_eq!(desk.get(&page(3)).await.status, 204);
    let id = first["data"][1]["id"].as_str().expect("an id");
    let asked = desk.get(&format!("{path}?fields=File_Name&ids={id}")).await.expect(200);
    assert_eq!(asked["data"].as_array().map(Vec::len), Some(1));
    desk.get(&format!("{path}?fields=File_Name&per_page=201")).await.refused(400, "LIMIT_EXCEEDED");
    desk.get(&format!("{path}?fields={}", vec!["Size"; 51].join(","))).await.refused(400, "LIMIT_EXCEEDED");
    let token = first["info"]["next_page_token"].as_str().expect("a token");
    let next = format!("{path}?fields=File_Name&page_token={token}");
    let next = desk.get(&next).await.expect(200);
    assert_eq!((&next["data"][0]["File_Name"], &next["info"]["page"]), (&"a.txt".into(), &2.into()));
    assert!(next["info"]["next_page_token"].is_null());
    assert!(next["info"]["previous_page_token"].is_string());
}

#[tokio::test]
async fn what_cannot_be_attached_is_refused() {
    let desk = Desk::open().await;
    let deal = desk.some("Pipelines").await;
    let none = Form::new().text("title", "nothing");
    upload(&desk, "Pipelines", &deal, none).await.refused(400, "INVALID_REQUEST");
    let large = upload(&desk, "Pipelines", &deal, file("a.bin", vec![7; (20 << 20) + 1])).await;
    large.refused(400, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE");
    upload(&desk, "Pipelines", &deal, file("a.bin", vec![7; 20 << 20])).await.expect(200);
    let halves = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];
    let virus = upload(&desk, "Pipelines", &deal, file("a.com", halves.concat().into_bytes())).await;
    virus.refused(400, "VIRUS_DETECTED");
    let nobody = upload(&desk, "Pipelines", "1", file("a.txt", vec![])).await;
    assert_eq!(nobody.refused(400, "INVALID_DATA")["resource_path_index"], 1);
    upload(&desk, "Leads", &deal, file("a.txt", vec![])).await.refused(400, "INVALID_MODULE");
    let other = desk.some("Contacts").await;
    desk.get(&list("Pipelines", &other)).await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn attachments_need_the_scope_of_the_module_and_their_own() {
    let mut desk = Desk::open().await;
    let deal = desk.some("Pipelines").await;
    for (scopes, status) in [
        ("ZohoBigin.modules.deals.READ", 401),
        ("ZohoBigin.modules.attachments.ALL", 401),
        ("ZohoBigin.modules.deals.READ,ZohoBigin.modules.attachments.READ", 204),
    ] {
        desk.token = desk.token_for(scopes, None).await;
        assert_eq!(desk.get(&list("Pipelines", &deal)).await.status, status, "{scopes}");
    }
}

#[tokio::test]
async fn a_kept_organisation_keeps_the_bytes() {
    let dir = tempfile::tempdir().expect("a directory");
    let options = || Options { deals: 5, dir: Some(dir.path().to_owned()), ..Options::default() };
    let desk = Desk::with(options()).await;
    let deal = desk.some("Pipelines").await;
    upload(&desk, "Pipelines", &deal, file("kept.txt", b"kept".to_vec())).await.expect(200);
    desk.sandbox.stop().await.expect("a clean stop");

    let desk = Desk::with(options()).await;
    let row = desk.get(&list("Pipelines", &deal)).await.expect(200)["data"][0].clone();
    let id = row["id"].as_str().expect("an id");
    assert_eq!(desk.bytes(&format!("/bigin/v2/Pipelines/{deal}/Attachments/{id}")).await.bytes, b"kept");
}
