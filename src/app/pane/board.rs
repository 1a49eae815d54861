//! The board: a list of cards for each open stage.

use rust_decimal::Decimal;

use crate::{
    app::{List, Load},
    domain::{DealRow, RecordId, Stage},
    protocol::{DealFilter, Summary},
};

/// Columns and which of them has the cursor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoardPane {
    /// Open stages, in stage order.
    pub columns: Vec<Column>,
    /// Index of the column under the cursor.
    pub focus: usize,
    /// Which deals are on the board.
    pub filter: DealFilter,
    /// How the columns stand.
    pub load: Load,
    /// Figures of the whole board.
    pub summary: Option<Summary>,
    /// A deal that an undo took elsewhere from under the cursor, which follows it when the columns come.
    pub follow: Option<RecordId>,
}

/// One stage with its figures and cards.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// Deals in it.
    pub count: u64,
    /// Sum of amounts.
    pub sum: Decimal,
    /// Sum times probability.
    pub weighted: Decimal,
    /// Median days that its deals stand in it.
    pub median_days: Option<u32>,
    /// The cards; `top` is the first one shown.
    pub cards: List<DealRow>,
}

impl BoardPane {
    /// The column under the cursor.
    #[must_use]
    pub fn column(&self) -> Option<&Column> {
        self.columns.get(self.focus)
    }

    /// The card under the cursor.
    #[must_use]
    pub fn card(&self) -> Option<&DealRow> {
        self.column()?.cards.selected()
    }
}
