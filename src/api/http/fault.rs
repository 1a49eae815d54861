//! What went wrong on the wire, and whether the request may have arrived.

use std::{env, error::Error as StdError, io, time::Duration};

use crate::{api::error::Kind, domain::SafeText};

/// Variables that name a proxy for https.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// No whole answer came.
#[derive(Debug)]
pub(in crate::api) struct Fault {
    pub(in crate::api) kind: Kind,
    /// The request may have reached the service.
    pub(in crate::api) sent: bool,
}

impl Fault {
    pub(in crate::api) fn sent(kind: Kind) -> Self {
        Self { kind, sent: true }
    }

    pub(in crate::api) fn not_sent(kind: Kind) -> Self {
        Self { kind, sent: false }
    }

    /// Reads an error of sending; one of connecting means that nothing was sent. `proxied` are calls that a proxy may
    /// carry, if the environment names one.
    pub(super) fn of_sending(error: reqwest::Error, connect: Duration, proxied: bool) -> Self {
        let error = error.without_url();
        if let Some(reason) = certificate_problem(&error) {
            return Self::not_sent(Kind::Untrusted { reason: SafeText::new(&reason) });
        }
        let reason = if error.is_timeout() {
            format!("no connection within {} s", connect.as_secs_f32().ceil())
        } else {
            root_cause(&error)
        };
        let reason = match PROXIES.iter().find(|name| proxied && env::var_os(name).is_some()) {
            _ if reason.contains("proxy authorization required") => "the proxy wants a password".to_owned(),
            Some(name) if error.is_connect() => format!("{reason}; {name} names a proxy"),
            _ => reason,
        };
        let kind = Kind::Offline { reason };
        if error.is_connect() || error.is_builder() { Self::not_sent(kind) } else { Self::sent(kind) }
    }
}

/// The innermost reason; the outer ones only say that a request failed.
pub(super) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    SafeText::new(&chain(error).last().map(ToString::to_string).unwrap_or_default()).to_string()
}

fn certificate_problem(error: &(dyn StdError + 'static)) -> Option<String> {
    chain(error).find_map(|cause| match tls_error(cause)? {
        problem @ rustls::Error::InvalidCertificate(_) => Some(problem.to_string()),
        _ => None,
    })
}

/// The TLS error that an error is, or that wrappers of I/O errors hold: those do not give it as their source.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref().or_else(|| tls_error(error.downcast_ref::<io::Error>()?.get_ref()?))
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}
