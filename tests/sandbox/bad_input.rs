//! Input that no client means: always an error in Bigin's shape, never a failure of the sandbox.

use std::net::ToSocketAddrs;

use bigin::sandbox::router;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::desk::{Answer, Desk};

/// Bodies that are not what any operation takes.
fn bodies() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let texts = [
        "",
        " ",
        "null",
        "0",
        "\"text\"",
        "[]",
        "{}",
        "{\"data\":",
        "{\"data\":null}",
        "{\"data\":{}}",
        "{\"data\":[]}",
        "{\"data\":[null]}",
        "{\"data\":[[]]}",
        "{\"data\":[{}]}",
        "{\"data\":[{\"id\":1}]}",
        "{\"data\":[{\"id\":\"1\"}]}",
        "{\"data\":[{\"id\":\"99999999999999999999999\"}]}",
        "{\"data\":[{\"Deal_Name\":{},\"Stage\":[],\"Amount\":\"x\",\"Owner\":7,\"Tag\":1,\"Pipeline\":\"\"}]}",
        "{\"data\":[{\"Amount\":1e999}]}",
        "{\"data\":[{\"Amount\":-1e308,\"Last_Name\":\"\\u0000\\ud83d\\ude00\"}]}",
        "{\"data\":[{\"Last_Name\":\"\\ud800\"}]}",
        "{\"data\":1,\"data\":2}",
        "{\"users\":[7]}",
        "{\"users\":\"x\"}",
        "{\"select_query\":7}",
        "{\"select_query\":\"\"}",
        "{\"tags\":[{\"name\":7}],\"ids\":{}}",
        "{\"watch\":[{}]}",
        "{\"watch\":[{\"channel_id\":[],\"events\":\"x\"}]}",
        "{\"query\":[]}",
        "{\"query\":{\"module\":7}}",
        "{\"resource\":{},\"operation\":1}",
        "{\"owner\":[]}",
        "<xml/>",
        &deep,
    ];
    let mut bodies: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    bodies.push(b"{\"data\":[{\"Last_Name\":\"\xff\xfe\"}]}".to_vec());
    bodies.push(vec![0; 64]);
    bodies.push(json!({ "data": vec![json!({ "Last_Name": "x" }); 101] }).to_string().into_bytes());
    bodies.push(json!({ "data": [{ "Last_Name": "x".repeat(1 << 20) }] }).to_string().into_bytes());
    bodies
}

/// Whether the answer is one that the service gives: success, or an error in its shape.
fn is_bigin_s(status: u16, text: &str) -> bool {
    let body: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let refusal = body["code"].is_string() && body["message"].is_string() && body["details"].is_object();
    let listed = body.as_object().is_some_and(|object| object.values().any(Value::is_array));
    let upload = body["ERROR_CODE"].is_number();
    match status {
        200..=299 | 304 => true,
        400..=499 => refusal || listed || upload,
        _ => false,
    }
}

#[tokio::test]
async fn no_body_makes_an_operation_fail() {
    let desk = Desk::open().await;
    let bodies = bodies();
    for operation in router::operations().filter(|operation| operation.method != Method::GET) {
        let path = operation.path.replace("{module}", "Contacts").replace("{list}", "Products");
        let path: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let path = path.join("/");
        for body in &bodies {
            let request =
                desk.request(operation.method.clone(), &path).header("Content-Type", "application/json");
            let answer = Answer::of(request.body(body.clone()).send().await.expect("an answer")).await;
            let sent = String::from_utf8_lossy(&body[..body.len().min(200)]);
            let well = is_bigin_s(answer.status, &answer.text);
            assert!(well, "{} {path} {sent}: {} {}", operation.method, answer.status, answer.text);
            assert_ne!(answer.status, 401, "{path}");
        }
    }
}

