//! What can go wrong with a call, told so that a person knows what happened and what to do.

mod advice;

use std::{fmt, time::Duration};

use jiff::Timestamp;

use super::{endpoint::Op, refusal::Refusal};
use crate::domain::SafeText;

/// A call that did not give what was asked for.
#[derive(Debug, Clone)]
pub struct Error {
    doing: String,
    op: Option<Op>,
    kind: Box<Kind>,
    uncertain: bool,
}

/// Why.
#[derive(Debug, Clone)]
pub enum Kind {
    /// The service cannot be reached.
    Offline {
        /// What the network says.
        reason: String,
    },
    /// The server could not prove who it is; nothing was sent.
    Untrusted {
        /// What is wrong with its certificate.
        reason: SafeText,
    },
    /// No whole answer in time.
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// The service refused the call; nothing was done.
    Refused(Box<Refusal>),
    /// The answer is not the API's: a login page, a proxy.
    NotJson {
        /// HTTP status.
        status: u16,
        /// The first words of the answer.
        first_words: SafeText,
    },
    /// JSON, but not of the documented shape.
    Unexpected {
        /// Where and what, as the reader of the answer puts it.
        problem: SafeText,
    },
    /// The answer broke off.
    Truncated,
    /// The answer is larger than anything the API sends.
    TooLarge {
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The sign-in no longer holds.
    SignIn {
        /// The accounts server's word for it: `invalid_code`, `invalid_client`.
        code: SafeText,
    },
    /// The sign-in does not cover this call.
    Scope {
        /// The scopes that the call needs.
        needed: String,
    },
    /// The user's profile in Bigin does not allow it.
    Forbidden {
        /// The permissions that are missing, in the service's spelling.
        permissions: Vec<SafeText>,
    },
    /// The org's credits do not suffice; the call was not sent.
    Credits {
        /// When enough come back; none if the call costs more than the whole allowance.
        until: Option<Timestamp>,
        /// What the call costs.
        cost: u32,
    },
    /// The service takes no more calls for now.
    TooMany {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// The accounts server gives no more access tokens for now.
    Throttled {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// The service failed.
    Server {
        /// HTTP status.
        status: u16,
    },
    /// The answer sends elsewhere; it is not followed, for the token would go there too.
    Redirected {
        /// Where to.
        to: SafeText,
    },
    /// Read-only mode; the call was not sent.
    ReadOnly,
    /// The accounts server names an API domain that is not one of Zoho's; no token is sent there.
    UnknownDomain {
        /// What it named.
        domain: SafeText,
    },
    /// The settings do not make a client: a host that is not a URL, a header that cannot be sent.
    Settings {
        /// What is wrong.
        problem: SafeText,
    },
}

impl Error {
    pub(super) fn new(doing: impl Into<String>, kind: Kind) -> Self {
        Self { doing: doing.into(), op: None, kind: Box::new(kind), uncertain: false }
    }

    pub(super) fn during(mut self, op: Op) -> Self {
        self.op = Some(op);
        self
    }

    /// Names the call, unless something else was being done for it, such as renewing the sign-in.
    pub(super) fn of_call(mut self, op: Op, words: &str) -> Self {
        if self.doing.is_empty() {
            words.clone_into(&mut self.doing);
            self.op = Some(op);
        }
        self
    }

    pub(super) fn with_lost_answer(mut self, lost: bool) -> Self {
        self.uncertain = lost;
        self
    }

    /// Keeps in mind that an earlier try of the same call lost its answer. Only a refusal of the same values
    /// tells that it did nothing.
    pub(super) fn after_lost_answer(mut self, lost: bool) -> Self {
        self.uncertain |= lost && !matches!(*self.kind, Kind::Refused(_) | Kind::Forbidden { .. });
        self
    }

    /// Why the call failed.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What was being done, in words: `update a deal`.
    #[must_use]
    pub fn doing(&self) -> &str {
        &self.doing
    }

    /// The operation; none for what the accounts server does.
    #[must_use]
    pub fn op(&self) -> Option<Op> {
        self.op
    }

    /// Whether a write may have taken effect although no answer says so. Such a call must not be sent again
    /// before the service was asked what became of it.
    #[must_use]
    pub fn outcome_uncertain(&self) -> bool {
        self.uncertain
    }

    /// Whether the service cannot be reached for now, so that what is kept here must do.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        matches!(*self.kind, Kind::Offline { .. } | Kind::Timeout { .. })
    }

    /// Whether the same call may do better later without anyone changing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match *self.kind {
            Kind::Offline { .. }
            | Kind::Timeout { .. }
            | Kind::Truncated
            | Kind::TooMany { .. }
            | Kind::Throttled { .. }
            | Kind::NotJson { .. }
            | Kind::Server { .. } => true,
            Kind::Credits { until, .. } => until.is_some(),
            _ => false,
        }
    }

