//! `bigin sandbox`: the program around the sandbox.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// A running `bigin sandbox`, ended when it is dropped.
struct Program {
    child: Child,
    said: Value,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bigin"));
    command.arg("sandbox").args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = command(args).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("stdout")).read_line(&mut line).expect("a line");
        Self { child, said: serde_json::from_str(&line).expect("one line of JSON") }
    }

    fn said(&self, key: &str) -> &str {
        self.said[key].as_str().unwrap_or_default()
    }

    /// Asks for an access token with a refresh token.
    async fn refresh(&self, token: &str) -> Value {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", self.said("client_id")),
            ("client_secret", self.said("client_secret")),
            ("refresh_token", token),
        ];
        let request =
            crate::desk::http().post(format!("{}/oauth/v2/token", self.said("accounts"))).form(&form);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Waits until the organisation is seeded: the API answers only then.
    async fn seeded(&self) {
        let state = crate::desk::http().get(format!("{}/__sandbox/state", self.said("api_domain")));
        assert_eq!(state.send().await.expect("an answer").status(), 200);
    }

    /// Sends a signal and waits for the end: the exit code and the rest of stdout and stderr.
    fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
        let deadline = Instant::now() + Duration::from_secs(10);
        let status = loop {
            match self.child.try_wait().expect("a status") {
                Some(status) => break status,
                None => assert!(Instant::now() < deadline, "the program did not end"),
            }
            std::thread::yield_now();
        };
        let (mut out, mut err) = (String::new(), String::new());
        self.child.stdout.take().expect("stdout").read_to_string(&mut out).expect("text");
        self.child.stderr.take().expect("stderr").read_to_string(&mut err).expect("text");
        (status.code(), out, err)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_says_once_where_it_listens_and_ends_when_told() {
    let args = [
        "--seed",
        "3",
        "--deals",
        "5",
        "--edition",
        "free",
        "--users",
        "2",
        "--clock",
        "2026-03-01T09:00:00Z",
    ];
    for signal in ["-TERM", "-INT"] {
        let program = Program::start(&args);
        let said = &program.said;
        for (key, value) in [
            ("edition", json!("free")),
            ("credits", json!(5_000)),
            ("concurrency", json!(5)),
            ("seed", json!(3)),
        ] {
            assert_eq!(said[key], value, "{key}");
        }
        assert_eq!(said.as_object().map(serde_json::Map::len), Some(11));
        assert_eq!(said["api_domain"], format!("http://{}", program.said("listening")));
        assert_eq!(said["accounts"], said["api_domain"]);
        assert!(program.said("org_id").len() == 19 && !program.said("listening").ends_with(":0"));
        let tokens = program.refresh(program.said("refresh_token")).await;
        assert_eq!(tokens["api_domain"], said["api_domain"]);
        let now = crate::desk::http().get(format!("{}/__sandbox/clock", program.said("api_domain")));
        let now = now.send().await.expect("an answer").text().await.expect("text");
        assert!(now.contains("2026-03-01T"), "{now}");
        let (code, out, err) = program.end(signal);
        assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""));
    }
}

#[tokio::test]
async fn the_log_names_requests_and_no_secret() {
    let program = Program::start(&["--deals", "0", "-v"]);
    let tokens = program.refresh(program.said("refresh_token")).await;
    let access = tokens["access_token"].as_str().expect("a token").to_owned();
    let url = format!("{}/bigin/v2/users?type=CurrentUser", program.said("api_domain"));
    let request = crate::desk::http().get(url).header("Authorization", format!("Bearer {access}"));
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let secrets =
        [access, program.said("refresh_token").to_owned(), program.said("client_secret").to_owned()];
    let (_, out, log) = program.end("-TERM");
    assert_eq!(out, "");
    assert!(
        log.contains("/oauth/v2/token") && log.contains("/bigin/v2/users") && log.contains("200"),
        "{log}"
    );
    assert!(secrets.iter().all(|secret| !log.contains(secret.as_str())), "{log}");
}

