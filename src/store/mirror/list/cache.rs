//! What was worked out of lists and holds until a record or the day changes.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;

use super::super::{figures::Tallies, filter::Conditions};
use crate::protocol::{ListSpec, Summary};

/// The revision of the mirror and the day.
pub(in super::super) type Stamp = (u64, Date);

/// What is kept of a list.
#[derive(Debug, Clone)]
pub(in super::super) enum Kept {
    /// How many rows it has.
    Total(u64),
    /// Its rows, in order.
    Rows(Arc<[i64]>),
    /// Its figures.
    Figures(Summary),
}

/// The few lists that screens are looking at.
#[derive(Debug, Default)]
pub(in super::super) struct Cache {
    lists: Vec<(ListSpec, Stamp, Kept)>,
    /// What was added up last: a board and its figures are made of the same.
    tallies: Option<(Conditions, Stamp, Arc<Tallies>)>,
    /// Indexes that would have served an order, with the revision under which it was first asked for.
    wanted: HashMap<String, u64>,
}

/// Panes and columns of a board, with some to spare.
const LISTS: usize = 32;

impl Cache {
    /// What is kept of `list` and still holds. Figures are kept beside the rest.
    pub(in super::super) fn get(&mut self, list: &ListSpec, stamp: Stamp) -> Option<Kept> {
        self.find(list, stamp, false)
    }

    /// The figures of `list`, if they still hold.
    pub(in super::super) fn figures(&mut self, list: &ListSpec, stamp: Stamp) -> Option<Summary> {
        match self.find(list, stamp, true) {
            Some(Kept::Figures(summary)) => Some(summary),
            _ => None,
        }
    }

    /// What deals that pass `conditions` add up to, if that was the last thing added up and still holds.
    pub(in super::super) fn tallies(&self, conditions: &Conditions, stamp: Stamp) -> Option<Arc<Tallies>> {
        let (known, at, tallies) = self.tallies.as_ref()?;
        (known == conditions && *at == stamp).then(|| Arc::clone(tallies))
    }

    /// Keeps what was added up.
    pub(in super::super) fn put_tallies(&mut self, conditions: Conditions, stamp: Stamp, all: Arc<Tallies>) {
        self.tallies = Some((conditions, stamp, all));
    }

    /// Whether an order is looked at again after a change, so that an index is worth its making.
    pub(in super::super) fn is_worth(&mut self, index: &str, revision: u64) -> bool {
        *self.wanted.entry(index.to_owned()).or_insert(revision) != revision
    }

    /// Keeps something of `list`; the list that was asked for longest ago leaves.
    pub(in super::super) fn put(&mut self, list: &ListSpec, stamp: Stamp, kept: Kept) {
        if self.lists.len() >= LISTS {
            self.lists.remove(0);
        }
        self.lists.push((list.clone(), stamp, kept));
    }

    fn find(&mut self, list: &ListSpec, stamp: Stamp, figures: bool) -> Option<Kept> {
        self.lists.retain(|(_, known, _)| *known == stamp);
        let at = self
            .lists
            .iter()
            .position(|(known, _, kept)| known == list && matches!(kept, Kept::Figures(_)) == figures)?;
        let entry = self.lists.remove(at);
        let kept = entry.2.clone();
        self.lists.push(entry);
        Some(kept)
    }
}
