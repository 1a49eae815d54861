//! Statements of the console and their answers.

use std::collections::BTreeMap;

use super::{AnswerView, Failure, Generation, Slice};
use crate::{
    coql::{Mode, RunOn},
    domain::{DealRow, FieldKind, Link, RecordId, Row, SafeText},
};

/// A statement to run, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// One statement.
    pub text: String,
    /// Which language it is held to; a strict one is sent as it is.
    pub mode: Mode,
    /// Where it should run.
    pub run_on: RunOn,
    /// Values of its `:name` parameters.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Records that match by the mirror, if they were counted.
    pub matching: Option<u64>,
    /// Where fetching stops.
    pub guard: Guard,
}

/// What is fetched at most before the user is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guard {
    /// Rows of the server.
    pub rows: u64,
    /// Credits.
    pub credits: u64,
}

impl Guard {
    /// Fetches whatever there is.
    pub const OFF: Self = Self { rows: u64::MAX, credits: u64::MAX };
}

impl Default for Guard {
    fn default() -> Self {
        Self { rows: 2_000, credits: 10 }
    }
}

/// What the mirror knows of a statement before it is run. Asking costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Seconds since the server was last asked for what is new; none where the mirror is not whole.
    pub mirror_age: Option<u64>,
    /// Records in the mirror that pass the condition.
    pub matching: Option<u64>,
}

/// Names an answer: the generation of the job that its run began with.
pub type AnswerId = Generation;

/// An answer without its rows, which are asked for as windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which.
    pub id: AnswerId,
    /// What the rows hold, in order.
    pub columns: Vec<AnswerColumn>,
    /// Rows of the answer so far.
    pub total: u64,
    /// Where the rows came from.
    pub source: QuerySource,
    /// Whether all rows are here.
    pub standing: Standing,
    /// Rows that the server sent.
    pub fetched: u64,
    /// Rows that it has to send, if that is known.
    pub expected: Option<u64>,
    /// Rows are groups of the fetched ones.
    pub grouped: bool,
    /// Credits that it cost so far.
    pub credits: u64,
    /// Time that it took so far, milliseconds.
    pub elapsed_ms: u64,
    /// Fields that the server does not filter by, so that it was done here.
    pub filtered_here: Vec<SafeText>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumn {
    /// What it is called.
    pub name: SafeText,
    /// Numbers to calculate with, which stand right.
    pub numeric: bool,
    /// The kind of field it is, if it is one.
    pub kind: Option<FieldKind>,
    /// Columns of the terminal that its widest value takes, among the first few hundred.
    pub width: u16,
}

/// Where rows came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuerySource {
    /// The server; costs credits.
    Server,
    /// The mirror, which the server last brought up to date so many seconds before; free.
    Mirror(u64),
}

/// Whether an answer is whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Rows still come.
    Running,
    /// Every row is here.
    Complete,
    /// What is missing can be fetched by [`super::Request::CoqlResume`].
    Cut(Cut),
    /// The server has more rows than a strict query may ask for at once.
    More,
}

/// Why rows are missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// The guard is reached.
    Guard,
    /// The user stopped it.
    Stopped,
    /// A call failed.
    Lost(Failure),
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerRow {
    /// Its place in the view, counted from 0, which a list knows it by.
    pub place: RecordId,
    /// The record that it is of; none where rows are groups.
    pub link: Option<Link>,
    /// The same record as the mirror has it, where it is a deal that is there.
    pub deal: Option<Box<DealRow>>,
    /// One a column.
    pub cells: Vec<SafeText>,
}

impl Row for AnswerRow {
    fn id(&self) -> &RecordId {
        &self.place
    }

    fn record(&self) -> Option<Link> {
        self.link.clone()
    }
}

/// Rows of an answer as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCopy {
    /// A line of names and one for each row, cells separated by tabs.
    pub text: String,
    /// Rows in it.
    pub rows: u64,
    /// Rows that were asked for; more than are there if it was cut.
    pub total: u64,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerWindow {
    /// Of which rows in which order.
    pub view: AnswerView,
    /// What was asked for.
    pub slice: Slice,
    /// Ordinal of the first row.
    pub first: u64,
    /// Rows in the whole answer.
    pub total: u64,
    /// The rows, in order.
    pub rows: Vec<AnswerRow>,
}
