//! Many clients at once: every answer is one that the rules call for, and the books are exact.

use std::{
    collections::BTreeMap,
    io::Write,
    time::{Duration, Instant},
};

use bigin::sandbox::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::desk::{Answer, Desk};

/// Clients, each of another user.
const CLIENTS: usize = 10;
/// Calls that a client has in flight.
const IN_FLIGHT: usize = 5;

/// How long everybody goes on.
#[derive(Clone, Copy)]
enum Until {
    Rounds(usize),
    End(Instant),
}

/// What came of the calls of one line of a client.
#[derive(Default)]
struct Tally {
    /// By verb, path and status.
    answers: BTreeMap<(&'static str, u16), u64>,
    credits: u64,
    inserted: Vec<String>,
    slowest: Duration,
}

/// One caller with its own token, and the records that it made.
struct Line {
    http: reqwest::Client,
    url: String,
    token: String,
    name: String,
    tally: Tally,
}

impl Line {
    /// Makes a call and notes what it cost; the price is the client's own reckoning.
    async fn call(
        &mut self,
        what: &'static str,
        method: Method,
        path: &str,
        price: u64,
        body: Option<Value>,
    ) -> Answer {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let mut request = request.header("Authorization", format!("Zoho-oauthtoken {}", self.token));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let asked = Instant::now();
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        self.tally.slowest = self.tally.slowest.max(asked.elapsed());
        *self.tally.answers.entry((what, answer.status)).or_default() += 1;
        let paid = !matches!(answer.status, 401 | 429);
        self.tally.credits += if paid { price } else { 0 };
        if answer.status == 429 {
            let heavy = matches!(what, "coql" | "insert 12" | "sorted");
            assert!(heavy && answer.headers.contains_key("retry-after"), "{what}: {}", answer.text);
            answer.refused(429, "TOO_MANY_REQUESTS");
        }
        answer
    }

