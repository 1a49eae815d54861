//! Counts, sums and ages of deals, in one pass over an index that has all they are made of.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::{ToSpan as _, civil::Date};
use rusqlite::{Row, params_from_iter, types::ValueRef};
use rust_decimal::Decimal;

use super::{Mirror, Moment, Result, card::amount_of, filter::Conditions, list::Kept, row::day_number};
use crate::{
    domain::Outcome,
    protocol::{DealFilter, ListSpec, Summary},
};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Pipeline, sub-pipeline and stage, as numbers.
pub(super) type Place = (i64, i64, i64);

/// What deals add up to, by where they stand.
pub(super) type Tallies = BTreeMap<Place, Tally>;

/// What deals of one stage add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    pub outcome: i64,
    pub probability: u8,
    pub count: u64,
    pub sum: Decimal,
    /// Days in the stage, of each deal.
    pub ages: Vec<u32>,
    pub no_next_step: u64,
    pub closing_this_month: Decimal,
}

impl Tally {
    pub(super) fn is_open(&self) -> bool {
        self.outcome == Outcome::Open as i64
    }

    /// The sum times the probability.
    pub(super) fn weighted(&self) -> Decimal {
        self.sum.saturating_mul(Decimal::new(i64::from(self.probability), 2))
    }

    /// The age in the middle.
    pub(super) fn median(&mut self) -> Option<u32> {
        let middle = self.ages.len().checked_sub(1)? / 2;
        Some(*self.ages.select_nth_unstable(middle).1)
    }

    /// Deals that stand in the stage for more than twice the median.
    fn stuck(&mut self) -> u64 {
        let Some(median) = self.median() else { return 0 };
        self.ages.iter().filter(|age| **age > median.saturating_mul(2)).count() as u64
    }

    /// Adds another tally of the same stage.
    pub(super) fn merge(&mut self, other: Self) {
        self.outcome = other.outcome;
        self.probability = other.probability;
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.ages.extend(other.ages);
        self.no_next_step += other.no_next_step;
        self.closing_this_month = self.closing_this_month.saturating_add(other.closing_this_month);
    }
}

impl Mirror {
    /// Figures of a list of deals.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn summary(&mut self, list: &ListSpec, moment: &Moment) -> Result<Summary> {
        let stamp = (self.revision, moment.today);
        if let Some(summary) = self.cache.figures(list, stamp) {
            return Ok(summary);
        }
        let conditions = match list {
            ListSpec::Deals { scope, filter, .. } => self.filtered(scope, filter, moment),
            ListSpec::Stage { scope, stage, filter } => {
                let mut conditions = self.filtered(scope, filter, moment);
                conditions.push("stage = ?", self.words.find(stage).unwrap_or(-1));
                conditions.plain(super::filter::OPEN);
                conditions
            }
            ListSpec::Contacts { .. } | ListSpec::Companies { .. } | ListSpec::Notes { .. } => {
                return Ok(Summary::default());
            }
        };
        // Looking for words again takes longer than counting the deals that were found.
        let summary = match (self.cache.get(list, stamp), list) {
            (Some(Kept::Rows(found)), ListSpec::Deals { scope, filter, .. }) if conditions.wordy => {
                let filter = DealFilter { text: String::new(), ..filter.clone() };
                let found = found.iter().copied().collect();
                let conditions = self.filtered(scope, &filter, moment);
                summed(self.count_up(&conditions, Some(&found), moment)?.into_values())
            }
            _ => summed(self.tally(conditions, moment)?.values().cloned()),
        };
        self.cache.put(list, stamp, Kept::Figures(summary));
        Ok(summary)
    }

    /// What the deals that pass `conditions` add up to, by stage.
    pub(super) fn tally(&mut self, conditions: Conditions, moment: &Moment) -> Result<Arc<Tallies>> {
        let stamp = (self.revision, moment.today);
        if let Some(tallies) = self.cache.tallies(&conditions, stamp) {
            return Ok(tallies);
        }
        let tallies = Arc::new(self.count_up(&conditions, None, moment)?);
        self.cache.put_tallies(conditions, stamp, Arc::clone(&tallies));
        Ok(tallies)
    }

    /// Counts the deals that pass `conditions` and are among `found`, if that is given.
    fn count_up(
        &self,
        conditions: &Conditions,
        found: Option<&HashSet<i64>>,
        moment: &Moment,
    ) -> Result<Tallies> {
        let sql = format!(
            "SELECT pipe, sub, stage, outcome, probability, exact, since, closing, next, row FROM deal WHERE {}",
            conditions.sql()
        );
        let mut select = self.conn.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(conditions.params.iter()))?;
        let mut counting = Counting::at(moment);
        while let Some(row) = rows.next()? {
            if match found {
                Some(found) => found.contains(&row.get(9)?),
                None => true,
            } {
                counting.add(row)?;
            }
        }
        Ok(counting.end())
    }
}

