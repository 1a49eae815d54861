//! An account on a server of its own: signing in, working, being cut off, and signing out.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use super::driver::{FIRST_DAY, Terminal};

const SCOPES: &str = "ZohoBigin.modules.ALL,ZohoBigin.settings.ALL,ZohoBigin.users.READ,ZohoBigin.org.READ,\
     ZohoBigin.coql.READ,ZohoBigin.bulk.ALL,ZohoBigin.notifications.ALL,ZohoSearch.securesearch.READ";

/// `bigin sandbox` in a process of its own.
pub struct Sandbox {
    child: Child,
    said: Value,
}

impl Sandbox {
    pub fn start() -> Self {
        Self::launch(&[])
    }

    /// The same, with an organisation that is kept in a folder.
    pub fn start_in(folder: &Path) -> Self {
        Self::launch(&["--dir", folder.to_str().expect("a path")])
    }

    /// Starts it again where it was.
    pub fn start_again(&mut self, folder: &Path) {
        let listen = self.told("listening").to_owned();
        *self = Self::launch(&["--dir", folder.to_str().expect("a path"), "--listen", &listen]);
    }

    fn launch(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bigin"))
            .args(["sandbox", "--clock", FIRST_DAY])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its stdout");
        BufReader::new(stdout).read_line(&mut line).expect("its first line");
        Self { child, said: serde_json::from_str(&line).expect("a line of JSON") }
    }

    fn told(&self, key: &str) -> &str {
        self.said[key].as_str().expect("a text")
    }

