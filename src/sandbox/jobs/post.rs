//! Calls that the sandbox makes to addresses that clients gave: callbacks and notifications.

use std::{
    collections::VecDeque,
    error::Error as _,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use reqwest::{Client, Url, redirect};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};

use crate::sandbox::{assumptions, clock, gate::lock};

/// A body on its way to an address. There is one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What it is: `callback` or `notification`.
    pub kind: &'static str,
    /// Where it goes.
    pub url: String,
    /// What it carries.
    pub body: Value,
    /// When it was sent, in the sandbox's time.
    pub at: Timestamp,
}

/// The sandbox's outgoing calls, and how they ended.
#[derive(Debug)]
pub struct Post {
    send: UnboundedSender<Delivery>,
    waiting: Mutex<Option<UnboundedReceiver<Delivery>>>,
    log: Mutex<VecDeque<Value>>,
}

impl Default for Post {
    fn default() -> Self {
        let (send, waiting) = unbounded_channel();
        Self { send, waiting: Mutex::new(Some(waiting)), log: Mutex::default() }
    }
}

impl Post {
    /// Hands over a delivery and does not wait for it.
    pub fn send(&self, delivery: Delivery) {
        // Nobody takes deliveries any more when the sandbox stops.
        let _ = self.send.send(delivery);
    }

    /// Deliveries that ended, oldest first: what, when, where, the body and the outcome.
    #[must_use]
    pub fn log(&self) -> Vec<Value> {
        lock(&self.log).iter().cloned().collect()
    }

    /// Forgets how deliveries ended.
    pub fn forget(&self) {
        lock(&self.log).clear();
    }

    /// Delivers what is handed over, side by side, for as long as it is polled.
    pub(super) async fn deliver(self: Arc<Self>) {
        let Some(mut waiting) = lock(&self.waiting).take() else { return };
        let client = client();
        let mut running = JoinSet::new();
        while let Some(delivery) = waiting.recv().await {
            while running.try_join_next().is_some() {}
            let (post, client) = (Arc::clone(&self), client.clone());
            running.spawn(async move {
                let outcome = match &client {
                    Ok(client) => attempt(client, &delivery).await,
                    Err(error) => json!({ "error": error }),
                };
                post.note(&delivery, outcome);
            });
        }
    }

    fn note(&self, delivery: &Delivery, outcome: Value) {
        let Delivery { kind, url, body, at } = delivery;
        let mut log = lock(&self.log);
        if log.len() == assumptions::DELIVERIES_KEPT {
            log.pop_front();
        }
        let at = clock::iso(*at);
        log.push_back(json!({ "kind": kind, "at": at, "url": url, "body": body, "outcome": outcome }));
    }
}

/// Follows no redirect and no proxy, so that a call ends where it was meant to.
fn client() -> Result<Client, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(assumptions::DELIVERY_TIMEOUT);
    client.build().map_err(|error| error.to_string())
}

async fn attempt(client: &Client, delivery: &Delivery) -> Value {
    let url = match Url::parse(&delivery.url) {
        Ok(url) if is_loopback(&url) => url,
        _ => return json!({ "error": "not sent: the sandbox delivers to loopback addresses only" }),
    };
    match client.post(url).json(&delivery.body).send().await {
        Ok(answer) => json!({ "status": answer.status().as_u16() }),
        Err(error) => {
            let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            json!({ "error": reason })
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_called() {
        for url in ["http://127.0.0.1:9/a", "http://localhost/", "http://[::1]:80/", "http://127.8.8.8/"] {
            assert!(is_loopback(&Url::parse(url).expect(url)), "{url}");
        }
        for url in ["https://hooks.example.test/", "http://localhost.example.test/", "http://10.0.0.1/"] {
            assert!(!is_loopback(&Url::parse(url).expect(url)), "{url}");
        }
    }
}
