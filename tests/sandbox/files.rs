//! Files on their own.

use reqwest::multipart::{Form, Part};

use crate::desk::{Answer, Desk};

fn file(name: &str, bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str("image/png").expect("a content type")
}

async fn upload(desk: &Desk, form: Form) -> Answer {
    desk.multipart("/bigin/v2/files", form).await
}

#[tokio::test]
async fn files_are_uploaded_together_and_fetched_by_their_ids() {
    let desk = Desk::open().await;
    let form = Form::new().part("file", file("logo.png", b"one")).part("file", file("shop.png", b"two"));
    let answer = upload(&desk, form).await.expect(200);
    let items = answer["data"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    for (item, (name, bytes)) in items.iter().zip([("logo.png", b"one"), ("shop.png", b"two")]) {
        assert_eq!((&item["code"], &item["details"]["name"]), (&"SUCCESS".into(), &name.into()));
        let id = item["details"]["id"].as_str().expect("an id");
        assert!(id.len() > 30 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        let fetched = desk.bytes(&format!("/bigin/v2/files?id={id}")).await;
        assert_eq!(fetched.bytes, bytes);
        assert_eq!(fetched.headers["content-type"], "image/png");
        let disposition = fetched.headers["content-disposition"].to_str().expect("text");
        assert!(disposition.contains(name), "{disposition}");
    }
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let desk = Desk::open().await;
    upload(&desk, Form::new().text("name", "x")).await.refused(400, "INVALID_REQUEST");
    let many = (0..11).fold(Form::new(), |form, _| form.part("file", file("a.png", b"a")));
    upload(&desk, many).await.refused(400, "LIMIT_EXCEEDED");
    let large = vec![1; (20 << 20) + 1];
    let form = Form::new().part("file", file("small.png", b"a")).part("file", file("large.png", &large));
    let items = upload(&desk, form).await.expect(207)["data"].clone();
    assert_eq!(items[0]["code"], "SUCCESS");
    assert_eq!(items[1]["code"], "FILE_SIZE_MORE_THAN_ALLOWED_SIZE");
    desk.get("/bigin/v2/files").await.refused(400, "REQUIRED_PARAM_MISSING");
    desk.get("/bigin/v2/files?id=unknown").await.refused(400, "INVALID_DATA");
}
