//! Rows of lists out of cards.

use jiff::{Timestamp, civil::Date};
use rusqlite::{OptionalExtension as _, Row, types::ValueRef};
use rust_decimal::Decimal;

use super::{
    Mirror, Moment, Result,
    card::{amount_of, closing_of, kind_of, module_of},
    outlook,
};
use crate::domain::{
    CompanyRow, ContactRow, DealRow, Link, Module, NextStep, NoteRow, RecordId, SafeText, StageSince,
};

/// Characters of a name, and of the beginning of a text, that ever reach a list.
const LONGEST: usize = 200;

/// Days since 1970.
pub(super) fn day_number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The day with this number.
pub(super) fn day(number: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// A stored text for a list: cut, then made safe.
pub(super) fn short(value: ValueRef<'_>) -> SafeText {
    let text = value.as_str_or_null().ok().flatten().unwrap_or_default();
    match text.char_indices().nth(LONGEST) {
        None => SafeText::new(text),
        Some((end, _)) => SafeText::new(&format!("{}…", &text[..end])),
    }
}

pub(super) fn id_of(row: i64) -> RecordId {
    RecordId::try_from(row.unsigned_abs().to_string())
        .expect("a number of 64 bits is spelled in at most 20 digits")
}

pub(super) fn moment_of(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}

impl Mirror {
    /// What a record or user is called, where that is known.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn name_of(&self, id: &RecordId) -> Result<Option<SafeText>> {
        let Ok(row) = id.as_str().parse::<i64>() else { return Ok(None) };
        let name = self.called(Some(row))?;
        Ok(Some(name).filter(|name| !name.as_str().is_empty()))
    }

    /// The deal in `row`; none where it is gone.
    pub(super) fn deal_row(&self, row: i64, moment: &Moment) -> Result<Option<DealRow>> {
        let mut select = self.conn.prepare_cached(
            "SELECT deal.name, exact, pipe, sub, stage, closing, since, observed, pending, next,
                 contact, company, o.name, p.name, c.name
             FROM deal LEFT JOIN known o ON o.row = owner LEFT JOIN known p ON p.row = contact
                 LEFT JOIN known c ON c.row = company
             WHERE deal.row = ?1",
        )?;
        let found = select.query_row([row], |found| {
            let deal = DealRow {
                id: id_of(row),
                name: short(found.get_ref(0)?),
                amount: amount_of(found.get_ref(1)?),
                pipeline: id_of(found.get(2)?),
                sub_pipeline: self.words.text(found.get(3)?).to_owned(),
                stage: self.words.text(found.get(4)?).to_owned(),
                closing: closing_of(found.get(5)?),
                since: moment_of(found.get(6)?)
                    .map(|at| Ok::<_, rusqlite::Error>(StageSince { at, observed: found.get(7)? }))
                    .transpose()?,
                slips: None,
                next: None,
                owner: short(found.get_ref(12)?),
                contact: link(Module::Contacts, found.get(10)?, short(found.get_ref(13)?)),
                company: link(Module::Accounts, found.get(11)?, short(found.get_ref(14)?)),
                pending: found.get(8)?,
            };
            Ok((deal, found.get::<_, Option<i64>>(9)?.is_some()))
        });
        let Some((mut deal, steps)) = found.optional()? else { return Ok(None) };
        deal.next = if steps { self.next_step(row, moment)? } else { None };
        Ok(Some(deal))
    }

    /// The contact in `row`; none where it is gone.
    pub(super) fn contact_row(&self, row: i64) -> Result<Option<ContactRow>> {
        let mut select = self.conn.prepare_cached(
            "SELECT name, title, email, phone, touched, company FROM contact WHERE row = ?1",
        )?;
        let found = select.query_row([row], |found| {
            let contact = ContactRow {
                id: id_of(row),
                name: short(found.get_ref(0)?),
                title: short(found.get_ref(1)?),
                company: None,
                email: short(found.get_ref(2)?),
                phone: short(found.get_ref(3)?),
                touched: touched(found, 4)?,
                open_deals: 0,
                open_sum: Decimal::ZERO,
            };
            Ok((contact, found.get::<_, Option<i64>>(5)?))
        });
        let Some((mut contact, company)) = found.optional()? else { return Ok(None) };
        contact.company = self.link(Module::Accounts, company)?;
        (contact.open_deals, contact.open_sum) =
            self.open_deals("SELECT exact FROM deal WHERE contact = ?1 AND outcome = 0", row)?;
        Ok(Some(contact))
    }

    /// The company in `row`; none where it is gone.
    pub(super) fn company_row(&self, row: i64) -> Result<Option<CompanyRow>> {
        let mut select = self.conn.prepare_cached(
            "SELECT name, phone, website, city, touched,
                 (SELECT count(*) FROM contact WHERE contact.company = company.row)
             FROM company WHERE row = ?1",
        )?;
        let found = select.query_row([row], |found| {
            Ok(CompanyRow {
                id: id_of(row),
                name: short(found.get_ref(0)?),
                phone: short(found.get_ref(1)?),
                website: short(found.get_ref(2)?),
                city: short(found.get_ref(3)?),
                people: found.get(5)?,
                open_deals: 0,
                open_sum: Decimal::ZERO,
                touched: touched(found, 4)?,
            })
        });
        let Some(mut company) = found.optional()? else { return Ok(None) };
        (company.open_deals, company.open_sum) =
            self.open_deals("SELECT exact FROM deal WHERE company = ?1 AND outcome = 0", row)?;
        Ok(Some(company))
    }

    /// The note in `row`; none where it is gone.
    pub(super) fn note_row(&self, row: i64) -> Result<Option<NoteRow>> {
        let mut select = self.conn.prepare_cached(
            "SELECT title, substr(text, 1, 400), author, at, pending, parent, parent_module FROM note
             WHERE row = ?1",
        )?;
        let found = select.query_row([row], |found| {
            let text = found.get_ref(1)?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
            let note = NoteRow {
                id: id_of(row),
                parent: None,
                title: short(found.get_ref(0)?),
                preview: short(ValueRef::Text(text.as_bytes())),
                author: SafeText::default(),
                at: moment_of(found.get(3)?).unwrap_or_default(),
                pending: found.get(4)?,
            };
            Ok((note, found.get(2)?, found.get(5)?, found.get::<_, Option<i64>>(6)?))
        });
        let Some((mut note, author, parent, module)) = found.optional()? else { return Ok(None) };
        note.author = self.called(author)?;
        note.parent = self.link_to(parent, module)?;
        Ok(Some(note))
    }

    /// The link to a record of `module`.
    pub(super) fn link(&self, module: Module, row: Option<i64>) -> Result<Option<Link>> {
        Ok(link(module, row, self.called(row)?))
    }

    /// The link to a record whose module may not have been said: ids are unique in an org, so the card that
    /// has this one tells.
    pub(super) fn link_to(&self, row: Option<i64>, module: Option<i64>) -> Result<Option<Link>> {
        let Some(number) = row else { return Ok(None) };
        let module = match module.and_then(module_of) {
            Some(module) => Some(module),
            None => {
                let mut holds = None;
                let cards = [
                    ("deal", Module::Pipelines),
                    ("contact", Module::Contacts),
                    ("company", Module::Accounts),
                ];
                for (table, module) in cards {
                    let sql = format!("SELECT 1 FROM {table} WHERE row = ?1");
                    if self.conn.prepare_cached(&sql)?.exists([number])? {
                        holds = Some(module);
                        break;
                    }
                }
                holds
            }
        };
        module.map_or(Ok(None), |module| self.link(module, row))
    }

    /// What a record or user is called, short and safe.
    pub(super) fn called(&self, row: Option<i64>) -> Result<SafeText> {
        let Some(row) = row else { return Ok(SafeText::default()) };
        let mut select = self.conn.prepare_cached("SELECT name FROM known WHERE row = ?1")?;
        Ok(select.query_row([row], |found| Ok(short(found.get_ref(0)?))).optional()?.unwrap_or_default())
    }

    fn next_step(&self, deal: i64, moment: &Moment) -> Result<Option<NextStep>> {
        let sql = format!("SELECT kind, due, subject FROM activity WHERE {}", outlook::OPEN);
        let mut select = self.conn.prepare_cached(&sql)?;
        let found = select.query_row([deal, moment.now.as_millisecond()], |found| {
            Ok((kind_of(found.get(0)?), day(found.get(1)?), short(found.get_ref(2)?)))
        });
        Ok(found
            .optional()?
            .and_then(|(kind, due, subject)| Some(NextStep { kind: kind?, due: due?, subject })))
    }

    fn open_deals(&self, sql: &str, row: i64) -> Result<(u32, Decimal)> {
        let mut select = self.conn.prepare_cached(sql)?;
        let mut rows = select.query([row])?;
        let (mut count, mut sum) = (0, Decimal::ZERO);
        while let Some(found) = rows.next()? {
            count += 1;
            sum = sum.saturating_add(amount_of(found.get_ref(0)?).unwrap_or_default());
        }
        Ok((count, sum))
    }
}

/// The link to a record of `module` that is called `name`; by its id where nobody said what it is called.
fn link(module: Module, row: Option<i64>, name: SafeText) -> Option<Link> {
    let id = id_of(row?);
    let name = if name.as_str().is_empty() { SafeText::new(id.as_str()) } else { name };
    Some(Link { module, id, name })
}

fn touched(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.filter(|at| *at != i64::MIN).and_then(moment_of))
}