#[tokio::test]
async fn no_parameter_makes_an_operation_fail() {
    let desk = Desk::open().await;
    let values = [
        "",
        "%00",
        "-1",
        "0",
        "1e9",
        "99999999999999999999999999",
        "%ff%fe",
        "a,b,,%2C",
        "((((",
        ")",
        "'%22;--",
        "%E2%80%AE",
        "true",
        "null",
        "*",
        "%25",
        "2026-13-45",
        "../../etc/passwd",
    ];
    let names = [
        "fields",
        "module",
        "page",
        "per_page",
        "page_token",
        "sort_by",
        "sort_order",
        "cvid",
        "ids",
        "criteria",
        "email",
        "phone",
        "word",
        "type",
        "pipeline_id",
        "approved",
        "id",
        "tag_names",
        "channel_id",
    ];
    for operation in router::operations().filter(|operation| operation.method == Method::GET) {
        for (turn, value) in values.iter().enumerate() {
            for module in ["Contacts", "Nothing"] {
                let path = operation.path.replace("{module}", module).replace("{list}", "Notes");
                let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
                let path = parts.collect::<Vec<_>>().join("/");
                let query: Vec<String> = names
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| (place + turn) % 3 != 0)
                    .map(|(_, name)| format!("{name}={value}"))
                    .collect();
                let answer = desk.get(&format!("{path}?{}", query.join("&"))).await;
                let well = is_bigin_s(answer.status, &answer.text);
                assert!(well, "{path}?{}: {} {}", query.join("&"), answer.status, answer.text);
            }
        }
    }
}

