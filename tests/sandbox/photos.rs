//! Photos of records.

use reqwest::multipart::{Form, Part};

use crate::desk::{Answer, Desk};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a picture";

async fn upload(desk: &Desk, path: &str, bytes: &[u8]) -> Answer {
    let part = Part::bytes(bytes.to_vec()).file_name("face.png");
    desk.multipart(path, Form::new().part("file", part)).await
}

#[tokio::test]
async fn contacts_companies_and_products_have_a_photo() {
    let desk = Desk::open().await;
    for module in ["Contacts", "Accounts", "Products"] {
        let path = format!("/bigin/v2/{module}/{}/photo", desk.some(module).await);
        assert_eq!(desk.get(&path).await.status, 204);
        let added = upload(&desk, &path, PNG).await.expect(200);
        assert_eq!(
            (&added["code"], &added["message"]),
            (&"SUCCESS".into(), &"photo uploaded successfully".into())
        );
        let fetched = desk.bytes(&path).await;
        assert_eq!(fetched.bytes, PNG);
        assert_eq!(fetched.headers["content-type"], "image/png");
        upload(&desk, &path, b"GIF89a another").await.expect(200);
        assert_eq!(desk.bytes(&path).await.headers["content-type"], "image/gif");
        assert_eq!(desk.delete(&path).await.expect(200)["message"], "Photo deleted");
        assert_eq!(desk.get(&path).await.status, 204);
    }
}

#[tokio::test]
async fn what_is_no_photo_is_refused() {
    let desk = Desk::open().await;
    let path = format!("/bigin/v2/Contacts/{}/photo", desk.some("Contacts").await);
    upload(&desk, &path, b"plain text").await.refused(400, "INVALID_DATA");
    let large = [PNG, &vec![0; 10 << 20]].concat();
    upload(&desk, &path, &large).await.refused(400, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE");
    desk.multipart(&path, Form::new().text("x", "y")).await.refused(400, "INVALID_REQUEST");
    let deal = format!("/bigin/v2/Pipelines/{}/photo", desk.some("Pipelines").await);
    upload(&desk, &deal, PNG).await.refused(400, "NOT_SUPPORTED");
    upload(&desk, "/bigin/v2/Contacts/1/photo", PNG).await.refused(400, "INVALID_DATA");
}
