//! Moving in a window, and knowing when it must be filled.

#[cfg(test)]
mod tests;

use super::{List, Load};
use crate::{
    domain::{Link, RecordId, Row},
    protocol::{ListSpec, Slice},
};

/// Screens of rows that lie ready beyond the one on the screen before more are asked for.
const MARGIN: u64 = 2;

/// Screens of rows that one request asks for.
const REACH: u64 = 8;

/// What any list can do, whatever its rows are.
pub trait Walk {
    /// Ordinal of the row under the cursor.
    fn cursor(&self) -> u64;

    /// Rows in the whole list; 0 while unknown.
    fn total(&self) -> u64;

    /// Puts the cursor on an ordinal, or on the last row if there is none such.
    fn go_to(&mut self, ordinal: u64);

    /// The same for far jumps: what is on its way and does not help is asked for anew.
    fn jump_to(&mut self, ordinal: u64);

    /// Moves cursor and viewport together by whole or half pages.
    fn page(&mut self, rows: i64, height: u16);

    /// Keeps the cursor inside the list and the viewport around the cursor.
    fn keep_in_view(&mut self, height: u16);

    /// What to ask for now, if anything.
    fn wants(&self, height: u16) -> Option<Slice>;

    /// What the list shows.
    fn spec(&self) -> Option<&ListSpec>;

    /// How the rows stand.
    fn load(&self) -> Load;

    /// Notes how the rows stand.
    fn set_load(&mut self, load: Load);

    /// Puts the cursor on the record, now or when it comes into hand.
    fn follow(&mut self, id: &RecordId);

    /// The record under the cursor.
    fn record(&self) -> Option<Link>;

    /// The records of `count` rows from an ordinal on; none where not all of them are in hand.
    fn records(&self, from: u64, count: u64) -> Option<Vec<Link>>;

    /// Begins a range to be marked at the cursor, or ends it.
    fn set_anchor(&mut self, begins: bool);
}

/// Rows that one request asks for at this height, to go on from rows in hand.
#[must_use]
pub fn reach(height: u16) -> u32 {
    u32::try_from((u64::from(height) * REACH).clamp(60, 2000)).unwrap_or(60)
}

/// Rows that a request for this slice asks for. Where nothing is in hand, what is shown comes first and the rest
/// behind it.
#[must_use]
pub fn length(slice: &Slice, height: u16) -> u32 {
    match slice {
        Slice::Start | Slice::End => u32::from(height) + 1,
        // The cursor may stand in any line of the screen.
        Slice::At(_) => 2 * u32::from(height) + 1,
        Slice::After { .. } | Slice::Before { .. } | Slice::Around { .. } => reach(height),
    }
}

impl<R: Row> Walk for List<R> {
    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn total(&self) -> u64 {
        self.total.unwrap_or(0)
    }

    fn go_to(&mut self, ordinal: u64) {
        self.follow = None;
        self.goal = None;
        self.cursor = ordinal.min(self.total().saturating_sub(1));
        if self.load == Load::Failed {
            self.load = Load::Ready;
        }
    }

    fn jump_to(&mut self, ordinal: u64) {
        self.go_to(ordinal);
        if self.total.is_none() || self.outdated {
            self.goal = Some(ordinal);
        }
        if self.load == Load::Asked && self.selected().is_none() {
            self.load = Load::Ready;
        }
    }

    fn page(&mut self, rows: i64, height: u16) {
        let last_top = self.total().saturating_sub(u64::from(height));
        self.top = self.top.saturating_add_signed(rows).min(last_top);
        self.go_to(self.cursor.saturating_add_signed(rows));
    }

    fn keep_in_view(&mut self, height: u16) {
        let height = u64::from(height.max(1));
        self.cursor = self.cursor.min(self.total().saturating_sub(1));
        let lowest = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.clamp(lowest, self.cursor);
        // A list that has shrunk leaves no empty rows below its last one.
        self.top = self.top.min(self.total().saturating_sub(height).max(lowest));
    }

    fn wants(&self, height: u16) -> Option<Slice> {
        match self.load {
            Load::Asked | Load::Failed => None,
            Load::Idle => Some(self.again()),
            Load::Ready => self.more(height),
        }
    }

    fn spec(&self) -> Option<&ListSpec> {
        self.spec.as_ref()
    }

    fn load(&self) -> Load {
        self.load
    }

    fn set_load(&mut self, load: Load) {
        self.load = load;
    }

    fn follow(&mut self, id: &RecordId) {
        self.follow = Some(id.clone());
        if !self.catch_up() {
            self.load = Load::Idle;
        }
    }

    fn record(&self) -> Option<Link> {
        self.selected().and_then(Row::record)
    }

    fn records(&self, from: u64, count: u64) -> Option<Vec<Link>> {
        let from = usize::try_from(from.checked_sub(self.first)?).ok()?;
        let rows = self.rows.get(from..from.checked_add(usize::try_from(count).ok()?)?);
        rows.filter(|_| !self.outdated).map(|rows| rows.iter().filter_map(Row::record).collect())
    }

    fn set_anchor(&mut self, begins: bool) {
        self.anchor = begins.then_some(self.cursor);
    }
}

