//! Lines that no sandbox has: dead ports, silent peers, endless bodies.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use bigin::api::{AppKey, Client, Clock, Credentials, Error, Kind, Limits, NoteDraft, Options, Timeouts};
use bigin::domain::Module;
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::desk::{options, someone};

const GRANT: &str = r#"{"access_token":"1000.a.b","expires_in":3600}"#;

/// A peer that gives tokens properly and answers everything else with `head`, then `chunk` without end.
async fn peer(head: impl Into<String>, chunk: Vec<u8>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let head = head.into();
    let serve = async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, head.clone(), chunk.clone()));
        }
    };
    (address, tokio::spawn(serve))
}

/// Reads a request; says whether it was for a token, which it gave.
async fn gave_token(stream: &mut TcpStream) -> bool {
    let mut request = vec![0; 64 * 1024];
    let Ok(read) = stream.read(&mut request).await else { return false };
    let asked = String::from_utf8_lossy(&request[..read]).into_owned();
    let is_for_token = asked.starts_with("POST /oauth/");
    if is_for_token {
        let answer =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{GRANT}", GRANT.len());
        let _ = stream.write_all(answer.as_bytes()).await;
    }
    is_for_token
}

async fn serve(mut stream: TcpStream, head: String, chunk: Vec<u8>) {
    if gave_token(&mut stream).await {
        return;
    }
    let _ = stream.write_all(head.as_bytes()).await;
    while !chunk.is_empty() && stream.write_all(&chunk).await.is_ok() {}
    if !head.contains("connection: close") {
        std::future::pending::<()>().await;
    }
}

fn client(address: SocketAddr, timeouts: Timeouts) -> Client {
    let credentials = Credentials {
        app: AppKey { id: "1000.X".to_owned(), secret: SecretString::from("secret") },
        refresh_token: SecretString::from("1000.r.r"),
        accounts: format!("http://{address}"),
        api_domain: format!("http://{address}"),
    };
    Client::new(credentials, Limits::new(None, Clock::system()), Options { timeouts, ..options() })
}

fn quick() -> Timeouts {
    Timeouts { answer: Duration::from_millis(300), idle: Duration::from_millis(100), ..Timeouts::default() }
}

async fn add_note(client: &Client) -> Error {
    let id = "42".parse().expect("an id");
    let draft = NoteDraft { content: Some("Hello".to_owned()), title: None };
    client.create_note(Module::Contacts, &id, &draft).await.expect_err("no answer")
}

#[tokio::test]
async fn a_closed_port_is_being_offline_and_nothing_was_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(error.is_offline() && !error.outcome_uncertain(), "{error:?}");
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    let unknown = Credentials {
        app: AppKey { id: "1000.X".to_owned(), secret: SecretString::from("secret") },
        refresh_token: SecretString::from("1000.r.r"),
        accounts: "https://accounts.zoho.invalid".to_owned(),
        api_domain: "https://www.zohoapis.invalid".to_owned(),
    };
    let client = Client::new(unknown, Limits::new(None, Clock::system()), options());
    let error = client.current_user().await.expect_err("no such host");
    assert!(error.is_offline(), "{error:?}");
}

#[tokio::test]
async fn a_peer_that_never_answers_is_given_up() {
    let (address, _peer) = peer("", Vec::new()).await;
    let client = client(address, quick());
    let started = Instant::now();
    let error = add_note(&client).await;
    assert!(matches!(error.kind(), Kind::Timeout { .. }), "{error:?}");
    assert!(error.outcome_uncertain(), "the note may be there");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(client.limits().usage().in_flight, 0);
}

