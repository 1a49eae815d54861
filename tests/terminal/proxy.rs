//! Networks with a proxy in between.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// Signs in at Zoho through a proxy; gives what was told.
fn sign_in(home: &Path, proxy: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bigin"))
        .args(["login", "--accounts-url", "https://accounts.zoho.invalid"])
        .env_clear()
        .env("HOME", home)
        .env("HTTPS_PROXY", proxy)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bigin starts");
    child.stdin.take().expect("its stdin").write_all(b"1000.APP\nsecret\n1000.code\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A proxy that answers one request; gives its port and what it was asked.
fn proxy(answer: &'static str) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serve = move || {
        let (mut line, _) = listener.accept().expect("a connection");
        let mut asked = vec![0; 4096];
        let read = line.read(&mut asked).expect("a request");
        line.write_all(answer.as_bytes()).expect("an answer");
        String::from_utf8_lossy(&asked[..read]).into_owned()
    };
    (port, thread::spawn(serve))
}

#[test]
fn a_proxy_is_used_and_what_it_lacks_is_told() {
    let home = tempfile::tempdir().expect("a home");
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let (port, asked) = proxy(answer);
    let told = sign_in(home.path(), &format!("http://127.0.0.1:{port}"));
    let asked = asked.join().expect("the proxy was asked");
    assert!(asked.starts_with("CONNECT accounts.zoho.invalid:443 "), "{asked}");
    assert!(!asked.contains("secret") && !asked.contains("1000.code"), "nothing but the host: {asked}");
    assert!(told.contains("the proxy wants a password"), "{told}");

    // A port that nobody listens on.
    let dead = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let told = sign_in(home.path(), &format!("http://127.0.0.1:{dead}"));
    assert!(told.contains("cannot be reached") && told.contains("HTTPS_PROXY names a proxy"), "{told}");
}
