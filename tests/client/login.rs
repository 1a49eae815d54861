//! Signing in and out as the commands do it, files included.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use bigin::{
    api::{
        AppKey, Client, Clock, Kind, Limits, Timeouts,
        oauth::{DeviceCode, exchange_anywhere},
    },
    cli::{
        account,
        login::{Keys, LoginError, by_device, sign_in},
        logout::{SignedOut, sign_out},
    },
    config::{self, Paths, Profile},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{Desk, answer, options, someone};

fn org() -> Value {
    let license = json!({"paid": true, "paid_type": "biginpremier", "users_license_purchased": 8});
    json!({"org": [{"id": "7", "company_name": "Northwind \u{1b}[2J", "iso_code": "EUR", "license_details": license}]})
}

struct Home {
    folder: TempDir,
    paths: Paths,
    profile: Profile,
}

fn home() -> Home {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = Paths::under(folder.path());
    Home { folder, paths, profile: "work".parse().expect("a name") }
}

async fn desk() -> Desk {
    let desk = Desk::open().await;
    let rules = [answer("GET /bigin/v2/users", 200, &someone()), answer("GET /bigin/v2/org", 200, &org())];
    desk.faults(json!(rules)).await;
    desk
}

async fn keys(desk: &Desk, scope: &str) -> Keys {
    let code = desk.self_client_code(scope).await;
    let secret = SecretString::from(desk.sandbox.client_secret.as_str());
    Keys { id: desk.sandbox.client_id.clone(), secret, code: SecretString::from(code) }
}

const ALL: &str = "ZohoBigin.modules.ALL,ZohoBigin.settings.ALL,ZohoBigin.users.READ,ZohoBigin.org.READ,\
    ZohoBigin.coql.READ,ZohoBigin.bulk.ALL,ZohoBigin.notifications.ALL,ZohoSearch.securesearch.READ";

#[tokio::test]
async fn a_code_becomes_a_sign_in_that_lasts_and_is_told_in_words() {
    let (desk, home) = (desk().await, home());
    let keys = keys(&desk, ALL).await;
    let granted = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect("signed in");
    let told = granted.told(&home.paths, &home.profile).join("\n");
    assert!(told.contains("Signed in to Northwind ␛[2J as Rosa Lindqvist <rosa@example.test>"), "{told}");
    assert!(
        told.contains("Premier edition: 52000 API credits in 24 hours, 10 calls at once. Signing in took 2."),
        "{told}"
    );
    assert!(granted.missing.is_empty(), "{:?}", granted.missing);
    let account = config::load(&home.paths, &home.profile).expect("read").expect("an account");
    assert_eq!(account.user, "rosa@example.test");
    let limits = Limits::new(None, Clock::system());
    let client = Client::new(account::credentials(&account), limits, options());
    client.current_user().await.expect("the kept keys sign in").expect("someone");
}

#[tokio::test]
async fn no_token_is_written_but_the_refresh_token_and_none_is_told() {
    let (desk, home) = (desk().await, home());
    let keys = keys(&desk, ALL).await;
    let granted = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect("signed in");
    let kept = std::fs::read_to_string(home.paths.credentials(&home.profile)).expect("the file");
    let tokens: Vec<_> = kept.matches("1000.").collect();
    assert_eq!(tokens.len(), 2, "client id and refresh token");
    let told = granted.told(&home.paths, &home.profile).join("\n");
    for secret in [keys.secret.expose_secret(), keys.code.expose_secret()] {
        assert!(!told.contains(secret) && !format!("{granted:?} {keys:?}").contains(secret));
    }
    assert!(!kept.contains(keys.code.expose_secret()));
    let files = std::fs::read_dir(home.folder.path()).expect("a list").count();
    assert_eq!(files, 1, "only the data folder was made");
}

#[tokio::test]
async fn the_data_centre_is_found_by_asking_each_with_the_code_used_once() {
    let (strange, right) =
        (Desk::with(bigin::sandbox::Options { seed: 8, deals: 1, ..Default::default() }).await, desk().await);
    let keys = keys(&right, ALL).await;
    let app = AppKey { id: keys.id.clone(), secret: keys.secret.clone() };
    let hosts = [strange.sandbox.url.as_str(), right.sandbox.url.as_str()];
    let (accounts, grant) =
        exchange_anywhere(&hosts, &app, &keys.code, Timeouts::default()).await.expect("found");
    assert_eq!(accounts.url(), right.sandbox.url);
    assert!(grant.refresh_token.is_some());
    let again = exchange_anywhere(&hosts, &app, &keys.code, Timeouts::default()).await.expect_err("used");
    assert_eq!(again.sign_in_code(), Some("invalid_code"), "the server that knows the app is believed");
}

