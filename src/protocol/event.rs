//! What the worker tells the app.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{
    Answer, AnswerCopy, AnswerId, AnswerWindow, BoardColumn, Busy, Cockpit, DraftKey, ExportState, Failure,
    Generation, HistoryRow, JobKey, OutboxItem, OutboxState, Outlook, PipelineTotals, Plan, Rows, SavedQuery,
    Scope, Summary, TakenOut, Turned, Turns, WindowReply, WriteId,
};
use crate::domain::{Catalog, Detail, FieldChange, Link, Module, SafeText, Usage};

/// One word from the worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Who we are; sent once the account is known.
    Session(Session),
    /// The org's metadata; sent again when it changes.
    Catalog(Arc<Catalog>),
    /// Credits and calls, whenever they change.
    Usage(Usage),
    /// How often the server is asked, and why, whenever that changes.
    Plan(Plan),
    /// A call waits for its next try; none when none does any more.
    Busy(Option<Busy>),
    /// Where the user was when they left, as the app wrote it; told before the first catalog.
    Screen(String),
    /// When the records of each module were last asked for.
    Fresh(BTreeMap<Module, Timestamp>),
    /// How the mirror stands.
    Sync(SyncState),
    /// Writes under way.
    Outbox(OutboxState),
    /// Answer to [`super::OutboxOrder::List`]: every write that is not on the server.
    OutboxItems(Vec<OutboxItem>),
    /// A write is on disk: it will be sent, whatever happens.
    Taken {
        /// Which.
        write: WriteId,
    },
    /// A write left the outbox because the user wanted it.
    TakenOut(TakenOut),
    /// A write is stopped: someone else changed the same field since; the user decides.
    Clashed {
        /// Which.
        write: WriteId,
        /// What happened, and where to decide.
        failure: Failure,
    },
    /// Whether there is something to undo and to redo.
    Turns(Turns),
    /// An action was undone or redone.
    Turned(Turned),
    /// Records in the mirror changed; what is on the screen should be asked for again.
    Changed,
    /// Answer to [`super::Request::Board`].
    Board {
        /// Of the job.
        generation: Generation,
        /// Whose columns.
        scope: Scope,
        /// In stage order; closed stages are not on the board.
        columns: Vec<BoardColumn>,
    },
    /// Answer to [`super::Request::Summary`].
    Summary {
        /// Of the job.
        generation: Generation,
        /// The figures.
        summary: Summary,
    },
    /// Answer to [`super::Request::Window`].
    Window {
        /// Of the job.
        key: JobKey,
        /// Of the job.
        generation: Generation,
        /// The rows.
        window: WindowReply,
    },
    /// Answer to [`super::Request::Pipelines`].
    Pipelines {
        /// Of the job.
        generation: Generation,
        /// One each sub-pipeline, in the org's order.
        totals: Vec<PipelineTotals>,
    },
    /// Answer to [`super::Request::Credits`].
    Credits {
        /// Of the job.
        generation: Generation,
        /// The figures.
        cockpit: Box<Cockpit>,
    },
    /// Answer to [`super::Request::Detail`]; none when the record is gone.
    Detail {
        /// Of the job.
        key: JobKey,
        /// Of the job.
        generation: Generation,
        /// Whose.
        link: Link,
        /// The record.
        detail: Option<Box<Detail>>,
    },
    /// Answer to [`super::Request::History`].
    History {
        /// Of the job.
        generation: Generation,
        /// Whose.
        record: Link,
        /// Newest first.
        changes: Vec<FieldChange>,
    },
    /// Answer to [`super::Request::Find`].
    Found {
        /// Of the job.
        generation: Generation,
        /// Best first.
        hits: Vec<Found>,
    },
    /// Answer to [`super::Request::Coql`], [`super::Request::CoqlResume`] and [`super::Request::CoqlStop`]; comes
    /// several times while rows come.
    Coql {
        /// Of the job.
        generation: Generation,
        /// What has come, or why nothing has.
        result: Result<Box<Answer>, Failure>,
    },
    /// Another page of a run has come.
    CoqlProgress {
        /// Of the job.
        generation: Generation,
        /// Rows that the server has sent.
        rows: u64,
        /// Rows that it has to send, if that is known.
        expected: Option<u64>,
        /// Credits so far.
        credits: u64,
    },
    /// Answer to [`super::Request::CoqlRows`].
    CoqlRows {
        /// Of the job.
        generation: Generation,
        /// The rows.
        window: AnswerWindow,
    },
    /// Answer to [`super::Request::CoqlOutlook`].
    CoqlOutlook {
        /// Of the job.
        generation: Generation,
        /// What the mirror knows.
        outlook: Outlook,
    },
    /// Answer to [`super::Request::CoqlTurn`].
    CoqlTurned {
        /// Of the job.
        generation: Generation,
        /// The statement, or why there is none.
        result: Result<String, Failure>,
    },
    /// Answer to [`super::Request::CoqlRecords`].
    CoqlRecords {
        /// Of the job.
        generation: Generation,
        /// Which answer.
        answer: AnswerId,
        /// The records, in the order of the rows.
        records: Vec<Link>,
    },
    /// Answer to [`super::Request::CoqlCopy`].
    CoqlCopied {
        /// Of the job.
        generation: Generation,
        /// The rows.
        copy: AnswerCopy,
    },
    /// Answer to [`super::Request::Export`], several times, and to [`super::Request::ExportLedger`].
    Export {
        /// Of the job.
        generation: Generation,
        /// How it stands.
        state: ExportState,
    },
    /// Answer to [`super::Request::QueryHistory`].
    QueryHistory {
        /// Of the job.
        generation: Generation,
        /// Newest first.
        rows: Vec<HistoryRow>,
    },
    /// Answer to [`super::Request::SavedQueries`].
    SavedQueries {
        /// Of the job.
        generation: Generation,
        /// The user's own first.
        queries: Vec<SavedQuery>,
    },
    /// A query was saved.
    QuerySaved {
        /// What it is called.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// A query of this name is there already, and was left alone.
    QueryExists {
        /// What it is called.
        name: String,
    },
    /// Answer to [`super::Request::Records`].
    Records {
        /// Of the job.
        generation: Generation,
        /// The records.
        rows: Rows,
    },
    /// A draft is on disk.
    DraftKept {
        /// Whose text.
        draft: DraftKey,
        /// When.
        at: Timestamp,
    },
    /// Answer to [`super::Request::Drafts`].
    Drafts(Vec<DraftRow>),
    /// The server took a write.
    Confirmed {
        /// Which.
        write: WriteId,
    },
    /// A write did not happen and what was on the screen before is true again; its text is a draft.
    Refused {
        /// Which.
        write: WriteId,
        /// Why.
        failure: Failure,
    },
    /// A job failed.
    Failed {
        /// Of the job.
        key: JobKey,
        /// Of the job.
        generation: Generation,
        /// Why.
        failure: Failure,
    },
    /// The emulated server did as told; this, in words.
    Demo(SafeText),
    /// The service's clock is far from this machine's, or was moved. Every time that an event tells of is the
    /// service's.
    Clock {
        /// How far it runs ahead of the machine's.
        ahead: SignedDuration,
    },
    /// The worker cannot go on; what was kept stays on disk.
    Stopped(Failure),
}