#[tokio::test]
async fn what_is_given_survives_a_restart_in_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("org").display().to_string();
    let args = ["--dir", &dir, "--deals", "0"];
    let first = Program::start(&args);
    let ask = json!({ "scope": "ZohoBigin.users.READ" });
    let url = format!("{}/__sandbox/self_client_code", first.said("api_domain"));
    let code = crate::desk::http().post(url).json(&ask).send().await.expect("an answer");
    let code = code.json::<Value>().await.expect("JSON")["code"].as_str().expect("a code").to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", first.said("client_id")),
        ("client_secret", first.said("client_secret")),
        ("code", &code),
    ];
    let request = crate::desk::http().post(format!("{}/oauth/v2/token", first.said("accounts"))).form(&form);
    let tokens: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    let given = tokens["refresh_token"].as_str().expect("a token").to_owned();
    first.seeded().await;
    assert_eq!(first.end("-TERM").0, Some(0));
    let left = std::fs::read_dir(&dir).expect("the folder").map(|file| file.expect("a file").file_name());
    let logs: Vec<_> = left.filter(|name| name.to_string_lossy().contains("-wal")).collect();
    assert!(logs.is_empty(), "the organisation is in its file alone: {logs:?}");

    let second = Program::start(&args);
    let again = second.refresh(&given).await;
    assert_eq!(again["scope"], "ZohoBigin.users.READ", "{again}");
    let demo = second.refresh(second.said("refresh_token")).await;
    assert!(demo["access_token"].is_string(), "{demo}");
}

#[tokio::test]
async fn time_and_what_was_spent_survive_a_restart_in_a_folder_even_a_violent_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().display().to_string();
    let clock = "2026-03-01T09:00:00Z";
    let ask = async |program: &Program, what: &str| -> Value {
        let url = format!("{}/__sandbox/{what}", program.said("api_domain"));
        crate::desk::http().get(url).send().await.expect("an answer").json().await.expect("JSON")
    };
    let spend = async |program: &Program| {
        let tokens = program.refresh(program.said("refresh_token")).await;
        let token = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
        let url = format!("{}/bigin/v2/org", program.said("api_domain"));
        let request = crate::desk::http().get(url).header("Authorization", token);
        assert_eq!(request.send().await.expect("an answer").status(), 200);
    };
    let args = ["--dir", &dir, "--deals", "3", "--clock", clock];
    let first = Program::start(&[&args[..], &["--seed", "11"]].concat());
    spend(&first).await;
    let url = format!("{}/__sandbox/clock", first.said("api_domain"));
    let hours = json!({ "advance_seconds": 5 * 3_600 });
    assert_eq!(crate::desk::http().post(url).json(&hours).send().await.expect("an answer").status(), 200);
    spend(&first).await;
    first.end("-KILL");

    let second = Program::start(&args);
    assert_eq!(second.said["seed"], 11, "the folder's own seed");
    let now = ask(&second, "clock").await["now"].as_str().expect("a time").parse::<jiff::Timestamp>();
    let hours = (now.expect("a time").as_second()
        - clock.parse::<jiff::Timestamp>().expect("a time").as_second())
        / 3_600;
    assert_eq!(hours, 5);
    assert_eq!(ask(&second, "ledger").await["used"], 2);
    spend(&second).await;
    assert_eq!(ask(&second, "ledger").await["used"], 3);
    second.end("-TERM");

    let later = Program::start(&[&args[..4], &["--clock", "2026-03-02T10:00:00Z"]].concat());
    assert_eq!(ask(&later, "ledger").await["used"], 2, "the first call is more than a day old");
    let other = command(&["--dir", &dir, "--seed", "12"]).output().expect("the program ends");
    let reason = String::from_utf8_lossy(&other.stderr);
    assert!(!other.status.success() && reason.contains("seed 11"), "{reason}");
    assert_eq!(ask(&later, "ledger").await["used"], 2);
}

#[test]
fn what_cannot_be_served_is_said() {
    for (args, code, word) in [
        (&["--listen", "0.0.0.0:0"][..], 1, "--public"),
        (&["--listen", "elsewhere"][..], 2, "--listen"),
        (&["--edition", "gold"][..], 2, "premier"),
        (&["--clock", "yesterday"][..], 2, "--clock"),
        (&["--users", "0"][..], 2, "--users"),
        (&["--strict", "--lenient"][..], 2, "--lenient"),
        (&["--dir", "/dev/null/org"][..], 1, "/dev/null/org"),
    ] {
        let output = command(args).output().expect("the program ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {err}");
        assert!(err.contains(word), "{args:?}: {err}");
    }
}
