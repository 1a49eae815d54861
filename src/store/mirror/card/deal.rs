//! Cards of deals.

use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, params, types::Value};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{Ink, Result, hay, json, sort_name};
use crate::{
    domain::{Outcome, Stage},
    store::{
        keep::MoveImage,
        mirror::{Org, outlook},
    },
    tables::Record,
};

/// Stands for no closing date, after every real one.
const NO_CLOSING: i64 = i64::MAX;

/// Amounts are kept as whole numbers of this many decimals, so that SQLite and Rust add them exactly.
const DECIMALS: u32 = 4;

/// Where a stage stands: its place on the board, its probability and its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Standing {
    pub ord: i64,
    pub probability: u8,
    pub outcome: Outcome,
}

impl Standing {
    /// How `org` sees a stage of a sub-pipeline; a stage that the catalog does not know stands last.
    pub(in super::super) fn of(org: &Org, pipe: i64, sub: &str, stage: &str) -> Self {
        let pipeline = org.catalog.pipelines.iter().find(|pipeline| pipeline.id.as_str().parse() == Ok(pipe));
        let subs = pipeline.map_or(&[][..], |pipeline| &pipeline.sub_pipelines);
        let called = |known: &&Stage| known.value == stage;
        let found = subs
            .iter()
            .find(|known| known.name == sub)
            .and_then(|known| known.stages.iter().find(called))
            .or_else(|| subs.iter().flat_map(|known| &known.stages).find(called));
        let mut order: Vec<&str> = Vec::new();
        for known in subs.iter().flat_map(|known| &known.stages) {
            if !order.contains(&known.value.as_str()) {
                order.push(&known.value);
            }
        }
        let ord = order.iter().position(|known| *known == stage).unwrap_or(order.len());
        Self {
            ord: i64::try_from(ord).unwrap_or(i64::MAX),
            probability: found.map_or(0, |stage| stage.probability),
            outcome: found.map_or_else(|| Outcome::of(None, stage), |stage| stage.outcome),
        }
    }
}

/// What the server said before of a deal's stage, and the text the deal was found by.
struct Old {
    stage: i64,
    since: (i64, bool),
    hay: String,
}

/// Writes the card of a deal.
pub(in super::super) fn put(ink: &mut Ink<'_>, row: i64, record: &Record) -> Result<()> {
    let old = old(ink, row)?;
    let name = json::text(record, "Deal_Name");
    ink.see(row, &name)?;
    let mut referred = |key| -> Result<Option<i64>> {
        let Some(found) = json::reference(record, key) else { return Ok(None) };
        if let Some(name) = found.name {
            ink.call(found.row, name)?;
        }
        Ok(Some(found.row))
    };
    let (owner, contact) = (referred("Owner")?, referred("Contact_Name")?);
    let company = referred("Account_Name")?;
    let sub = json::text(record, "Sub_Pipeline");
    let pipe = pipeline(ink.org, record, &sub);
    let modified = json::instant(record, "Modified_Time").unwrap_or(0);

    let told = json::text(record, "Stage");
    let told_stage = ink.words.number(ink.conn, &told)?;
    let told_since = match &old {
        Some(old) if old.stage == told_stage => old.since,
        Some(_) => (modified, true),
        None => (modified, json::instant(record, "Created_Time") == Some(modified)),
    };
    let pending = ink.pending.get(&row);
    let after = pending.map(|pending| &pending.after);
    let moved = pending.and_then(|pending| pending.moved.map(|since| (pending.after.stage.as_str(), since)));
    let shown = moved.map_or(&*told, |(stage, _)| stage);
    let stage = ink.words.number(ink.conn, shown)?;
    let since = moved.map_or(told_since, |(_, since)| (since, true));
    let amount = match after {
        Some(after) if after.clears.amount => None,
        _ => after.and_then(|after| after.amount).or_else(|| json::decimal(record, "Amount")),
    };
    let closing = match after {
        Some(after) if after.clears.closing => None,
        _ => after.and_then(MoveImage::closing_date).or_else(|| json::date(record, "Closing_Date")),
    };
    let hay = hay(&[&name, &ink.name(company)?, &ink.name(contact)?, &ink.name(owner)?]);
    let sub_no = ink.words.number(ink.conn, &sub)?;
    let standing = *ink
        .standings
        .entry((pipe, sub_no, stage))
        .or_insert_with(|| Standing::of(ink.org, pipe, &sub, shown));
    let step = outlook::next(ink.conn, row, ink.now)?;
    ink.conn
        .prepare_cached(
            "INSERT INTO deal(row, pipe, sub, stage, ord, outcome, probability, closing, less, exact, since,
                 observed, modified, owner, contact, company, pending, told_stage, told_since, told_seen, name,
                 sort_name, hay, next, lapses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                 ?21, ?22, ?23, ?24, ?25)
             ON CONFLICT DO UPDATE SET pipe = ?2, sub = ?3, stage = ?4, ord = ?5, outcome = ?6,
                 probability = ?7, closing = ?8, less = ?9, exact = ?10, since = ?11, observed = ?12,
                 modified = ?13, owner = ?14, contact = ?15, company = ?16, pending = ?17, told_stage = ?18,
                 told_since = ?19, told_seen = ?20, name = ?21, sort_name = ?22, hay = ?23, next = ?24,
                 lapses = ?25",
        )?
        .execute(params![
            row,
            pipe,
            sub_no,
            stage,
            standing.ord,
            standing.outcome as i64,
            standing.probability,
            closing_key(closing),
            less(amount),
            exact(amount),
            since.0,
            since.1,
            modified,
            owner,
            contact,
            company,
            pending.is_some(),
            told_stage,
            told_since.0,
            told_since.1,
            name,
            sort_name(&name),
            hay,
            step.due,
            step.lapses
        ])?;
    ink.index("deal_text", row, old.as_ref().map(|old| old.hay.as_str()), &hay)
}

