//! How many tokens there are, and how they end.

use bigin::sandbox::Options;
use serde_json::json;

use super::{refused, text};
use crate::desk::{Answer, Desk};

#[tokio::test]
async fn ten_access_tokens_in_ten_minutes_and_no_more() {
    let desk = Desk::open().await;
    let refresh = desk.sandbox.refresh_token.clone();
    for _ in 1..10 {
        assert!(desk.refresh(&refresh).await.expect(200).get("access_token").is_some());
    }
    let throttled = desk.refresh(&refresh).await;
    assert_eq!(throttled.json()["error"], "Access Denied");
    assert_eq!(throttled.json()["status"], "failure");
    desk.later(601).await;
    assert!(desk.refresh(&refresh).await.expect(200).get("access_token").is_some());
}

#[tokio::test]
async fn the_sixteenth_access_token_ends_the_oldest() {
    let desk =
        Desk::with(Options { token_lifetime: std::time::Duration::from_secs(86_400), ..Options::default() })
            .await;
    let mut given = vec![desk.token.clone()];
    for turn in 1..16 {
        if turn == 10 {
            desk.later(601).await;
        }
        given.push(desk.fresh_token().await);
    }
    assert!(!desk.opens(&given[0]).await);
    assert!(desk.opens(&given[1]).await && desk.opens(&given[15]).await);
}

#[tokio::test]
async fn five_refresh_tokens_a_minute_and_twenty_at_once() {
    let desk = Desk::open().await;
    // Each minute has room for five; codes are limited to ten in ten minutes.
    let mut given = Vec::new();
    for turn in 0..20 {
        if turn > 0 && turn % 5 == 0 {
            desk.later(601).await;
        }
        given.push(
            text(&desk.exchange(&desk.code(&[]).await, &[]).await.expect(200), "refresh_token").to_owned(),
        );
    }
    // With the one from the start there were 21: that one is gone.
    refused(&desk.refresh(&desk.sandbox.refresh_token).await, "invalid_code");
    assert!(desk.refresh(&given[0]).await.expect(200).get("access_token").is_some());
    refused(&desk.exchange(&desk.code(&[]).await, &[]).await, "access_denied");
}

#[tokio::test]
async fn ten_codes_in_ten_minutes_and_no_more() {
    let desk = Desk::open().await;
    for _ in 0..10 {
        desk.code(&[]).await;
    }
    assert_eq!(desk.decide("accept", &[]).await.get("error").as_deref(), Some("access_denied"));
    desk.later(601).await;
    desk.code(&[]).await;
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_access_tokens() {
    let desk = Desk::open().await;
    let revoke = async |query: &[(&str, &str)]| {
        let request = desk.http.post(desk.url("/oauth/v2/token/revoke")).query(query);
        Answer::of(request.send().await.expect("an answer")).await
    };
    assert!(desk.opens(&desk.token).await);
    let refresh = desk.sandbox.refresh_token.as_str();
    assert_eq!(revoke(&[("token", refresh)]).await.expect(200), json!({ "status": "success" }));
    assert!(!desk.opens(&desk.token).await);
    refused(&desk.refresh(refresh).await, "invalid_code");
    assert_eq!(revoke(&[("token", refresh)]).await.status, 400);
    assert_eq!(revoke(&[]).await.status, 400);
}
