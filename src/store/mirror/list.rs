//! Windows over lists.
//!
//! A list that an index can begin and end is read by keyset: only the rows of the window are touched. A list
//! with words or other conditions is put in order once and kept as row numbers until a record changes, and so is
//! one of many rows whose index is not there yet: putting it in order takes less time than making the index, which
//! is made when the list is looked at again after a change. Either way a window is a run of row numbers, from
//! which rows are drawn.

mod cache;
mod keyset;
mod order;

use std::sync::Arc;

pub(super) use cache::{Cache, Kept};

use self::{keyset::Keyset, order::Order};
use super::{Mirror, Moment, Result, filter::is_selective, indexes};
use crate::{
    domain::{Module, RecordId},
    protocol::{ListSpec, Rows, Slice, WindowReply},
};

/// A run of rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Ordinal of the first row.
    pub first: u64,
    /// Rows in the whole list.
    pub total: u64,
    pub rows: Vec<i64>,
}

impl Mirror {
    /// Reads a piece of a list.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn window(
        &mut self,
        list: &ListSpec,
        slice: &Slice,
        len: u32,
        moment: &Moment,
    ) -> Result<WindowReply> {
        let run = self.run(list, slice, len, moment)?;
        let rows = self.rows(list.module(), run.rows, moment)?;
        Ok(WindowReply { list: list.clone(), slice: slice.clone(), first: run.first, total: run.total, rows })
    }

    /// Records as lists show them, in the order of `ids`; those that are not here are left out.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn records(&self, module: Module, ids: &[RecordId], moment: &Moment) -> Result<Rows> {
        let rows = ids.iter().filter_map(|id| id.as_str().parse().ok());
        self.rows(module, rows, moment)
    }

    fn rows(&self, module: Module, numbers: impl IntoIterator<Item = i64>, moment: &Moment) -> Result<Rows> {
        let mut rows = match module {
            Module::Contacts => Rows::Contacts(Vec::new()),
            Module::Accounts => Rows::Companies(Vec::new()),
            Module::Notes => Rows::Notes(Vec::new()),
            _ => Rows::Deals(Vec::new()),
        };
        for row in numbers {
            match &mut rows {
                Rows::Deals(rows) => rows.extend(self.deal_row(row, moment)?),
                Rows::Contacts(rows) => rows.extend(self.contact_row(row)?),
                Rows::Companies(rows) => rows.extend(self.company_row(row)?),
                Rows::Notes(rows) => rows.extend(self.note_row(row)?),
            }
        }
        Ok(rows)
    }

    pub(super) fn run(&mut self, list: &ListSpec, slice: &Slice, len: u32, moment: &Moment) -> Result<Run> {
        let order = Order::of(self, list, moment);
        let stamp = (self.revision, moment.today);
        let selective = match list {
            ListSpec::Deals { filter, .. } | ListSpec::Stage { filter, .. } => is_selective(filter),
            ListSpec::Contacts { text, .. } | ListSpec::Companies { text, .. } | ListSpec::Notes { text } => {
                !text.trim().is_empty()
            }
        };
        let kept = self.cache.get(list, stamp);
        if selective || !self.is_indexed(&order)? {
            let rows = match kept {
                Some(Kept::Rows(rows)) => rows,
                _ => {
                    let rows: Arc<[i64]> = Keyset { conn: &self.conn, order: &order }.all()?.into();
                    self.cache.put(list, stamp, Kept::Rows(Arc::clone(&rows)));
                    rows
                }
            };
            return Ok(cut(&rows, slice, len));
        }
        let keyset = Keyset { conn: &self.conn, order: &order };
        let total = match kept {
            Some(Kept::Total(total)) => total,
            _ => {
                let total = keyset.total()?;
                self.cache.put(list, stamp, Kept::Total(total));
                total
            }
        };
        keyset.run(slice, len, total)
    }

    /// Whether the index of an order is there; makes it where that is quick or pays.
    fn is_indexed(&mut self, order: &Order) -> Result<bool> {
        let (table, Some(index)) = (order.cards.table, &order.index) else { return Ok(true) };
        let there = indexes::exists(&self.conn, table, index)?;
        if !there && (indexes::is_small(&self.conn, table)? || self.cache.is_worth(index, self.revision)) {
            indexes::create(&self.conn, table, index)?;
            return Ok(true);
        }
        Ok(there)
    }
}

/// A slice of rows that are in order already.
fn cut(rows: &[i64], slice: &Slice, len: u32) -> Run {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    let place = |id: &RecordId, hint: u64| {
        let row = id.as_str().parse::<i64>().ok()?;
        let hint = usize::try_from(hint).ok()?;
        if rows.get(hint) == Some(&row) { Some(hint) } else { rows.iter().position(|it| *it == row) }
    };
    let around = |at: usize| at.saturating_sub(len / 2).min(rows.len().saturating_sub(len));
    let (from, to) = match slice {
        Slice::Start => (0, len),
        Slice::End => (rows.len().saturating_sub(len), rows.len()),
        Slice::After { id, ordinal } => {
            let from = place(id, *ordinal).map_or(0, |at| at + 1);
            (from, from.saturating_add(len))
        }
        Slice::Before { id, ordinal } => {
            let to = place(id, *ordinal).unwrap_or(0);
            (to.saturating_sub(len), to)
        }
        Slice::Around { id } => {
            let from = place(id, u64::MAX).map_or(0, around);
            (from, from.saturating_add(len))
        }
        Slice::At(ordinal) => {
            let from = around(usize::try_from(*ordinal).unwrap_or(usize::MAX).min(rows.len()));
            (from, from.saturating_add(len))
        }
    };
    let to = to.min(rows.len());
    let from = from.min(to);
    Run { first: from as u64, total: rows.len() as u64, rows: rows[from..to].to_vec() }
}
