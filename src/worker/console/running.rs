//! Running a statement: on the mirror, or on the server page by page, with what has come on the screen.

use std::time::Instant;

use super::{
    Console, DOING,
    answer::Shown,
    reading::{Read, read, stopped, wrong},
};
use crate::{
    api::{Op, endpoint::Shape},
    coql::{self, Means, Mode, Plan, Rows},
    domain::{Purpose, SafeText},
    protocol::{Answer, Cut, Event, Failure, Generation, Guard, HistoryRow, QuerySource, Question, Standing},
    store::Store,
    sync::failure,
    worker::{
        online::Online,
        query::{Budget, End, Run, RunError, replanned},
    },
};

/// Rows after which what has come is shown for the first time; then whenever it has doubled.
const FIRST_ROWS: u64 = 200;

/// A run on the server that can be gone on with.
pub(super) struct Held {
    question: Question,
    read: Read,
    means: Means,
    run: Run,
    answer: Answer,
}

impl Console {
    /// Begins to run a statement.
    pub(super) async fn begin(&self, generation: Generation, question: Question) {
        // Who had it before is given up, so this never takes long.
        let mut held = self.held.lock().await;
        *held = None;
        if let Err(failure) = self.first(generation, question, &mut held).await {
            (self.report)(Event::Coql { generation, result: Err(failure) });
            return;
        }
        if let Some(held) = held.as_mut() {
            self.go(generation, held, None).await;
        }
    }

    /// Goes on with what was cut.
    pub(super) async fn resume(&self, generation: Generation, guard: Guard) {
        let mut held = self.held.lock().await;
        match held.as_mut() {
            Some(held) => self.go(generation, held, Some(guard)).await,
            None => {
                let failure = failure::plain(DOING, "there is nothing to go on with", "Run it again.");
                (self.report)(Event::Coql { generation, result: Err(failure) });
            }
        }
    }

    /// Shows what has come of a run that was given up.
    pub(super) async fn stop(&self, generation: Generation) {
        let mut held = self.held.lock().await;
        match held.as_mut() {
            Some(held) => {
                let done = held.run.is_done();
                let standing = if done { Standing::Complete } else { Standing::Cut(Cut::Stopped) };
                let result = self.publish(held, standing);
                (self.report)(Event::Coql { generation, result });
            }
            None => {
                let failure = failure::plain(DOING, "it was stopped before anything came", "Run it again.");
                (self.report)(Event::Coql { generation, result: Err(failure) });
            }
        }
    }

    /// Reads and plans a question, and answers it unless it needs many calls: those are held.
    async fn first(
        &self,
        generation: Generation,
        question: Question,
        held: &mut Option<Held>,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        let clock = self.clock.clone();
        let known = move |store: &mut Store| (store.mirror.catalog(), clock.now(), store.keep.unheard());
        let (catalog, now, since) = self.desk.read(known).await;
        let Some(catalog) = catalog else {
            let what = "the fields of this organisation are not known yet";
            return Err(failure::plain(DOING, what, "Try again once the records come in."));
        };
        let since = since.map_err(|error| failure::of_store(DOING, &error, ""))?;
        let read = read(&question, &catalog, now, since)?;
        if question.mode == Mode::Strict {
            return self.verbatim(generation, question, &read, begun).await;
        }
        let name = read.analysed.statement.module.as_ref();
        let module = name.and_then(|name| coql::module_named(name));
        let age = self.desk.read(move |store| store.mirror.age(module?, now).ok().flatten()).await;
        let mut means = Means { run_on: question.run_on, mirror_age: age, ..Means::default() };
        means.counted.matching = question.matching;
        let plan = planned(&read, &means)?;
        if plan.on_mirror() {
            return self.on_mirror(generation, &question, &read, &plan, age.unwrap_or(0), begun).await;
        }
        let online = self.online().await?;
        means.parallel = online.client.limits().usage().concurrency;
        let mut spent = 0;
        let mut plan = plan;
        if let Some(module) = module.filter(|_| plan.counts_first && means.counted.matching.is_none()) {
            let counted = online.client.count(module, None).await;
            let counted = counted.map_err(|error| stopped(&question.text, &read, &RunError::Api(error)))?;
            means.counted.module = Some(counted);
            spent = u64::from(Op::CountRecords.endpoint().cost(Shape::ONE));
            plan = planned(&read, &means)?;
        }
        let answer = Answer {
            id: generation,
            columns: Vec::new(),
            total: 0,
            source: QuerySource::Server,
            standing: Standing::Running,
            fetched: 0,
            expected: expected(&plan),
            grouped: read.analysed.statement.is_grouped(),
            credits: spent,
            elapsed_ms: elapsed(begun),
            filtered_here: Vec::new(),
        };
        let run = Run::new(plan).map_err(|error| stopped(&question.text, &read, &error))?;
        *held = Some(Held { question, read, means, run, answer });
        Ok(())
    }

    /// Puts a run into the history; going on with one takes the place of its beginning.
    pub(super) fn remember(&self, text: &str, answer: &Answer) {
        let row = HistoryRow {
            text: text.trim().to_owned(),
            at: self.clock.now(),
            mirror: matches!(answer.source, QuerySource::Mirror(_)),
            rows: answer.total,
            credits: answer.credits,
        };
        // Handed in whether or not anyone waits; a history that cannot be kept stops no query.
        drop(self.desk.write(move |store| store.keep.remember(&row)));
    }

    async fn online(&self) -> Result<Online, Failure> {
        let mut online = self.online.clone();
        let connected = online.wait_for(Option::is_some).await.ok().and_then(|online| online.clone());
        let connected = connected.ok_or_else(|| failure::plain(DOING, "there is no connection", ""))?;
        Ok(Online { client: connected.client.meant_for(Purpose::Console), ..connected })
    }

