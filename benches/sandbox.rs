//! How fast the sandbox answers over HTTP, and what it holds in memory.
//!
//! `cargo bench --bench sandbox -- [DEALS]`; 200,000 deals unless told otherwise. Requests go one after the
//! other over one connection; `taskset -c 0` keeps client and server on one core.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    time::{Duration, Instant},
};

use bigin::sandbox::{self, Options};
use bytes::Bytes;
use reqwest::Client;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Requests of each kind.
const ROUNDS: usize = 300;

#[tokio::main]
async fn main() -> Outcome<()> {
    // `cargo bench` passes a flag of its own.
    let deals = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(200_000);
    let mut out = io::stdout().lock();
    let begun = Instant::now();
    let running = sandbox::start(Options { deals, ..Options::default() }).await?;
    running.ready().await?;
    writeln!(out, "{deals} deals seeded in {:.2} s, {}", begun.elapsed().as_secs_f64(), memory())?;
    let caller = Caller::sign_in(&running).await?;

    let deal = caller.read("/bigin/v2/Pipelines?fields=id&per_page=1").await?["data"][0]["id"].clone();
    let deal = deal.as_str().unwrap_or_default();
    let fields = "fields=Deal_Name,Stage,Amount,Closing_Date,Pipeline,Sub_Pipeline,Contact_Name,Account_Name,Owner,Modified_Time";
    let layout =
        caller.read("/bigin/v2/settings/layouts?module=Pipelines").await?["layouts"][0]["id"].clone();
    let layout = layout.as_str().unwrap_or_default();
    let gets = [
        ("list, 200 deals, 10 fields", format!("/bigin/v2/Pipelines?{fields}&per_page=200")),
        ("list, one team pipeline", format!("/bigin/v2/Pipelines?{fields}&pipeline_id={layout}")),
        ("list, by Modified_Time", format!("/bigin/v2/Pipelines?{fields}&sort_by=Modified_Time")),
        ("list, tenth page", format!("/bigin/v2/Pipelines?{fields}&page=10")),
        ("get, whole record", format!("/bigin/v2/Pipelines/{deal}")),
        ("search by word", format!("/bigin/v2/Pipelines/search?word=atrium&{fields}")),
        (
            "search by criteria",
            format!(
                "/bigin/v2/Pipelines/search?criteria=((Stage:equals:Proposal)and(Amount:greater_than:20000))&{fields}"
            ),
        ),
        ("related, notes of a deal", format!("/bigin/v2/Pipelines/{deal}/Notes?fields=Note_Content")),
    ];
    for (name, path) in &gets {
        caller.time(&mut out, name, async |caller, _| caller.get(path).await).await?;
    }
    let queries = [
        (
            "COQL, a stage with a join",
            "select Deal_Name, Amount, Account_Name.Account_Name from Pipelines where Stage = 'Proposal'",
        ),
        (
            "COQL, two joins, sorted",
            "select Deal_Name, Amount, Contact_Name.Email, Account_Name.Account_Name from Pipelines where Amount >= 20000 order by Amount desc",
        ),
        (
            "COQL, part of a name",
            "select Deal_Name, Account_Name.Account_Name from Pipelines where Deal_Name like '%refit%'",
        ),
    ];
    for (name, query) in queries {
        let body = json!({ "select_query": query });
        caller.time(&mut out, name, async |caller, _| caller.post("/bigin/v2/coql", &body).await).await?;
    }
    let insert = async |caller: &Caller, round: usize| {
        let deal = json!({ "Deal_Name": format!("Bench {round}"), "Sub_Pipeline": "Enterprise", "Stage": "Discovery", "Amount": round });
        caller.post("/bigin/v2/Pipelines", &json!({ "data": [deal] })).await
    };
    caller.time(&mut out, "insert, one deal", insert).await?;
    writeln!(out, "at the end {}", memory())?;
    Ok(())
}

struct Caller {
    http: Client,
    url: String,
    authorization: String,
}

impl Caller {
    async fn sign_in(running: &sandbox::Running) -> Outcome<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build()?;
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &running.client_id),
            ("client_secret", &running.client_secret),
            ("refresh_token", &running.refresh_token),
        ];
        let answer = http.post(format!("{}/oauth/v2/token", running.url)).form(&form).send().await?;
        let body: Value = answer.json().await?;
        let token = body["access_token"].as_str().unwrap_or_default();
        Ok(Self { http, url: running.url.clone(), authorization: format!("Zoho-oauthtoken {token}") })
    }

    async fn get(&self, path: &str) -> Outcome<Bytes> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    async fn read(&self, path: &str) -> Outcome<Value> {
        Ok(serde_json::from_slice(&self.get(path).await?)?)
    }

    async fn post(&self, path: &str, body: &Value) -> Outcome<Bytes> {
        self.send(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Outcome<Bytes> {
        let answer = request.header("Authorization", &self.authorization).send().await?.error_for_status()?;
        Ok(answer.bytes().await?)
    }

    async fn time(
        &self,
        out: &mut impl Write,
        name: &str,
        request: impl AsyncFn(&Self, usize) -> Outcome<Bytes>,
    ) -> Outcome<()> {
        let mut times = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let begun = Instant::now();
            request(self, round).await?;
            times.push(begun.elapsed());
        }
        let all: Duration = times.iter().sum();
        times.sort_unstable();
        let ms = |place: usize| times[place].as_secs_f64() * 1000.0;
        let (p50, p99) = (ms(ROUNDS / 2), ms(ROUNDS * 99 / 100));
        writeln!(
            out,
            "{name:28} p50 {p50:7.2} ms  p99 {p99:7.2} ms  {:6.0}/s",
            ROUNDS as f64 / all.as_secs_f64()
        )?;
        Ok(())
    }
}

/// Resident memory of this process, client included.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    match (kilobytes("VmRSS"), kilobytes("VmHWM")) {
        (Some(now), Some(most)) => format!("{} MB resident, {} MB at most", now / 1000, most / 1000),
        _ => "memory unknown here".to_owned(),
    }
}
