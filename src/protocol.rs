//! The only words that the app and the worker share.
//!
//! Plain data: printable, comparable, replayable. A newer [`Job`] replaces a running one with the same
//! [`JobKey`]; a reply carries the generation of its job, and an older one is dropped by the app.

mod console;
mod credits;
mod event;
mod export;
mod failure;
mod library;
mod list;
mod outbox;
mod request;
mod turn;
mod undo;

pub use console::{
    Answer, AnswerColumn, AnswerCopy, AnswerId, AnswerRow, AnswerWindow, Cut, Guard, Outlook, QuerySource,
    Question, Standing,
};
pub use credits::{Attention, Busy, Cockpit, Plan, PlanLine, Step, WhatIf};
pub use event::{DraftRow, Event, Found, Progress, Session, SyncState};
pub use export::{ExportFormat, ExportState};
pub use failure::{Failure, Spot};
pub use library::{Described, HistoryRow, SavedQuery, described};
pub use list::{
    BoardColumn, CompanySort, ContactSort, DealFilter, DealSort, ListSpec, PipelineTotals, Rows, Scope,
    Slice, SortWay, Summary, WindowReply,
};
pub use outbox::{
    MoveField, MoveValues, OutboxItem, OutboxOrder, OutboxState, Stand, TakenOut, Theirs, WriteNo, Writing,
};
pub use request::{
    DemoCommand, DraftKey, Fault, Generation, Job, JobKey, ListId, NewNote, Request, SEARCH_CREDITS,
    StageChange, WriteId,
};
pub use turn::{AnswerOrder, AnswerView, Excerpt, Turn};
pub use undo::{Turned, Turns, Undoing};