    /// Sends the text as it is: one call, 200 rows at most.
    async fn verbatim(
        &self,
        generation: Generation,
        question: Question,
        read: &Read,
        begun: Instant,
    ) -> Result<(), Failure> {
        let text = question.text.get(read.analysed.span.clone()).unwrap_or_default();
        let query = coql::parse(text).map_err(|error| wrong(&error.diagnostic()))?;
        let online = self.online().await?;
        let page = online.client.coql(text).await;
        let page = page.map_err(|error| stopped(&question.text, read, &RunError::Api(error)))?;
        let shown = Shown::verbatim(generation, read, &query, &page.rows);
        let answer = Answer {
            id: generation,
            columns: shown.columns.clone(),
            total: shown.total(),
            source: QuerySource::Server,
            standing: if page.more { Standing::More } else { Standing::Complete },
            fetched: shown.total(),
            expected: None,
            grouped: false,
            credits: u64::from(Op::Coql.endpoint().cost(Shape::ONE)),
            elapsed_ms: elapsed(begun),
            filtered_here: Vec::new(),
        };
        self.show(shown);
        self.remember(&question.text, &answer);
        (self.report)(Event::Coql { generation, result: Ok(Box::new(answer)) });
        Ok(())
    }

    /// Fetches until everything is here, the guard is reached or a call fails, and shows what came.
    async fn go(&self, generation: Generation, held: &mut Held, guard: Option<Guard>) {
        if let Some(guard) = guard {
            held.question.guard = guard;
        }
        let result = match self.fetched(generation, held).await {
            Ok(End::Complete) => self.publish(held, Standing::Complete),
            Ok(End::Cut) => self.publish(held, Standing::Cut(Cut::Guard)),
            Err(failure) if held.run.progress().rows == 0 => Err(failure),
            Err(failure) => self.publish(held, Standing::Cut(Cut::Lost(failure))),
        };
        if let Ok(answer) = &result {
            self.remember(&held.question.text, answer);
        }
        (self.report)(Event::Coql { generation, result });
    }

    /// Where Bigin refuses to test a field, the test is made here instead.
    async fn fetched(&self, generation: Generation, held: &mut Held) -> Result<End, Failure> {
        let online = self.online().await?;
        loop {
            let Guard { rows, credits } = held.question.guard;
            let Held { run, read, answer, .. } = &mut *held;
            let (counting, before) =
                (answer.credits - run.progress().calls.min(answer.credits), answer.elapsed_ms);
            let begun = Instant::now();
            let mut next = FIRST_ROWS.max(run.progress().rows.saturating_mul(2));
            let budget = Budget { rows, credits: credits.saturating_sub(counting) };
            let ended = run
                .go(&online.client, budget, |run| {
                    let progress = run.progress();
                    (answer.credits, answer.fetched) = (counting + progress.calls, progress.rows);
                    answer.elapsed_ms = before + elapsed(begun);
                    (self.report)(Event::CoqlProgress {
                        generation,
                        rows: progress.rows,
                        expected: answer.expected,
                        credits: answer.credits,
                    });
                    if progress.rows >= next {
                        next = progress.rows * 2;
                        let so_far = self.shown(run, read, answer, Standing::Running);
                        if let Ok(so_far) = so_far {
                            (self.report)(Event::Coql { generation, result: Ok(Box::new(so_far)) });
                        }
                    }
                })
                .await;
            answer.credits = counting + run.progress().calls;
            answer.elapsed_ms = before + elapsed(begun);
            let error = match ended {
                Ok(end) => return Ok(end),
                Err(error) => error,
            };
            let Held { question, read, means, run, answer } = &mut *held;
            let other = match &error {
                RunError::Api(error) => {
                    let Read { analysed, schemas, context, .. } = &*read;
                    replanned(&analysed.statement, schemas, context, means, (run.plan(), error))
                }
                RunError::Tables(_) => None,
            };
            let Some(plan) = other else { return Err(stopped(&question.text, read, &error)) };
            answer.filtered_here = means.refused.iter().map(|field| SafeText::new(field)).collect();
            answer.expected = expected(&plan);
            *run = Run::new(plan).map_err(|error| stopped(&question.text, read, &error))?;
        }
    }

    /// Puts what has come on the screen.
    fn publish(&self, held: &mut Held, standing: Standing) -> Result<Box<Answer>, Failure> {
        let Held { run, read, answer, question, .. } = held;
        let shown = self.shown(run, read, answer, standing);
        shown.map(Box::new).map_err(|error| stopped(&question.text, read, &error))
    }

    fn shown(&self, run: &Run, read: &Read, so_far: &Answer, standing: Standing) -> Result<Answer, RunError> {
        let (plan, progress) = (run.plan(), run.progress());
        let sheet = run.answer(&read.context.zone)?;
        let shown = Shown::new(so_far.id, read, (&plan.module, &plan.local.columns), sheet);
        let answer = Answer {
            columns: shown.columns.clone(),
            total: shown.total(),
            standing,
            fetched: progress.rows,
            ..so_far.clone()
        };
        self.show(shown);
        Ok(answer)
    }
}

fn planned(read: &Read, means: &Means) -> Result<Plan, Failure> {
    coql::plan(&read.analysed.statement, &read.schemas, &read.context, means)
        .map_err(|said| said.first().map_or_else(|| failure::plain(DOING, "it cannot be planned", ""), wrong))
}

/// Rows that the server has to send, as far as that is known.
const fn expected(plan: &Plan) -> Option<u64> {
    match plan.cost.rows {
        Rows::Exactly(rows) | Rows::About(rows) => Some(rows),
        Rows::AtMost(_) | Rows::Unknown => None,
    }
}

pub(super) fn elapsed(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
