//! The answer on the screen.

use crate::{
    app::{List, Load, Walk, list::reach},
    domain::Link,
    protocol::{Answer, AnswerRow, AnswerWindow, Slice, Standing},
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
    /// Column under the cursor.
    pub column: usize,
    /// First column on the screen; the view goes on from there as far as the cursor needs.
    pub left: usize,
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

    /// Which rows to ask for at this height, if any.
    #[must_use]
    pub fn wants(&self, height: u16) -> Option<Slice> {
        self.newest()?;
        match (&self.coming, self.rows.load) {
            (Some(_), Load::Idle) => Some(Slice::Start),
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
        let AnswerWindow { id, slice, first, total, rows } = window;
        if let Some(coming) = self.coming.take_if(|coming| coming.id == id) {
            self.answer = Some(coming);
            (self.column, self.left) = (0, 0);
            self.rows = List { first, rows, total: Some(total), load: Load::Ready, ..List::default() };
            return true;
        }
        if self.answer.as_ref().is_some_and(|answer| answer.id == id) {
            self.rows.take(&slice, first, total, rows, height);
        }
        false
    }
}
