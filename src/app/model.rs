//! Everything that the program knows.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    List, Marks, Place, Trail,
    overlay::Overlay,
    pane::{BoardPane, CoqlPane, CreditsPane, PipelinesPane, RecordPane},
    update::Bulk,
};
use crate::{
    domain::{Catalog, CompanyRow, ContactRow, DealRow, Module, NoteRow, SafeText, Usage},
    protocol::{
        Attention, Busy, DraftKey, DraftRow, Generation, Guard, JobKey, NewNote, OutboxState, Plan, Scope,
        Session, StageChange, SyncState, Turns, WriteId,
    },
};

/// The whole state of the program. Only `update` changes it.
#[derive(Debug, Clone)]
pub struct Model {
    /// The time at the last message; set by the runtime, which alone reads a clock.
    pub now: Timestamp,
    /// The zone in which days are counted: the org's once known.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: Size,
    /// The terminal has the focus.
    pub focused: bool,
    /// How things are drawn and behave.
    pub options: Options,
    /// Who we are and how the connection stands.
    pub account: Account,
    /// What the board and the list of deals look at; none before the catalog is known.
    pub scope: Option<Scope>,
    /// Where the user is and was.
    pub trail: Trail,
    /// The panes.
    pub panes: Panes,
    /// What is open over the pane.
    pub overlay: Option<Overlay>,
    /// Keys of an unfinished key sequence.
    pub prefix: Option<Prefix>,
    /// What was said lately, newest last; at most 100.
    pub notices: Vec<Notice>,
    /// Texts that wait, as the keep told last.
    pub drafts: Vec<DraftRow>,
    /// The drafts were asked for.
    pub drafts_asked: bool,
    /// What the `/` line does while it is open.
    pub live_filter: LiveFilter,
    /// Command lines that were run, oldest first.
    pub commands: Vec<String>,
    /// The newest generation of each job.
    pub generations: HashMap<JobKey, Generation>,
    /// Jobs on their way whose answer will be old when it comes, because something changed since.
    pub behind: HashSet<JobKey>,
    /// What was done last with a deal, to be done once more.
    pub last: Option<Bulk>,
    /// What is to be done with the marked records once it is known how they stand.
    pub bulk: Option<Bulk>,
    /// Moves that are on the screen and not confirmed, oldest first.
    pub moves: BTreeMap<WriteId, StageChange>,
    /// Notes that were sent and are not confirmed.
    pub notes: BTreeMap<WriteId, NewNote>,
    /// Drafts of notes that went on another record than the draft's: they go once the note is on disk.
    pub spent: BTreeMap<WriteId, DraftKey>,
    /// Drafts on their way to the disk.
    pub keeping: Vec<DraftKey>,
    /// When texts that the disk refused are handed to it again.
    pub keep_again: Option<Timestamp>,
    /// The id of the next write.
    pub next_write: WriteId,
    /// What the worker knows of what the user looks at.
    pub watched: Watched,
    /// When fetching everything again was asked for: the second press in a row begins it.
    pub resync_asked_at: Option<Timestamp>,
    /// When Ctrl-C was pressed last: the second one in a row leaves.
    pub interrupted_at: Option<Timestamp>,
    /// When leaving was asked for while the disk did not have all that was typed.
    pub leave_asked_at: Option<Timestamp>,
}

/// What the worker knows of what the user looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watched {
    /// As it was told last, and when.
    pub told: Option<(Attention, Timestamp)>,
    /// A key came since.
    pub touched: bool,
    /// The user wants nothing to be asked for by itself.
    pub paused: bool,
    /// Where the user is, as it was kept last for the next start.
    pub kept: Option<String>,
}

/// A terminal's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

/// How things are drawn and behave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Borders of plain ASCII.
    pub ascii: bool,
    /// The board has its peek strip where there is room.
    pub peek: bool,
    /// Lists have the strip too. Off at first: without it a key in a list costs few bytes.
    pub peek_list: bool,
    /// No request that writes leaves the program.
    pub read_only: bool,
    /// How much a query of the console fetches before it asks.
    pub guard: Guard,
}