#[tokio::test]
async fn an_answer_that_stalls_is_given_up() {
    let (address, _peer) = peer("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", Vec::new()).await;
    let error = add_note(&client(address, quick())).await;
    assert!(matches!(error.kind(), Kind::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn a_length_that_lies_is_an_answer_that_broke_off() {
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 100\r\nconnection: close\r\n\r\n";
    let (address, _peer) = peer(head, Vec::new()).await;
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(matches!(error.kind(), Kind::Truncated), "{error:?}");
    assert!(error.outcome_uncertain());
}

#[tokio::test]
async fn lengths_and_chunks_that_are_wrong_are_errors() {
    let whole = someone().to_string();
    let short = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{whole}", whole.len() / 2);
    let chunks = |chunk: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}");
    for head in [
        short,
        chunks("zz\r\nno number\r\n"),
        chunks("-5\r\n{}\r\n"),
        chunks("ffffffffffffffffff\r\n{}\r\n"),
        chunks(&format!("{:x}\r\n{whole}", whole.len() + 1_000)),
    ] {
        let (address, _peer) = peer(head.clone(), Vec::new()).await;
        let error = client(address, quick()).current_user().await.expect_err("no answer");
        let told = matches!(error.kind(), Kind::Truncated | Kind::Timeout { .. });
        assert!(told, "{head:?}: {error:?}");
    }
}

/// A peer that gives tokens, and of anything else a byte now and then: each in time, all of them never.
async fn dripping(text: &'static str) -> (SocketAddr, JoinHandle<()>) {
    serving(move |mut stream| async move {
        for byte in text.bytes().chain(std::iter::repeat(b' ')) {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
}

/// A peer that hangs up after `text` in the hardest way that TCP knows.
async fn resetting(text: &'static str) -> (SocketAddr, JoinHandle<()>) {
    serving(move |mut stream| async move {
        let _ = stream.write_all(text.as_bytes()).await;
        stream.set_zero_linger().expect("a socket");
    })
    .await
}

/// A peer that gives tokens and leaves the rest to `answer`.
async fn serving<F: Future<Output = ()> + Send>(
    answer: impl Fn(TcpStream) -> F + Clone + Send + Sync + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serve = async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                if !gave_token(&mut stream).await {
                    answer(stream).await;
                }
            });
        }
    };
    (address, tokio::spawn(serve))
}

#[tokio::test]
async fn an_answer_that_comes_byte_by_byte_is_given_up_as_a_whole() {
    for text in ["HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{", "HTTP/1.1 200 OK\r\nx-slow: "] {
        let (address, _peer) = dripping(text).await;
        let client = client(address, quick());
        let error = add_note(&client).await;
        assert!(matches!(error.kind(), Kind::Timeout { after } if *after == quick().answer), "{error:?}");
        assert_eq!(client.limits().usage().in_flight, 0);
    }
}

#[tokio::test]
async fn a_line_that_is_reset_is_being_offline_or_an_answer_that_broke_off() {
    let (address, _peer) = resetting("").await;
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(error.is_offline() && error.outcome_uncertain(), "{error:?}");
    let (address, _peer) = resetting("HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"data\"").await;
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(error.is_temporary() && error.outcome_uncertain(), "{error:?}");
}

#[tokio::test]
async fn json_without_a_bottom_is_an_error() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{deep}", deep.len());
        let (address, _peer) = peer(head, Vec::new()).await;
        let error = client(address, Timeouts::default()).current_user().await.expect_err("too deep");
        assert!(matches!(error.kind(), Kind::Unexpected { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn no_beginning_of_an_answer_is_taken_for_the_whole() {
    let whole = someone().to_string();
    for at in (0..whole.len()).step_by(17) {
        for length in [format!("content-length: {}\r\n", whole.len()), String::new()] {
            let head = format!("HTTP/1.1 200 OK\r\n{length}connection: close\r\n\r\n{}", &whole[..at]);
            let (address, _peer) = peer(head, Vec::new()).await;
            let error = client(address, Timeouts::default()).current_user().await.expect_err("not whole");
            let seen = matches!(error.kind(), Kind::Truncated | Kind::NotJson { .. });
            assert!(seen, "cut at {at}: {error:?}");
        }
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_limit() {
    let (address, _peer) = peer("HTTP/1.1 200 OK\r\n\r\n", vec![b' '; 1 << 20]).await;
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(matches!(error.kind(), Kind::TooLarge { limit } if *limit == 64 << 20), "{error:?}");
}

#[tokio::test]
async fn a_body_that_inflates_without_end_is_cut_at_the_limit() {
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    bomb.extend(zeros());
    let (address, _peer) = peer(head, bomb).await;
    let error = add_note(&client(address, Timeouts::default())).await;
    assert!(matches!(error.kind(), Kind::TooLarge { .. }), "{error:?}");
}

/// A deflate stream of 70 MB of zeros in 440 kB: one literal, then copies of 258 bytes.
fn zeros() -> Vec<u8> {
    let (mut bytes, mut pending, mut held) = (Vec::new(), 0u32, 0);
    let mut put = |bits: &str| {
        for bit in bits.bytes() {
            pending |= u32::from(bit == b'1') << held;
            held += 1;
            if held == 8 {
                bytes.push(pending as u8);
                (pending, held) = (0, 0);
            }
        }
    };
    put("110");
    put("00110000");
    (0..70_000_000 / 258).for_each(|_| put("1100010100000"));
    put("00000000000000");
    bytes
}
