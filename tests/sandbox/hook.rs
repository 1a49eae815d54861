//! An address that hears what the sandbox tells.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// Takes every POST, on loopback.
pub struct Hook {
    pub url: String,
    heard: Arc<Heard>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    bodies: Mutex<Vec<Value>>,
    more: Notify,
}

impl Hook {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Heard::default());
        let app = Router::new().fallback(hear).with_state(Arc::clone(&heard));
        let server = tokio::spawn(async { axum::serve(listener, app).await.expect("a server") });
        Self { url, heard, server }
    }

    /// The first `count` bodies, once they are there.
    pub async fn heard(&self, count: usize) -> Vec<Value> {
        let wait = async {
            loop {
                let more = self.heard.more.notified();
                let bodies = self.heard.bodies.lock().expect("a lock").clone();
                if bodies.len() >= count {
                    return bodies;
                }
                more.await;
            }
        };
        let heard = tokio::time::timeout(Duration::from_secs(20), wait).await;
        heard.expect("as many bodies")
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn hear(State(heard): State<Arc<Heard>>, headers: HeaderMap, body: Bytes) {
    assert_eq!(headers["content-type"], "application/json");
    let body = serde_json::from_slice(&body).expect("JSON");
    heard.bodies.lock().expect("a lock").push(body);
    heard.more.notify_one();
}
