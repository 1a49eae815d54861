//! Jobs that ask the server.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::{runtime::Handle, sync::watch, task::AbortHandle};

use crate::{
    domain::{Link, SafeText},
    protocol::{Event, Failure, Generation, Job, JobKey, Request, Step},
    store::Store,
    sync::{self, Announcer, Report, failure, plan},
};

use super::{console::Console, demo, library::Library, online::Online, read::Reads};

/// Runs one call job a key.
pub(super) struct Calls {
    runtime: Handle,
    reads: Reads,
    online: watch::Receiver<Option<Online>>,
    report: Report,
    announcer: Announcer,
    console: Console,
    library: Library,
    running: Mutex<HashMap<JobKey, AbortHandle>>,
}

impl Calls {
    pub(super) fn new(
        runtime: Handle,
        reads: Reads,
        online: watch::Receiver<Option<Online>>,
        report: Report,
        announcer: Announcer,
        console: Console,
        library: Library,
    ) -> Self {
        Self { runtime, reads, online, report, announcer, console, library, running: Mutex::default() }
    }

    /// Starts a job; one with the same key that still runs is given up.
    pub(super) fn take(&self, job: Job) {
        let key = job.key.clone();
        let task = if Console::takes(&job.request) {
            self.runtime.spawn(self.console.clone().take(job))
        } else if Library::takes(&job.request) {
            self.runtime.spawn(self.library.clone().take(job))
        } else {
            let (reads, online) = (self.reads.clone(), self.online.clone());
            self.runtime.spawn(run(job, reads, online, self.report.clone(), self.announcer.clone()))
        };
        let task = task.abort_handle();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, task| !task.is_finished());
        if let Some(older) = running.insert(key, task) {
            older.abort();
        }
    }

    /// Gives up the job with this key.
    pub(super) fn cancel(&self, key: &JobKey) {
        if let Some(task) = self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(key) {
            task.abort();
        }
    }
}

async fn run(
    job: Job,
    reads: Reads,
    mut online: watch::Receiver<Option<Online>>,
    report: Report,
    announcer: Announcer,
) {
    let Ok(Some(online)) = online.wait_for(Option::is_some).await.map(|online| online.clone()) else {
        return;
    };
    let Job { key, generation, request } = job;
    match request {
        // The last credits are for what someone asks for in so many words; the mirror has answered already.
        Request::Detail { .. } if plan::step(&online.client.limits().usage()) == Step::Ask => {}
        Request::Detail { module, id, .. } => {
            let asked = id.clone();
            let known = reads.desk().read(move |store| store.mirror.name_of(&asked)).await.ok().flatten();
            let name = known.unwrap_or_else(|| SafeText::new(id.as_str()));
            let link = Link { module, id: id.clone(), name };
            match sync::look_up(&online.client, reads.desk(), &link).await {
                Ok(_) => {
                    reads.take(Job {
                        key,
                        generation,
                        request: Request::Detail { module, id, fresh: false },
                    });
                    announcer.changed();
                }
                Err(error) => report(failed(key, generation, &link, &error)),
            }
        }
        Request::Search { text, limit } => {
            let doing = format!("search Bigin for {}", SafeText::new(&text));
            let found = match sync::search(&online.client, reads.desk(), &text).await {
                Ok(there) => {
                    let find = move |store: &mut Store| store.mirror.find_with(&text, limit, &there);
                    reads.desk().read(find).await.map_err(sync::Error::from)
                }
                Err(error) => Err(error),
            };
            match found {
                Ok(hits) => report(Event::Found { generation, hits }),
                Err(error) => report(Event::Failed { key, generation, failure: why(&doing, &error) }),
            }
            announcer.changed();
        }
        Request::Demo(command) => {
            let done = match &online.control {
                Some(base) => demo::command(base, &command).await,
                None => Err("this is a real account".to_owned()),
            };
            match done {
                Ok((words, ahead)) => {
                    if let Some(ahead) = ahead {
                        report(Event::Clock { ahead });
                    }
                    report(Event::Demo(words));
                }
                Err(reason) => {
                    let way_on = "Only `bigin --demo` has a server that takes such orders.";
                    let failure = failure::plain("switch the demo's server", &reason, way_on);
                    report(Event::Failed { key, generation, failure });
                }
            }
        }
        _ => {}
    }
}

fn failed(key: JobKey, generation: Generation, link: &Link, error: &sync::Error) -> Event {
    Event::Failed { key, generation, failure: why(&format!("look up {}", link.name), error) }
}

fn why(doing: &str, error: &sync::Error) -> Failure {
    let kept = "What is shown is what was here before.";
    match error {
        sync::Error::Api(error) => failure::of(doing, error, kept),
        sync::Error::Store(error) => failure::of_store(doing, error, kept),
        sync::Error::Reserve => failure::plain(doing, &error.to_string(), kept),
    }
}
