//! Pages from elsewhere must not reach a sandbox on loopback through somebody's browser.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use serde_json::json;

use crate::sandbox::Reply;

/// Whether the request names a loopback address as its host, and comes from a page of one if from any.
/// A name that an attacker makes point here names another host.
pub(super) fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let page = origin.map(|origin| origin.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)));
    host.is_some_and(|host| is_loopback(without_port(host)))
        && page.is_none_or(|page| page.is_some_and(|host| is_loopback(&host)))
}

/// The answer to a request that names another host.
pub(super) fn refusal() -> Reply {
    let reason = "this sandbox answers to loopback addresses only; start it with --public to open it";
    Reply::json(StatusCode::FORBIDDEN, json!({ "error": reason }))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a host is this machine by its name or address, brackets of IPv6 allowed.
pub(in crate::sandbox) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<std::net::IpAddr>();
    bare.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn local(host: &'static str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        is_local(&headers)
    }

    #[test]
    fn only_loopback_names_are_this_host() {
        for host in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "127.9.9.9"] {
            assert!(local(host, None), "{host}");
        }
        for host in ["example.test", "127.0.0.1.example.test:80", "10.0.0.1", "localhost.example.test", ""] {
            assert!(!local(host, None), "{host}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        assert!(local("127.0.0.1:1", Some("http://localhost:3000")));
        assert!(!local("127.0.0.1:1", Some("https://example.test")));
        assert!(!local("127.0.0.1:1", Some("null")));
    }
}
