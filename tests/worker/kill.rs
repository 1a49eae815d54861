//! `kill -9` at random moments, over a line that loses calls and answers.
//!
//! The program that dies is this test's own binary: it writes notes, carries deals and changes amounts, and says
//! of each when the worker has it on disk. Whatever it said must be on the server once, and only once.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use bigin::{
    api::{AppKey, Credentials},
    domain::{DealRow, Head, Link, Module, SafeText},
    protocol::{Event, Job, JobKey, NewNote, OutboxState, Request, StageChange},
    sandbox::Edition,
    store::Place,
    sync::Pace,
    worker::{self, Server, Setup},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::office::{Office, options_of_calls, small};

/// Where the child finds what it has to do.
const TASK: &str = "BIGIN_KILL_TASK";

/// How often the program is killed; more with this variable.
const KILLS: &str = "BIGIN_KILLS";

/// How long the program may say nothing.
const PATIENCE: Duration = Duration::from_secs(120);

/// Kills in an ordinary run of the tests.
const FEW: usize = 25;

/// What the child has to do.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    url: String,
    client_id: String,
    client_secret: String,
    refresh_token: String,
    folder: std::path::PathBuf,
    round: usize,
    deals: Vec<Deal>,
}

/// A deal with the stages it may stand in, and where it is believed to stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Deal {
    id: String,
    stages: Vec<String>,
    stage: String,
}

/// One thing that the child does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Deed {
    deal: usize,
    note: Option<String>,
    stage: Option<String>,
    amount: Option<i64>,
}

/// What the child says: it is about to do it, or it is on disk.
#[derive(Debug, Serialize, Deserialize)]
enum Word {
    Asks(Deed),
    Taken,
}

/// Lines of the child begin so; the test harness writes others.
const MARK: &str = "word ";

fn say(word: &Word) {
    let line = format!("{MARK}{}\n", serde_json::to_string(word).expect("JSON"));
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).expect("the parent listens");
}

/// The program that is killed; alone it does nothing.
#[test]
#[ignore = "run by the test that kills it"]
fn the_program_that_is_killed() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Task = serde_json::from_str(&task).expect("a task");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (tell, told) = mpsc::channel();
    let milliseconds = Duration::from_millis;
    let setup = Setup {
        profile: "kill".to_owned(),
        mirror: Place::File(task.folder.join("mirror.sqlite")),
        keep: Place::File(task.folder.join("keep.sqlite")),
        queries: None,
        server: Server::Account(Credentials {
            app: AppKey { id: task.client_id, secret: SecretString::from(task.client_secret) },
            refresh_token: SecretString::from(task.refresh_token),
            accounts: task.url.clone(),
            api_domain: task.url,
        }),
        options: options_of_calls(),
        pace: Pace {
            pull: Duration::from_secs(3_600),
            hold: milliseconds(5),
            retry: milliseconds(10),
            ..Pace::default()
        },
    };
    let worker =
        worker::start(setup, runtime.handle(), move |event| drop(tell.send(event))).expect("a worker");
    let mut deals = task.deals;
    for (asked, deal) in (1..).zip(&mut deals) {
        // It goes on from what is shown, as a person does.
        let (module, id) = (Module::Pipelines, deal.id.parse().expect("an id"));
        let request = Request::Detail { module, id, fresh: false };
        loop {
            worker.send(Job { key: JobKey::Detail, generation: asked, request: request.clone() });
            let shown = told.iter().find_map(|event| match event {
                Event::Detail { generation, detail, .. } if generation == asked => Some(detail),
                _ => None,
            });
            if let Some(Head::Deal(row)) = shown.flatten().map(|detail| detail.head) {
                deal.stage = row.stage;
                break;
            }
        }
    }
    let mut dice = fastrand::Rng::with_seed(task.round as u64);
    for write in 1..10_000_u64 {
        let at = dice.usize(..deals.len());
        let deal = &mut deals[at];
        let link = Link {
            module: Module::Pipelines,
            id: deal.id.parse().expect("an id"),
            name: SafeText::new("deal"),
        };
        let unique =
            i64::try_from(task.round * 10_000).expect("small") + i64::try_from(write).expect("small");
        let mut deed = Deed { deal: at, note: None, stage: None, amount: None };
        let request = match dice.u8(..3) {
            0 => {
                deed.note = Some(format!("note {unique}"));
                Request::AddNote(NewNote { write, parent: link, text: format!("note {unique}") })
            }
            kind => {
                let from = deal.stage.clone();
                if kind == 1 {
                    deal.stage.clone_from(&deal.stages[dice.usize(..deal.stages.len())]);
                    deed.stage = Some(deal.stage.clone());
                } else {
                    deed.amount = Some(unique);
                }
                let (to, amount) = (deal.stage.clone(), deed.amount.map(Into::into));
                Request::MoveDeals(vec![StageChange { write, deal: link, from, to, amount, closing: None }])
            }
        };
        say(&Word::Asks(deed));
        worker.send(Job { key: JobKey::Write(write), generation: write, request });
        let next = |wanted: &dyn Fn(&Event) -> bool| told.iter().find(|event| wanted(event));
        next(&|event| *event == Event::Taken { write }).expect("the worker runs");
        say(&Word::Taken);
        // Not faster than the line takes it, so that the kill comes while something is on its way.
        next(&|event| matches!(event, Event::Outbox(state) if state.pending < 4)).expect("the worker runs");
    }
}

