//! The answer on the screen.

use std::collections::BTreeMap;

use crate::{
    app::{List, Load, Marks, Walk, list::reach},
    domain::Link,
    protocol::{Answer, AnswerOrder, AnswerRow, AnswerView, AnswerWindow, Excerpt, Slice, Standing},
};

/// An answer, a window of its rows and the cell under the cursor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Results {
    /// The answer whose rows are in hand.
    pub answer: Option<Box<Answer>>,
    /// The next answer, until its first rows are here.
    pub coming: Option<Box<Answer>>,
    /// Rows in hand.
    pub rows: List<AnswerRow>,
    /// Records of its rows that the user marked.
    pub marks: Marks,
    /// The order in which they are shown.
    pub order: Option<AnswerOrder>,
    /// Column under the cursor.
    pub column: usize,
    /// First column on the screen; the view goes on from there as far as the cursor needs.
    pub left: usize,
    /// Columns that the user made wider or narrower, by how much.
    pub widths: BTreeMap<usize, i16>,
    /// Answers that led to this one, the first one first.
    pub earlier: Vec<Earlier>,
    /// How the answer that comes is to be shown, if the user goes back to it.
    pub back: Option<Earlier>,
}

/// An answer that one can go back to, as it was left.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The answer.
    pub answer: Box<Answer>,
    /// What was run; none where it was not run from the editor.
    pub statement: String,
    /// The order of its rows.
    pub order: Option<AnswerOrder>,
    /// The cell under the cursor: ordinal of the row, and column.
    pub cell: (u64, usize),
    /// Columns that the user made wider or narrower.
    pub widths: BTreeMap<usize, i16>,
}

impl Results {
    /// The record that the row under the cursor is of.
    #[must_use]
    pub fn link(&self) -> Option<&Link> {
        self.rows.selected()?.link.as_ref()
    }

    /// Columns of the answer on the screen.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.answer.as_ref().map_or(0, |answer| answer.columns.len())
    }

    /// The answer that rows should be asked of: the newest.
    #[must_use]
    pub fn newest(&self) -> Option<&Answer> {
        self.coming.as_deref().or(self.answer.as_deref())
    }

    /// The rows that should be asked for.
    #[must_use]
    pub fn view(&self) -> Option<AnswerView> {
        let order = match (&self.coming, &self.back) {
            (None, _) => self.order,
            (Some(coming), Some(back)) if coming.id == back.answer.id => back.order,
            (Some(_), _) => None,
        };
        Some(AnswerView { answer: self.newest()?.id, order })
    }

    /// The rows that leave the program: the marked ones, or all.
    #[must_use]
    pub fn excerpt(&self) -> Option<Excerpt> {
        Some(Excerpt { view: self.view()?, only: self.marks.iter().map(|link| link.id.clone()).collect() })
    }

    /// How many those are.
    #[must_use]
    pub fn leaving(&self) -> u64 {
        let all = self.newest().map_or(0, |answer| answer.total);
        if self.marks.is_empty() { all } else { self.marks.len() as u64 }
    }

    /// Whether the rows in hand are those of the answer and order that the screen speaks of.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.answer.is_some() && self.coming.is_none() && !self.rows.outdated
    }

    /// Takes in an answer. Rows of an older one stay until the first of the new one are here.
    pub fn hear(&mut self, answer: Box<Answer>) {
        match &mut self.answer {
            Some(known) if known.id == answer.id => {
                self.coming = None;
                let grown = known.total != answer.total;
                self.rows.total = Some(answer.total);
                *known = answer;
                if grown || known.standing != Standing::Running {
                    self.rows.load = Load::Idle;
                }
            }
            _ => {
                self.rows.load = Load::Idle;
                self.coming = Some(answer);
            }
        }
    }

    /// Shows the rows in another order from the first one on.
    pub fn sort(&mut self, order: Option<AnswerOrder>) {
        if self.order != order {
            self.order = order;
            self.rows.outdated = true;
            self.rows.jump_to(0);
            (self.rows.top, self.rows.load) = (0, Load::Idle);
        }
    }

    /// Which rows to ask for at this height, if any.
    #[must_use]
    pub fn wants(&self, height: u16) -> Option<Slice> {
        self.newest()?;
        match (&self.coming, self.rows.load) {
            (Some(_), Load::Idle) => Some(match &self.back {
                Some(back) => Slice::At(back.cell.0),
                None => Slice::Start,
            }),
            (Some(_), _) => None,
            (None, _) => self.rows.wants(height),
        }
    }

    /// Rows that one request asks for.
    #[must_use]
    pub fn reach(height: u16) -> u32 {
        reach(height)
    }

    /// Takes in rows; true if they are the first of another answer.
    pub fn take(&mut self, window: AnswerWindow, height: u16) -> bool {
        let AnswerWindow { view, slice, first, total, rows } = window;
        if let Some(coming) = self.coming.take_if(|coming| coming.id == view.answer) {
            let back = self.back.take().filter(|back| back.answer.id == view.answer);
            self.answer = Some(coming);
            self.rows = List { first, rows, total: Some(total), load: Load::Ready, ..List::default() };
            (self.column, self.left, self.order) = (0, 0, view.order);
            self.widths.clear();
            self.marks.clear();
            if let Some(back) = back {
                (self.rows.cursor, self.column) = back.cell;
                self.widths = back.widths;
                self.rows.top = self.rows.cursor.saturating_sub(u64::from(height / 2));
                self.rows.keep_in_view(height);
            }
            return true;
        }
        if self.answer.as_ref().is_some_and(|answer| answer.id == view.answer) && view.order == self.order {
            self.rows.take(&slice, first, total, rows, height);
        }
        false
    }
}
