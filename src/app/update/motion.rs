//! Moving the cursor.

use super::{coql, notice};
use crate::app::{
    Model, Place,
    actions::Action,
    geometry,
    overlay::Overlay,
    pane::{CoqlFocus, RecordFocus},
};

/// Where a movement leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// So many rows down, or up if negative.
    By(i64),
    /// So many half pages down, or up if negative.
    Halves(i64),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl To {
    /// The movement of an action, if it is one.
    #[must_use]
    pub const fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::Down => Self::By(1),
            Action::Up => Self::By(-1),
            Action::PageDown => Self::Halves(2),
            Action::PageUp => Self::Halves(-2),
            Action::HalfDown => Self::Halves(1),
            Action::HalfUp => Self::Halves(-1),
            Action::First => Self::First,
            Action::Last => Self::Last,
            _ => return None,
        })
    }

    fn rows(self, height: usize) -> i64 {
        match self {
            Self::By(rows) => rows,
            Self::Halves(halves) => {
                let rows = i64::try_from(height).unwrap_or(0) * halves / 2;
                if rows == 0 { halves.signum() } else { rows }
            }
            Self::First => i64::MIN,
            Self::Last => i64::MAX,
        }
    }

    /// The place in `len` rows that this leads to from `at`.
    fn within(self, at: usize, len: usize, height: usize) -> usize {
        let rows = isize::try_from(self.rows(height)).unwrap_or(if self == Self::First {
            isize::MIN
        } else {
            isize::MAX
        });
        at.saturating_add_signed(rows).min(len.saturating_sub(1))
    }
}

/// Moves whatever has the keys.
pub fn go(model: &mut Model, to: To) {
    let height = usize::from(geometry::pane_rows(model.size));
    let help = model.help_rows();
    let (columns, rows) = geometry::entry_text(model.size);
    match &mut model.overlay {
        None if model.panes.coql.popup.is_some() => coql::popup::choose(model, to.rows(1)),
        None | Some(Overlay::Filter(_)) => below(model, to),
        Some(Overlay::Palette(palette)) => {
            palette.cursor = to.within(palette.cursor, palette.rows.len(), height)
        }
        Some(Overlay::Stage(picker)) => {
            picker.cursor = to.within(picker.cursor, picker.matches().len(), height)
        }
        Some(Overlay::Pipeline(picker)) => {
            picker.cursor = to.within(picker.cursor, picker.matches().len(), height)
        }
        Some(Overlay::Deal(close)) if close.field == 0 => {
            close.cursor = to.within(close.cursor, close.stages.len(), height);
        }
        Some(Overlay::Drafts(drafts)) => drafts.cursor = to.within(drafts.cursor, drafts.rows.len(), height),
        Some(Overlay::Calls(view)) => view.cursor = to.within(view.cursor, view.rows.len(), height),
        Some(Overlay::Messages(messages)) => {
            messages.top = to.within(messages.top, messages.rows.len(), height)
        }
        Some(Overlay::History(view)) => view.top = to.within(view.top, view.rows.len(), height),
        Some(Overlay::Entry(view)) => {
            let hidden = view.lines(columns).saturating_sub(usize::from(rows));
            view.top = to.within(view.top, hidden + 1, usize::from(rows));
        }
        Some(Overlay::Help(view)) => view.top = to.within(view.top, help, height),
        Some(Overlay::Runs(view)) => view.cursor = to.within(view.cursor, view.rows.len(), height),
        Some(Overlay::Saved(view)) => view.cursor = to.within(view.cursor, view.matches().len(), height),
        Some(Overlay::Export(dialog)) => coql::export::choose(dialog, to.rows(1)),
        Some(Overlay::Outbox(view)) => view.cursor = to.within(view.cursor, view.rows.len(), height),
        Some(Overlay::Conflict(view)) => view.field = to.within(view.field, view.clashes.len(), height),
        Some(
            Overlay::Deal(_)
            | Overlay::Command(_)
            | Overlay::Confirm(_)
            | Overlay::Note(_)
            | Overlay::SaveQuery(_)
            | Overlay::Parameters(_),
        ) => {}
    }
}

impl Model {
    /// Lines that can be the first of the open help on the screen; 0 without one.
    fn help_rows(&self) -> usize {
        let Some(Overlay::Help(view)) = &self.overlay else { return 0 };
        let lines = view.groups(self).iter().map(|group| group.rows.len() + 2).sum::<usize>();
        let rows = geometry::help_rows(self.size, view.is_filtered());
        lines.saturating_sub(1 + usize::from(rows)) + 1
    }
}

