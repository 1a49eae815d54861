//! Lists as windows over the mirror.

use rust_decimal::Decimal;

use crate::domain::{CompanyRow, ContactRow, DealRow, Link, Module, NoteRow, RecordId};

/// Which deals are looked at: one team pipeline, or one of its sub-pipelines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Layout id of the team pipeline.
    pub pipeline: RecordId,
    /// Value of `Sub_Pipeline`; none looks at all of them.
    pub sub_pipeline: Option<String>,
}

/// A list: what is in it and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListSpec {
    /// Deals of a scope.
    Deals {
        /// Pipeline and sub-pipeline.
        scope: Scope,
        /// Text and conditions.
        filter: DealFilter,
        /// Order.
        sort: DealSort,
        /// Direction.
        way: SortWay,
    },
    /// Open deals of one stage: a column of the board.
    Stage {
        /// Pipeline and sub-pipeline.
        scope: Scope,
        /// Value of `Stage`.
        stage: String,
        /// Text and conditions.
        filter: DealFilter,
    },
    /// Contacts.
    Contacts {
        /// Words that name, e-mail, phone, title or company must contain; empty for all.
        text: String,
        /// Order.
        sort: ContactSort,
        /// Direction.
        way: SortWay,
    },
    /// Companies.
    Companies {
        /// Words that name, phone, website or city must contain; empty for all.
        text: String,
        /// Order.
        sort: CompanySort,
        /// Direction.
        way: SortWay,
    },
    /// All notes, newest first.
    Notes {
        /// Words of the text, title or parent's name; empty for all.
        text: String,
    },
}

impl ListSpec {
    /// The module of its records.
    #[must_use]
    pub const fn module(&self) -> Module {
        match self {
            Self::Deals { .. } | Self::Stage { .. } => Module::Pipelines,
            Self::Contacts { .. } => Module::Contacts,
            Self::Companies { .. } => Module::Accounts,
            Self::Notes { .. } => Module::Notes,
        }
    }

    /// The words that rows must contain; empty for all.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Deals { filter, .. } | Self::Stage { filter, .. } => &filter.text,
            Self::Contacts { text, .. } | Self::Companies { text, .. } | Self::Notes { text } => text,
        }
    }
}

/// Which deals of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DealFilter {
    /// Words that name, company, contact or owner must contain; empty for all.
    pub text: String,
    /// Only open deals.
    pub open_only: bool,
    /// Only deals of the user who signed in.
    pub mine: bool,
    /// Only deals without an open activity.
    pub no_next_step: bool,
    /// Only deals whose closing date has passed.
    pub overdue: bool,
}

/// Order of deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::EnumIter)]
#[allow(missing_docs)]
pub enum DealSort {
    #[default]
    Closing,
    Name,
    Amount,
    Stage,
    Modified,
}

/// Order of contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::EnumIter)]
#[allow(missing_docs)]
pub enum ContactSort {
    #[default]
    Name,
    Touched,
}

/// Order of companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::EnumIter)]
#[allow(missing_docs)]
pub enum CompanySort {
    #[default]
    Name,
    Touched,
}

/// Direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortWay {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// Which rows of a list; ordinals count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Slice {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// Rows that follow the one with this id, which stands at `ordinal`.
    After {
        /// The id of a row in hand.
        id: RecordId,
        /// Where it stands.
        ordinal: u64,
    },
    /// Rows that precede the one with this id, which stands at `ordinal`.
    Before {
        /// The id of a row in hand.
        id: RecordId,
        /// Where it stands.
        ordinal: u64,
    },
    /// Rows around the one with this id, wherever it stands now; the first rows if it is gone.
    Around {
        /// The id of the row to keep in view.
        id: RecordId,
    },
    /// Rows around an ordinal.
    At(u64),
}

/// A piece of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowReply {
    /// The list.
    pub list: ListSpec,
    /// What was asked for.
    pub slice: Slice,
    /// Ordinal of the first row.
    pub first: u64,
    /// Rows in the whole list.
    pub total: u64,
    /// The rows, in order.
    pub rows: Rows,
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Rows {
    Deals(Vec<DealRow>),
    Contacts(Vec<ContactRow>),
    Companies(Vec<CompanyRow>),
    Notes(Vec<NoteRow>),
}

impl Rows {
    /// The records that they are of.
    #[must_use]
    pub fn records(&self) -> Vec<Link> {
        match self {
            Self::Deals(rows) => rows.iter().map(DealRow::link).collect(),
            Self::Contacts(rows) => rows.iter().map(ContactRow::link).collect(),
            Self::Companies(rows) => rows.iter().map(CompanyRow::link).collect(),
            Self::Notes(rows) => rows.iter().map(NoteRow::link).collect(),
        }
    }
}

/// Figures of a whole list of deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Deals.
    pub count: u64,
    /// Sum of amounts.
    pub sum: Decimal,
    /// Sum of amounts times the probability of their stage.
    pub weighted: Decimal,
    /// Open deals whose stage age is beyond twice their stage's median.
    pub stuck: u64,
    /// Open deals without an open activity.
    pub no_next_step: u64,
    /// Sum of open amounts closing in the current month.
    pub closing_this_month: Decimal,
}

/// A column of the board: a stage with its figures and its first cards.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardColumn {
    /// Value of `Stage`.
    pub stage: String,
    /// Deals in it.
    pub count: u64,
    /// Sum of amounts.
    pub sum: Decimal,
    /// Sum times probability.
    pub weighted: Decimal,
    /// Median days that its deals stand in it; none without deals.
    pub median_days: Option<u32>,
    /// The first cards, as many as asked for.
    pub rows: Vec<DealRow>,
}

/// Figures of one sub-pipeline, for the pane of pipelines.
#[derive(Debug, Clone, PartialEq)]
pub struct PipelineTotals {
    /// Pipeline and sub-pipeline.
    pub scope: Scope,
    /// Open deals.
    pub open: Summary,
    /// Deals won.
    pub won: u64,
    /// Sum of the won.
    pub won_sum: Decimal,
    /// Deals lost.
    pub lost: u64,
    /// Deals and sum of each stage, in stage order.
    pub stages: Vec<(String, u64, Decimal)>,
}
