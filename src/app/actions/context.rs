//! Where keys go: the part of the program that has them.

use crokey::KeyCombination;
use strum::{EnumIter, IntoEnumIterator};

use crate::app::{Model, Place, input::Edit, overlay::Overlay, pane::CoqlFocus};

/// The part of the program that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter)]
#[allow(missing_docs)]
pub enum Context {
    Board,
    Deals,
    Contacts,
    Companies,
    Notes,
    Pipelines,
    Credits,
    Record,
    CoqlResult,
    CoqlEditor,
    CoqlPopup,
    Parameters,
    Note,
    Help,
    HelpFilter,
    Palette,
    Command,
    Filter,
    Stage,
    Pipeline,
    Deal,
    Confirm,
    Drafts,
    Messages,
    Calls,
    Outbox,
    Conflict,
    ConflictLine,
    History,
    Entry,
    Runs,
    Saved,
    SaveQuery,
    Export,
}

/// A set of contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contexts(u64);

impl Context {
    /// Who has the keys now.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        match &model.overlay {
            None => Self::below(model),
            Some(Overlay::Note(_)) => Self::Note,
            Some(Overlay::Help(help)) if help.filtering => Self::HelpFilter,
            Some(Overlay::Help(_)) => Self::Help,
            Some(Overlay::Palette(_)) => Self::Palette,
            Some(Overlay::Command(_)) => Self::Command,
            Some(Overlay::Filter(_)) => Self::Filter,
            Some(Overlay::Stage(_)) => Self::Stage,
            Some(Overlay::Pipeline(_)) => Self::Pipeline,
            Some(Overlay::Deal(_)) => Self::Deal,
            Some(Overlay::Confirm(_)) => Self::Confirm,
            Some(Overlay::Parameters(_)) => Self::Parameters,
            Some(Overlay::Runs(_)) => Self::Runs,
            Some(Overlay::Saved(_)) => Self::Saved,
            Some(Overlay::SaveQuery(_)) => Self::SaveQuery,
            Some(Overlay::Export(_)) => Self::Export,
            Some(Overlay::Drafts(_)) => Self::Drafts,
            Some(Overlay::Messages(_)) => Self::Messages,
            Some(Overlay::Calls(_)) => Self::Calls,
            Some(Overlay::Outbox(_)) => Self::Outbox,
            Some(Overlay::Conflict(view)) if view.typed.is_some() => Self::ConflictLine,
            Some(Overlay::Conflict(_)) => Self::Conflict,
            Some(Overlay::History(_)) => Self::History,
            Some(Overlay::Entry(_)) => Self::Entry,
        }
    }

    /// Who has the keys when no overlay is open.
    #[must_use]
    pub fn below(model: &Model) -> Self {
        match &model.trail.here {
            Place::Board => Self::Board,
            Place::Deals => Self::Deals,
            Place::Contacts => Self::Contacts,
            Place::Companies => Self::Companies,
            Place::Notes => Self::Notes,
            Place::Pipelines => Self::Pipelines,
            Place::Credits => Self::Credits,
            Place::Record(_) => Self::Record,
            Place::Coql => match model.panes.coql.focus {
                CoqlFocus::Editor if model.panes.coql.popup.is_some() => Self::CoqlPopup,
                CoqlFocus::Editor => Self::CoqlEditor,
                CoqlFocus::Result => Self::CoqlResult,
            },
        }
    }

    /// Whether text of several lines is typed here.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::CoqlEditor | Self::CoqlPopup | Self::Note)
    }

    /// Whether this key edits text here, and so is never a command.
    #[must_use]
    pub fn edits(self, key: KeyCombination) -> bool {
        let Some(edit) = Edit::of(key) else { return false };
        match self {
            Self::CoqlEditor => true,
            Self::CoqlPopup => !matches!(edit, Edit::NewLine | Edit::Up | Edit::Down),
            Self::Note => edit != Edit::NewLine,
            Self::Stage => !edit.is_vertical() && !matches!(edit, Edit::Insert('1'..='9')),
            Self::HelpFilter
            | Self::Palette
            | Self::Command
            | Self::Filter
            | Self::Pipeline
            | Self::ConflictLine
            | Self::Parameters
            | Self::Runs
            | Self::Saved
            | Self::SaveQuery
            | Self::Export
            | Self::Deal => !edit.is_vertical(),
            _ => false,
        }
    }

    /// Whether it is an overlay.
    #[must_use]
    pub fn is_overlay(self) -> bool {
        OVERLAYS.has(self)
    }
}

