//! The accounts server.

mod device;
mod limits;

use bigin::sandbox::Options;
use reqwest::{Method, redirect::Policy};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

const CALLBACK: &str = "http://127.0.0.1:8000/callback";
const SCOPE: &str = "ZohoBigin.modules.ALL,ZohoBigin.users.READ";
/// A call that any token may make.
const ANYTHING: &str = "/bigin/v2/nowhere/at/all/really";

impl Desk {
    /// The parameters of an authorization request, with more or other ones.
    fn ask(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let usual = [
            ("response_type", "code"),
            ("client_id", &self.sandbox.client_id),
            ("scope", SCOPE),
            ("redirect_uri", CALLBACK),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let kept = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        kept.chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Decides on the consent page and gives where the browser is sent.
    async fn decide(&self, decision: &str, more: &[(&str, &str)]) -> Redirect {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
        let mut form = self.ask(more);
        form.push(("decision".to_owned(), decision.to_owned()));
        let answer = http.post(self.url("/oauth/v2/auth")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status(), 302);
        Redirect(answer.headers()["location"].to_str().expect("text").to_owned())
    }

    async fn code(&self, more: &[(&str, &str)]) -> String {
        self.decide("accept", more).await.get("code").expect("a code")
    }

    /// The token endpoint's answer, with the app's credentials where `fields` have none.
    async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let mut form: Vec<(&str, &str)> =
            vec![("client_id", &self.sandbox.client_id), ("client_secret", &self.sandbox.client_secret)];
        form.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
        form.extend(fields);
        let request = self.http.post(self.url("/oauth/v2/token")).form(&form);
        Answer::of(request.send().await.expect("an answer")).await
    }

    async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend(more);
        self.token(&fields).await
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn later(&self, seconds: u32) {
        self.post("/__sandbox/clock", &json!({ "advance_seconds": seconds })).await.expect(200);
    }

    /// Whether an access token opens the API.
    async fn opens(&self, token: &str) -> bool {
        let header = format!("Zoho-oauthtoken {token}");
        let request = self.http.get(self.url(ANYTHING)).header("Authorization", header);
        request.send().await.expect("an answer").status() != 401
    }
}

/// Where the browser is sent.
struct Redirect(String);

impl Redirect {
    fn get(&self, name: &str) -> Option<String> {
        let (_, query) = self.0.split_once('?')?;
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into())
    }
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap_or_default()
}

fn is_token(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let hex = |part: &str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
    matches!(parts[..], ["1000", first, second] if hex(first) && hex(second))
}

#[track_caller]
fn refused(answer: &Answer, error: &str) {
    assert_eq!(answer.expect(200), json!({ "error": error }));
}

#[tokio::test]
async fn the_consent_page_lists_scopes_and_keeps_what_strangers_send_as_text() {
    let desk = Desk::open().await;
    let query = desk.ask(&[("state", "\"><script>alert(1)</script>")]);
    let request = desk.http.get(desk.url("/oauth/v2/auth")).query(&query);
    let page = Answer::of(request.send().await.expect("an answer")).await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (200, &"text/html;charset=UTF-8".parse().expect("a value"))
    );
    for part in ["ZohoBigin.modules.ALL", "ZohoBigin.users.READ", "accept", "reject", "organisation"] {
        assert!(page.text.contains(part), "{part}");
    }
    assert!(!page.text.contains("<script>"));
}

#[tokio::test]
async fn faults_of_the_request_are_shown_and_the_browser_is_sent_nowhere() {
    let desk = Desk::open().await;
    for (name, value, title) in [
        ("client_id", "1000.NOBODY", "ERROR_invalid_client"),
        ("redirect_uri", "https://evil.example/callback", "ERROR_invalid_redirect_uri"),
        ("redirect_uri", "http://localhost:1/other", "ERROR_invalid_redirect_uri"),
        ("scope", "ZohoNothing.modules.ALL", "ERROR_scope_does_not_exist"),
        ("response_type", "token", "ERROR_invalid_response_type"),
    ] {
        for method in [Method::GET, Method::POST] {
            let query = desk.ask(&[(name, value)]);
            let request = desk.http.request(method, desk.url("/oauth/v2/auth")).query(&query);
            let page = Answer::of(request.send().await.expect("an answer")).await;
            assert!(page.text.contains(title), "{title}: {}", page.text);
            assert!(!page.headers.contains_key("location"));
        }
    }
}

