//! What is asked of the server.

use super::{
    super::{
        limits::MAX_LIMIT,
        span::Spanned,
        tree::{
            Column, Comparison, Condition, Connective, Criterion, Direction, Query, Selected, SortItem, Test,
            Value,
        },
    },
    push::joined,
};
use crate::domain::Shape;

/// Rows of one module, asked for page by page in Bigin's language.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// API name of the module.
    pub module: String,
    /// The table that the rows are gathered in: several fetches may fill one.
    pub table: usize,
    /// What is selected; the first is the id.
    pub columns: Vec<FetchColumn>,
    /// Rows to skip.
    pub offset: u64,
    /// Rows at most.
    pub limit: Option<u64>,
    pub(super) condition: Option<Condition>,
    /// By id, ascending, if empty.
    pub(super) order: Vec<SortItem>,
}

/// One selected column of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchColumn {
    /// The key of its values in the rows of an answer.
    pub path: String,
    /// What its values are.
    pub shape: Shape,
}

impl Fetch {
    /// The query for a page of `limit` rows that skips `offset` rows behind the record `after`.
    #[must_use]
    pub fn query(&self, after: Option<&str>, offset: u64, limit: u64) -> Query {
        let id = || Spanned::from(Column::of("id"));
        let beyond = after.map(|after| {
            let value = Spanned::from(Value::Text(after.to_owned()));
            let test = Spanned::from(Test::Compare(Comparison::Greater, value));
            Condition::Criterion(Criterion { column: id(), test })
        });
        let condition = joined(Connective::And, self.condition.iter().cloned().chain(beyond).collect());
        let everything = || {
            let test = Spanned::from(Test::Null { negated: true });
            Condition::Criterion(Criterion { column: id(), test })
        };
        let by_id = || vec![SortItem { column: id(), direction: Direction::Ascending }];
        let columns = self
            .columns
            .iter()
            .map(|column| Selected { column: Spanned::from(Column::of(&column.path)), alias: None });
        Query {
            columns: columns.collect(),
            module: self.module.clone().into(),
            condition: Some(condition.unwrap_or_else(everything)),
            group: Vec::new(),
            order: if self.order.is_empty() { by_id() } else { self.order.clone() },
            limit: Some(limit.into()),
            offset: (offset > 0).then(|| offset.into()),
        }
    }

    /// Whether rows come by ascending id, so that a walk can go on behind any record.
    #[must_use]
    pub fn by_id(&self) -> bool {
        self.order.is_empty()
    }
}

/// Pages that rows of one fetch come on.
#[must_use]
pub(super) fn pages(rows: u64) -> u64 {
    rows.div_ceil(MAX_LIMIT).max(1)
}
