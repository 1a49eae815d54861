//! What was worked out of lists and holds until a record or the day changes.

use std::sync::Arc;

use jiff::civil::Date;

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
pub(in super::super) struct Cache(Vec<(ListSpec, Stamp, Kept)>);

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

    /// Keeps something of `list`; the list that was asked for longest ago leaves.
    pub(in super::super) fn put(&mut self, list: &ListSpec, stamp: Stamp, kept: Kept) {
        if self.0.len() >= LISTS {
            self.0.remove(0);
        }
        self.0.push((list.clone(), stamp, kept));
    }

    fn find(&mut self, list: &ListSpec, stamp: Stamp, figures: bool) -> Option<Kept> {
        self.0.retain(|(_, known, _)| *known == stamp);
        let at = self
            .0
            .iter()
            .position(|(known, _, kept)| known == list && matches!(kept, Kept::Figures(_)) == figures)?;
        let entry = self.0.remove(at);
        let kept = entry.2.clone();
        self.0.push(entry);
        Some(kept)
    }
}
