//! What the user changed and the server has not confirmed, over what the server said.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{
    Mirror, Moment, Result,
    card::{amount_of, closing_of},
};
use crate::{
    domain::{DealRow, Link, Module},
    store::keep::{Clears, MoveImage, OutboxRow, WriteBody},
    tables::{Reader, Record},
};

/// A deal's fields while a move of it is under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pending {
    /// What it becomes; of the stage only where it moves.
    pub after: MoveImage,
    /// When it was moved to another stage, Unix milliseconds; none where it stays in its own.
    pub moved: Option<i64>,
}

impl Mirror {
    /// A record as the server last told it, in the API's spelling, whatever the user changed since; none
    /// where it is not here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn told(&self, record: &Link) -> Result<Option<Record>> {
        let Ok(org) = self.org() else { return Ok(None) };
        let reader = Reader { conn: &self.conn, schemas: &org.schemas, zone: &org.zone };
        Ok(reader.get(record.module.api_name(), record.id.as_str())?)
    }

    /// A deal as it is shown; none where it is not here, or is no deal.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn deal(&self, record: &Link, moment: &Moment) -> Result<Option<DealRow>> {
        match record.id.as_str().parse() {
            Ok(row) if record.module == Module::Pipelines => self.deal_row(row, moment),
            _ => Ok(None),
        }
    }

    /// A deal's fields as they are shown; none where the deal is not here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn image(&self, deal: &Link) -> Result<Option<MoveImage>> {
        let Ok(row) = deal.id.as_str().parse::<i64>() else { return Ok(None) };
        let found = self
            .conn
            .prepare_cached("SELECT stage, exact, closing FROM deal WHERE row = ?1")?
            .query_row([row], |found| {
                Ok(MoveImage {
                    stage: self.words.text(found.get(0)?).to_owned(),
                    amount: amount_of(found.get_ref(1)?),
                    closing: closing_of(found.get(2)?).map(|date| date.to_string()),
                    clears: Clears::NONE,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// Deals that are shown otherwise than the server told.
    fn shown_pending(&self) -> Result<Vec<i64>> {
        let mut select = self.conn.prepare_cached("SELECT row FROM deal WHERE pending")?;
        let rows = select.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Shows the outbox over what the server said, later rows over earlier ones. What left the outbox is
    /// shown no more.
    ///
    /// # Errors
    /// When SQLite refuses; what is shown is then as before.
    pub fn show_pending(&mut self, outbox: &[OutboxRow], now: Timestamp) -> Result<()> {
        let shown = self.shown_pending()?;
        let before = std::mem::take(&mut self.pending);
        for row in outbox {
            if let (WriteBody::Move { before, after }, Ok(deal)) = (&row.body, row.record.id.as_str().parse())
            {
                let fresh = || Pending { after: after.clone(), moved: None };
                let pending = self.pending.entry(deal).or_insert_with(fresh);
                let mut after = after.clone();
                if before.stage == after.stage {
                    after.stage.clone_from(&pending.after.stage);
                } else {
                    pending.moved = Some(row.intent.as_millisecond());
                }
                pending.after.overlay(&after);
            }
        }
        let mut touched: HashSet<i64> = self.pending.keys().chain(before.keys()).copied().collect();
        touched.retain(|row| self.pending.get(row) != before.get(row));
        // What an earlier run showed, and a crash kept from being taken back.
        touched.extend(shown.into_iter().filter(|row| !self.pending.contains_key(row)));
        let done = self.transact(touched.len(), now, |ink| {
            for row in touched {
                if let Some(record) = ink.record(Module::Pipelines, row)? {
                    ink.put_deal(row, &record)?;
                }
            }
            let notes = outbox.iter().filter_map(|row| match &row.body {
                WriteBody::Note { text } => Some((row.no, &row.record, text.as_str(), row.intent)),
                WriteBody::Move { .. } | WriteBody::Removal { .. } => None,
            });
            ink.show_notes(notes)
        });
        if done.is_err() {
            self.pending = before;
        }
        done
    }
}
