//! What is asked for from time to time, and how often.

use std::{collections::BTreeMap, pin::pin, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use super::{AT_ONCE, Puller, Wake, fetch::Fetch};
use crate::{
    domain::{Catalog, Module},
    protocol::{Attention, Event, Plan, SyncState},
    store::StoreError,
    sync::{
        Error,
        plan::{self, Errand, Scene},
    },
};

/// How long until it is looked whether credits came back.
const RECOVERY: SignedDuration = SignedDuration::from_mins(10);

/// What rounds remember.
#[derive(Debug)]
pub(super) struct Rounds {
    /// When each errand was last done.
    done: BTreeMap<Errand, Timestamp>,
    attention: Attention,
    /// When a person last did something.
    touched: Timestamp,
    /// When something last changed on the server.
    changed: Timestamp,
    /// When the server last answered.
    synced: Option<Timestamp>,
    /// As it was told last.
    plan: Option<Plan>,
}

impl Rounds {
    pub(super) fn new(now: Timestamp) -> Self {
        let attention = Attention { focused: true, ..Attention::default() };
        let done = BTreeMap::new();
        Self { done, attention, touched: now, changed: now, synced: None, plan: None }
    }
}

impl Puller {
    /// Reads when each errand was last done, in this run or an earlier one.
    pub(super) async fn remember(&mut self) {
        let marks = self.desk.read(|store| {
            let mark = |errand: Errand| Some((errand, store.mirror.mark(&errand.key()).ok()??.parse().ok()?));
            Errand::all().filter_map(mark).collect::<BTreeMap<Errand, Timestamp>>()
        });
        self.rounds.done = marks.await;
        self.rounds.synced = self.fetch.synced_at().await;
        self.say_fresh();
    }

    /// Everything came in since `begun`.
    pub(super) async fn filled(&mut self, begun: Timestamp) -> Result<(), Error> {
        self.rounds.synced = Some(self.fetch.now());
        self.note(Errand::all().collect(), begun).await
    }

    /// Someone looks at something else, or at nothing.
    pub(super) fn attend(&mut self, attention: Attention) {
        if attention.focused {
            self.rounds.touched = self.fetch.now();
        }
        self.rounds.attention = attention;
    }

    /// When the next errand is due, in the rhythm of this moment; none while nothing is asked for by itself. Tells
    /// the plan when it is another one.
    pub(super) fn next_due(&mut self) -> Option<Timestamp> {
        let now = self.fetch.now();
        let rhythm = plan::rhythm(&self.scene(now));
        let plan =
            Plan { step: rhythm.step, paused: self.rounds.attention.paused, lines: rhythm.lines.clone() };
        if self.rounds.plan.as_ref() != Some(&plan) {
            (self.report)(Event::Plan(plan.clone()));
            self.rounds.plan = Some(plan);
        }
        if rhythm.every.is_empty() && !self.rounds.attention.paused {
            return now.saturating_add(RECOVERY).ok();
        }
        let (due, next) = plan::due(&rhythm, &self.rounds.done, now);
        if due.iter().any(|errand| self.is_open(*errand)) { Some(now) } else { next }
    }

    /// How long it is until a moment.
    pub(super) fn until(&self, moment: Timestamp) -> Duration {
        moment.duration_since(self.fetch.now()).try_into().unwrap_or_default()
    }

    /// When the server last answered; now, if it never did.
    pub(super) fn synced_at(&self) -> Timestamp {
        self.rounds.synced.unwrap_or_else(|| self.fetch.now())
    }

    fn scene(&self, now: Timestamp) -> Scene {
        let Rounds { attention, touched, changed, .. } = self.rounds;
        let Attention { focused, shown, paused } = attention;
        Scene {
            now,
            usage: self.fetch.usage(),
            focused,
            shown,
            paused,
            touched,
            changed,
            usual: self.pace.pull,
        }
    }

    /// Whether a sign-in covers an errand, as far as is known.
    fn is_open(&self, errand: Errand) -> bool {
        errand.module().is_none_or(|module| !self.closed.contains(&module))
    }

    /// Does the errands that are due, or all of them when asked to; `probe` asks at least for what is on the screen.
    pub(super) async fn round(
        &mut self,
        catalog: &Arc<Catalog>,
        asked: Option<Wake>,
        probe: bool,
    ) -> Result<(), Error> {
        let now = self.fetch.now();
        let mut errands = match asked {
            Some(wake) => {
                Errand::all().filter(|errand| *errand != Errand::Metadata || wake == Wake::Resync).collect()
            }
            None => plan::due(&plan::rhythm(&self.scene(now)), &self.rounds.done, now).0,
        };
        errands.retain(|errand| self.is_open(*errand));
        if errands.is_empty() && probe {
            errands.push(Errand::News(self.shown()));
        }
        if errands.is_empty() {
            return Ok(());
        }
        self.say(SyncState::Pulling);
        if errands.contains(&Errand::Metadata) {
            self.read_metadata().await?;
            self.note(vec![Errand::Metadata], now).await?;
        }
        let (mut done, mut any, mut failed) = (Vec::new(), false, None);
        for (errand, module, answer) in answers(&self.fetch, catalog, errands).await {
            match self.unless_closed(module, answer) {
                Ok(answer) => {
                    done.push(errand);
                    any |= answer.unwrap_or(false);
                }
                Err(error) => failed = Some(error),
            }
        }
        if any {
            self.changed(self.fetch.now());
        }
        let moment = self.fetch.now();
        self.desk.write(move |store| store.mirror.settle(&store.mirror.moment(moment))).await?;
        if !done.is_empty() {
            self.rounds.synced = Some(moment);
            self.note(done, now).await?;
        }
        failed.map_or(Ok(()), Err)
    }

    /// The module whose records are on the screen.
    pub(super) fn shown(&self) -> Module {
        self.rounds.attention.shown.unwrap_or(Module::Pipelines)
    }

    /// Something was changed on the server, as is known since a moment.
    pub(super) fn changed(&mut self, at: Timestamp) {
        self.rounds.changed = at;
        self.announcer.changed();
    }

    /// Writes down that errands were done, as of a moment.
    async fn note(&mut self, errands: Vec<Errand>, at: Timestamp) -> Result<(), Error> {
        self.rounds.done.extend(errands.iter().map(|errand| (*errand, at)));
        self.say_fresh();
        let marked = self.desk.write(move |store| {
            let text = at.to_string();
            errands.iter().try_for_each(|errand| store.mirror.set_mark((&errand.key(), &text)))?;
            store.mirror.set_mark(("synced", &text))?;
            Ok::<_, StoreError>(())
        });
        Ok(marked.await?)
    }

    fn say_fresh(&self) {
        let news = self.rounds.done.iter().filter_map(|(errand, at)| match errand {
            Errand::News(module) => Some((*module, *at)),
            _ => None,
        });
        (self.report)(Event::Fresh(news.collect()));
    }
}

/// What the server answers to errands about modules. Ends with the first that does not reach it: what cannot be reached
/// for one cannot be for the others.
async fn answers(
    fetch: &Fetch,
    catalog: &Catalog,
    errands: Vec<Errand>,
) -> Vec<(Errand, Module, Result<bool, Error>)> {
    let asked = stream::iter(errands)
        .filter_map(|errand| async move { Some((errand, errand.module()?)) })
        .map(|(errand, module)| async move {
            let answer = match errand {
                Errand::Gone(_) => fetch.deletions(module).await,
                _ => fetch.changes(catalog, module).await,
            };
            (errand, module, answer)
        })
        .buffer_unordered(AT_ONCE);
    let (mut asked, mut answers) = (pin!(asked), Vec::new());
    while let Some(answer) = asked.next().await {
        let offline = matches!(&answer.2, Err(Error::Api(error)) if error.is_offline());
        answers.push(answer);
        if offline {
            break;
        }
    }
    answers
}
