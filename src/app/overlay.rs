//! What opens over a pane and takes the keys until it is closed.

mod calls;
mod library;
mod outbox;

use ratatui_textarea::TextArea;

pub use calls::CallsView;
pub use library::{ExportDialog, RunsView, SaveQuery, SavedView};
pub use outbox::{ConflictView, OutboxView, Pick};

use crate::{
    app::{
        Load, Model, Notice,
        actions::{self, HelpGroup},
        cells, fuzzy,
    },
    domain::{DealRow, Entry, FieldChange, Link, Outcome, Stage},
    protocol::{DraftRow, Found, Scope, StageChange},
};

/// One open overlay; there is never a second one.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A note being written.
    Note(Box<NoteEditor>),
    /// Every live key.
    Help(HelpView),
    /// Actions, records and panes by a few letters.
    Palette(Palette),
    /// The `:` line.
    Command(CommandLine),
    /// The `/` line: filters the list below as one types.
    Filter(LineInput),
    /// Choosing a stage.
    Stage(StagePicker),
    /// Choosing a team pipeline or sub-pipeline.
    Pipeline(PipelinePicker),
    /// Closing deals as won or lost, or changing them.
    Deal(DealForm),
    /// Whether several records are to change at once.
    Confirm(Confirm),
    /// Values of a query's parameters.
    Parameters(ParameterForm),
    /// Queries that were run.
    Runs(RunsView),
    /// Queries with names.
    Saved(SavedView),
    /// Naming a query.
    SaveQuery(SaveQuery),
    /// Writing the answer to a file.
    Export(ExportDialog),
    /// Texts that wait.
    Drafts(DraftsView),
    /// What was said lately, newest first.
    Messages(MessagesView),
    /// The calls of this run.
    Calls(CallsView),
    /// Writes that are not on the server.
    Outbox(OutboxView),
    /// Which of two changes is to be.
    Conflict(Box<ConflictView>),
    /// What changed on a record, newest first.
    History(HistoryView),
    /// A note, from its first line to its last.
    Entry(EntryView),
}

/// A note or an activity's text being read.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryView {
    /// What is read.
    pub entry: Entry,
    /// First line on the screen, of the text broken at the width of the box.
    pub top: usize,
}

/// One line of typed text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineInput {
    /// The text.
    pub text: String,
    /// Place of the cursor, bytes; always between two graphemes.
    pub cursor: usize,
}

/// The editor of a quick note.
#[derive(Debug, Clone)]
pub struct NoteEditor {
    /// The record it goes on.
    pub target: Link,
    /// The record that the editor was opened on; its draft is kept under this one whatever the target is.
    pub home: Link,
    /// Other records it could go on instead, such as the deal's contact; Tab goes through them.
    pub others: Vec<Link>,
    /// The text.
    pub text: TextArea<'static>,
    /// When the text was last kept on disk; none while it is not.
    pub kept_at: Option<jiff::Timestamp>,
    /// When the text changed last without being kept since.
    pub changed_at: Option<jiff::Timestamp>,
}

/// The help screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelpView {
    /// What the rows must contain.
    pub filter: LineInput,
    /// The filter has the keys.
    pub filtering: bool,
    /// First row on the screen.
    pub top: usize,
}

/// The palette.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    /// What the user typed.
    pub input: LineInput,
    /// Rows in the order shown.
    pub rows: Vec<PaletteRow>,
    /// Row under the cursor.
    pub cursor: usize,
    /// Records found for the text so far.
    pub found: Vec<Found>,
    /// Whether records are still looked for.
    pub load: Load,
    /// The text for which the server was asked as well; empty for none.
    pub asked: String,
}

/// One row of the palette.
#[derive(Debug, Clone, PartialEq)]
pub enum PaletteRow {
    /// An action by its dotted name; `disabled` says why it cannot be used now.
    Action {
        /// Dotted name.
        name: &'static str,
        /// Title.
        title: &'static str,
        /// Its key, as written in the help; empty for none.
        key: String,
        /// Why it cannot be used now.
        disabled: Option<String>,
    },
    /// A record.
    Record(Found),
    /// Asks the server for more with the same text.
    Server {
        /// What it costs, credits.
        credits: u32,
    },
}

/// The `:` line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandLine {
    /// What the user typed after the colon.
    pub input: LineInput,
    /// Completions of it, best first: the text and what it means.
    pub completions: Vec<(String, String)>,
    /// What was typed before a completion or the history took its place.
    pub typed: String,
    /// Completion under the cursor; none before Tab was pressed.
    pub chosen: Option<usize>,
    /// Place in the history while walking it.
    pub history_at: Option<usize>,
    /// Why the line cannot be run.
    pub error: Option<String>,
}

