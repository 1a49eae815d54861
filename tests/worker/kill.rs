//! `kill -9` at random moments, over a line that loses calls and answers.
//!
//! The program that dies is this test's own binary: it writes notes, carries deals and changes amounts, and says
//! of each when the worker has it on disk. Whatever it said must be on the server once, and only once.

mod program;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use bigin::{
    domain::{DealRow, Module},
    protocol::{Event, OutboxState},
    sandbox::Edition,
};
use serde_json::{Value, json};

use self::program::{Deal, Deed, MARK, Script, TASK, Task, Word};
use crate::office::{Office, small};

/// How often the program is killed; more with this variable.
const KILLS: &str = "BIGIN_KILLS";

/// How long the program may say nothing.
const PATIENCE: Duration = Duration::from_secs(120);

/// Kills in an ordinary run of the tests.
const FEW: usize = 25;

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

/// A run of the program, and what it says.
struct Run {
    round: usize,
    child: Child,
    heard: mpsc::Receiver<String>,
    /// What it asked for last, until that is taken.
    asked: Option<Deed>,
}

impl Run {
    /// Starts the program; with `crash_at` it ends itself at this of its commits.
    fn start(task: &Task, crash_at: Option<u32>) -> Self {
        let program = "kill::program::the_program_that_is_killed";
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command
            .args(["--exact", program, "--ignored", "--nocapture", "--test-threads=1"])
            .env(TASK, serde_json::to_string(task).expect("JSON"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(at) = crash_at {
            command.env("BIGIN_CRASH_AT", at.to_string());
        }
        let mut child = command.spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let (hear, heard) = mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).all(|line| hear.send(line).is_ok()));
        Self { round: task.round, child, heard, asked: None }
    }

    /// Writes down its next word; says whether there was one. A program that hangs is a failure to tell, not one
    /// to wait for.
    fn hear(&mut self, promised: &mut Promised) -> bool {
        loop {
            let line = match self.heard.recv_timeout(PATIENCE) {
                Ok(line) => line,
                Err(mpsc::RecvTimeoutError::Disconnected) => return false,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    unreachable!("round {}: nothing more is said; it was at {:?}", self.round, self.asked);
                }
            };
            let Some(word) = line.find(MARK).map(|at| &line[at + MARK.len()..]) else { continue };
            // A line that the end cut off was not said.
            let Ok(word) = serde_json::from_str::<Word>(word) else { continue };
            match word {
                Word::Asks(deed) => {
                    promised.asked(&deed);
                    self.asked = Some(deed);
                }
                Word::Taken => promised.taken(&self.asked.take().expect("what was asked")),
            }
            return true;
        }
    }

    /// Hears everything until its end; says whether that was a good one.
    fn end(mut self, promised: &mut Promised) -> bool {
        while self.hear(promised) {}
        self.child.wait().expect("it ends").success()
    }
}

/// Runs the program until it is killed, at a moment that nobody chose; hears what it promised until then.
fn run_and_kill(task: &Task, promised: &mut Promised, dice: &mut fastrand::Rng) {
    let mut run = Run::start(task, None);
    (0..dice.usize(1..40)).all(|_| run.hear(promised));
    // Somewhere between two of its words, or in the middle of a call: a moment is the point here.
    std::thread::sleep(Duration::from_micros(dice.u64(..15_000)));
    run.child.kill().expect("it runs");
    run.end(promised);
}

/// An org whose records are all in the mirror of a folder, that no program has open.
async fn prepare(folder: &Path) -> (Office, Vec<DealRow>, Vec<Deal>) {
    let mut office = Office::prepare(small(Edition::Premier)).await;
    office.keep_in(folder);
    office.start();
    office.synced().await;
    let (rows, deals) = some_deals(&office).await;
    office.stop().await;
    (office, rows, deals)
}

fn task(office: &Office, folder: &Path, round: usize, deals: &[Deal], script: Script) -> Task {
    Task {
        url: office.sandbox.url.clone(),
        client_id: office.sandbox.client_id.clone(),
        client_secret: office.sandbox.client_secret.clone(),
        refresh_token: office.sandbox.refresh_token.clone(),
        folder: folder.to_owned(),
        round,
        deals: deals.to_vec(),
        script,
    }
}

