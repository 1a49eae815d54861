//! Marking records.

use super::{ask, notice};
use crate::{
    app::{Effect, List, Marks, Model, Place, Walk},
    domain::{Link, Module, Row},
    protocol::{AnswerId, JobKey, Request, Slice, WindowReply},
};

impl Model {
    /// The marks of the pane on the screen; none where rows cannot be marked.
    #[must_use]
    pub fn marks(&self) -> Option<&Marks> {
        match (&self.trail.here, self.trail.here.lists()) {
            (Place::Coql, _) => Some(&self.panes.coql.results.marks),
            (_, module) => self.panes.marks.get(&module?),
        }
    }

    /// The same, to be changed.
    pub(in crate::app) fn marks_mut(&mut self) -> Option<&mut Marks> {
        match (&self.trail.here, self.trail.here.lists()) {
            (Place::Coql, _) => Some(&mut self.panes.coql.results.marks),
            (_, module) => Some(self.panes.marks.entry(module?).or_default()),
        }
    }

    /// Whether records are marked in the pane on the screen.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        self.marks().is_some_and(|marks| !marks.is_empty())
    }

    /// Marked records that are not in the list on the screen any more, where the whole list is in hand; 0 where
    /// nobody can tell.
    #[must_use]
    pub fn marks_out_of_sight(&self) -> usize {
        fn held<R: Row>(marks: &Marks, list: &List<R>) -> Option<usize> {
            let whole = list.total == Some(list.rows.len() as u64);
            whole.then(|| list.rows.iter().filter(|row| marks.contains(row.id())).count())
        }
        let (panes, Some(marks)) = (&self.panes, self.marks()) else { return 0 };
        let in_hand = match self.trail.here {
            _ if marks.is_empty() => None,
            Place::Board => panes.board.columns.iter().map(|column| held(marks, &column.cards)).sum(),
            Place::Deals => held(marks, &panes.deals),
            Place::Contacts => held(marks, &panes.contacts),
            Place::Companies => held(marks, &panes.companies),
            Place::Notes => held(marks, &panes.notes),
            _ => None,
        };
        in_hand.map_or(0, |in_hand: usize| marks.len().saturating_sub(in_hand))
    }

    /// Ordinals of the range that is being marked, the last one included.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64)> {
        let panes = &self.panes;
        match self.trail.here {
            Place::Board => panes.board.column()?.cards.range(),
            Place::Deals => panes.deals.range(),
            Place::Contacts => panes.contacts.range(),
            Place::Companies => panes.companies.range(),
            Place::Notes => panes.notes.range(),
            Place::Coql => panes.coql.results.rows.range(),
            _ => None,
        }
    }
}

/// The list that has the cursor.
fn list(model: &mut Model) -> Option<&mut dyn Walk> {
    let here = model.trail.here.clone();
    model.list_at(&here).map(|(_, _, list)| list)
}

/// Marks the record under the cursor, or takes its mark away, and moves on.
pub fn toggle(model: &mut Model) {
    let Some(list) = list(model) else { return };
    let Some(record) = list.record() else { return };
    list.go_to(list.cursor() + 1);
    if !model.marks_mut().is_some_and(|marks| marks.toggle(record)) {
        full(model, 1);
    }
}

/// Begins a range at the cursor, or marks what lies between its beginning and the cursor.
pub fn range(model: &mut Model, out: &mut Vec<Effect>) {
    let range = model.range();
    let Some(list) = list(model) else { return };
    let Some((from, to)) = range else {
        list.set_anchor(true);
        return notice::info(model, "a range begins here: v once more marks it, Esc leaves it");
    };
    list.set_anchor(false);
    run(model, from, to - from + 1, out);
}

/// Leaves the range without marking it. False if there is none.
pub fn leave_range(model: &mut Model) -> bool {
    let there = model.range().is_some();
    if let Some(list) = list(model).filter(|_| there) {
        list.set_anchor(false);
    }
    there
}

/// Marks every row of the list, those that are not in hand too.
pub fn all(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(list) = list(model) else { return };
    list.set_anchor(false);
    let total = list.total();
    run(model, 0, total, out);
}

/// Takes all marks of the pane away.
pub fn clear(model: &mut Model) {
    leave_range(model);
    if let Some(marks) = model.marks_mut() {
        marks.clear();
    }
}

/// Marks so many rows from an ordinal on: from memory, or when the worker has told which they are.
fn run(model: &mut Model, from: u64, count: u64, out: &mut Vec<Effect>) {
    let Some(list) = list(model) else { return };
    if let Some(records) = list.records(from, count) {
        let left_out = model.marks_mut().map_or(0, |marks| marks.add(records));
        return told(model, left_out);
    }
    let many = count.min(Marks::MOST as u64);
    let len = u32::try_from(many).unwrap_or(u32::MAX);
    let request = match (list.spec().cloned(), model.panes.coql.results.view()) {
        (Some(list), _) => {
            let slice = if from == 0 { Slice::Start } else { Slice::At(from + many / 2) };
            Request::Window { list, slice, len }
        }
        (None, Some(view)) => Request::CoqlRecords { view, from, len },
        (None, None) => return notice::info(model, "these rows are on their way; press it once more"),
    };
    ask(model, JobKey::Marks, request, out);
}

/// The worker told which records the rows of an answer are of.
pub fn take_records(model: &mut Model, answer: AnswerId, records: Vec<Link>) {
    let results = &mut model.panes.coql.results;
    let Some(shown) = results.answer.as_ref().filter(|shown| shown.id == answer) else { return };
    let full = records.len() == Marks::MOST;
    let beyond = usize::try_from(shown.total).unwrap_or(usize::MAX).saturating_sub(records.len());
    let left_out = results.marks.add(records) + if full { beyond } else { 0 };
    told(model, left_out);
}

/// The worker told which rows they are.
pub fn take(model: &mut Model, window: WindowReply) {
    let module = window.list.module();
    let marks = model.panes.marks.entry(module).or_default();
    let records = window.rows.records();
    let beyond = match window.slice {
        Slice::Start => usize::try_from(window.total).unwrap_or(usize::MAX).saturating_sub(records.len()),
        _ => 0,
    };
    let left_out = marks.add(records) + beyond;
    told(model, left_out);
}

fn told(model: &mut Model, left_out: usize) {
    if left_out > 0 {
        return full(model, left_out);
    }
    let many = model.marks().map_or(0, Marks::len);
    notice::done(model, &format!("{many} marked; gv takes the marks away"));
}

fn full(model: &mut Model, left_out: usize) {
    let most = Marks::MOST;
    notice::info(model, &format!("no more than {most} can be marked at once; {left_out} are not"));
}

impl Place {
    /// The module whose records the list of this place shows; none where there is no such list.
    #[must_use]
    pub const fn lists(&self) -> Option<Module> {
        match self {
            Self::Board | Self::Deals => Some(Module::Pipelines),
            Self::Contacts => Some(Module::Contacts),
            Self::Companies => Some(Module::Accounts),
            Self::Notes => Some(Module::Notes),
            Self::Pipelines | Self::Coql | Self::Credits | Self::Record(_) => None,
        }
    }
}