fn below(model: &mut Model, to: To) {
    let size = model.size;
    let here = model.trail.here.clone();
    match here {
        Place::Record(_) => {
            let (facts, entries) = geometry::record_rows(size);
            let Some(pane) = &mut model.panes.record else { return };
            let timeline = pane.detail.as_ref().map_or(0, |detail| detail.timeline.len());
            match pane.focus {
                RecordFocus::Facts => pane.fact = to.within(pane.fact, pane.facts(), usize::from(facts)),
                RecordFocus::Timeline => pane.entry = to.within(pane.entry, timeline, usize::from(entries)),
            }
        }
        Place::Pipelines => {
            let pane = &mut model.panes.pipelines;
            let height = usize::from(geometry::pipelines_rows(size));
            pane.cursor = to.within(pane.cursor, pane.totals.len(), height);
        }
        list => {
            let Some((_, height, list)) = model.list_at(&list) else { return };
            let rows = to.rows(usize::from(height));
            match to {
                To::By(by) => list.go_to(list.cursor().saturating_add_signed(by)),
                To::Halves(_) => list.page(rows, height),
                To::First => list.jump_to(0),
                To::Last => list.jump_to(u64::MAX),
            }
        }
    }
}

/// Goes to a row by its number, counted from 1.
pub fn row(model: &mut Model, number: u64) {
    let here = model.trail.here.clone();
    let at = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    match &here {
        Place::Pipelines => model.panes.pipelines.cursor = at,
        _ => match model.list_at(&here) {
            Some((_, _, list)) => list.jump_to(number.saturating_sub(1)),
            None => notice::info(model, "there are no rows here"),
        },
    }
}

/// Moves to the neighbouring stage, part or column.
pub fn sideways(model: &mut Model, right: bool) {
    let step = |at: usize, len: usize| {
        if right { (at + 1).min(len.saturating_sub(1)) } else { at.saturating_sub(1) }
    };
    match model.trail.here {
        Place::Board => {
            model.panes.board.focus = step(model.panes.board.focus, model.panes.board.columns.len())
        }
        Place::Record(_) => {
            if let Some(pane) = &mut model.panes.record {
                pane.focus = if right { RecordFocus::Timeline } else { RecordFocus::Facts };
            }
        }
        Place::Coql => {
            let results = &mut model.panes.coql.results;
            results.column = step(results.column, results.columns());
        }
        _ => {}
    }
}

/// Gives the keys to the next or previous part of the screen.
pub fn part(model: &mut Model, forward: bool) {
    if let Some(Overlay::Deal(close)) = &mut model.overlay {
        let first = usize::from(close.stages.len() < 2);
        close.field = match (close.field, forward) {
            (2, true) => first,
            (field, true) => field + 1,
            (field, false) if field <= first => 2,
            (field, false) => field - 1,
        };
        return;
    }
    if let Some(Overlay::Parameters(form)) = &mut model.overlay {
        return coql::parameters::next(form, forward);
    }
    match model.trail.here {
        Place::Record(_) => {
            if let Some(pane) = &mut model.panes.record {
                pane.focus = match pane.focus {
                    RecordFocus::Facts => RecordFocus::Timeline,
                    RecordFocus::Timeline => RecordFocus::Facts,
                };
            }
        }
        Place::Coql => {
            coql::popup::close(model);
            model.panes.coql.focus = match model.panes.coql.focus {
                CoqlFocus::Editor => CoqlFocus::Result,
                CoqlFocus::Result => CoqlFocus::Editor,
            };
        }
        _ => {}
    }
}

/// Takes the nth visible thing, counted from 1.
pub fn pick(model: &mut Model, number: usize) {
    let at = number.saturating_sub(1);
    match &mut model.overlay {
        Some(Overlay::Drafts(drafts)) if at < drafts.rows.len() => drafts.cursor = at,
        Some(_) => {}
        None => match model.trail.here {
            Place::Board if at < model.panes.board.columns.len() => model.panes.board.focus = at,
            Place::Board => notice::info(model, "there is no stage with this number"),
            Place::Pipelines => model.panes.pipelines.cursor = model.panes.pipelines.top + at,
            _ => row(model, number as u64),
        },
    }
}
