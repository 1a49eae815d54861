//! What the journal says of the course of deals: since when they stand in their stage, and how often their
//! closing date slipped.

use jiff::{Timestamp, civil::Date};

use super::{Json, Keep, StoreError, json, moment};
use crate::domain::{DealRow, RecordId, Slips};

/// The last stage that a deal was seen to come into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The deal.
    pub deal: RecordId,
    /// Value of `Stage`.
    pub stage: String,
    /// When it came there.
    pub at: Timestamp,
}

impl Keep {
    /// The last stage that each deal was seen to come into.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn arrivals(&self) -> Result<Vec<Arrival>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT record, after, at, max(no) FROM change
             WHERE module = 'Pipelines' AND field = 'Stage' GROUP BY record",
        )?;
        let mut rows = select.query([])?;
        let mut arrivals = Vec::new();
        while let Some(row) = rows.next()? {
            let stage = json(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
            let deal = row.get::<_, String>(0)?.try_into();
            if let (Ok(deal), Json::String(stage)) = (deal, stage) {
                arrivals.push(Arrival { deal, stage, at: moment(row.get(2)?) });
            }
        }
        Ok(arrivals)
    }

    /// Adds to deals how their closing date slipped.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn add_slips<'a>(&self, deals: impl IntoIterator<Item = &'a mut DealRow>) -> Result<(), StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT before, after FROM change
             WHERE module = 'Pipelines' AND field = 'Closing_Date' AND record = ?1",
        )?;
        for deal in deals {
            let mut rows = select.query([deal.id.as_str()])?;
            let (mut times, mut days) = (0, 0);
            while let Some(row) = rows.next()? {
                let date = |column| row.get_ref(column)?.as_str().map(date).map_err(rusqlite::Error::from);
                if let (Some(before), Some(after)) = (date(0)?, date(1)?)
                    && after > before
                {
                    times += 1;
                    days += before.until(after).map_or(0, |span| span.get_days().unsigned_abs());
                }
            }
            deal.slips = (times > 0).then_some(Slips { times, days });
        }
        Ok(())
    }
}

/// A date as the journal keeps it.
fn date(text: &str) -> Option<Date> {
    text.trim_matches('"').parse().ok()
}
