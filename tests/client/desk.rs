//! A sandbox, a client of it, and the sandbox's books.

use std::time::Duration;

use bigin::{
    api::{AppKey, Backoff, Client, Clock, Credentials, Limits, Options, Timeouts},
    domain::Allowance,
    sandbox::{self, Edition, Running},
};
use secrecy::SecretString;
use serde_json::{Value, json};

pub struct Desk {
    pub sandbox: Running,
    pub client: Client,
    control: reqwest::Client,
}

/// Short waits: what is waited for in earnest is never waited for here.
pub fn options() -> Options {
    let backoff = Backoff { base: Duration::from_millis(1), cap: Duration::from_millis(20) };
    let timeouts = Timeouts { answer: Duration::from_secs(20), ..Timeouts::default() };
    Options { timeouts, backoff, ..Options::default() }
}

impl Desk {
    /// The demo organisation, small.
    pub async fn open() -> Self {
        Self::of(Edition::Premier).await
    }

    pub async fn of(edition: Edition) -> Self {
        Self::with(sandbox::Options { deals: 60, edition, ..sandbox::Options::default() }).await
    }

    pub async fn with(options: sandbox::Options) -> Self {
        let (users, edition) = (options.users, options.edition);
        let sandbox = sandbox::start(options).await.expect("the sandbox starts");
        // The control plane's own client needs a TLS provider even where no TLS is spoken.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let control = reqwest::Client::builder().no_proxy().build().expect("a client");
        let allowance = if edition == Edition::Free { Allowance::FREE } else { Allowance::paid(users) };
        let limits = Limits::new(Some(allowance), Clock::system());
        let client = Client::new(credentials(&sandbox), limits, self::options());
        Self { sandbox, client, control }
    }

    pub fn credentials(&self) -> Credentials {
        credentials(&self.sandbox)
    }

    /// Sets rules of what goes wrong.
    pub async fn faults(&self, rules: Value) {
        let answer = self.post("faults", &json!({ "rules": rules })).await;
        assert!(answer["rules"].is_number(), "{answer}");
    }

    /// Moves the service's time forward.
    pub async fn advance(&self, seconds: u32) {
        self.post("clock", &json!({ "advance_seconds": seconds })).await;
    }

    /// What the API console's "Generate Code" gives for a self client.
    pub async fn self_client_code(&self, scope: &str) -> String {
        let answer = self.post("self_client_code", &json!({ "scope": scope })).await;
        text(&answer, "code").to_owned()
    }

    /// What a person does with a device's code on another screen.
    pub async fn decide(&self, user_code: &str, decision: &str) {
        let form = [("user_code", user_code), ("decision", decision)];
        let url = format!("{}/oauth/v3/device", self.sandbox.url);
        let answer = self.control.post(url).form(&form).send().await.expect("the page");
        assert!(answer.status().is_success(), "{answer:?}");
    }

    pub async fn ledger(&self) -> Value {
        self.get("ledger").await
    }

    /// The requests that the service saw on paths that begin so, as method and path.
    pub async fn seen(&self, prefix: &str) -> Vec<String> {
        let calls = self.get("calls").await;
        let calls = calls["calls"].as_array().expect("calls").iter();
        let line = |call: &Value| format!("{} {}", text(call, "method"), text(call, "path"));
        calls.filter(|call| text(call, "path").starts_with(prefix)).map(line).collect()
    }

    /// Fails unless the client and the service count the same credits.
    #[track_caller]
    pub fn agree(&self) {
        let used = self.sandbox.sandbox().gate.used(self.sandbox.sandbox().clock.now());
        assert_eq!(self.client.limits().usage().used, used, "the client's credits are not the service's");
    }

    async fn get(&self, what: &str) -> Value {
        let answer = self.control.get(self.url(what)).send().await.expect("the control plane");
        answer.json().await.expect("JSON")
    }

    async fn post(&self, what: &str, body: &Value) -> Value {
        let answer = self.control.post(self.url(what)).json(body).send().await.expect("the control plane");
        answer.json().await.expect("JSON")
    }

    fn url(&self, what: &str) -> String {
        format!("{}/__sandbox/{what}", self.sandbox.url)
    }
}

fn credentials(sandbox: &Running) -> Credentials {
    let secret = SecretString::from(sandbox.client_secret.as_str());
    Credentials {
        app: AppKey { id: sandbox.client_id.clone(), secret },
        refresh_token: SecretString::from(sandbox.refresh_token.as_str()),
        accounts: sandbox.url.clone(),
        api_domain: sandbox.url.clone(),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A rule that answers a path with a status and a body instead of carrying the call out.
pub fn answer(matching: &str, status: u16, body: &Value) -> Value {
    json!({ "match": matching, "do": "status", "status": status, "body": body.to_string() })
}

/// The rule with this key changed.
pub fn with(mut rule: Value, key: &str, value: impl Into<Value>) -> Value {
    rule[key] = value.into();
    rule
}

/// An answer that names one user.
pub fn someone() -> Value {
    let user =
        json!({"id": "42", "full_name": "Rosa Lindqvist", "email": "rosa@example.test", "status": "active"});
    json!({ "users": [user], "info": {"per_page": 200, "count": 1, "page": 1, "more_records": false} })
}