impl Contexts {
    const fn of(contexts: &[Context]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < contexts.len() {
            bits |= 1 << contexts[at] as u64;
            at += 1;
        }
        Self(bits)
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the context is in the set.
    #[must_use]
    pub const fn has(self, context: Context) -> bool {
        self.0 & (1 << context as u64) != 0
    }

    /// Its contexts.
    pub fn iter(self) -> impl Iterator<Item = Context> {
        Context::iter().filter(move |context| self.has(*context))
    }

    /// Whether all of them are overlays.
    #[must_use]
    pub fn only_overlays(self) -> bool {
        self.0 & !OVERLAYS.0 == 0
    }
}

use Context::{
    Board, Calls, Command, Companies, Confirm, Conflict, ConflictLine, Contacts, CoqlEditor, CoqlPopup,
    CoqlResult, Credits, Deal, Deals, Drafts, Entry, Export, Filter, Help, HelpFilter, History, Messages,
    Note, Notes, Outbox, Palette, Parameters, Pipeline, Pipelines, Record, Runs, SaveQuery, Saved, Stage,
};

pub(super) const DEALS: Contexts = Contexts::of(&[Deals]);
pub(super) const BOARD_DEALS: Contexts = Contexts::of(&[Board, Deals]);
pub(super) const PEOPLE: Contexts = Contexts::of(&[Contacts, Companies]);
pub(super) const SORTED: Contexts = Contexts::of(&[Deals, Contacts, Companies]);
pub(super) const LISTS: Contexts = Contexts::of(&[Board, Deals, Contacts, Companies, Notes]);
pub(super) const MARKED: Contexts = LISTS.and(Contexts::of(&[CoqlResult]));
pub(super) const CREDITS: Contexts = Contexts::of(&[Credits]);
pub(super) const RECORD: Contexts = Contexts::of(&[Record]);
pub(super) const WITH_DEAL: Contexts = Contexts::of(&[Board, Deals, Record, CoqlResult]);
pub(super) const WITH_RECORD: Contexts = LISTS.and(Contexts::of(&[Record, CoqlResult]));
pub(super) const PANES: Contexts = WITH_RECORD.and(Contexts::of(&[Pipelines, Credits]));
pub(super) const SIDEWAYS: Contexts = Contexts::of(&[Board, Record, CoqlResult]);
pub(super) const EDITOR: Contexts = Contexts::of(&[CoqlEditor]);
pub(super) const RESULT: Contexts = Contexts::of(&[CoqlResult]);
pub(super) const POPUP: Contexts = Contexts::of(&[CoqlPopup]);
pub(super) const TYPING: Contexts = EDITOR.and(POPUP);
pub(super) const CONSOLE: Contexts = TYPING.and(RESULT);
pub(super) const BASE: Contexts = PANES.and(TYPING);
pub(super) const PARTS: Contexts = Contexts::of(&[Record, CoqlResult, Deal, Parameters]);
pub(super) const PARTS_BACK: Contexts = PARTS.and(TYPING);
pub(super) const VALUES: Contexts = Contexts::of(&[Parameters]);
pub(super) const PICKED: Contexts = Contexts::of(&[Board, Pipelines, Stage, Drafts]);
pub(super) const MENUS: Contexts = Contexts::of(&[
    Palette, Filter, Stage, Pipeline, Deal, Drafts, Messages, Calls, Help, Outbox, Conflict, History, Entry,
    Runs, Saved, Export,
]);
pub(super) const ROWS: Contexts = PANES.and(MENUS).and(POPUP);
pub(super) const SCROLLED: Contexts =
    PANES.and(Contexts::of(&[Drafts, Messages, Calls, Help, Outbox, History, Entry]));
pub(super) const NOTE: Contexts = Contexts::of(&[Note]);
pub(super) const TEXTS: Contexts = NOTE.and(TYPING);
pub(super) const COMMAND: Contexts = Contexts::of(&[Command]);
pub(super) const HELP: Contexts = Contexts::of(&[Help]);
pub(super) const DRAFTS: Contexts = Contexts::of(&[Drafts]);
pub(super) const CALLS: Contexts = Contexts::of(&[Calls]);
pub(super) const OUTBOX: Contexts = Contexts::of(&[Outbox]);
pub(super) const CONFLICT: Contexts = Contexts::of(&[Conflict]);
pub(super) const CONFLICT_LINE: Contexts = Contexts::of(&[ConflictLine]);
pub(super) const QUERIES: Contexts = Contexts::of(&[Runs, Saved]);
pub(super) const SAVE_QUERY: Contexts = Contexts::of(&[SaveQuery]);
pub(super) const EXPORT: Contexts = Contexts::of(&[Export]);
pub(super) const CHOOSERS: Contexts = Contexts::of(&[Palette, Stage, Pipeline, Drafts]);
pub(super) const FILTERS: Contexts = Contexts::of(&[Filter, HelpFilter]);
pub(super) const CONFIRM: Contexts = Contexts::of(&[Confirm]);
pub(super) const DEAL_FORM: Contexts = Contexts::of(&[Deal]);
pub(super) const DIALOGS: Contexts = CHOOSERS
    .and(FILTERS)
    .and(DEAL_FORM)
    .and(CONFIRM)
    .and(COMMAND)
    .and(CONFLICT)
    .and(CONFLICT_LINE)
    .and(VALUES)
    .and(QUERIES)
    .and(SAVE_QUERY)
    .and(EXPORT);
pub(super) const READ: Contexts = Contexts::of(&[Help, Messages, Calls, Outbox, History, Entry]);
pub(super) const CLOSED: Contexts = DIALOGS.and(READ);
pub(super) const OVERLAYS: Contexts = CLOSED.and(NOTE);
pub(super) const ALL: Contexts = BASE.and(OVERLAYS);