/// What must be on the server.
#[derive(Debug, Default)]
struct Promised {
    notes: BTreeSet<String>,
    /// Notes that were asked for, of which nobody said that they are on disk.
    perhaps: BTreeSet<String>,
    /// The values that a deal may have in the end: the last one promised, and what was asked for after it.
    stages: BTreeMap<usize, Vec<String>>,
    amounts: BTreeMap<usize, Vec<i64>>,
}

impl Promised {
    fn asked(&mut self, deed: &Deed) {
        self.perhaps.extend(deed.note.clone());
        if let Some(stage) = &deed.stage {
            self.stages.entry(deed.deal).or_default().push(stage.clone());
        }
        if let Some(amount) = deed.amount {
            self.amounts.entry(deed.deal).or_default().push(amount);
        }
    }

    fn taken(&mut self, deed: &Deed) {
        if let Some(note) = &deed.note {
            self.perhaps.remove(note);
            self.notes.insert(note.clone());
        }
        if deed.stage.is_some() {
            keep_last(self.stages.entry(deed.deal).or_default());
        }
        if deed.amount.is_some() {
            keep_last(self.amounts.entry(deed.deal).or_default());
        }
    }
}

fn keep_last<T>(values: &mut Vec<T>) {
    let earlier = values.len().saturating_sub(1);
    values.drain(..earlier);
}

fn faults() -> Value {
    let writes = [("PUT", "/bigin/*"), ("POST", "/bigin/v2/*Notes")];
    let of_writes = writes.iter().flat_map(|(method, path)| {
        [("apply_then_close", 0.12), ("close_before_read", 0.08), ("close_mid_body", 0.08), ("status", 0.06)]
            .map(|(fault, probability)| {
                json!({"match": {"method": method, "path": path}, "do": fault, "status": 503, "at_byte": 7,
                    "probability": probability})
            })
    });
    let slow = json!({"match": {"path": "/bigin/*"}, "do": "delay", "delay_ms": 8, "probability": 0.3});
    of_writes.chain([slow]).collect()
}

