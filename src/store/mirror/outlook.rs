//! What happens next on a deal: its earliest open activity.
//!
//! A task is open until it is completed, an event or call until its time has passed. The clock alone closes
//! those, so a card also says when its next step lapses.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Mirror, Moment, Result};

/// Open activities of a deal, the earliest due first. One without a date is not a step.
pub(super) const OPEN: &str =
    "about = ?1 AND done = 0 AND due IS NOT NULL AND (lapses IS NULL OR lapses > ?2)
     ORDER BY due, at, row LIMIT 1";

/// What a card says of the next step; nothing where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Step {
    /// The day on which it is due.
    pub due: Option<i64>,
    /// When it is over by itself, Unix milliseconds.
    pub lapses: Option<i64>,
}

/// The next step of a deal.
pub(super) fn next(conn: &Connection, deal: i64, now: i64) -> Result<Step> {
    let mut select = conn.prepare_cached(&format!("SELECT due, lapses FROM activity WHERE {OPEN}"))?;
    let step = select.query_row([deal, now], |row| Ok(Step { due: row.get(0)?, lapses: row.get(1)? }));
    Ok(step.optional()?.unwrap_or_default())
}

/// Brings the next step on the card of a deal up to date. Does nothing for other rows, nor where it is: a write
/// costs as many writes as there are indexes on it.
pub(super) fn refresh(conn: &Connection, deal: i64, now: i64) -> Result<()> {
    let step = next(conn, deal, now)?;
    conn.prepare_cached(
        "UPDATE deal SET next = ?2, lapses = ?3 WHERE row = ?1 AND (next, lapses) IS NOT (?2, ?3)",
    )?
    .execute(params![deal, step.due, step.lapses])?;
    Ok(())
}

impl Mirror {
    /// Brings the cards up to date whose next step has passed since they were written.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn settle(&mut self, moment: &Moment) -> Result<()> {
        let now = moment.now.as_millisecond();
        let lapsed: Vec<i64> = {
            let mut select =
                self.conn.prepare_cached("SELECT row FROM deal WHERE lapses IS NOT NULL AND lapses <= ?1")?;
            let rows = select.query_map([now], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        if lapsed.is_empty() {
            return Ok(());
        }
        self.grouped(lapsed.len(), |mirror| {
            lapsed.iter().try_for_each(|deal| refresh(&mirror.conn, *deal, now))
        })
    }
}