#[tokio::test]
async fn accepting_sends_a_code_that_can_be_exchanged_once() {
    let desk = Desk::open().await;
    let redirect = desk.decide("accept", &[("state", "k3v &x")]).await;
    assert!(redirect.0.starts_with("http://127.0.0.1:8000/callback?"), "{}", redirect.0);
    assert!(redirect.0.ends_with('&'));
    assert_eq!(redirect.get("state").as_deref(), Some("k3v &x"));
    assert_eq!(redirect.get("location").as_deref(), Some("us"));
    assert_eq!(redirect.get("accounts-server").as_deref(), Some(desk.sandbox.url.as_str()));
    let code = redirect.get("code").expect("a code");
    assert!(is_token(&code), "{code}");

    let body = desk.exchange(&code, &[]).await.expect(200);
    assert!(is_token(text(&body, "access_token")) && is_token(text(&body, "refresh_token")), "{body}");
    assert_eq!(body["api_domain"], desk.sandbox.url);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3_600);
    assert_eq!(body["scope"], "ZohoBigin.modules.ALL ZohoBigin.users.READ");
    assert!(desk.opens(text(&body, "access_token")).await);
    refused(&desk.exchange(&code, &[]).await, "invalid_code");
}

#[tokio::test]
async fn rejecting_sends_no_code() {
    let desk = Desk::open().await;
    let redirect = desk.decide("reject", &[("state", "s")]).await;
    assert_eq!(redirect.get("error").as_deref(), Some("access_denied"));
    assert_eq!((redirect.get("state").as_deref(), redirect.get("code")), (Some("s"), None));
}

#[tokio::test]
async fn a_code_needs_its_app_its_redirect_address_and_its_two_minutes() {
    let desk = Desk::open().await;
    let code = desk.code(&[]).await;
    refused(&desk.exchange(&code, &[("client_secret", "wrong")]).await, "invalid_client");
    refused(&desk.exchange(&code, &[("client_id", "1000.NOBODY")]).await, "invalid_client");
    let other = [("redirect_uri", "http://localhost:8888/callback")];
    refused(&desk.exchange(&code, &other).await, "invalid_redirect_uri");
    let code = desk.code(&[]).await;
    desk.later(121).await;
    refused(&desk.exchange(&code, &[]).await, "invalid_code");
    refused(&desk.exchange("1000.a.b", &[]).await, "invalid_code");
    refused(&desk.token(&[("grant_type", "password")]).await, "general_error");
}

#[tokio::test]
async fn a_refresh_token_is_given_for_offline_access_and_again_only_when_asked() {
    let desk = Desk::open().await;
    let exchanged =
        async |more: &[(&str, &str)]| desk.exchange(&desk.code(more).await, &[]).await.expect(200);
    assert!(exchanged(&[("access_type", "online")]).await.get("refresh_token").is_none());
    let user = desk.sandbox.sandbox().people()[1].0.clone();
    let quiet = [("prompt", ""), ("user", user.as_str())];
    assert!(exchanged(&quiet).await.get("refresh_token").is_some());
    assert!(exchanged(&quiet).await.get("refresh_token").is_none());
    assert!(exchanged(&[("user", &user)]).await.get("refresh_token").is_some());
}

#[tokio::test]
async fn challenges_are_answered_by_their_verifier_only() {
    let desk = Desk::open().await;
    // The example of RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let hashed = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    for (challenge, answer, well) in [
        (&hashed[..], verifier, true),
        (&hashed[..], "something-else", false),
        (&[("code_challenge", "plain-text")][..], "plain-text", true),
        (&[("code_challenge", "plain-text")][..], verifier, false),
    ] {
        let code = desk.code(challenge).await;
        let body = desk.exchange(&code, &[("code_verifier", answer)]).await.expect(200);
        assert_eq!(body.get("access_token").is_some(), well, "{answer}: {body}");
    }
    refused(&desk.exchange(&desk.code(&hashed).await, &[]).await, "invalid_code");
}