/// Deals that are counted one after the other.
struct Counting {
    now: i64,
    month: std::ops::Range<i64>,
    runs: BTreeMap<Place, Run>,
    /// The stage of the last deal: most often that of the next one too.
    at: Option<Place>,
    run: Run,
}

impl Counting {
    fn at(moment: &Moment) -> Self {
        let (now, month) = (moment.now.as_millisecond(), month_of(moment.today));
        Self { now, month, runs: BTreeMap::new(), at: None, run: Run::default() }
    }

    /// Adds a deal, of which a row has what it is counted by.
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let place = (row.get(0)?, row.get(1)?, row.get(2)?);
        if self.at != Some(place) {
            let next = self.runs.remove(&place).unwrap_or_default();
            let run = std::mem::replace(&mut self.run, next);
            self.runs.extend(self.at.replace(place).map(|at| (at, run)));
            self.run.tally.outcome = row.get(3)?;
            self.run.tally.probability = row.get(4)?;
        }
        let run = &mut self.run;
        run.tally.count += 1;
        // Whole numbers are added faster than decimals.
        let amount = row.get_ref(5)?;
        run.sum.add(amount);
        if run.tally.is_open() {
            let days = self.now.saturating_sub(row.get(6)?) / DAY_MS;
            run.tally.ages.push(u32::try_from(days.max(0)).unwrap_or(u32::MAX));
            if self.month.contains(&row.get(7)?) {
                run.closing.add(amount);
            }
            run.tally.no_next_step += u64::from(row.get_ref(8)? == ValueRef::Null);
        }
        Ok(())
    }

    fn end(mut self) -> Tallies {
        self.runs.extend(self.at.map(|at| (at, self.run)));
        self.runs.into_iter().map(|(place, run)| (place, run.end())).collect()
    }
}

/// Deals of one stage.
#[derive(Default)]
struct Run {
    tally: Tally,
    sum: Adding,
    closing: Adding,
}

impl Run {
    fn end(mut self) -> Tally {
        (self.tally.sum, self.tally.closing_this_month) = (self.sum.sum(), self.closing.sum());
        self.tally
    }
}

/// Amounts that are added up.
#[derive(Default)]
struct Adding {
    whole: i64,
    rest: Decimal,
}

impl Adding {
    /// Adds the amount of a card.
    fn add(&mut self, amount: ValueRef<'_>) {
        match amount {
            ValueRef::Integer(number) if self.whole.checked_add(number).is_some() => self.whole += number,
            amount => self.rest = self.rest.saturating_add(amount_of(amount).unwrap_or_default()),
        }
    }

    fn sum(&self) -> Decimal {
        let whole = amount_of(ValueRef::Integer(self.whole)).unwrap_or_default();
        self.rest.saturating_add(whole)
    }
}

/// Adds tallies up.
pub(super) fn summed(tallies: impl Iterator<Item = Tally>) -> Summary {
    let mut summary = Summary::default();
    for mut tally in tallies {
        summary.count += tally.count;
        summary.sum = summary.sum.saturating_add(tally.sum);
        summary.weighted = summary.weighted.saturating_add(tally.weighted());
        summary.stuck += tally.stuck();
        summary.no_next_step += tally.no_next_step;
        summary.closing_this_month = summary.closing_this_month.saturating_add(tally.closing_this_month);
    }
    summary
}

fn month_of(today: Date) -> std::ops::Range<i64> {
    let first = today.first_of_month();
    let next = first.checked_add(1.month()).unwrap_or(Date::MAX);
    day_number(first)..day_number(next)
}