/// Brings a new name of a contact or company into the text that deals are found by.
pub(super) fn renamed(ink: &mut Ink<'_>, row: i64) -> Result<()> {
    let conn = ink.conn;
    let mut select = conn.prepare_cached(
        "SELECT row, name, company, contact, owner, hay FROM deal WHERE contact = ?1
         UNION ALL SELECT row, name, company, contact, owner, hay FROM deal WHERE company = ?1",
    )?;
    let mut rows = select.query([row])?;
    while let Some(found) = rows.next()? {
        let deal: i64 = found.get(0)?;
        let (name, old): (String, String) = (found.get(1)?, found.get(5)?);
        let new =
            hay(&[&name, &ink.name(found.get(2)?)?, &ink.name(found.get(3)?)?, &ink.name(found.get(4)?)?]);
        ink.index("deal_text", deal, Some(&old), &new)?;
        ink.conn.prepare_cached("UPDATE deal SET hay = ?2 WHERE row = ?1")?.execute(params![deal, new])?;
    }
    Ok(())
}

fn old(ink: &Ink<'_>, row: i64) -> Result<Option<Old>> {
    let mut select =
        ink.conn.prepare_cached("SELECT told_stage, told_since, told_seen, hay FROM deal WHERE row = ?1")?;
    let found = select.query_row([row], |found| {
        Ok(Old { stage: found.get(0)?, since: (found.get(1)?, found.get(2)?), hay: found.get(3)? })
    });
    Ok(found.optional()?)
}

/// The team pipeline of a deal: named under either of two keys, or implied by the sub-pipeline.
fn pipeline(org: &Org, record: &Record, sub: &str) -> i64 {
    let named = ["Pipeline", "Layout"].iter().find_map(|key| json::reference(record, key));
    named.map(|reference| reference.row).unwrap_or_else(|| {
        let owner = org.catalog.pipelines.iter().find(|it| it.sub_pipelines.iter().any(|it| it.name == sub));
        owner.and_then(|pipeline| pipeline.id.as_str().parse().ok()).unwrap_or(0)
    })
}

fn closing_key(closing: Option<Date>) -> i64 {
    closing.map_or(NO_CLOSING, super::super::row::day_number)
}

/// The closing date of a card.
pub(in super::super) fn closing_of(key: i64) -> Option<Date> {
    if key == NO_CLOSING { None } else { super::super::row::day(key) }
}

/// What amounts are sorted by: the less, the earlier. Deals without an amount stand last.
fn less(amount: Option<Decimal>) -> f64 {
    amount.and_then(|amount| amount.to_f64()).map_or(f64::INFINITY, |amount| -amount)
}

/// The amount as a whole number of ten-thousandths, or as text where that would not be exact.
fn exact(amount: Option<Decimal>) -> Value {
    /// Far below what a 64-bit sum of a million amounts can hold.
    const LARGEST: i64 = 1_000_000_000_000;
    let Some(amount) = amount else { return Value::Null };
    let scaled = amount.normalize();
    let fits = scaled.scale() <= DECIMALS
        && scaled
            .checked_mul(Decimal::from(10_i64.pow(DECIMALS)))
            .is_some_and(|all| all.abs() < LARGEST.into());
    match (scaled * Decimal::from(if fits { 10_i64.pow(DECIMALS) } else { 1 })).to_i64() {
        Some(number) if fits => Value::Integer(number),
        _ => Value::Text(amount.to_string()),
    }
}

/// The amount of a card.
pub(in super::super) fn amount_of(value: rusqlite::types::ValueRef<'_>) -> Option<Decimal> {
    match value {
        rusqlite::types::ValueRef::Integer(number) => Some(Decimal::new(number, DECIMALS).normalize()),
        rusqlite::types::ValueRef::Text(text) => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through(amount: Decimal) -> Option<Decimal> {
        match exact(Some(amount)) {
            Value::Integer(number) => amount_of(rusqlite::types::ValueRef::Integer(number)),
            Value::Text(text) => amount_of(rusqlite::types::ValueRef::Text(text.as_bytes())),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn every_amount_comes_back_as_it_was(number in any::<i64>(), scale in 0u32..20) {
            let amount = Decimal::new(number, scale);
            prop_assert_eq!(through(amount), Some(amount));
        }
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        for amount in [Decimal::MAX, Decimal::MIN, Decimal::new(1, 28), Decimal::ZERO] {
            assert_eq!(through(amount), Some(amount));
        }
    }
}