fn spawn(task: &Task) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "kill::the_program_that_is_killed", "--ignored", "--nocapture", "--test-threads=1"])
        .env(TASK, serde_json::to_string(task).expect("JSON"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Runs the program until it is killed, at a moment that nobody chose; hears what it promised until then.
fn run_and_kill(task: &Task, promised: &mut Promised, dice: &mut fastrand::Rng) {
    let mut child = spawn(task);
    let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    // A program that hangs is a failure to tell, not one to wait for.
    let (hear, heard) = mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).all(|line| hear.send(line).is_ok()));
    let (mut words, end) = (0, dice.usize(1..40));
    let mut asked: Option<Deed> = None;
    let mut dying = false;
    loop {
        let line = match heard.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                unreachable!("round {}: the program says nothing more; it was at {asked:?}", task.round);
            }
        };
        let Some(word) = line.find(MARK).map(|at| &line[at + MARK.len()..]) else { continue };
        // A line that the kill cut off was not said.
        let Ok(word) = serde_json::from_str::<Word>(word) else { continue };
        match word {
            Word::Asks(deed) => {
                promised.asked(&deed);
                asked = Some(deed);
            }
            Word::Taken => promised.taken(&asked.take().expect("what was asked")),
        }
        words += 1;
        if words >= end && !dying {
            // Somewhere between two of its words, or in the middle of a call: a moment is the point here.
            std::thread::sleep(Duration::from_micros(dice.u64(..15_000)));
            child.kill().expect("it runs");
            dying = true;
        }
    }
    child.wait().expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_on_disk_is_on_the_server_once_however_often_the_program_is_killed() {
    let kills = std::env::var(KILLS).ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let (rows, deals) = some_deals(&office).await;
    office.stop().await;
    office.faults(faults()).await;

    let seed = fastrand::u64(..);
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut promised = Promised::default();
    for round in 1..=kills {
        let task = Task {
            url: office.sandbox.url.clone(),
            client_id: office.sandbox.client_id.clone(),
            client_secret: office.sandbox.client_secret.clone(),
            refresh_token: office.sandbox.refresh_token.clone(),
            folder: folder.path().to_owned(),
            round,
            deals: deals.clone(),
        };
        // Each run signs in anew, which the accounts server allows ten times in ten minutes.
        office.advance(90).await;
        tokio::task::block_in_place(|| run_and_kill(&task, &mut promised, &mut dice));
    }

    office.faults(json!([])).await;
    office.advance(600).await;
    office.start();
    loop {
        let left = office.event("the outbox", |event| match event {
            Event::Outbox(state) => Some(state),
            _ => None,
        });
        let left = left.await;
        if left.pending == 0 {
            assert_eq!(left, OutboxState::default(), "seed {seed}: nobody else wrote");
            break;
        }
    }

    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for deal in &rows {
        for text in office.notes_there(deal).await {
            *there.entry(text).or_default() += 1;
        }
    }
    assert!(promised.notes.len() >= kills / 2, "seed {seed}: {} notes", promised.notes.len());
    for note in &promised.notes {
        assert_eq!(there.get(note), Some(&1), "seed {seed}: {note} of {} was promised", promised.notes.len());
    }
    for note in &promised.perhaps {
        assert!(there.get(note).is_none_or(|times| *times == 1), "seed {seed}: {note}");
    }
    for (at, stages) in &promised.stages {
        let stage = office.stage_there(&rows[*at]).await;
        assert!(stages.contains(&stage), "seed {seed}: deal {at} stands in {stage}, promised {stages:?}");
    }
    for (at, amounts) in &promised.amounts {
        let record = office.other.get(Module::Pipelines, &rows[*at].id, None).await.expect("get");
        let amount = record.expect("the deal").get("Amount").and_then(Value::as_f64).expect("an amount");
        assert!(
            amounts.iter().any(|it| *it as f64 == amount),
            "seed {seed}: deal {at} has {amount} of {amounts:?}"
        );
    }
    tell_figures(kills, &promised);
    office.stop().await;
}

/// Figures for whoever runs it with `--nocapture`.
fn tell_figures(kills: usize, promised: &Promised) {
    let mut out = std::io::stdout().lock();
    // Nobody may be listening.
    let _ = writeln!(
        out,
        "{kills} kills: {} notes promised and there once, {} in doubt; {} deals carried, {} amounts changed",
        promised.notes.len(),
        promised.perhaps.len(),
        promised.stages.len(),
        promised.amounts.len()
    );
}

/// A few open deals, and the open stages of each.
async fn some_deals(office: &Office) -> (Vec<DealRow>, Vec<Deal>) {
    let subs = &office.catalog().await.pipelines[0].sub_pipelines;
    let mut rows = Vec::new();
    let mut deals = Vec::new();
    for row in office.deals().await {
        let Some(sub) = subs.iter().find(|sub| sub.name == row.sub_pipeline) else { continue };
        if sub.next_open(&row.stage).is_none() || rows.len() == 6 {
            continue;
        }
        let open = sub.stages.iter().filter(|stage| stage.outcome == bigin::domain::Outcome::Open);
        deals.push(Deal {
            id: row.id.to_string(),
            stages: open.map(|stage| stage.value.clone()).collect(),
            stage: row.stage.clone(),
        });
        rows.push(row);
    }
    (rows, deals)
}