    /// Status and body of a POST.
    fn post(&self, path: &str, kind: &str, body: &str) -> (u16, Value) {
        let length = body.len();
        self.send("POST", path, &format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n"), body)
    }

    /// How often the accounts server was asked for a token.
    fn token_calls(&self) -> usize {
        let (_, answer) = self.send("GET", "/__sandbox/calls", "", "");
        let calls = answer["calls"].as_array().expect("calls").iter();
        calls.filter(|call| call["path"] == "/oauth/v2/token").count()
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
        let host = self.told("listening");
        let mut line = TcpStream::connect(host).expect("the sandbox listens");
        write!(line, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n{body}")
            .expect("the sandbox reads");
        let mut answer = String::new();
        line.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// Gives an order to the sandbox itself.
    pub fn control(&self, what: &str, order: &Value) {
        let (status, answer) =
            self.post(&format!("/__sandbox/{what}"), "application/json", &order.to_string());
        assert_eq!(status, 200, "{answer}");
    }

    /// What the server has, by module.
    pub fn records(&self) -> Value {
        self.send("GET", "/__sandbox/state", "", "").1["records"].take()
    }

    /// Changes a record as another program does.
    pub fn change(&self, module: &str, record: &Value) {
        let token = self.refresh(self.told("refresh_token"));
        let body = json!({ "data": [record] }).to_string();
        let headers = format!(
            "Authorization: Zoho-oauthtoken {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            token["access_token"].as_str().expect("a token"),
            body.len()
        );
        let (status, answer) = self.send("POST", &format!("/bigin/v2/{module}/upsert"), &headers, &body);
        assert_eq!((status, &answer["data"][0]["code"]), (200, &json!("SUCCESS")), "{answer}");
    }

    /// What the API console gives a person.
    fn code(&self) -> String {
        let asked = json!({ "scope": SCOPES }).to_string();
        let (_, answer) = self.post("/__sandbox/self_client_code", "application/json", &asked);
        answer["code"].as_str().expect("a code").to_owned()
    }

    /// What the accounts server says to a refresh.
    fn refresh(&self, token: &str) -> Value {
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={token}",
            self.told("client_id"),
            self.told("client_secret")
        );
        self.post("/oauth/v2/token", "application/x-www-form-urlencoded", &form).1
    }

    pub fn stop(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the program to its end.
fn run(home: &Path, args: &[&str], input: &str) -> Output {
    begin(home, args, input).wait_with_output().expect("it ends")
}

fn begin(home: &Path, args: &[&str], input: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bigin"))
        .args(args)
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bigin starts");
    child.stdin.take().expect("its stdin").write_all(input.as_bytes()).expect("it reads");
    child
}

pub fn sign_in(sandbox: &Sandbox, home: &Path) -> String {
    let keys = [sandbox.told("client_id"), sandbox.told("client_secret"), &sandbox.code()].join("\n");
    let output = run(home, &["login", "--accounts-url", sandbox.told("accounts")], &keys);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let kept = files(home).into_iter().find(|path| path.ends_with("credentials.toml")).expect("kept keys");
    let kept = fs::read_to_string(kept).expect("the keys");
    let token = kept.lines().find_map(|line| line.strip_prefix("refresh_token = ")).expect("the token");
    token.trim_matches('"').to_owned()
}

/// Every file under a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn an_account_works_is_cut_off_keeps_its_words_and_is_signed_out() {
    let home = tempfile::tempdir().expect("a home");
    let mut sandbox = Sandbox::start();
    let token = sign_in(&sandbox, home.path());

    // The board from the server; words that were typed outlive a kill.
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    let screen =
        terminal.wait("the board", |screen| screen.contains("Silverline") && screen.contains("synced"));
    assert!(screen.contains("default Larkmoor Coffee Systems"), "{screen}");
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("A thought for later");
    terminal.see("draft kept");
    terminal.signal("KILL");
    terminal.end();

    // Without the server the disk is enough, and the words are offered again.
    sandbox.stop();
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal
        .wait("the board, cut off", |screen| screen.contains("Silverline") && screen.contains("! offline"));
    terminal.send("gN");
    terminal.see("Drafts");
    terminal.see("A thought for later");
    terminal.send("\r");
    terminal.wait("the editor on the record", |screen| {
        screen.contains("Note on") && screen.contains("A thought for later")
    });
    terminal.send("\x1b");
    terminal.lose("A thought for later");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);

    // Keys are in one private file, and nothing is outside of the program's own folders.
    for path in files(home.path()) {
        let inside = path.strip_prefix(home.path()).expect("a path of the home");
        assert!(
            inside.starts_with(".local/share/bigin") || inside.starts_with(".cache/bigin"),
            "{} is outside of the program's folders",
            inside.display()
        );
        let keys = path.ends_with("credentials.toml");
        let bytes = fs::read(&path).expect("a file");
        assert_eq!(
            bytes.windows(token.len()).any(|part| part == token.as_bytes()),
            keys,
            "{}",
            inside.display()
        );
        assert!(!keys || (mode(&path), mode(path.parent().expect("a folder"))) == (0o600, 0o700));
    }
}

#[test]
fn signing_out_revokes_and_removes_the_keys() {
    let home = tempfile::tempdir().expect("a home");
    let sandbox = Sandbox::start();
    let token = sign_in(&sandbox, home.path());
    assert!(sandbox.refresh(&token)["access_token"].is_string());
    let output = run(home.path(), &["logout"], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(sandbox.refresh(&token)["access_token"], Value::Null);
    assert!(!files(home.path()).iter().any(|path| path.ends_with("credentials.toml")));
    assert_eq!(run(home.path(), &["logout"], "").status.code(), Some(0));
}

#[test]
fn twelve_commands_at_once_renew_the_sign_in_once() {
    let home = tempfile::tempdir().expect("a home");
    let sandbox = Sandbox::start();
    sign_in(&sandbox, home.path());
    let text = "select id, Deal_Name from Pipelines where id is not null limit 1";
    let first = run(home.path(), &["query", text], "");
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let commands: Vec<Child> = (0..12).map(|_| begin(home.path(), &["query", text], "")).collect();
    for command in commands {
        let output = command.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(sandbox.token_calls(), 2, "the sign-in, and one renewal for all");
}
