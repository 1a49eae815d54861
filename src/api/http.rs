//! Bytes over HTTP: timeouts, the bound on what is read, and what went wrong on the wire.

mod fault;

use std::{
    io::{self, Read as _, Seek as _, Write as _},
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Client, ClientBuilder, Request, Url, header::HeaderMap, redirect::Policy};
use tempfile::SpooledTempFile;
use tokio::time::{Instant, timeout_at};

use super::error::{Error, Kind};
use crate::domain::SafeText;
pub(super) use fault::Fault;

/// The most that is read of one answer, after inflating: 64 MB.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// The most that is read of a file: 1 GB.
const MOST_OF_FILE: usize = 1 << 30;

/// Bytes of a file that are kept in memory; from then on it is a nameless file on disk.
const IN_MEMORY: usize = 1 << 16;

/// How long a whole file may take: slow links are no reason to fetch it again.
const FILE: Duration = Duration::from_secs(15 * 60);

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole answer, from sending.
    pub answer: Duration,
    /// For the next bytes of an answer that has begun.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), answer: seconds(30), idle: seconds(10) }
    }
}

/// An HTTP client that builds what it needs when it is first needed: the certificate store is not read while
/// only this machine is talked to.
#[derive(Debug, Default)]
pub(super) struct Http {
    timeouts: Timeouts,
    loopback: OnceLock<Result<Client, String>>,
    secure: OnceLock<Result<Client, String>>,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The archive that was asked for, at its start; the body is empty then.
    pub(super) archive: Option<SpooledTempFile>,
}

impl Http {
    pub(super) fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, ..Self::default() }
    }

    /// Sends a request and reads the whole answer. Redirects are never followed: the token goes to no other
    /// host than the one it was made for.
    pub(super) async fn send(&self, request: Request) -> Result<Reply, Fault> {
        let mut body = Vec::new();
        let take = |chunk: &[u8]| body.write_all(chunk);
        let (status, headers) = self.receive(request, self.timeouts.answer, MOST_BYTES, take).await?;
        Ok(Reply { status, headers, body: body.into(), archive: None })
    }

    /// The same for an answer that is an archive, which is kept on disk.
    pub(super) async fn download(&self, request: Request) -> Result<Reply, Fault> {
        // Where no file can be, memory has to do.
        let (room, most) =
            tempfile::tempfile().map_or((MOST_BYTES, MOST_BYTES), |_| (IN_MEMORY, MOST_OF_FILE));
        let mut file = SpooledTempFile::new(room);
        let longest = self.timeouts.answer.max(FILE);
        let (status, headers) = self.receive(request, longest, most, |chunk| file.write_all(chunk)).await?;
        let mut begins = [0; 2];
        file.rewind().map_err(unkept)?;
        let archive = file.read_exact(&mut begins).is_ok() && begins == *b"PK";
        file.rewind().map_err(unkept)?;
        if status == 200 && archive {
            return Ok(Reply { status, headers, body: Bytes::new(), archive: Some(file) });
        }
        let mut body = Vec::new();
        file.take(MOST_BYTES as u64).read_to_end(&mut body).map_err(unkept)?;
        Ok(Reply { status, headers, body: body.into(), archive: None })
    }

    /// Sends a request and hands the answer to `take` as it comes.
    async fn receive(
        &self,
        request: Request,
        longest: Duration,
        most: usize,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(u16, HeaderMap), Fault> {
        let client = self.client_for(request.url())?;
        let proxied = !is_loopback(request.url());
        let deadline = Instant::now() + longest;
        let late = || Fault::sent(Kind::Timeout { after: longest });
        let sent = timeout_at(deadline, client.execute(request)).await.map_err(|_| late())?;
        let mut response = sent.map_err(|error| Fault::of_sending(error, self.timeouts.connect, proxied))?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        let mut length = 0;
        loop {
            let until = deadline.min(Instant::now() + self.timeouts.idle);
            let read = timeout_at(until, response.chunk()).await;
            let Some(chunk) = read.map_err(|_| late())?.map_err(|_| Fault::sent(Kind::Truncated))? else {
                return Ok((status, headers));
            };
            length += chunk.len();
            if length > most {
                return Err(Fault::sent(Kind::TooLarge { limit: most }));
            }
            take(&chunk).map_err(unkept)?;
        }
    }

    fn client_for(&self, url: &Url) -> Result<&Client, Fault> {
        let built = match (url.scheme(), is_loopback(url)) {
            ("http", true) => self.loopback.get_or_init(|| self.build(true)),
            ("https", _) => self.secure.get_or_init(|| self.build(false)),
            _ => {
                return Err(Fault::not_sent(settings(
                    "only https, or http to this machine, may carry a token",
                )));
            }
        };
        built.as_ref().map_err(|problem| Fault::not_sent(settings(problem)))
    }

    fn build(&self, loopback: bool) -> Result<Client, String> {
        let builder = Client::builder()
            .user_agent(concat!("bigin-tui/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(self.timeouts.connect)
            .pool_idle_timeout(Duration::from_secs(50));
        if loopback {
            return on_this_machine(builder);
        }
        // Fails only when a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        builder.build().map_err(|error| no_client(&error))
    }
}

/// A client for servers on this machine: past any proxy, and without the authorities that it has no use for.
///
/// # Errors
/// Why there is none, in words.
pub(crate) fn on_this_machine(builder: ClientBuilder) -> Result<Client, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    builder.no_proxy().tls_backend_preconfigured(tls).build().map_err(|error| no_client(&error))
}

fn no_client(error: &reqwest::Error) -> String {
    format!("no HTTP client: {}", fault::root_cause(error))
}

/// Reads a URL from the settings.
pub(super) fn parse_url(text: &str) -> Result<Url, Error> {
    let problem = |what: &str| Error::new("reach Bigin", settings(&format!("`{text}` {what}")));
    let url = Url::parse(text).map_err(|error| problem(&format!("is not a URL: {error}")))?;
    match (url.scheme(), is_loopback(&url)) {
        ("https", _) | ("http", true) if url.has_host() => Ok(url),
        _ => Err(problem("must be https, or http on this machine")),
    }
}

/// Whether a URL points to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}

fn unkept(error: io::Error) -> Fault {
    let problem = SafeText::new(&format!("the file cannot be kept on disk: {error}"));
    Fault::sent(Kind::Unexpected { problem })
}

fn settings(problem: &str) -> Kind {
    Kind::Settings { problem: SafeText::new(problem) }
}
