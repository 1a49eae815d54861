//! Counts, sums and ages of deals, in one pass over an index that has all they are made of.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{ToSpan as _, civil::Date};
use rusqlite::{params_from_iter, types::ValueRef};
use rust_decimal::Decimal;

use super::{Mirror, Moment, Result, card::amount_of, filter::Conditions, list::Kept, row::day_number};
use crate::{
    domain::Outcome,
    protocol::{ListSpec, Summary},
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
        let summary = summed(self.tally(conditions, moment)?.values().cloned());
        self.cache.put(list, stamp, Kept::Figures(summary));
        Ok(summary)
    }

    /// What the deals that pass `conditions` add up to, by stage.
    pub(super) fn tally(&mut self, conditions: Conditions, moment: &Moment) -> Result<Arc<Tallies>> {
        let stamp = (self.revision, moment.today);
        if let Some(tallies) = self.cache.tallies(&conditions, stamp) {
            return Ok(tallies);
        }
        let tallies = Arc::new(self.count_up(&conditions, moment)?);
        self.cache.put_tallies(conditions, stamp, Arc::clone(&tallies));
        Ok(tallies)
    }

    fn count_up(&self, conditions: &Conditions, moment: &Moment) -> Result<Tallies> {
        let month = month_of(moment.today);
        let now = moment.now.as_millisecond();
        let sql = format!(
            "SELECT pipe, sub, stage, outcome, probability, exact, since, closing, next FROM deal WHERE {}",
            conditions.sql()
        );
        let mut select = self.conn.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(conditions.params.iter()))?;
        let mut tallies = Tallies::new();
        // Rows of one stage come one after the other, and whole numbers are added faster than decimals.
        let (mut at, mut run) = (None, Run::default());
        while let Some(row) = rows.next()? {
            let place = (row.get(0)?, row.get(1)?, row.get(2)?);
            if at != Some(place) {
                if let Some(at) = at.replace(place) {
                    std::mem::take(&mut run).end(tallies.entry(at).or_default());
                }
                run.tally.outcome = row.get(3)?;
                run.tally.probability = row.get(4)?;
            }
            run.tally.count += 1;
            let amount = row.get_ref(5)?;
            run.sum.add(amount);
            if !run.tally.is_open() {
                continue;
            }
            let days = now.saturating_sub(row.get(6)?) / DAY_MS;
            run.tally.ages.push(u32::try_from(days.max(0)).unwrap_or(u32::MAX));
            if month.contains(&row.get(7)?) {
                run.closing.add(amount);
            }
            run.tally.no_next_step += u64::from(row.get_ref(8)? == ValueRef::Null);
        }
        if let Some(at) = at {
            run.end(tallies.entry(at).or_default());
        }
        Ok(tallies)
    }
}

/// Rows of one stage in a row.
#[derive(Default)]
struct Run {
    tally: Tally,
    sum: Adding,
    closing: Adding,
}

impl Run {
    fn end(mut self, into: &mut Tally) {
        (self.tally.sum, self.tally.closing_this_month) = (self.sum.sum(), self.closing.sum());
        into.merge(self.tally);
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
