//! Sending calls: permit, token, answer, and the tries between them.

mod attempt;
mod waits;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use backon::Retryable;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::SpooledTempFile;
use tokio::sync::watch;

use super::{
    auth::Auth,
    call::Call,
    clock::Clock,
    credentials::Credentials,
    error::{Error, Kind},
    http::{Http, Timeouts},
    limits::{Limits, Priority},
    oauth::Grant,
    retry::{Backoff, Failed, Why},
};
use crate::domain::Purpose;
pub use waits::Wait;
use waits::Waits;

/// How a client behaves; the defaults are for Zoho's own servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// How long to wait between tries.
    pub backoff: Backoff,
    /// Refuse every call that changes something.
    pub read_only: bool,
    /// The file by which programs of one account share the access token, sealed; none keeps it in this program alone.
    pub access: Option<PathBuf>,
}

/// A client of one account. Clones share the token, the permits and the ledger.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
    priority: Priority,
    purpose: Purpose,
    once: bool,
}

#[derive(Debug)]
struct Inner {
    http: Http,
    auth: Auth,
    limits: Limits,
    backoff: Backoff,
    read_only: AtomicBool,
    waits: Waits,
}

/// A whole answer of the API.
#[derive(Debug)]
pub(super) enum Answer {
    /// 204 or 304: nothing to return.
    Empty,
    /// JSON, with the HTTP status.
    Json(u16, Value),
    /// An archive, at its start.
    File(SpooledTempFile),
}

impl Client {
    /// A client that signs in with a refresh token when the first call needs it. Nothing is sent here.
    #[must_use]
    pub fn new(credentials: Credentials, limits: Limits, options: Options) -> Self {
        let auth = Auth::new(credentials, &options);
        Self::with_auth(auth, limits, options)
    }

    /// The same, with the access token that the sign-in just gave.
    ///
    /// # Errors
    /// [`Kind::UnknownDomain`] when the grant names an API domain that is not one of Zoho's.
    pub fn granted(
        credentials: Credentials,
        grant: &Grant,
        limits: Limits,
        options: Options,
    ) -> Result<Self, Error> {
        let mut auth = Auth::new(credentials, &options);
        auth.seed(grant)?;
        Ok(Self::with_auth(auth, limits, options))
    }

    fn with_auth(auth: Auth, limits: Limits, options: Options) -> Self {
        let inner = Inner {
            http: Http::new(options.timeouts),
            auth,
            limits,
            backoff: options.backoff,
            read_only: AtomicBool::new(options.read_only),
            waits: Waits::new(),
        };
        Self { inner: Arc::new(inner), priority: Priority::Person, purpose: Purpose::Command, once: false }
    }

    /// The same client for calls that nobody waits for.
    #[must_use]
    pub fn background(&self) -> Self {
        Self { priority: Priority::Background, ..self.clone() }
    }

    /// The same client for calls that are sent once and not again, whatever comes back: for whoever asks from time to
    /// time whether the service can be reached.
    #[must_use]
    pub fn once(&self) -> Self {
        Self { once: true, ..self.clone() }
    }

    /// The same client for calls of this purpose.
    #[must_use]
    pub fn meant_for(&self, purpose: Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }

    /// Credits and permits of this account.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The clock that follows the service's.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.inner.limits.clock()
    }

    /// Turns read-only mode on or off, for all clones.
    pub fn set_read_only(&self, read_only: bool) {
        self.inner.read_only.store(read_only, Ordering::Relaxed);
    }

    /// The call whose next try comes first, while any call waits for one: put off by the service, or offline.
    #[must_use]
    pub fn waiting(&self) -> watch::Receiver<Option<Wait>> {
        self.inner.waits.subscribe()
    }

    /// Sends a call, again where that is safe, and gives the first whole answer.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let (endpoint, words) = (call.op.endpoint(), call.words());
        if endpoint.is_write() && self.inner.read_only.load(Ordering::Relaxed) {
            return Err(Error::new("", Kind::ReadOnly).of_call(call.op, &words));
        }
        let backoff = self.inner.backoff;
        let waiting = self.inner.waits.entry();
        let (mut tries, mut lost) = (0, false);
        let attempt = || {
            waiting.end();
            self.attempt(call)
        };
        let sent = attempt.retry(backoff.waits()).adjust(|failed: &Failed, wait| {
            tries += 1;
            lost |= failed.error.outcome_uncertain();
            let wait = wait.filter(|_| !self.once && failed.why.allows(endpoint.repeat, tries))?;
            Some(match failed.why {
                Why::Busy { wait: Some(asked) } => asked.min(backoff.cap),
                _ => wait,
            })
        });
        let sent = sent.notify(|failed: &Failed, wait| {
            self.limits().note_retry();
            let until = self.clock().now().saturating_add(wait).unwrap_or(Timestamp::MAX);
            let error = failed.error.clone().of_call(call.op, &words);
            waiting.begin(Wait { until, error });
        });
        let sent = sent.await;
        sent.map_err(|failed| failed.error.of_call(call.op, &words).after_lost_answer(lost))
    }
}