/// Who we are and how the connection stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Profile, org and user; none before the worker told.
    pub session: Option<Session>,
    /// The org's metadata.
    pub catalog: Option<Arc<Catalog>>,
    /// Credits and calls.
    pub usage: Usage,
    /// Whether there is something to undo and to redo.
    pub turns: Turns,
    /// How the mirror stands.
    pub sync: SyncState,
    /// A call that waits for its next try.
    pub busy: Option<Busy>,
    /// How often the server is asked, and why.
    pub plan: Plan,
    /// When the records of each module were last asked for.
    pub fresh: BTreeMap<Module, Timestamp>,
    /// Writes under way.
    pub outbox: OutboxState,
    /// How far the service's clock runs ahead of the machine's.
    pub ahead: SignedDuration,
}

/// The panes; each keeps its cursor while another one is shown.
#[derive(Debug, Clone, Default)]
pub struct Panes {
    /// Stages as columns.
    pub board: BoardPane,
    /// Deals as a list.
    pub deals: List<DealRow>,
    /// Contacts.
    pub contacts: List<ContactRow>,
    /// Companies.
    pub companies: List<CompanyRow>,
    /// Notes.
    pub notes: List<NoteRow>,
    /// Pipelines with totals.
    pub pipelines: PipelinesPane,
    /// The console.
    pub coql: CoqlPane,
    /// The credits cockpit.
    pub credits: CreditsPane,
    /// The record in full, if one was opened.
    pub record: Option<RecordPane>,
    /// The record in the peek strip below the board or a list.
    pub peek: Option<RecordPane>,
    /// Records that were on the screen lately, newest last; at most [`Panes::VISITED`].
    pub visited: Vec<RecordPane>,
    /// Marked records of each module, wherever they are shown.
    pub marks: BTreeMap<Module, Marks>,
    /// Which pane the figures on their way are for.
    pub summary_for: Option<Place>,
}

impl Panes {
    /// Records remembered, so that going back to one is answered from memory.
    pub const VISITED: usize = 20;
}

/// What the `/` line does while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiveFilter {
    /// The filter before; Esc brings it back.
    pub before: String,
    /// When what is typed is applied; none when it is.
    pub due: Option<Timestamp>,
}

/// An unfinished key sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefix {
    /// Keys so far.
    pub keys: Vec<crokey::KeyCombination>,
    /// When the first one came; the strip of continuations opens 300 ms later.
    pub since: Timestamp,
    /// The strip is open.
    pub shown: bool,
}

/// A short word to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// What happened.
    pub text: SafeText,
    /// The way on, if there is one.
    pub way_on: SafeText,
    /// When.
    pub at: Timestamp,
    /// When it leaves the screen; none for a failure, which stays until a key is pressed.
    pub until: Option<Timestamp>,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Done,
    /// Something to know.
    Info,
    /// Something failed.
    Failure,
}

impl Model {
    /// The program as it starts: the board, nothing known yet.
    #[must_use]
    pub fn new(now: Timestamp, zone: TimeZone, size: Size, options: Options) -> Self {
        let mut panes = Panes::default();
        panes.coql.terms.guard = options.guard;
        Self {
            now,
            zone,
            size,
            focused: true,
            options,
            account: Account {
                session: None,
                catalog: None,
                usage: Usage::default(),
                turns: Turns::default(),
                sync: SyncState::Starting(crate::protocol::Progress {
                    doing: SafeText::new("starting"),
                    done: 0,
                    total: None,
                }),
                busy: None,
                plan: Plan::default(),
                fresh: BTreeMap::new(),
                outbox: OutboxState::default(),
                ahead: SignedDuration::ZERO,
            },
            scope: None,
            trail: Trail::new(Place::Board),
            panes,
            overlay: None,
            prefix: None,
            notices: Vec::new(),
            drafts: Vec::new(),
            drafts_asked: false,
            live_filter: LiveFilter::default(),
            commands: Vec::new(),
            generations: HashMap::new(),
            behind: HashSet::new(),
            last: None,
            bulk: None,
            moves: BTreeMap::new(),
            notes: BTreeMap::new(),
            spent: BTreeMap::new(),
            keeping: Vec::new(),
            keep_again: None,
            next_write: 1,
            watched: Watched::default(),
            resync_asked_at: None,
            interrupted_at: None,
            leave_asked_at: None,
        }
    }

    /// Today in the org's zone.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The notice on the screen: the newest that has not run out.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.last().filter(|notice| notice.until.is_none_or(|until| until > self.now))
    }
}