#[tokio::test]
async fn an_app_without_a_secret_proves_itself_by_its_verifier() {
    let desk = Desk::open().await;
    let code = desk.code(&[("code_challenge", "abc")]).await;
    let id = desk.sandbox.client_id.as_str();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", "abc"),
    ];
    let post = async |fields: &[(&str, &str)]| {
        let request = desk.http.post(desk.url("/oauth/v2/token")).form(fields);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let refresh = text(&post(&fields).await.expect(200), "refresh_token").to_owned();
    let again = [("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", refresh.as_str())];
    assert!(post(&again).await.expect(200).get("access_token").is_some());
    let demo = desk.sandbox.refresh_token.as_str();
    let stolen = [("grant_type", "refresh_token"), ("client_id", id), ("refresh_token", demo)];
    refused(&post(&stolen).await, "invalid_client");
}

#[tokio::test]
async fn parameters_may_travel_in_four_ways() {
    let desk = Desk::open().await;
    let (id, secret) = (desk.sandbox.client_id.as_str(), desk.sandbox.client_secret.as_str());
    let grant = [("grant_type", "refresh_token"), ("refresh_token", desk.sandbox.refresh_token.as_str())];
    let app = [("client_id", id), ("client_secret", secret)];
    let url = desk.url("/oauth/v2/token");
    let multipart = grant.iter().chain(&app).fold(reqwest::multipart::Form::new(), |form, (name, value)| {
        form.text((*name).to_owned(), (*value).to_owned())
    });
    let requests = [
        desk.http.post(&url).query(&grant).query(&app),
        desk.http.post(&url).form(&[grant, app].concat()),
        desk.http.post(&url).multipart(multipart),
        desk.http.post(&url).form(&grant).basic_auth(id, Some(secret)),
    ];
    for (way, request) in requests.into_iter().enumerate() {
        let body = Answer::of(request.send().await.expect("an answer")).await.expect(200);
        assert!(is_token(text(&body, "access_token")), "{way}: {body}");
        assert!(body.get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn a_self_client_s_code_needs_no_redirect_address() {
    let desk = Desk::open().await;
    let ask = json!({ "scope": "ZohoBigin.modules.ALL", "minutes": 3 });
    let body = desk.post("/__sandbox/self_client_code", &ask).await.expect(200);
    let fields = [("grant_type", "authorization_code"), ("code", text(&body, "code"))];
    let body = desk.token(&fields).await.expect(200);
    assert!(is_token(text(&body, "refresh_token")));
    assert_eq!(body["scope"], "ZohoBigin.modules.ALL");

    let late = desk.post("/__sandbox/self_client_code", &ask).await.expect(200);
    desk.later(180).await;
    refused(
        &desk.token(&[("grant_type", "authorization_code"), ("code", text(&late, "code"))]).await,
        "invalid_code",
    );
    for wrong in [json!({ "scope": "x" }), json!({ "scope": SCOPE, "minutes": 4 }), json!({})] {
        assert_eq!(desk.post("/__sandbox/self_client_code", &wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn server_info_names_an_accounts_server_for_every_data_centre() {
    let desk = Desk::open().await;
    let body = desk.get("/oauth/serverinfo").await.expect(200);
    assert_eq!(body["result"], "success");
    for location in ["us", "eu", "in", "au", "jp", "cn", "ca", "sa"] {
        assert_eq!(body["locations"][location], desk.sandbox.url);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_app() {
    let options = |seed| Options { seed, deals: 0, ..Options::default() };
    let (one, two, other) =
        (Desk::with(options(1)).await, Desk::with(options(1)).await, Desk::with(options(2)).await);
    assert_eq!(one.sandbox.client_id, two.sandbox.client_id);
    assert_eq!(one.sandbox.refresh_token, two.sandbox.refresh_token);
    assert_eq!(one.sandbox.org_id, two.sandbox.org_id);
    assert_ne!(one.sandbox.refresh_token, other.sandbox.refresh_token);
}
