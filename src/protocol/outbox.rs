//! Writes on their way, as the app sees them.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::WriteId;
use crate::domain::{DealRow, Link, SafeText};

/// How many writes are on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxState {
    /// Written down, not confirmed.
    pub pending: u32,
    /// Refused; they wait for the user.
    pub refused: u32,
    /// Stopped, because someone else changed the same field; they wait for the user.
    pub conflicts: u32,
}

impl OutboxState {
    /// Writes that are not on the server.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.pending + self.refused + self.conflicts
    }
}

/// Names a row of the outbox; never used twice.
pub type WriteNo = i64;

/// One write that is not on the server.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxItem {
    /// Its number.
    pub no: WriteNo,
    /// The record that is written, or that the note goes on.
    pub record: Link,
    /// What is written.
    pub what: Writing,
    /// How far it is.
    pub stand: Stand,
    /// When the user asked for it.
    pub at: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Why it is not there yet, and the way on; none before the first try.
    pub trouble: Option<(SafeText, SafeText)>,
    /// The deal as it is shown, where the write is about one that is here.
    pub deal: Option<Box<DealRow>>,
}

/// What a write says.
#[derive(Debug, Clone, PartialEq)]
pub enum Writing {
    /// A note with this text.
    Note(String),
    /// A note with this text goes.
    Removal(String),
    /// A deal that changes.
    Move {
        /// What the user saw.
        before: MoveValues,
        /// What it becomes; none where it stays as it is.
        after: MoveValues,
    },
}

/// The fields of a deal that a move changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MoveValues {
    /// Value of `Stage`.
    pub stage: String,
    /// `Amount`.
    pub amount: Option<Decimal>,
    /// `Closing_Date`.
    pub closing: Option<Date>,
    /// Fields that a deal loses; none in what a deal is.
    pub clears: Vec<MoveField>,
}

/// How far a write is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stand {
    /// It waits for its turn.
    Waiting,
    /// It is being sent.
    Sending,
    /// It was sent and the answer was lost: the server is asked before it is sent again.
    Unsure,
    /// Someone else changed the same field since.
    Conflict(Theirs),
    /// The server will not have it.
    Refused,
}

/// What someone else made of a deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Theirs {
    /// What the server has.
    pub values: MoveValues,
    /// Who changed the deal last; empty where the server does not say.
    pub by: SafeText,
    /// When, where the server says.
    pub at: Option<Timestamp>,
}

/// A field of a deal that a move changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
#[allow(missing_docs)]
pub enum MoveField {
    Stage,
    Amount,
    Closing,
}

impl MoveField {
    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stage => "Stage",
            Self::Amount => "Amount",
            Self::Closing => "Closing date",
        }
    }
}

impl MoveValues {
    /// The field as text, to compare; none where there is none, empty where it is to be emptied.
    #[must_use]
    pub fn text(&self, field: MoveField) -> Option<String> {
        match field {
            field if self.clears.contains(&field) => Some(String::new()),
            MoveField::Stage => Some(self.stage.clone()).filter(|stage| !stage.is_empty()),
            MoveField::Amount => self.amount.map(|amount| amount.normalize().to_string()),
            MoveField::Closing => self.closing.map(|date| date.to_string()),
        }
    }
}

impl MoveValues {
    /// Takes over one field.
    pub fn take(&mut self, field: MoveField, from: &Self) {
        self.clears.retain(|other| *other != field);
        self.clears.extend(from.clears.iter().filter(|other| **other == field));
        match field {
            MoveField::Stage => self.stage.clone_from(&from.stage),
            MoveField::Amount => self.amount = from.amount,
            MoveField::Closing => self.closing = from.closing,
        }
    }
}

impl Theirs {
    /// The fields that a change from `before` to `after` and they made different of.
    #[must_use]
    pub fn clashes(&self, before: &MoveValues, after: &MoveValues) -> Vec<MoveField> {
        use strum::IntoEnumIterator as _;
        let clash = |field: &MoveField| {
            let (was, mine, theirs) = (before.text(*field), after.text(*field), self.values.text(*field));
            let same = theirs.as_deref().unwrap_or_default() == mine.as_deref().unwrap_or_default();
            mine.is_some() && mine != was && theirs != was && !same
        };
        MoveField::iter().filter(clash).collect()
    }
}

/// What the user wants of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub enum OutboxOrder {
    /// All rows; answered by [`super::Event::OutboxItems`].
    List,
    /// Takes a write out; answered by [`super::Event::TakenOut`]. The text of a note that waits becomes a
    /// draft, that of one that was refused is thrown away.
    Cancel(WriteNo),
    /// Takes a note out to be edited: its text becomes a draft; answered by [`super::Event::TakenOut`].
    Edit(WriteNo),
    /// Moves a write that waits up or down.
    Shift {
        /// Which.
        no: WriteNo,
        /// Sent earlier.
        up: bool,
    },
    /// Sends what waits now, without waiting for the next try; a refused write is sent once more.
    Send(WriteNo),
    /// Ends a conflict.
    Settle {
        /// Which.
        no: WriteNo,
        /// What the deal becomes.
        values: MoveValues,
    },
}

/// A write that left the outbox because the user wanted it.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenOut {
    /// What the app called it.
    pub write: WriteId,
    /// The record it was for.
    pub record: Link,
    /// For a note: what its record's draft says now, empty where there is none.
    pub draft: Option<String>,
    /// The user wants to edit it.
    pub edit: bool,
}
