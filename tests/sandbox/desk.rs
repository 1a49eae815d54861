//! A sandbox to talk to, and an HTTP client that knows nothing of Bigin.

use bigin::sandbox::{self, Options, Running};
use reqwest::{Method, Response, header::HeaderMap, multipart::Form};
use serde_json::Value;

/// A running sandbox, and an access token for it.
pub struct Desk {
    pub sandbox: Running,
    pub http: reqwest::Client,
    pub token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// A file, read to its end.
#[derive(Debug)]
pub struct Download {
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

/// An HTTP client that follows no proxy.
pub fn http() -> reqwest::Client {
    // The client's TLS needs a provider even where no TLS is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

impl Desk {
    /// The demo organisation, small and at a fixed time.
    pub async fn open() -> Self {
        Self::with(Options { deals: 30, ..Options::default() }).await
    }

    /// Another organisation.
    pub async fn with(options: Options) -> Self {
        let clock = options.clock.unwrap_or_else(|| "2026-03-02T09:00:00Z".parse().expect("a time"));
        let options = Options { clock: Some(clock), ..options };
        let sandbox = sandbox::start(options).await.expect("the sandbox starts");
        let http = http();
        let mut desk = Self { sandbox, http, token: String::new() };
        desk.token = desk.fresh_token().await;
        desk
    }

    /// Another access token of the demo's refresh token.
    pub async fn fresh_token(&self) -> String {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.sandbox.client_id),
            ("client_secret", &self.sandbox.client_secret),
            ("refresh_token", &self.sandbox.refresh_token),
        ];
        let answer = self.http.post(self.url("/oauth/v2/token")).form(&form).send().await;
        let body = Answer::of(answer.expect("an answer")).await.json();
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// An access token of the registered app for a scope and, if not the super administrator, a user.
    pub async fn token_for(&self, scope: &str, user: Option<&str>) -> String {
        let ask = serde_json::json!({ "scope": scope, "user": user });
        let code = self.post("/__sandbox/self_client_code", &ask).await.expect(200);
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.sandbox.client_id),
            ("client_secret", &self.sandbox.client_secret),
            ("code", code["code"].as_str().expect("a code")),
        ];
        let answer = self.http.post(self.url("/oauth/v2/token")).form(&form).send().await;
        let body = Answer::of(answer.expect("an answer")).await.json();
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// The same desk for somebody else: later requests carry this token.
    pub fn acting(mut self, token: String) -> Self {
        self.token = token;
        self
    }

    /// The first row of a query to the organisation's own tables, as text.
    pub fn row(&self, sql: &str) -> Vec<String> {
        let world = self.sandbox.sandbox().world();
        let mut statement = world.conn.prepare(sql).expect(sql);
        let columns = statement.column_count();
        let row = statement.query_row([], |row| (0..columns).map(|at| row.get(at)).collect());
        row.expect(sql)
    }

    /// The id of some record of a module.
    pub async fn some(&self, module: &str) -> String {
        self.sandbox.ready().await.expect("an organisation");
        self.row(&format!("SELECT id FROM \"{module}\" ORDER BY id LIMIT 1")).remove(0)
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url)
    }

    /// A request with the desk's token, to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let authorization = format!("Zoho-oauthtoken {}", self.token);
        self.http.request(method, self.url(path)).header("Authorization", authorization)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    /// A file that is there.
    pub async fn bytes(&self, path: &str) -> Download {
        let response = self.request(Method::GET, path).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        Download { headers, bytes: response.bytes().await.expect("a whole body").to_vec() }
    }

    pub async fn multipart(&self, path: &str, form: Form) -> Answer {
        let request = self.request(Method::POST, path).multipart(form);
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(method, path).json(body).send().await.expect("an answer")).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path).send().await.expect("an answer")).await
    }
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.expect("a whole body") }
    }

    /// The body as JSON; an empty one is null.
    pub fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text).expect(&self.text)
    }

    /// The body as JSON, of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// The refusal of a whole request: its code and its details.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{body}");
        assert_eq!(body["status"], "error", "{body}");
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
        assert!(body["details"].is_object(), "{body}");
        body["details"].clone()
    }
}