impl<R: Row> List<R> {
    /// Shows another list from its start; the rows in hand stay on the screen until the new ones are here.
    pub fn show(&mut self, spec: ListSpec) {
        if self.spec.as_ref() != Some(&spec) {
            let rows = std::mem::take(&mut self.rows);
            let outdated = !rows.is_empty();
            let total = outdated.then_some(rows.len() as u64);
            *self =
                Self { spec: Some(spec), rows, total, outdated, summary: self.summary, ..Self::default() };
        }
    }

    fn again(&self) -> Slice {
        if let Some(id) = &self.follow {
            return Slice::Around { id: id.clone() };
        }
        match self.selected() {
            Some(row) if self.cursor > 0 && !self.outdated => Slice::Around { id: row.id().clone() },
            None if self.cursor > 0 => Slice::At(self.cursor),
            _ => Slice::Start,
        }
    }

    fn more(&self, height: u16) -> Option<Slice> {
        let (total, end) = (self.total(), self.first + self.rows.len() as u64);
        if total == 0 {
            return None;
        }
        let (Some(first), Some(last), Some(_)) = (self.rows.first(), self.rows.last(), self.selected())
        else {
            return Some(match self.cursor {
                0 => Slice::Start,
                at if at + 1 == total => Slice::End,
                at => Slice::At(at),
            });
        };
        let margin = u64::from(height.max(1)) * (MARGIN + 1);
        if end < total && self.cursor + margin >= end {
            return Some(Slice::After { id: last.id().clone(), ordinal: end - 1 });
        }
        if self.first > 0 && self.cursor < self.first + margin {
            return Some(Slice::Before { id: first.id().clone(), ordinal: self.first });
        }
        None
    }

    /// Takes an answer in: joins it to the window or replaces the window, and keeps the selection by id.
    pub fn take(&mut self, slice: &Slice, first: u64, total: u64, rows: Vec<R>, height: u16) {
        let known = |row: Option<&R>| row.filter(|_| !self.outdated).map(|row| row.id().clone());
        let (selected, anchor) = (known(self.selected()), known(self.anchor.and_then(|at| self.row(at))));
        let mut offset = self.cursor.saturating_sub(self.top);
        let from_start = self.top == 0;
        let end = self.first + self.rows.len() as u64;
        let keep = usize::try_from(u64::from(reach(height)) * 3).unwrap_or(usize::MAX);
        let same = self.total == Some(total);
        match slice {
            Slice::After { .. } if same && first == end => {
                self.rows.extend(rows);
                let extra = self.rows.len().saturating_sub(keep).min(self.behind_cursor());
                self.rows.drain(..extra);
                self.first += extra as u64;
            }
            Slice::Before { .. } if same && first + rows.len() as u64 == self.first => {
                self.rows.splice(0..0, rows);
                self.first = first;
                self.rows.truncate(keep.max(self.behind_cursor() + 1));
            }
            // The list is another one than when they were asked for: rows from afar would not join.
            Slice::After { .. } | Slice::Before { .. } if !self.rows.is_empty() => {
                self.total = Some(total);
                self.load = Load::Idle;
                return;
            }
            _ => {
                self.rows = rows;
                self.first = first;
            }
        }
        self.total = Some(total);
        self.load = Load::Ready;
        self.outdated = false;
        let caught_up = self.catch_up();
        let goal = self.goal.take();
        if caught_up {
            offset = u64::from(height / 2);
        } else {
            self.follow = None;
            self.put_on(selected.as_ref());
        }
        if let Some(goal) = goal {
            self.cursor = goal.min(total.saturating_sub(1));
        }
        if let Some(at) = self.place_of(anchor.as_ref()) {
            self.anchor = Some(at);
        }
        // A screen that began at the first row goes on to do so, as far as the cursor allows.
        self.top = if from_start && !caught_up { 0 } else { self.cursor.saturating_sub(offset) };
        self.keep_in_view(height);
    }

    /// Whether neither cursor nor screen has left the first row.
    #[must_use]
    pub fn is_at_start(&self) -> bool {
        self.cursor == 0 && self.top == 0 && self.follow.is_none() && self.goal.is_none()
    }

    /// Rows in hand before the one under the cursor.
    fn behind_cursor(&self) -> usize {
        usize::try_from(self.cursor.saturating_sub(self.first)).unwrap_or(0)
    }

    /// Goes to the record that is waited for; false if it is not in hand.
    fn catch_up(&mut self) -> bool {
        let Some(id) = self.follow.take() else { return false };
        let found = self.put_on(Some(&id));
        if !found {
            self.follow = Some(id);
        }
        found
    }

    fn put_on(&mut self, id: Option<&RecordId>) -> bool {
        let at = self.place_of(id);
        self.cursor = at.unwrap_or(self.cursor);
        at.is_some()
    }

    /// Ordinal of a record in hand.
    fn place_of(&self, id: Option<&RecordId>) -> Option<u64> {
        let at = id.and_then(|id| self.rows.iter().position(|row| row.id() == id))?;
        Some(self.first + at as u64)
    }
}
