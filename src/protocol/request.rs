//! What the app asks of the worker.

use std::path::PathBuf;

use rust_decimal::Decimal;

use super::{
    AnswerView, Attention, Excerpt, ExportFormat, Guard, ListSpec, OutboxOrder, Question, Scope, Slice, Turn,
    Undoing,
};
use crate::domain::{Link, Module, RecordId};

/// What [`Request::Search`] costs: a call each for deals, contacts and companies.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
pub const SEARCH_CREDITS: u32 = 3;

/// Counts the jobs of one key; the newest wins.
pub type Generation = u64;

/// Names a write from its first keystroke to its confirmation. Unique for the life of the keep.
pub type WriteId = u64;

/// A request with what it replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// A running job with this key is cancelled first, except writes.
    pub key: JobKey,
    /// Sent back with every reply.
    pub generation: Generation,
    /// What is asked.
    pub request: Request,
}

/// A pane's list, as a key of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ListId {
    Deals,
    Contacts,
    Companies,
    Notes,
    /// The answer of the console.
    Answer,
    /// A column of the board, by its place.
    Column(u16),
}

/// What a job is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JobKey {
    /// The board's columns.
    Board,
    /// Figures of the board's or the deals' list.
    Summary,
    /// A window of a list.
    List(ListId),
    /// Rows that are to be marked.
    Marks,
    /// What is marked, as it is now.
    Marked,
    /// Totals of all pipelines.
    Pipelines,
    /// The credits cockpit.
    Credits,
    /// What the user looks at.
    Attention,
    /// Where the user is.
    Screen,
    /// The record on the screen.
    Detail,
    /// The record in the peek pane.
    Peek,
    /// What changed on a record.
    History,
    /// Records for the palette.
    Find,
    /// A run of the console.
    Coql,
    /// What the mirror knows of the statement in the console.
    CoqlOutlook,
    /// A statement that an answer leads to.
    CoqlTurn,
    /// Rows on their way to the clipboard.
    Copy,
    /// A file being written.
    Export,
    /// The history of queries.
    Runs,
    /// Saved queries.
    Library,
    /// Refreshing from the server.
    Refresh,
    /// Drafts and preferences.
    Keep,
    /// The outbox; never replaced.
    Outbox,
    /// Writes are never replaced.
    Write(WriteId),
    /// The emulated server's switches.
    Demo,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Columns of the board with `per_column` cards each; answered by [`super::Event::Board`].
    Board {
        /// Pipeline and sub-pipeline.
        scope: Scope,
        /// Conditions.
        filter: super::DealFilter,
        /// Cards of each column.
        per_column: u32,
    },
    /// Figures of a list of deals; answered by [`super::Event::Summary`].
    Summary {
        /// A list of deals.
        list: ListSpec,
    },
    /// A window of a list; answered by [`super::Event::Window`].
    Window {
        /// The list.
        list: ListSpec,
        /// Which rows.
        slice: Slice,
        /// How many at most.
        len: u32,
    },
    /// Totals of all pipelines; answered by [`super::Event::Pipelines`].
    Pipelines,
    /// Where credits went; answered by [`super::Event::Credits`]. Costs none.
    Credits,
    /// What the user looks at, whenever that changes.
    Attention(Attention),
    /// Keeps where the user is for the next start, as a text that only the app reads.
    KeepScreen(String),
    /// A record in full: at once from the mirror, then again if the server has news.
    Detail {
        /// Its module.
        module: Module,
        /// Its id.
        id: RecordId,
        /// Also ask the server; otherwise the mirror's word is enough.
        fresh: bool,
    },
    /// What changed on a record, newest first; answered by [`super::Event::History`].
    History(Link),
    /// Records whose name matches, best first; answered by [`super::Event::Found`]. Free: the mirror only.
    Find {
        /// What the user typed.
        text: String,
        /// Hits at most.
        limit: u32,
    },
    /// The same after asking the server: what it finds by the words comes into the mirror first. Costs
    /// [`SEARCH_CREDITS`].
    Search {
        /// What the user typed.
        text: String,
        /// Hits at most.
        limit: u32,
    },
    /// Runs a statement; answered by [`super::Event::Coql`].
    Coql(Box<Question>),
    /// Goes on with the run that was cut; answered by [`super::Event::Coql`].
    CoqlResume(Guard),
    /// Stops the run; what has come is answered by [`super::Event::Coql`].
    CoqlStop,
    /// A window of an answer; answered by [`super::Event::CoqlRows`], not at all once there is another answer.
    CoqlRows {
        /// Of which rows in which order.
        view: AnswerView,
        /// Which rows.
        slice: Slice,
        /// How many at most.
        len: u32,
    },
    /// What the mirror knows of a statement, without running it; answered by [`super::Event::CoqlOutlook`].
    CoqlOutlook(Box<Question>),
    /// Makes a statement of an answer and a place in it; answered by [`super::Event::CoqlTurned`].
    CoqlTurn {
        /// The rows that the user sees.
        view: AnswerView,
        /// Where it leads.
        turn: Turn,
    },
    /// The records of an answer's rows, to be marked; answered by [`super::Event::CoqlRecords`].
    CoqlRecords {
        /// Of which rows in which order.
        view: AnswerView,
        /// Ordinal of the first row.
        from: u64,
        /// How many rows.
        len: u32,
    },
    /// Rows of an answer as text for the clipboard; answered by [`super::Event::CoqlCopied`].
    CoqlCopy {
        /// Which rows in which order.
        rows: Excerpt,
        /// Bytes at most; rows behind are left out.
        most: usize,
    },
    /// Writes what was spent in the window to a new CSV file; answered by [`super::Event::Export`].
    ExportLedger {
        /// Where to.
        path: PathBuf,
    },
    /// Writes rows of an answer to a file; answered by [`super::Event::Export`], several times.
    Export {
        /// Which rows in which order.
        rows: Excerpt,
        /// Kind of file.
        format: ExportFormat,
        /// Where; `~` is the home folder.
        path: PathBuf,
        /// Whether a file that is there may be replaced.
        replace: bool,
    },
    /// Queries that were run, newest first; answered by [`super::Event::QueryHistory`].
    QueryHistory {
        /// Words that they must hold; empty for all.
        search: String,
    },
    /// Saved queries; answered by [`super::Event::SavedQueries`].
    SavedQueries,
    /// Saves a query; answered by [`super::Event::QuerySaved`] or [`super::Event::QueryExists`].
    SaveQuery {
        /// What it is called.
        name: String,
        /// Its text.
        text: String,
        /// Whether one of this name may be replaced.
        replace: bool,
    },
    /// Records as lists show them now, as far as they are here; answered by [`super::Event::Records`].
    Records {
        /// Their module.
        module: Module,
        /// Which.
        ids: Vec<RecordId>,
    },
    /// Moves deals, as one action; each is answered by [`super::Event::Confirmed`] or [`super::Event::Refused`].
    MoveDeals(Vec<StageChange>),
    /// Writes a note; answered by [`super::Event::Confirmed`] or [`super::Event::Refused`].
    AddNote(NewNote),
    /// Undoes or redoes what the user did last; answered by [`super::Event::Turned`], or by
    /// [`super::Event::Refused`] with the reason.
    Undo {
        /// Names this order; the writes that it takes are named from here on.
        write: WriteId,
        /// Which way.
        turn: Undoing,
    },
    /// Looks at the outbox, or changes what is in it.
    Outbox(OutboxOrder),
    /// Keeps the text of an editor on disk.
    SaveDraft {
        /// Whose text.
        draft: DraftKey,
        /// The text as typed.
        text: String,
    },
    /// Forgets a draft that was emptied or thrown away.
    DropDraft(DraftKey),
    /// All drafts; answered by [`super::Event::Drafts`].
    Drafts,
    /// Asks the server for what changed.
    Refresh,
    /// Fetches everything again.
    Resync,
    /// Switches of the emulated server; refused against a real account.
    Demo(DemoCommand),
}

