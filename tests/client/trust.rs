//! Servers that cannot prove who they are.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread::JoinHandle,
};

use bigin::api::{AppKey, Client, Clock, Credentials, Kind, Limits};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use secrecy::SecretString;

use crate::desk::options;

/// A certificate that signs itself, with its key: good for nothing but showing that it is refused.
const PEM: &[u8] = include_bytes!("nobody-trusts-this.pem");

/// A TLS server for one connection; gives what it could read of it.
fn server() -> (u16, JoinHandle<Vec<u8>>) {
    let certificate = CertificateDer::from_pem_slice(PEM).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(PEM).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serve = move || {
        let (mut socket, _) = listener.accept().expect("a connection");
        let mut tls = ServerConnection::new(Arc::new(config)).expect("a connection");
        let (mut stream, mut read) = (Stream::new(&mut tls, &mut socket), vec![0; 4096]);
        let count = stream.read(&mut read).unwrap_or_default();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        read.truncate(count);
        read
    };
    (port, std::thread::spawn(serve))
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_refused_before_a_word_is_sent() {
    let (port, served) = server();
    let credentials = Credentials {
        app: AppKey { id: "1000.X".to_owned(), secret: SecretString::from("canary") },
        refresh_token: SecretString::from("1000.canary.canary"),
        accounts: format!("https://localhost:{port}"),
        api_domain: format!("https://localhost:{port}"),
    };
    let client = Client::new(credentials, Limits::new(None, Clock::system()), options());
    let error = client.current_user().await.expect_err("refused");
    assert!(matches!(error.kind(), Kind::Untrusted { .. }), "{error:?}");
    assert!(error.to_string().contains("the server cannot be trusted"), "{error}");
    assert!(!error.outcome_uncertain());
    assert_eq!(served.join().expect("served"), b"", "nothing was sent");
}

#[tokio::test]
async fn a_token_travels_over_https_or_within_the_machine_only() {
    let credentials = Credentials {
        app: AppKey { id: "1000.X".to_owned(), secret: SecretString::from("canary") },
        refresh_token: SecretString::from("1000.canary.canary"),
        accounts: "http://accounts.zoho.eu".to_owned(),
        api_domain: "http://www.zohoapis.eu".to_owned(),
    };
    let client = Client::new(credentials, Limits::new(None, Clock::system()), options());
    let error = client.current_user().await.expect_err("refused");
    assert!(matches!(error.kind(), Kind::Settings { .. }), "{error:?}");
}
