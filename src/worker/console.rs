//! The console's statements: one run and one answer at a time, kept until the next statement is run.

mod answer;
mod change;
mod excerpt;
mod mirror;
mod order;
mod outlook;
mod reading;
mod running;
mod turn;
mod writing;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Mutex as Turn, watch};

use self::{answer::Shown, running::Held, writing::Writing};
use super::online::Online;
use crate::{
    api::Clock,
    protocol::{AnswerId, AnswerView, Event, Generation, Job, Request, Slice},
    store::{Desk, Store},
    sync::Report,
};

/// What every failure of the console is about.
const DOING: &str = "run the query";

/// Answers that are kept so that the user can go back to them, at most.
const ANSWERS: usize = 10;

/// Rows of all of them together, beyond which the oldest are forgotten.
const ROWS: u64 = 300_000;

/// Runs statements and hands out their answers. Clones share the answer.
#[derive(Clone)]
pub(super) struct Console {
    desk: Desk,
    clock: Clock,
    report: Report,
    online: watch::Receiver<Option<Online>>,
    /// The run; whoever goes on with it has it to himself.
    held: Arc<Turn<Option<Held>>>,
    /// The last answers, newest last: the one on the screen, and those that the user can go back to.
    shown: Arc<Mutex<VecDeque<Arc<Shown>>>>,
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
                | Request::CoqlTurn { .. }
                | Request::CoqlRecords { .. }
                | Request::CoqlCopy { .. }
                | Request::Export { .. }
        )
    }

    /// Does a job; may be dropped at any point.
    pub(super) async fn take(self, job: Job) {
        let Job { generation, request, .. } = job;
        match request {
            Request::Coql(question) => self.begin(generation, *question).await,
            Request::CoqlResume(guard) => self.resume(generation, guard).await,
            Request::CoqlStop => self.stop(generation).await,
            Request::CoqlRows { view, slice, len } => self.rows(generation, view, slice, len).await,
            Request::CoqlTurn { view, turn } => self.turn(generation, view, turn).await,
            Request::CoqlRecords { view, from, len } => self.records(generation, view, from, len).await,
            Request::CoqlCopy { rows, most } => self.copy(generation, rows, most).await,
            Request::Export { rows, format, path, replace } => {
                self.write(generation, Writing { rows, format, path, replace }).await;
            }
            Request::CoqlOutlook(question) => self.outlook(generation, *question).await,
            _ => {}
        }
    }

    /// Reads a window of an answer, unless it is forgotten by now.
    async fn rows(&self, generation: Generation, view: AnswerView, slice: Slice, len: u32) {
        let Some(shown) = self.kept(view.answer) else { return };
        let changes = self.changes(&shown).await;
        if let Some(order) = view.order {
            // Many rows take a while to sort, which must not hold up the databases' thread.
            shown.sort(order, &changes);
        }
        let now = self.clock.now();
        let read = move |store: &mut Store| {
            let moment = store.mirror.moment(now);
            shown.window((store, &moment), &changes, view.order, &slice, len)
        };
        let window = self.desk.read(read).await;
        (self.report)(Event::CoqlRows { generation, window });
    }

    /// Names the records of some rows.
    async fn records(&self, generation: Generation, view: AnswerView, from: u64, len: u32) {
        let Some(shown) = self.kept(view.answer) else { return };
        let changes = self.changes(&shown).await;
        let read = move |store: &mut Store| {
            let places = from..from.saturating_add(u64::from(len));
            let records = places.filter_map(|at| shown.record(&store.mirror, &changes, view.order, at));
            records.collect()
        };
        let records = self.desk.read(read).await;
        (self.report)(Event::CoqlRecords { generation, answer: view.answer, records });
    }

    fn show(&self, shown: Shown) {
        let mut kept = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| known.id != shown.id);
        kept.push_back(Arc::new(shown));
        let rows = |kept: &VecDeque<Arc<Shown>>| kept.iter().map(|shown| shown.total()).sum::<u64>();
        while kept.len() > 1 && (kept.len() > ANSWERS || rows(&kept) > ROWS) {
            kept.pop_front();
        }
    }

    /// An answer that is in hand.
    fn kept(&self, id: AnswerId) -> Option<Arc<Shown>> {
        let kept = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|shown| shown.id == id).cloned()
    }
}