/// Has the outbox sent over a good line, and holds what is on the server against what was promised.
async fn check(mut office: Office, rows: &[DealRow], promised: &Promised, name: &str) {
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
            assert_eq!(left, OutboxState::default(), "{name}: nobody else wrote");
            break;
        }
    }
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for deal in rows {
        for text in office.notes_there(deal).await {
            *there.entry(text).or_default() += 1;
        }
    }
    for note in &promised.notes {
        assert_eq!(there.get(note), Some(&1), "{name}: {note} of {} was promised", promised.notes.len());
    }
    for note in &promised.perhaps {
        assert!(there.get(note).is_none_or(|times| *times == 1), "{name}: {note}");
    }
    for (at, stages) in &promised.stages {
        let stage = office.stage_there(&rows[*at]).await;
        assert!(stages.contains(&stage), "{name}: deal {at} stands in {stage}, promised {stages:?}");
    }
    for (at, amounts) in &promised.amounts {
        let record = office.other.get(Module::Pipelines, &rows[*at].id, None).await.expect("get");
        let amount = record.expect("the deal").get("Amount").and_then(Value::as_f64).expect("an amount");
        assert!(
            amounts.iter().any(|it| *it as f64 == amount),
            "{name}: deal {at} has {amount} of {amounts:?}"
        );
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_on_disk_is_on_the_server_once_however_often_the_program_is_killed() {
    let kills = std::env::var(KILLS).ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let folder = tempfile::tempdir().expect("folder");
    let (office, rows, deals) = prepare(folder.path()).await;
    office.faults(faults()).await;
    let seed = fastrand::u64(..);
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut promised = Promised::default();
    for round in 1..=kills {
        let task = task(&office, folder.path(), round, &deals, Script::Endless);
        // Each run signs in anew, which the accounts server allows ten times in ten minutes.
        office.advance(90).await;
        tokio::task::block_in_place(|| run_and_kill(&task, &mut promised, &mut dice));
    }
    assert!(promised.notes.len() >= kills / 2, "seed {seed}: {} notes", promised.notes.len());
    check(office, &rows, &promised, &format!("seed {seed}")).await;
    tell_figures(kills, &promised);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_at_whichever_commit_the_program_ends() {
    let folder = tempfile::tempdir().expect("folder");
    let (office, rows, deals) = prepare(folder.path()).await;
    let mut promised = Promised::default();
    let lost = ["PUT /bigin/v2/Pipelines*", "POST /bigin/v2/*Notes"]
        .map(|call| json!({"match": call, "times": 1, "do": "apply_then_close"}));
    for at in 1.. {
        assert!(at < 200, "the program never comes to its end");
        office.faults(json!(lost)).await;
        office.advance(90).await;
        let round = usize::try_from(at).expect("small");
        let run = Run::start(&task(&office, folder.path(), round, &deals, Script::OneOfEach), Some(at));
        if tokio::task::block_in_place(|| run.end(&mut promised)) {
            break;
        }
    }
    assert!(promised.notes.len() > 1, "{promised:?}");
    check(office, &rows, &promised, "the last commit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_programs_that_write_one_is_killed_and_the_other_sends_everything_once() {
    const EACH: u64 = 25;
    let folder = tempfile::tempdir().expect("folder");
    let (office, rows, deals) = prepare(folder.path()).await;
    // Each call takes its time, so that the kill comes in the middle of one.
    office.faults(json!([{"match": "POST /bigin/v2/*Notes", "do": "delay", "delay_ms": 200}])).await;
    office.advance(90).await;
    let mut promised = Promised::default();
    let of = |round| task(&office, folder.path(), round, &deals, Script::Notes(EACH));
    let (first, second) = (of(1), of(2));
    tokio::task::block_in_place(|| {
        let mut one = Run::start(&first, None);
        // It is the one that sends: it has taken a note before the other one begins.
        while promised.notes.is_empty() {
            assert!(one.hear(&mut promised));
        }
        let mut other = Run::start(&second, None);
        assert!((0..20).all(|_| other.hear(&mut promised)));
        one.child.kill().expect("it runs");
        one.end(&mut promised);
        assert!(other.end(&mut promised), "the other one sends the rest and ends");
    });
    assert!(promised.notes.len() > 30, "{} notes", promised.notes.len());
    check(office, &rows, &promised, "the second program").await;
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
