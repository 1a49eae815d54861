//! What was spent, kept between runs and shared with other programs on the same keep.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::{
    api::{ENDPOINTS, Limits, Op, Spent, Statement},
    domain::Purpose,
    store::{
        Desk,
        keep::{LedgerNews, SpentRow, StatementRow},
    },
};

/// The books of a run. Clones share them.
#[derive(Clone)]
pub struct Books {
    limits: Limits,
    desk: Desk,
    /// Names this run among others on the same keep.
    run: i64,
    /// Where what others wrote was read up to.
    seen: Arc<Mutex<i64>>,
}

impl Books {
    /// Books of a new run.
    #[must_use]
    pub fn new(limits: Limits, desk: Desk) -> Self {
        Self { limits, desk, run: fastrand::i64(1..), seen: Arc::default() }
    }

    /// Puts down what was spent since that was last done, and takes in what other programs put down; the first
    /// time also what earlier runs spent in the window.
    pub async fn exchange(&self) {
        let mut seen = self.seen.lock().await;
        let spent: Vec<SpentRow> = self.limits.take_unstored().iter().map(row).collect();
        let statement = self.limits.take_statement().map(|said| StatementRow {
            at: said.at_ms,
            used: said.used,
            others: said.others,
        });
        let (run, from, now) = (self.run, *seen, self.limits.clock().now_ms());
        let told =
            self.desk.write(move |store| store.keep.spend(run, &spent, statement.as_ref(), from, now)).await;
        // The count goes on in memory; a disk that refuses it costs only what the next run knows.
        if let Ok(news) = told {
            *seen = news.seen;
            take(&self.limits, news);
        }
    }
}

fn take(limits: &Limits, news: LedgerNews) {
    let statement =
        news.statement.map(|said| Statement { at_ms: said.at, used: said.used, others: said.others });
    limits.restore(news.spent.iter().map(spent), statement);
}

fn row(spent: &Spent) -> SpentRow {
    SpentRow {
        at: spent.at_ms,
        credits: spent.credits,
        call: spent.op.map_or("", |op| op.endpoint().name).to_owned(),
        module: spent.module.map_or("", |module| module.api_name()).to_owned(),
        purpose: spent.purpose.to_string(),
    }
}

/// A row as it was kept; names that this version does not know are none.
fn spent(row: &SpentRow) -> Spent {
    let op: Option<Op> =
        ENDPOINTS.iter().find(|endpoint| endpoint.name == row.call).map(|endpoint| endpoint.op);
    Spent {
        at_ms: row.at,
        credits: row.credits,
        op,
        module: row.module.parse().ok(),
        purpose: row.purpose.parse().unwrap_or(Purpose::Command),
    }
}