/// Sends bytes as they are and gives what comes back.
async fn raw(desk: &Desk, bytes: &[u8]) -> String {
    let address = desk.sandbox.url.trim_start_matches("http://");
    let address = address.to_socket_addrs().expect("an address").next().expect("an address");
    let mut line = TcpStream::connect(address).await.expect("a connection");
    line.write_all(bytes).await.expect("it is sent");
    let mut answer = Vec::new();
    // The other side may end the connection in its own way once it has answered.
    let _ = line.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn request(desk: &Desk, line: &str) -> Vec<u8> {
    let (host, token) = (desk.sandbox.url.trim_start_matches("http://"), &desk.token);
    let head = format!("{line}\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n");
    head.into_bytes()
}

#[tokio::test]
async fn path_tricks_lead_nowhere() {
    let desk = Desk::open().await;
    for path in [
        "/bigin/v2/../v2/org",
        "/bigin/v2/%2e%2e/v2/org",
        "/bigin//v2/org",
        "/bigin/v2/org/",
        "/bigin/v2/org%2f",
        "/bigin/v2/org%00",
        "/bigin/v2/ORG/photo",
        "/bigin/v2/settings/modules/..%2f..%2forg",
        "/bigin/v2/settings/fields/1%27?module=Contacts",
        "/bigin/v2/settings/modules/%ff%fe",
        "/bigin/v2/settings/modules/%",
        "/bigin/v2/;/org",
        "/bigin/v2/%E2%80%AE",
    ] {
        let mut bytes = request(&desk, &format!("GET {path} HTTP/1.1"));
        bytes.extend(b"\r\n");
        let answer = raw(&desk, &bytes).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(answer.contains("INVALID_URL_PATTERN"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_http_end_their_connection_only() {
    let desk = Desk::open().await;
    for bytes in
        [&b"\x16\x03\x01\x02\x00\x01"[..], b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n", b"G\xff /\r\n\r\n"]
    {
        let mut bytes = bytes.to_vec();
        bytes.extend(vec![b'x'; 2_000]);
        bytes.extend(b"\r\n\r\n");
        raw(&desk, &bytes).await;
    }
    let mut long = request(&desk, &format!("GET /bigin/v2/org?x={} HTTP/1.1", "y".repeat(1 << 20)));
    long.extend(b"\r\n");
    let answer = raw(&desk, &long).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{}", &answer[..answer.len().min(100)]);
    desk.get("/bigin/v2/org").await.expect(200);
}

#[tokio::test]
async fn odd_verbs_and_headers_are_refused_in_words() {
    let desk = Desk::open().await;
    for verb in ["BREW", "PATCH", "OPTIONS", "TRACE"] {
        let mut bytes = request(&desk, &format!("{verb} /bigin/v2/org HTTP/1.1"));
        bytes.extend(b"\r\n");
        assert!(raw(&desk, &bytes).await.contains("INVALID_REQUEST_METHOD"), "{verb}");
    }
    let host = desk.sandbox.url.trim_start_matches("http://").to_owned();
    let head = format!("GET /bigin/v2/org HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: ");
    for (value, word) in [
        (&b"Bearer \xff\xfe"[..], "INVALID_TOKEN"),
        (b"Bearer", "AUTHENTICATION_FAILURE"),
        (b"", "INVALID_REQUEST"),
        (b"Zoho-oauthtoken  ", "AUTHENTICATION_FAILURE"),
    ] {
        let bytes = [head.as_bytes(), value, b"\r\n\r\n"].concat();
        let answer = raw(&desk, &bytes).await;
        assert!(answer.contains(word), "{value:?}: {answer}");
    }
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused_and_not_kept() {
    let desk = Desk::open().await;
    // Announced by its length, and not: a stream of pieces.
    let large = desk.request(Method::POST, "/bigin/v2/users").body(vec![b' '; 100 << 20]);
    let answer = Answer::of(large.send().await.expect("an answer")).await;
    answer.refused(413, "BODY_SIZE_REACHED");
    let pieces = futures_util::stream::iter((0..400).map(|_| Ok::<_, std::io::Error>(vec![b' '; 256 << 10])));
    let streamed = desk.request(Method::POST, "/bigin/v2/users").body(reqwest::Body::wrap_stream(pieces));
    Answer::of(streamed.send().await.expect("an answer")).await.refused(413, "BODY_SIZE_REACHED");
    desk.get("/bigin/v2/org").await.expect(200);
}

#[tokio::test]
async fn a_client_that_waits_for_leave_is_refused_before_it_sends() {
    let desk = Desk::open().await;
    let mut bytes = request(&desk, "POST /bigin/v2/users HTTP/1.1");
    bytes.extend(format!("Content-Length: {}\r\nExpect: 100-continue\r\n\r\n", 100 << 20).bytes());
    let answer = raw(&desk, &bytes).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_call() {
    let desk = Desk::open().await;
    let before = desk.get("/bigin/v2/users").await.expect(200)["info"]["count"].clone();
    let mut bytes = request(&desk, "POST /bigin/v2/users HTTP/1.1");
    bytes.extend(b"Content-Length: 500\r\n\r\n{\"users\":[{}");
    let address = desk.sandbox.url.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).await.expect("a connection");
    line.write_all(&bytes).await.expect("it is sent");
    line.shutdown().await.expect("an end");
    let mut rest = Vec::new();
    let _ = line.read_to_end(&mut rest).await;
    assert_eq!(desk.get("/bigin/v2/users").await.expect(200)["info"]["count"], before);
    assert_eq!(desk.get("/__sandbox/ledger").await.expect(200)["in_flight"], 0);
}

#[tokio::test]
async fn multipart_bodies_may_be_anything() {
    let desk = Desk::open().await;
    for (kind, body) in [
        ("multipart/form-data", "--x--"),
        ("multipart/form-data; boundary=", "--x--"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\nno end"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--x--",
        ),
        ("multipart/form-data; boundary=x", ""),
        ("multipart/form-data; boundary=\u{e9}", "x"),
    ] {
        for path in ["/bigin/v2/org/photo", "/oauth/v2/token", "/bigin/v2/files"] {
            let request = desk.request(Method::POST, path).header("Content-Type", kind).body(body);
            let answer = Answer::of(request.send().await.expect("an answer")).await;
            assert!(answer.status < 500, "{kind} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_refusal_is_heard_by_a_client_that_is_still_sending() {
    let desk = Desk::open().await.acting("1000.no.token".to_owned());
    for _ in 0..20 {
        let large = desk.request(Method::POST, "/bigin/v2/users").body(vec![b' '; 8 << 20]);
        Answer::of(large.send().await.expect("an answer")).await.refused(401, "INVALID_TOKEN");
    }
}
