//! The console's statements: one run and one answer at a time, kept until the next statement is run.

mod answer;
mod outlook;
mod reading;
mod running;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, watch};

use self::{answer::Shown, running::Held};
use super::online::Online;
use crate::{
    api::Clock,
    protocol::{AnswerId, Event, Generation, Job, Request, Slice},
    store::Desk,
    sync::Report,
};

/// What every failure of the console is about.
const DOING: &str = "run the query";

/// Runs statements and hands out their answers. Clones share the answer.
#[derive(Clone)]
pub(super) struct Console {
    desk: Desk,
    clock: Clock,
    report: Report,
    online: watch::Receiver<Option<Online>>,
    /// The run; whoever goes on with it has it to himself.
    held: Arc<Turn<Option<Held>>>,
    /// The rows on the screen.
    shown: Arc<Mutex<Option<Arc<Shown>>>>,
}

impl Console {
    pub(super) fn new(
        desk: Desk,
        clock: Clock,
        report: Report,
        online: watch::Receiver<Option<Online>>,
    ) -> Self {
        Self { desk, clock, report, online, held: Arc::default(), shown: Arc::default() }
    }

    /// Whether a request is the console's.
    pub(super) const fn takes(request: &Request) -> bool {
        matches!(
            request,
            Request::Coql(_)
                | Request::CoqlResume(_)
                | Request::CoqlStop
                | Request::CoqlRows { .. }
                | Request::CoqlOutlook(_)
        )
    }

    /// Does a job; may be dropped at any point.
    pub(super) async fn take(self, job: Job) {
        let Job { generation, request, .. } = job;
        match request {
            Request::Coql(question) => self.begin(generation, *question).await,
            Request::CoqlResume(guard) => self.resume(generation, guard).await,
            Request::CoqlStop => self.stop(generation).await,
            Request::CoqlRows { answer, slice, len } => self.rows(generation, answer, slice, len).await,
            Request::CoqlOutlook(question) => self.outlook(generation, *question).await,
            _ => {}
        }
    }

    /// Reads a window of the answer, unless there is another answer by now.
    async fn rows(&self, generation: Generation, answer: AnswerId, slice: Slice, len: u32) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(shown) = shown.filter(|shown| shown.id == answer) else { return };
        let window = self.desk.read(move |store| shown.window(&store.mirror, &slice, len)).await;
        (self.report)(Event::CoqlRows { generation, window });
    }

    fn show(&self, shown: Shown) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(shown));
    }
}
