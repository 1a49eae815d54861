//! Jobs that the databases answer.

use tokio::sync::mpsc;

use crate::{
    api::Clock,
    domain::Link,
    protocol::{DraftKey, Event, Generation, Job, JobKey, Request, Rows},
    store::{Desk, Moment, Store, StoreError},
    sync::{Report, Wake, failure},
};

use super::generations::Generations;

/// Answers from the databases. Clones share the thread that owns them.
#[derive(Clone)]
pub(super) struct Reads {
    desk: Desk,
    clock: Clock,
    report: Report,
    generations: Generations,
    wakes: mpsc::Sender<Wake>,
}

impl Reads {
    pub(super) fn new(
        desk: Desk,
        clock: Clock,
        report: Report,
        generations: Generations,
        wakes: mpsc::Sender<Wake>,
    ) -> Self {
        Self { desk, clock, report, generations, wakes }
    }

    pub(super) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Queues a job. One that a newer one of its key overtook is dropped unread.
    pub(super) fn take(&self, job: Job) {
        let Job { key, generation, request } = job;
        let replaceable = !matches!(request, Request::SaveDraft { .. } | Request::DropDraft(_));
        if replaceable {
            self.generations.asked(&key, generation);
        }
        let Self { report, clock, generations, wakes, .. } = self.clone();
        // Handed in whether or not anyone waits.
        drop(self.desk.read(move |store| {
            if replaceable && !generations.is_newest(&key, generation) {
                return;
            }
            let moment = store.mirror.moment(clock.now());
            let answer = answer(store, &key, generation, request, &moment);
            match answer {
                Ok(Some(event)) => report(event),
                Ok(None) => {}
                Err((doing, error)) => {
                    if error.is_damage()
                        && let Some(words) = store.mend(clock.now())
                    {
                        // A puller that is awake already has no need of another bell.
                        let _ = wakes.try_send(Wake::Refresh);
                        report(failure::unasked(&words));
                        report(Event::Changed);
                    }
                    let failure = failure::of_store(doing, &error, "");
                    report(Event::Failed { key, generation, failure });
                }
            }
        }));
    }
}

/// Lines of a record's history that one reading gives.
const HISTORY: u32 = 500;

/// The preference that says where the user was.
pub(super) const SCREEN: &str = "screen";

/// What failed, in words, and why.
type Failed = (&'static str, StoreError);

fn answer(
    store: &mut Store,
    key: &JobKey,
    generation: Generation,
    request: Request,
    moment: &Moment,
) -> Result<Option<Event>, Failed> {
    let during = |doing: &'static str| move |error: StoreError| (doing, error);
    if let Request::History(record) = request {
        let changes = store.history(&record, HISTORY).map_err(during("read the journal"))?;
        return Ok(Some(Event::History { generation, record, changes }));
    }
    let (mirror, keep) = (&mut store.mirror, &mut store.keep);
    let event = match request {
        Request::Board { scope, filter, per_column } => {
            mirror.settle(moment).map_err(during("read the board"))?;
            let mut columns =
                mirror.board(&scope, &filter, per_column, moment).map_err(during("read the board"))?;
            keep.add_slips(columns.iter_mut().flat_map(|column| &mut column.rows))
                .map_err(during("read the journal"))?;
            Event::Board { generation, scope, columns }
        }
        Request::Summary { list } => {
            let summary = mirror.summary(&list, moment).map_err(during("add up the list"))?;
            Event::Summary { generation, summary }
        }
        Request::Window { list, slice, len } => {
            let mut window = mirror.window(&list, &slice, len, moment).map_err(during("read the list"))?;
            if let Rows::Deals(rows) = &mut window.rows {
                keep.add_slips(rows).map_err(during("read the journal"))?;
            }
            Event::Window { key: key.clone(), generation, window }
        }
        Request::Records { module, ids } => {
            let rows = mirror.records(module, &ids, moment).map_err(during("read the records"))?;
            Event::Records { generation, rows }
        }
        Request::Pipelines => {
            let totals = mirror.pipelines(moment).map_err(during("add up the pipelines"))?;
            Event::Pipelines { generation, totals }
        }
        Request::Detail { module, id, .. } => {
            let mut detail = mirror.detail(module, &id, moment).map_err(during("read the record"))?;
            if let Some(detail) = &mut detail {
                keep.add_slips(detail.deals_mut()).map_err(during("read the journal"))?;
            }
            let name = || crate::domain::SafeText::new(id.as_str());
            let link = detail
                .as_ref()
                .map_or_else(|| Link { module, name: name(), id: id.clone() }, |it| it.link.clone());
            Event::Detail { key: key.clone(), generation, link, detail: detail.map(Box::new) }
        }
        Request::Find { text, limit } => {
            let hits = mirror.find(&text, limit).map_err(during("find records"))?;
            Event::Found { generation, hits }
        }
        Request::KeepScreen(text) => {
            keep.set_preference(SCREEN, &text).map_err(during("keep where you are"))?;
            return Ok(None);
        }
        Request::Drafts => Event::Drafts(keep.drafts().map_err(during("read the drafts"))?),
        Request::SaveDraft { draft, text } => {
            keep.save_draft(&draft, &text, moment.now).map_err(during("keep the draft"))?;
            Event::DraftKept { draft, at: moment.now }
        }
        Request::DropDraft(draft) => {
            keep.drop_draft(&draft).map_err(during("throw the draft away"))?;
            if let DraftKey::Note(link) = &draft {
                keep.forget_refusals(link).map_err(during("throw the draft away"))?;
            }
            Event::Outbox(keep.outbox_state().map_err(during("read the outbox"))?)
        }
        _ => return Ok(None),
    };
    Ok(Some(event))
}