    /// Everything that a client does, once: reads, searches, queries, writes one and many, and reads back.
    async fn round(&mut self, round: usize) {
        let name = format!("{} {round}", self.name);
        let contact = json!({ "data": [{ "Last_Name": name }] });
        let made =
            self.call("insert", Method::POST, "/bigin/v2/Contacts", 1, Some(contact)).await.expect(201);
        let id = made["data"][0]["details"]["id"].as_str().expect("an id").to_owned();
        let one = format!("/bigin/v2/Contacts/{id}");
        let title = json!({ "data": [{ "Title": name }] });
        self.call("update", Method::PUT, &one, 1, Some(title)).await.expect(200);
        let read = self.call("get", Method::GET, &format!("{one}?fields=Title"), 1, None).await.expect(200);
        assert_eq!(read["data"][0]["Title"], name.as_str(), "what was written is read");
        self.tally.inserted.push(id);
        let list = "/bigin/v2/Pipelines?fields=Deal_Name,Stage,Amount&per_page=20";
        self.call("list", Method::GET, list, 1, None).await.expect(200);
        let sorted = format!("{list}&sort_by=Modified_Time");
        self.call("sorted", Method::GET, &sorted, 1, None).await;
        let query = "select Deal_Name, Account_Name.Account_Name from Pipelines where Amount > 100 limit 20";
        let query = json!({ "select_query": query });
        self.call("coql", Method::POST, "/bigin/v2/coql", 1, Some(query)).await;
        let word = format!("/bigin/v2/Contacts/search?word={}&fields=Last_Name", self.name);
        self.call("search", Method::GET, &word, 1, None).await.expect(200);
        let tasks: Vec<Value> = (0..12).map(|n| json!({ "Subject": format!("{name} {n}") })).collect();
        let tasks = Some(json!({ "data": tasks }));
        self.call("insert 12", Method::POST, "/bigin/v2/Tasks", 2, tasks).await;
        let wrong = Some(json!({ "data": [{ "First_Name": "Nobody" }] }));
        self.call("refused", Method::POST, "/bigin/v2/Contacts", 1, wrong).await.expect(400);
    }
}

async fn live(mut line: Line, until: Until) -> Tally {
    let mut round = 0;
    while match until {
        Until::Rounds(rounds) => round < rounds,
        Until::End(end) => Instant::now() < end,
    } {
        line.round(round).await;
        round += 1;
    }
    line.tally
}

/// Lets time go on by a day whenever credits run short, so that they never end.
async fn refill(desk: &Desk) {
    loop {
        let books = desk.get("/__sandbox/ledger").await.expect(200);
        if books["used"].as_u64() > Some(books["limit"].as_u64().expect("a limit") / 2) {
            desk.post("/__sandbox/clock", &json!({ "advance_seconds": 86_401 })).await.expect(200);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn run(until: Until) {
    let users = u32::try_from(CLIENTS).expect("a number") + 5;
    let forever = Duration::from_secs(1_000 * 86_400);
    let options = Options { deals: 200, users, token_lifetime: forever, ..Options::default() };
    let desk = Desk::with(options).await;
    desk.sandbox.ready().await.expect("an organisation");
    let people = desk.get("/bigin/v2/users?type=ActiveUsers").await.expect(200);
    let people = people["users"].as_array().expect("users").iter();
    let people = people.filter(|user| user["profile"]["name"] != "Field Service");
    desk.post("/__sandbox/reset", &json!({})).await.expect(200);
    let mut lines = JoinSet::new();
    for (client, user) in people.take(CLIENTS).enumerate() {
        let token = desk
            .token_for(
                "ZohoBigin.modules.ALL,ZohoBigin.coql.READ,ZohoSearch.securesearch.READ",
                user["id"].as_str(),
            )
            .await;
        for line in 0..IN_FLIGHT {
            let (http, url, name) =
                (desk.http.clone(), desk.sandbox.url.clone(), format!("Crowd{client}x{line}"));
            let line = Line { http, url, token: token.clone(), name, tally: Tally::default() };
            lines.spawn(live(line, until));
        }
    }
    assert_eq!(lines.len(), CLIENTS * IN_FLIGHT);
    let began = Instant::now();
    let tallies = tokio::select! {
        tallies = lines.join_all() => tallies,
        () = refill(&desk) => unreachable!("it goes on for as long as they do"),
    };
    let took = began.elapsed();

    let mut answers = BTreeMap::new();
    tallies
        .iter()
        .flat_map(|tally| &tally.answers)
        .for_each(|(key, n)| *answers.entry(*key).or_insert(0) += n);
    let calls: u64 = answers.values().sum();
    let spent: u64 = tallies.iter().map(|tally| tally.credits).sum();
    let slowest = tallies.iter().map(|tally| tally.slowest).max();
    let _ = writeln!(
        std::io::stderr(),
        "{calls} calls, {spent} credits in {took:?}, slowest {slowest:?}: {answers:?}"
    );

    let books = desk.get("/__sandbox/ledger").await.expect(200);
    let listed = books["calls"].as_array().expect("calls").iter();
    let listed: u64 = listed.map(|call| call["credits"].as_u64().expect("credits")).sum();
    assert_eq!(listed + books["earlier"]["credits"].as_u64().expect("credits"), spent, "the ledger is exact");
    assert_eq!((&books["in_flight"], &books["sub_in_flight"]), (&json!(0), &json!(0)));
    assert!(books["peak"].as_u64() <= Some((CLIENTS * IN_FLIGHT) as u64), "{books}");
    let refused = answers.iter().any(|((_, status), _)| *status == 429);
    assert!(!refused || books["sub_peak"] == 10, "heavy calls are refused only where ten are in flight");
    if !matches!(until, Until::End(_)) {
        assert_eq!(books["used"], spent);
    }

    let kept =
        desk.row("SELECT count(*) || '' FROM Contacts WHERE Last_Name LIKE 'Crowd%' AND Title = Last_Name");
    let made: usize = tallies.iter().map(|tally| tally.inserted.len()).sum();
    assert_eq!(kept, [made.to_string()], "every record is there once, as it was written last");
    let tasks = answers.get(&("insert 12", 201)).copied().unwrap_or_default() * 12;
    assert_eq!(desk.row("SELECT count(*) || '' FROM Tasks WHERE Subject LIKE 'Crowd%'"), [tasks.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_clients_with_five_calls_in_flight_get_what_the_rules_say() {
    run(Until::Rounds(3)).await;
}

/// `cargo test --test sandbox -- --ignored --nocapture a_minute` prints what came of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute"]
async fn a_minute_of_ten_clients_with_five_calls_in_flight() {
    run(Until::End(Instant::now() + Duration::from_secs(60))).await;
}