    /// When it is worth trying again, where that is known.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        match *self.kind {
            Kind::TooMany { retry_at } | Kind::Throttled { retry_at } => Some(retry_at),
            Kind::Credits { until, .. } => until,
            _ => None,
        }
    }

    /// The refusal, where the service refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &*self.kind {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether a page token is too old or was used with other parameters: the walk must begin again.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
    #[must_use]
    pub fn page_token_is_stale(&self) -> bool {
        self.refusal().is_some_and(|refusal| {
            matches!(refusal.code.as_str(), "EXPIRED_VALUE" | "TOKEN_BOUND_DATA_MISMATCH")
        })
    }

    /// What to do next, as a sentence; empty where the reason says it all.
    #[must_use]
    pub fn advice(&self) -> String {
        advice::of(&self.kind, self.uncertain)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.doing, self.kind)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline { reason } => write!(f, "Bigin cannot be reached ({reason})"),
            Self::Untrusted { reason } => write!(f, "the server cannot be trusted ({reason})"),
            Self::Timeout { after } => write!(f, "no answer within {} s", after.as_secs_f32().ceil()),
            Self::Refused(refusal) => f.write_str(&refusal.sentence()),
            Self::NotJson { status, first_words } => {
                write!(f, "not the API's answer (HTTP {status}): {first_words}")
            }
            Self::Unexpected { problem } => write!(f, "the answer has an unknown shape: {problem}"),
            Self::Truncated => f.write_str("the answer broke off"),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {} MB", limit >> 20),
            Self::SignIn { code } => f.write_str(&sign_in_words(code.as_str())),
            Self::Scope { needed } => write!(f, "the sign-in does not cover it; it needs {needed}"),
            Self::Forbidden { permissions } if permissions.is_empty() => {
                f.write_str("your profile in Bigin does not allow it")
            }
            Self::Forbidden { permissions } => {
                f.write_str("your profile in Bigin lacks")?;
                permissions.iter().try_for_each(|permission| write!(f, " {permission}"))
            }
            Self::Credits { until: Some(_), cost: 1 } => {
                f.write_str("the API credits of the last 24 h are used up")
            }
            Self::Credits { cost, .. } => write!(f, "it costs {cost} API credits, more than are left"),
            Self::TooMany { .. } => f.write_str("Bigin takes no more calls for now"),
            Self::Throttled { .. } => {
                f.write_str("Zoho's accounts server gives no more access tokens for now, ten in ten minutes")
            }
            Self::Server { status } => write!(f, "Bigin failed (HTTP {status})"),
            Self::Redirected { to } => write!(f, "the answer sends to {to}, which is not followed"),
            Self::ReadOnly => f.write_str("read-only mode is on"),
            Self::UnknownDomain { domain } => write!(f, "{domain} is not an API domain of Zoho"),
            Self::Settings { problem } => write!(f, "{problem}"),
        }
    }
}

fn sign_in_words(code: &str) -> String {
    match code {
        "invalid_code" => "the code or the sign-in is not valid any more (invalid_code)".to_owned(),
        "invalid_client" | "invalid_client_secret" => {
            format!("this data centre does not know the client id or its secret ({code})")
        }
        "access_denied" => "the access was refused (access_denied)".to_owned(),
        "expired" => "the code was not used in time (expired)".to_owned(),
        other => format!("the sign-in does not hold ({other})"),
    }
}