/// Who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Name of the profile; `demo` for the emulated server.
    pub profile: String,
    /// The org's name.
    pub org: SafeText,
    /// The user's name.
    pub user: SafeText,
    /// True against the emulated server.
    pub demo: bool,
    /// Base of links to records in a browser; none for the demo.
    pub web: Option<String>,
    /// Why drafts and writes are not kept on disk, if so.
    pub unkept: Option<SafeText>,
    /// What else is out of order with the files, and what became of it; told once.
    pub found: Option<SafeText>,
}

/// How the mirror stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncState {
    /// Connecting, reading metadata, preparing the demo.
    Starting(Progress),
    /// The first fill.
    Filling(Progress),
    /// Asking for changes.
    Pulling,
    /// Everything known at that time is here.
    Synced {
        /// When.
        at: Timestamp,
    },
    /// No connection; what is here is as old as the last sync.
    Offline {
        /// Why.
        failure: Failure,
        /// Last sync, if ever.
        since: Option<Timestamp>,
    },
    /// The service asked to wait, or credits are gone.
    Waiting {
        /// Why.
        failure: Failure,
        /// When calls go on.
        until: Timestamp,
    },
    /// Tokens no longer work.
    SignedOut(Failure),
}

/// Work with a known or unknown end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, such as "fetching deals".
    pub doing: SafeText,
    /// Units done.
    pub done: u64,
    /// All units, where known.
    pub total: Option<u64>,
}

/// A record that matches what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub link: Link,
    /// What to say beside its name.
    pub note: SafeText,
}

/// A text that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Whose text.
    pub draft: DraftKey,
    /// The text as typed.
    pub text: String,
    /// When it was kept.
    pub at: Timestamp,
}
