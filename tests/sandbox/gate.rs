//! Credentials, tokens, routes: what is checked before an operation is reached.

use reqwest::Method;

use crate::desk::{Answer, Desk};

async fn with_authorization(desk: &Desk, value: Option<&str>) -> Answer {
    let mut request = desk.http.get(desk.url("/bigin/v2/nowhere/at/all/really"));
    if let Some(value) = value {
        request = request.header("Authorization", value);
    }
    Answer::of(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn credentials_are_checked_before_the_path() {
    let desk = Desk::open().await;
    with_authorization(&desk, None).await.refused(401, "AUTHENTICATION_FAILURE");
    with_authorization(&desk, Some("Zoho-oauthtoken 1000.ab.cd")).await.refused(401, "INVALID_TOKEN");
    with_authorization(&desk, Some("Basic abc")).await.refused(400, "INVALID_REQUEST");
    for scheme in ["Zoho-oauthtoken", "Bearer"] {
        let header = format!("{scheme} {}", desk.token);
        let answer = with_authorization(&desk, Some(&header)).await;
        answer.refused(404, "INVALID_URL_PATTERN");
        assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
    }
}

#[tokio::test]
async fn unknown_paths_are_no_operation() {
    let desk = Desk::open().await;
    for path in ["/bigin/v2/settings/pipelines", "/bigin/v2//Contacts", "/bigin/v1/Contacts", "/bigin/v2/"] {
        desk.get(path).await.refused(404, "INVALID_URL_PATTERN");
    }
    let empty = serde_json::json!({});
    desk.post("/elsewhere", &empty).await.refused(404, "INVALID_URL_PATTERN");
    desk.put("/bigin/v2/", &empty).await.refused(404, "INVALID_URL_PATTERN");
    desk.send(Method::PATCH, "/bigin", &empty).await.refused(404, "INVALID_URL_PATTERN");
    desk.delete("/bigin/v2/Contacts/1/2/3").await.refused(404, "INVALID_URL_PATTERN");
}