/// Choosing a stage for deals.
#[derive(Debug, Clone, PartialEq)]
pub struct StagePicker {
    /// The deals.
    pub deals: Vec<DealRow>,
    /// Stages of their sub-pipeline, in order; digits pick them.
    pub stages: Vec<Stage>,
    /// Letters that narrow them.
    pub input: LineInput,
    /// Row under the cursor, among those that match.
    pub cursor: usize,
}

/// Choosing what the board and the list of deals look at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PipelinePicker {
    /// Letters that narrow the rows.
    pub input: LineInput,
    /// All choices with their names.
    pub choices: Vec<(Scope, String)>,
    /// Row under the cursor, among those that match.
    pub cursor: usize,
}

/// The form that closes deals, or changes them.
#[derive(Debug, Clone, PartialEq)]
pub struct DealForm {
    /// The deals.
    pub deals: Vec<DealRow>,
    /// Won or lost; open where a deal stays in its stage.
    pub outcome: Outcome,
    /// Stages with that outcome; more than one stands for a choice of reasons, none for the present one.
    pub stages: Vec<Stage>,
    /// Stage under the cursor.
    pub cursor: usize,
    /// The amount as typed; starts with the deal's, empty for several.
    pub amount: LineInput,
    /// The closing date as typed; starts with today, or with the deal's where one stays open.
    pub closing: LineInput,
    /// Which of stage, amount and date has the keys: 0, 1 or 2.
    pub field: usize,
    /// What is wrong with the input, if anything.
    pub error: Option<String>,
}

/// A question before several records change at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// What is asked: `Move 7 deals to Proposal?`
    pub question: String,
    /// What changes: how many records, and what of them.
    pub groups: Vec<(u64, String)>,
    /// How many stay as they are, and why; empty for none.
    pub stay: String,
    /// The changes; their writes are named when they are sent.
    pub changes: Vec<StageChange>,
}

impl HelpView {
    /// Whether its filter is on the screen.
    #[must_use]
    pub const fn is_filtered(&self) -> bool {
        self.filtering || !self.filter.text.is_empty()
    }

    /// The rows of the help that contain the filter.
    #[must_use]
    pub fn groups(&self, model: &Model) -> Vec<HelpGroup> {
        let needle = self.filter.text.to_lowercase();
        let contains = |text: &str| text.to_lowercase().contains(&needle);
        let mut groups = actions::help(model);
        for group in &mut groups {
            group.rows.retain(|row| contains(&row.key) || contains(row.title) || contains(row.help));
        }
        groups.retain(|group| !group.rows.is_empty());
        groups
    }
}

impl StagePicker {
    /// The stages that match the letters, best first, each with its number in the sub-pipeline counted from 0.
    #[must_use]
    pub fn matches(&self) -> Vec<(usize, &Stage)> {
        let labels = self.stages.iter().map(|stage| stage.label.as_str());
        fuzzy::rank(&self.input.text, labels).into_iter().map(|at| (at, &self.stages[at])).collect()
    }
}

impl PipelinePicker {
    /// The choices that match the letters, best first.
    #[must_use]
    pub fn matches(&self) -> Vec<&(Scope, String)> {
        let names = self.choices.iter().map(|(_, name)| name.as_str());
        fuzzy::rank(&self.input.text, names).into_iter().map(|at| &self.choices[at]).collect()
    }
}

impl DealForm {
    /// The line that has the keys, unless the stage has them.
    pub fn line(&mut self) -> Option<&mut LineInput> {
        match self.field {
            1 => Some(&mut self.amount),
            2 => Some(&mut self.closing),
            _ => None,
        }
    }
}

/// Values of the parameters of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParameterForm {
    /// Name, value, and what the query's comments say of it.
    pub fields: Vec<(String, LineInput, String)>,
    /// Line that has the keys.
    pub cursor: usize,
}

impl ParameterForm {
    /// The line that has the keys.
    pub fn line(&mut self) -> Option<&mut LineInput> {
        self.fields.get_mut(self.cursor).map(|(_, line, _)| line)
    }
}

/// The list of drafts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DraftsView {
    /// The texts.
    pub rows: Vec<DraftRow>,
    /// Row under the cursor.
    pub cursor: usize,
}

/// The history of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// The record.
    pub record: Link,
    /// Its changes, newest first.
    pub rows: Vec<FieldChange>,
    /// First row on the screen.
    pub top: usize,
    /// How the rows stand.
    pub load: Load,
}

/// The list of messages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessagesView {
    /// The messages, newest first.
    pub rows: Vec<Notice>,
    /// First row on the screen.
    pub top: usize,
}

impl EntryView {
    /// Lines of the text at a width.
    #[must_use]
    pub fn lines(&self, columns: u16) -> usize {
        self.entry.lines.iter().map(|line| cells::wrap(line.as_str(), columns).count()).sum()
    }
}
