//! Signing in on a machine without a browser.

use bigin::api::{
    AppKey, Timeouts,
    oauth::{Accounts, DevicePoll},
};
use secrecy::SecretString;

use crate::desk::Desk;

struct Flow {
    desk: Desk,
    accounts: Accounts,
    app: AppKey,
}

async fn flow() -> Flow {
    let desk = Desk::open().await;
    let accounts = Accounts::new(&desk.sandbox.url, Timeouts::default());
    let app = desk.credentials().app;
    Flow { desk, accounts, app }
}

#[tokio::test]
async fn a_code_typed_elsewhere_signs_in() {
    let Flow { desk, accounts, app } = flow().await;
    let code = accounts.device_code(&app).await.expect("a code");
    assert_eq!((code.interval.as_secs(), code.expires_in.as_secs()), (30, 300), "whatever unit it comes in");
    assert!(code.complete_url.as_ref().is_some_and(|url| url.as_str().contains(code.user_code.as_str())));
    for _ in 0..2 {
        let poll = accounts.device_poll(&app, &code.device_code).await.expect("an answer");
        assert!(matches!(poll, DevicePoll::Pending), "{poll:?}");
    }
    desk.decide(code.user_code.as_str(), "accept").await;
    desk.advance(30).await;
    let poll = accounts.device_poll(&app, &code.device_code).await.expect("an answer");
    let DevicePoll::Granted(grant) = poll else { unreachable!("{poll:?}") };
    assert!(grant.refresh_token.is_some());
    assert_eq!(grant.api_domain.as_deref(), Some(desk.sandbox.url.as_str()));
    let again =
        accounts.refresh(&app, grant.refresh_token.as_ref().expect("a token")).await.expect("it lasts");
    assert!(again.refresh_token.is_none() && again.expires_in.as_secs() == 3_600);
}

#[tokio::test]
async fn a_refusal_and_a_code_that_is_too_old_end_the_flow() {
    let Flow { desk, accounts, app } = flow().await;
    let refused = accounts.device_code(&app).await.expect("a code");
    desk.decide(refused.user_code.as_str(), "reject").await;
    let error = accounts.device_poll(&app, &refused.device_code).await.expect_err("refused");
    assert_eq!(error.sign_in_code(), Some("access_denied"));
    let late = accounts.device_code(&app).await.expect("a code");
    desk.advance(301).await;
    let error = accounts.device_poll(&app, &late.device_code).await.expect_err("too old");
    assert_eq!(error.sign_in_code(), Some("expired"));
}

#[tokio::test]
async fn an_unknown_app_is_told_so() {
    let Flow { desk: _desk, accounts, .. } = flow().await;
    let stranger = AppKey { id: "1000.STRANGER".to_owned(), secret: SecretString::from("none") };
    let error = accounts.device_code(&stranger).await.expect_err("unknown");
    assert_eq!(error.sign_in_code(), Some("invalid_client"), "{error}");
    let error = accounts.revoke(&SecretString::from("1000.x.y")).await.expect_err("no such token");
    assert!(error.sign_in_code().is_some(), "{error}");
}
