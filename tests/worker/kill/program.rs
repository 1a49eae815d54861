//! The program that dies: this test's own binary.

use std::{io::Write as _, sync::mpsc, time::Duration};

use bigin::{
    api::{AppKey, Credentials},
    domain::{Head, Link, Module, SafeText},
    protocol::{Event, Job, JobKey, NewNote, OutboxOrder, Request, StageChange},
    store::Place,
    sync::Pace,
    worker::{self, Server, Setup},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::office::options_of_calls;

/// Where the child finds what it has to do.
pub const TASK: &str = "BIGIN_KILL_TASK";

/// What the child has to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
    pub folder: std::path::PathBuf,
    pub round: usize,
    pub deals: Vec<Deal>,
    pub script: Script,
}

/// Which things it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Script {
    /// One after the other as the dice fall, until it is killed.
    Endless,
    /// One of each kind; then it ends once everything is sent.
    OneOfEach,
    /// So many notes, as fast as it can; then it ends once everything is sent.
    Notes(u64),
}

/// A deal with the stages it may stand in, and where it is believed to stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deal {
    pub id: String,
    pub stages: Vec<String>,
    pub stage: String,
}

/// One thing that the child does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deed {
    pub deal: usize,
    pub note: Option<String>,
    pub stage: Option<String>,
    pub amount: Option<i64>,
}

/// What the child says: it is about to do it, or it is on disk.
#[derive(Debug, Serialize, Deserialize)]
pub enum Word {
    Asks(Deed),
    Taken,
}

/// Lines of the child begin so; the test harness writes others.
pub const MARK: &str = "word ";

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
    let (deeds, ahead) = match task.script {
        Script::Endless => (10_000_u64, 4),
        Script::OneOfEach => (3, 4),
        Script::Notes(notes) => (notes, u32::MAX),
    };
    for write in 1..=deeds {
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
        let kind = match task.script {
            Script::Endless => dice.u64(..3),
            Script::OneOfEach => write % 3,
            Script::Notes(_) => 0,
        };
        let request = match kind {
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
        next(&|event| matches!(event, Event::Outbox(state) if state.pending < ahead))
            .expect("the worker runs");
    }
    loop {
        worker.send(Job { key: JobKey::Outbox, generation: 0, request: Request::Outbox(OutboxOrder::List) });
        let items = told.iter().find_map(|event| match event {
            Event::OutboxItems(items) => Some(items),
            _ => None,
        });
        if items.expect("the worker runs").is_empty() {
            return worker.stop();
        }
        told.iter().find(|event| matches!(event, Event::Outbox(_))).expect("the worker runs");
    }
}
