//! Runs a plan's calls, as many at once as the account allows, and keeps what came.

use std::pin::Pin;

use futures_util::{StreamExt, stream::FuturesUnordered};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    api::{self, Client, Page},
    coql::{self, Context, MAX_LIMIT, Means, PageCall, Plan, Rows, Statement, Walk},
    domain::Schemas,
    tables::{self, Gathered, Record, Sheet},
};

/// What may be fetched at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Rows.
    pub rows: u64,
    /// Credits; each call takes one.
    pub credits: u64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every row is here.
    Complete,
    /// The budget is used up; what came is here.
    Cut,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows that came.
    pub rows: u64,
    /// Calls that were sent, each of one credit.
    pub calls: u64,
}

/// Why a run stopped. Pages that came before are kept; [`Run::go`] goes on where it stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The service, or the way to it.
    #[error(transparent)]
    Api(#[from] api::Error),
    /// The tables in memory.
    #[error(transparent)]
    Tables(#[from] tables::Error),
}

/// The plan of a statement after the server refused a call of `plan` because of one field: what was asked of
/// that field is computed here instead, and `means` remember it. None when that changes nothing.
#[must_use]
pub fn replanned(
    statement: &Statement,
    schemas: &Schemas,
    context: &Context,
    means: &mut Means,
    (plan, error): (&Plan, &api::Error),
) -> Option<Plan> {
    let field = error.refusal().filter(|refusal| refusal.code == "INVALID_QUERY")?.field()?;
    if means.refused.iter().any(|known| known == field) {
        return None;
    }
    means.refused.push(field.to_owned());
    coql::plan(statement, schemas, context, means).ok().filter(|other| other.fetches != plan.fetches)
}

/// A plan being run on the server.
#[derive(Debug)]
pub struct Run {
    plan: Plan,
    walks: Vec<Walk>,
    gathered: Gathered,
    progress: Progress,
}

type Answer = (usize, PageCall, Result<Page<Record>, api::Error>);
type Flying = FuturesUnordered<Pin<Box<dyn Future<Output = Answer> + Send>>>;

impl Run {
    /// A run that has not begun.
    ///
    /// # Errors
    /// When there is no memory for tables.
    pub fn new(plan: Plan) -> Result<Self, RunError> {
        let gathered = Gathered::new(&plan.fetches)?;
        let expected = match plan.cost.rows {
            Rows::Exactly(rows) | Rows::About(rows) => Some(rows),
            Rows::AtMost(_) | Rows::Unknown => None,
        };
        // Of slices it is not known how many rows each has.
        let whole = plan.fetches.iter().filter(|fetch| fetch.table == 0).count() == 1;
        let walks = plan.fetches.iter().map(|fetch| Walk::new(fetch.clone(), expected.filter(|_| whole)));
        Ok(Self { walks: walks.collect(), gathered, progress: Progress::default(), plan })
    }

    /// Fetches until everything is here or `budget` is used up, and shows itself to `tell` after each page. It
    /// may be dropped at any point, and be called again to go on.
    ///
    /// # Errors
    /// The first call that failed; calls that were in flight with it are waited for and kept.
    pub async fn go(
        &mut self,
        client: &Client,
        budget: Budget,
        mut tell: impl FnMut(&Self) + Send,
    ) -> Result<End, RunError> {
        self.walks.iter_mut().for_each(Walk::begin_again);
        let mut flying = Flying::new();
        let mut failure = None;
        let mut cut = false;
        loop {
            let most = usize::try_from(client.limits().usage().concurrency).unwrap_or(1).max(1);
            while failure.is_none() && !cut && flying.len() < most {
                if self.progress.calls >= budget.credits || self.progress.rows >= budget.rows {
                    cut = !self.is_done();
                    break;
                }
                // What is on its way may be enough.
                let coming = MAX_LIMIT.saturating_mul(flying.len() as u64);
                if coming > 0 && self.progress.rows.saturating_add(coming) >= budget.rows {
                    break;
                }
                let Some((walk, call)) = self.next_call() else { break };
                self.progress.calls += 1;
                let client = client.clone();
                flying.push(Box::pin(async move {
                    let page = client.coql(&call.text).await;
                    (walk, call, page)
                }));
            }
            let Some((walk, call, page)) = flying.next().await else { break };
            match page {
                Ok(page) => {
                    self.take(walk, &call, &page)?;
                    tell(self);
                }
                Err(error) => {
                    self.walks[walk].lost(call.page);
                    failure.get_or_insert(error);
                }
            }
        }
        match failure {
            Some(error) => Err(error.into()),
            None if self.is_done() => Ok(End::Complete),
            None => Ok(End::Cut),
        }
    }

    fn next_call(&mut self) -> Option<(usize, PageCall)> {
        self.walks.iter_mut().enumerate().find_map(|(at, walk)| Some((at, walk.next_call()?)))
    }

    fn take(&mut self, walk: usize, call: &PageCall, page: &Page<Record>) -> Result<(), RunError> {
        let walk = &mut self.walks[walk];
        self.gathered.add(walk.fetch(), call.first, &page.rows)?;
        let last = page.rows.last().and_then(|row| row.get("id")).and_then(Value::as_str);
        let rows = page.rows.len() as u64;
        walk.answered(call.page, rows, last, page.more);
        if walk.fetch().table == 0 {
            self.progress.rows += rows;
        }
        Ok(())
    }

    /// Whether every row has come.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.walks.iter().all(Walk::is_done)
    }

    /// How far it is.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// What is run.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The answer over the rows that have come; of a plan that is not done it is that of a part. Takes time
    /// with the number of rows. Instants are written in the offset of `zone`.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn answer(&self, zone: &TimeZone) -> Result<Sheet, RunError> {
        Ok(self.gathered.answer(&self.plan.local, zone)?)
    }
}
