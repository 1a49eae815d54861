//! Devices without a browser.

use serde_json::json;

use super::{SCOPE, is_token, refused, text};
use crate::desk::{Answer, Desk};

#[tokio::test]
async fn a_device_waits_for_a_person_on_another_screen() {
    let desk = Desk::open().await;
    let begin = async |more: &[(&str, &str)]| {
        let mut form = vec![("grant_type", "device_request"), ("scope", SCOPE), ("access_type", "offline")];
        form.push(("client_id", &desk.sandbox.client_id));
        form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        form.extend(more);
        let request = desk.http.post(desk.url("/oauth/v3/device/code")).form(&form);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let poll = async |device: &str| {
        let form = [
            ("grant_type", "device_token"),
            ("client_id", &desk.sandbox.client_id),
            ("client_secret", &desk.sandbox.client_secret),
            ("code", device),
        ];
        let request = desk.http.post(desk.url("/oauth/v3/device/token")).form(&form);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let decide = async |code: &str, decision: &str| {
        let form = [("user_code", code), ("decision", decision)];
        let request = desk.http.post(desk.url("/oauth/v3/device")).form(&form);
        request.send().await.expect("an answer").status().as_u16()
    };

    let code = begin(&[]).await.expect(200);
    let device = text(&code, "device_code").to_owned();
    assert!(device.starts_with("1004."), "{code}");
    assert_eq!((&code["interval"], &code["expires_in"]), (&json!(30_000), &json!(300_000)));
    let page = desk.http.get(text(&code, "verification_uri_complete")).send().await.expect("an answer");
    assert!(page.text().await.expect("a page").contains("ZohoBigin.users.READ"));
    refused(&poll(&device).await, "authorization_pending");
    refused(&poll(&device).await, "slow_down");
    desk.later(31).await;
    refused(&poll(&device).await, "authorization_pending");
    assert_eq!(decide(text(&code, "user_code"), "accept").await, 200);
    assert_eq!(decide(text(&code, "user_code"), "accept").await, 400);
    desk.later(31).await;
    let tokens = poll(&device).await.expect(200);
    assert!(is_token(text(&tokens, "refresh_token")) && desk.opens(text(&tokens, "access_token")).await);
    refused(&poll(&device).await, "invalid_code");

    let code = begin(&[]).await.expect(200);
    assert_eq!(decide(&text(&code, "user_code").to_lowercase().replace('-', ""), "reject").await, 200);
    refused(&poll(text(&code, "device_code")).await, "access_denied");

    let code = begin(&[]).await.expect(200);
    desk.later(300).await;
    assert_eq!(decide(text(&code, "user_code"), "accept").await, 400);
    refused(&poll(text(&code, "device_code")).await, "expired");
    refused(&begin(&[("client_id", "1000.NOBODY")]).await, "invalid_client");
    refused(&begin(&[("scope", "nonsense")]).await, "invalid_scope");
}
