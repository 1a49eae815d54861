//! What a write says, as it is kept.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WriteBody {
    /// A deal goes to another stage.
    Move {
        /// What the deal was before: what the change is based on, and what a refusal goes back to.
        before: MoveImage,
        /// What it becomes.
        after: MoveImage,
    },
    /// A note.
    Note {
        /// The text as typed.
        text: String,
    },
    /// A note that was written here goes again.
    Removal {
        /// Its id.
        note: String,
        /// What it says; another text is somebody's change.
        text: String,
    },
}

/// Whether two texts are the same note: without what services change on the way, which is line ends, and blanks
/// around it.
#[must_use]
pub fn same_note(one: &str, other: &str) -> bool {
    let normal = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    normal(one) == normal(other)
}

/// The fields of a deal that a move changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveImage {
    /// Value of `Stage`.
    pub stage: String,
    /// `Amount`; none in what a deal becomes leaves it as it is.
    pub amount: Option<Decimal>,
    /// `Closing_Date` as the API spells it; none in what a deal becomes leaves it as it is.
    pub closing: Option<String>,
    /// Fields that a deal loses; none in what a deal is.
    #[serde(default, skip_serializing_if = "Clears::is_none")]
    pub clears: Clears,
}

/// Fields that a change empties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Clears {
    /// `Amount`.
    pub amount: bool,
    /// `Closing_Date`.
    pub closing: bool,
}

impl Clears {
    /// No field.
    pub const NONE: Self = Self { amount: false, closing: false };

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference in")]
    fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

/// What someone else made of a record since the write was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theirs {
    /// The deal as the server has it.
    pub image: MoveImage,
    /// Who changed it last, where the server says.
    pub by: Option<String>,
    /// When, Unix milliseconds, where the server says.
    pub at: Option<i64>,
}

/// Why a write is not on the server yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What happened, in words.
    pub what: String,
    /// What was kept and what to do, in words.
    pub way_on: String,
}

impl MoveImage {
    /// The closing date.
    #[must_use]
    pub fn closing_date(&self) -> Option<Date> {
        self.closing.as_deref()?.parse().ok()
    }

    /// Takes over what a later image changes.
    pub fn overlay(&mut self, later: &Self) {
        self.stage.clone_from(&later.stage);
        if later.amount.is_some() || later.clears.amount {
            (self.amount, self.clears.amount) = (later.amount, later.clears.amount);
        }
        if later.closing.is_some() || later.clears.closing {
            self.closing.clone_from(&later.closing);
            self.clears.closing = later.clears.closing;
        }
    }

    /// Makes the change from `before` to `after` one with a later change of the same deal. A field that only the
    /// later one changes is based on what the user saw then.
    pub fn join(before: &mut Self, after: &mut Self, later: (&Self, &Self)) {
        let (seen, wanted) = later;
        if before.stage == after.stage {
            before.stage.clone_from(&seen.stage);
        }
        if !after.clears.amount && after.amount.is_none_or(|amount| before.amount == Some(amount)) {
            before.amount = seen.amount;
        }
        if !after.clears.closing && (after.closing.is_none() || before.closing == after.closing) {
            before.closing.clone_from(&seen.closing);
        }
        after.overlay(wanted);
    }

    /// What `self` was based on, once the change from `before` to `after` did not happen.
    pub(super) fn without(&mut self, before: &Self, after: &Self) {
        if self.stage == after.stage {
            self.stage.clone_from(&before.stage);
        }
        if (after.amount.is_some() || after.clears.amount) && self.amount == after.amount {
            self.amount = before.amount;
        }
        if (after.closing.is_some() || after.clears.closing) && self.closing == after.closing {
            self.closing.clone_from(&before.closing);
        }
    }
}

impl Theirs {
    /// When they changed it.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.at.and_then(|at| Timestamp::from_millisecond(at).ok())
    }
}

impl WriteBody {
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Move { .. } => "move",
            Self::Note { .. } => "note",
            Self::Removal { .. } => "removal",
        }
    }
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Value("body of the outbox", error.to_string()))
}
