//! The emulated server's switches.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use super::clock;
use crate::{
    api::{Credentials, on_this_machine},
    domain::SafeText,
    protocol::{DemoCommand, Fault, Progress},
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

/// How long the control plane, which is in this process, may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does what a command says by the control plane at `base`. Gives what was done, in words, and how far the server's
/// clock is from the machine's.
///
/// # Errors
/// What went wrong, in words.
pub(super) async fn command(
    base: &str,
    command: &DemoCommand,
) -> Result<(SafeText, Option<SignedDuration>), String> {
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
    let clock = exchange(base, Method::GET, "clock", None).await?;
    let now: Option<Timestamp> = clock["now"].as_str().and_then(|text| text.parse().ok());
    Ok((SafeText::new(&words), now.map(clock::ahead)))
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
    exchange(base, Method::POST, what, Some(body)).await
}

/// One request to the control plane.
async fn exchange(base: &str, method: Method, what: &str, body: Option<&Value>) -> Result<Value, String> {
    let client = on_this_machine(reqwest::Client::builder().timeout(PATIENCE))?;
    let mut request = client.request(method, format!("{base}/__sandbox/{what}"));
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer =
        request.send().await.map_err(|error| format!("the demo's server does not answer: {error}"))?;
    let status = answer.status();
    let value: Value = answer.json().await.unwrap_or_default();
    match value["error"].as_str() {
        _ if status.is_success() => Ok(value),
        Some(reason) => Err(reason.to_owned()),
        None => Err(format!("the demo's server answered {status}")),
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