#[tokio::test]
async fn a_wrong_secret_or_an_old_code_keeps_nothing() {
    let (desk, home) = (desk().await, home());
    let good = keys(&desk, ALL).await;
    let wrong = Keys { secret: SecretString::from("wrong"), ..good.clone() };
    let error = sign_in(&wrong, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect_err("refused");
    let LoginError::Api(error) = error else { unreachable!("{error}") };
    assert!(matches!(error.kind(), Kind::SignIn { .. }), "{error}");
    assert!(config::load(&home.paths, &home.profile).expect("read").is_none());
}

#[tokio::test]
async fn an_answer_of_the_accounts_server_that_is_none_names_the_call_and_the_way_on() {
    let (desk, home) = (desk().await, home());
    let token = "POST /oauth/v2/token";
    let html =
        json!({"match": token, "do": "status", "status": 200, "body": "<html>Sign in to the wifi</html>"});
    for (fault, reason, way) in [
        (json!({"match": token, "do": "status", "status": 204}), "broke off", "generate a new one"),
        (json!({"match": token, "do": "close_mid_body", "at_byte": 9}), "broke off", "generate a new one"),
        (html, "<html>Sign in to the wifi", "a network that wants a login"),
        (json!({"match": token, "do": "status", "status": 503}), "HTTP 503", "generate a new one"),
        (answer(token, 200, &json!({})), "an access token is missing", "generate a new one"),
        (answer(token, 401, &json!({"error": "invalid_client"})), "invalid_client", "another data centre"),
    ] {
        desk.faults(json!([fault])).await;
        let keys = Keys {
            id: desk.sandbox.client_id.clone(),
            secret: SecretString::from(desk.sandbox.client_secret.as_str()),
            code: SecretString::from("1000.code.code"),
        };
        let error = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await;
        let told = error.expect_err("no sign-in").to_string();
        assert!(told.starts_with("could not sign in: "), "{told}");
        assert!(told.contains(reason) && told.contains(way), "{told}");
    }
    assert!(config::load(&home.paths, &home.profile).expect("read").is_none());
}

#[tokio::test]
async fn a_code_that_is_used_up_is_kept_although_nobody_can_say_whose_it_is() {
    let org = "GET /bigin/v2/org";
    for (fault, reason) in [
        (json!({"match": org, "do": "status", "status": 204}), "no organisation"),
        (json!({"match": org, "do": "body", "body": "{\"org\":[{"}), "broke off"),
        (json!({"match": org, "do": "status", "status": 200, "body": "<html>"}), "<html>"),
    ] {
        let (desk, home) = (desk().await, home());
        let keys = keys(&desk, ALL).await;
        desk.faults(json!([fault, answer("GET /bigin/v2/users", 200, &someone())])).await;
        let granted = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect("kept");
        let told = granted.told(&home.paths, &home.profile).join("\n");
        assert!(told.contains("The sign-in is kept, but could not read about the organisation"), "{told}");
        assert!(told.contains(reason), "{told}");
        let account = config::load(&home.paths, &home.profile).expect("read").expect("an account");
        assert_eq!((account.org.as_str(), account.user.as_str()), ("", "rosa@example.test"));
    }
    let (desk, home) = (desk().await, home());
    let keys = keys(&desk, ALL).await;
    let refused =
        json!({"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"});
    desk.faults(json!([answer("GET /bigin/*", 401, &refused)])).await;
    let error = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect_err("refused");
    assert!(error.to_string().contains("bigin login"), "{error}");
    assert!(
        config::load(&home.paths, &home.profile).expect("read").is_none(),
        "what does not hold is not kept"
    );
}

#[tokio::test]
async fn a_code_that_is_approved_in_a_browser_becomes_a_sign_in() {
    let (desk, home) = (desk().await, home());
    let app = || desk.credentials().app;
    let (shown, asked) = (RefCell::new(String::new()), Cell::new(0));
    let show = |code: &DeviceCode| drop(shown.replace(code.user_code.to_string()));
    // Nobody has approved it the first time.
    let wait = async |_: Duration| {
        if asked.replace(asked.get() + 1) == 1 {
            desk.decide(&shown.take(), "accept").await;
        }
        desk.advance(30).await;
    };
    let granted = by_device(app(), &desk.sandbox.url, &home.paths, &home.profile, show, wait).await;
    let granted = granted.expect("signed in");
    assert!(granted.missing.is_empty(), "{:?}", granted.missing);
    let account = config::load(&home.paths, &home.profile).expect("read").expect("an account");
    let client = Client::new(account::credentials(&account), Limits::new(None, Clock::system()), options());
    client.current_user().await.expect("the kept keys sign in").expect("someone");

    for (decision, reason) in
        [(Some("reject"), "refused in the browser"), (None, "Nobody approved it in time")]
    {
        let shown = RefCell::new(String::new());
        let wait = async |_: Duration| match decision {
            Some(decision) => desk.decide(&shown.take(), decision).await,
            None => desk.advance(400).await,
        };
        let show = |code: &DeviceCode| drop(shown.replace(code.user_code.to_string()));
        let told = by_device(app(), &desk.sandbox.url, &home.paths, &home.profile, show, wait).await;
        let told = told.expect_err("no sign-in").to_string();
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn newcomers_are_told_the_scopes_that_the_program_uses() {
    let told = include_str!("../../README.md").lines().find(|line| line.starts_with("ZohoBigin."));
    assert_eq!(told, Some(bigin::api::oauth::SCOPES.join(",").as_str()));
}

#[tokio::test]
async fn a_narrow_code_signs_in_and_its_gaps_are_told() {
    let (desk, home) = (Desk::open().await, home());
    desk.faults(json!([answer("GET /bigin/v2/users", 200, &someone())])).await;
    let scope =
        json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "Unauthorized", "status": "error"});
    let rules = [answer("GET /bigin/v2/users", 200, &someone()), answer("GET /bigin/v2/org", 401, &scope)];
    desk.faults(json!(rules)).await;
    let keys = keys(&desk, "ZohoBigin.modules.ALL,ZohoBigin.users.READ").await;
    let granted = sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect("signed in");
    assert!(granted.org.is_none() && granted.missing.contains(&"ZohoBigin.org.READ"));
    assert!(!granted.missing.contains(&"ZohoBigin.modules.ALL"));
    assert!(granted.told(&home.paths, &home.profile).join(" ").contains("ZohoSearch.securesearch.READ"));
}

#[tokio::test]
async fn signing_in_again_revokes_the_earlier_sign_in_and_signing_out_revokes_the_last() {
    let (desk, home) = (desk().await, home());
    let hosts = [desk.sandbox.url.as_str()];
    let first =
        sign_in(&keys(&desk, ALL).await, &hosts, &home.paths, &home.profile).await.expect("signed in");
    assert!(!first.replaced);
    let earlier = config::load(&home.paths, &home.profile).expect("read").expect("an account");
    let second =
        sign_in(&keys(&desk, ALL).await, &hosts, &home.paths, &home.profile).await.expect("signed in");
    assert!(second.replaced);
    let limits = || Limits::new(None, Clock::system());
    let client = Client::new(account::credentials(&earlier), limits(), options());
    let error = client.current_user().await.expect_err("revoked");
    assert_eq!(error.sign_in_code(), Some("invalid_code"));

    let last = config::load(&home.paths, &home.profile).expect("read").expect("an account");
    let ended = sign_out(&home.paths, &home.profile, false).await.expect("signed out");
    assert_eq!(ended, SignedOut::Revoked);
    assert!(config::load(&home.paths, &home.profile).expect("read").is_none());
    let client = Client::new(account::credentials(&last), limits(), options());
    assert!(client.current_user().await.is_err());
    assert_eq!(sign_out(&home.paths, &home.profile, false).await.expect("nothing"), SignedOut::Nobody);
}

#[tokio::test]
async fn keys_stay_while_nobody_can_be_asked_to_revoke_them() {
    let (desk, home) = (desk().await, home());
    let keys = keys(&desk, ALL).await;
    sign_in(&keys, &[&desk.sandbox.url], &home.paths, &home.profile).await.expect("signed in");
    desk.faults(json!([answer("POST /oauth/v2/token/revoke", 503, &json!({}))])).await;
    sign_out(&home.paths, &home.profile, false).await.expect_err("not now");
    assert!(config::load(&home.paths, &home.profile).expect("read").is_some());
    let ended = sign_out(&home.paths, &home.profile, true).await.expect("removed");
    assert_eq!(ended, SignedOut::LocalOnly);
    assert!(config::load(&home.paths, &home.profile).expect("read").is_none());
}