/// A deal on its way to another stage, or to another amount or date where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StageChange {
    /// Names this write.
    pub write: WriteId,
    /// The deal.
    pub deal: Link,
    /// Value of the stage it leaves; what a refusal goes back to.
    pub from: String,
    /// Value of the stage it goes to.
    pub to: String,
    /// A new amount, where asked for on the way.
    pub amount: Option<Decimal>,
    /// A new closing date, where asked for on the way.
    pub closing: Option<jiff::civil::Date>,
}

/// A note to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNote {
    /// Names this write.
    pub write: WriteId,
    /// The record it goes on.
    pub parent: Link,
    /// The text as typed.
    pub text: String,
}

impl NewNote {
    /// The most characters that Bigin takes in a note.
    /// Source: <https://www.bigin.com/developer/docs/apis/v2/create-notes.html>
    pub const LONGEST: usize = 32_000;
}

/// Whose text a draft is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DraftKey {
    /// A new note on a record.
    Note(Link),
    /// The console's text.
    Coql,
}

/// Switches of the emulated server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoCommand {
    /// The next calls fail.
    Fault(Fault),
    /// Faults end.
    Clear,
    /// Time moves forward, seconds.
    Advance(u64),
}

/// A fault of the emulated server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The next call is answered with this HTTP status.
    Status(u16),
    /// The next call is answered after this many milliseconds.
    Slow(u64),
    /// The next write is applied and its answer lost.
    LostAnswer,
    /// Nothing is answered until faults are cleared.
    Dead,
}
