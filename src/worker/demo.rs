//! The emulated server's switches.

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    api::Credentials,
    domain::SafeText,
    protocol::{DemoCommand, DemoState, Fault, Progress},
};

/// How far the emulated server is.
#[derive(Debug, Clone)]
pub enum Startup {
    /// It makes its organisation.
    Starting(Progress),
    /// It answers; these sign in to it.
    Ready(Credentials),
    /// It could not be started, and why.
    Failed(String),
}

/// Bytes of an answer of the control plane at most.
const MOST_BYTES: u64 = 64 * 1024;

/// Does what a command says by the control plane at `base`.
///
/// # Errors
/// What went wrong, in words.
pub(super) async fn command(base: &str, command: &DemoCommand) -> Result<DemoState, String> {
    let words = match command {
        DemoCommand::Fault(fault) => {
            post(base, "faults", &json!({ "rules": rules(fault) })).await?;
            said(fault)
        }
        DemoCommand::Clear => {
            post(base, "faults", &json!({ "rules": [] })).await?;
            "faults are over".to_owned()
        }
        DemoCommand::Advance(seconds) => {
            post(base, "clock", &json!({ "advance_seconds": seconds })).await?;
            format!("it is {} later", span(*seconds))
        }
    };
    let clock = exchange(base, "GET", "clock", None).await?;
    let now: Option<Timestamp> = clock["now"].as_str().and_then(|text| text.parse().ok());
    let ahead = now.map_or(0, |now| now.as_second() - Timestamp::now().as_second());
    Ok(DemoState { words: SafeText::new(&words), ahead_seconds: ahead })
}

fn rules(fault: &Fault) -> Value {
    const API: &str = "/bigin/*";
    match fault {
        Fault::Status(status) => {
            let body =
                json!({"code": "SANDBOX_FAULT", "message": "as told", "status": "error", "details": {}});
            json!([{"match": {"path": API}, "times": 1, "do": "status", "status": status, "body": body.to_string()}])
        }
        Fault::Slow(milliseconds) => {
            json!([{"match": {"path": API}, "times": 1, "do": "delay", "delay_ms": milliseconds}])
        }
        Fault::LostAnswer => json!([
            {"match": {"method": "PUT", "path": API}, "times": 1, "do": "apply_then_close"},
            {"match": {"method": "POST", "path": "/bigin/v2/*/Notes"}, "times": 1, "do": "apply_then_close"},
        ]),
        Fault::Dead => json!([{"match": {"path": API}, "do": "close_before_read"}]),
    }
}

fn said(fault: &Fault) -> String {
    match fault {
        Fault::Status(status) => format!("the next call is answered with HTTP {status}"),
        Fault::Slow(milliseconds) => format!("the next call is answered after {milliseconds} ms"),
        Fault::LostAnswer => "the next write is done and its answer lost".to_owned(),
        Fault::Dead => "nothing is answered until faults are cleared".to_owned(),
    }
}

fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => (s / 86_400, "day"),
        s if s >= 3_600 && s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

async fn post(base: &str, what: &str, body: &Value) -> Result<Value, String> {
    exchange(base, "POST", what, Some(body)).await
}

/// One request to the control plane. It lives on this machine and speaks plain HTTP/1.1, so a connection a
/// request does, and no second HTTP client is built for it.
async fn exchange(base: &str, method: &str, what: &str, body: Option<&Value>) -> Result<Value, String> {
    let host = base.strip_prefix("http://").ok_or("the demo's address is not of this machine")?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = format!(
        "{method} /__sandbox/{what} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let talk = async {
        let mut stream = TcpStream::connect(host).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MOST_BYTES).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = talk.await.map_err(|error| format!("the demo's server does not answer: {error}"))?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or("the demo's server answered nothing")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    match (status, value["error"].as_str()) {
        ("200", _) => Ok(value),
        (_, Some(reason)) => Err(reason.to_owned()),
        (status, None) => Err(format!("the demo's server answered HTTP {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_largest_whole_unit() {
        let all = [
            (604_800, "7 days"),
            (86_400, "1 day"),
            (7_200, "2 hours"),
            (90, "90 seconds"),
            (60, "1 minute"),
        ];
        for (seconds, words) in all {
            assert_eq!(span(seconds), words);
        }
    }
}
