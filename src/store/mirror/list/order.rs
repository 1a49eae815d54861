//! What each list is: its table, its conditions, its order.

use super::super::{
    Mirror, Moment,
    filter::{COMPANIES, CONTACTS, Cards, Conditions, DEALS, NOTES, OPEN},
};
use crate::protocol::{CompanySort, ContactSort, DealSort, ListSpec, SortWay};

/// A list in SQL.
#[derive(Debug)]
pub(super) struct Order {
    pub cards: Cards,
    pub conditions: Conditions,
    /// Columns to sort by, all one way; the row comes last.
    pub keys: &'static [&'static str],
    /// Largest first.
    pub down: bool,
    /// Columns of the index that serves it; none where there always is one.
    pub index: Option<String>,
    /// The index to read windows by, where SQLite would rather sort.
    pub by: Option<&'static str>,
}

impl Order {
    /// The list as `mirror` can read it.
    pub(super) fn of(mirror: &Mirror, list: &ListSpec, moment: &Moment) -> Self {
        let mut conditions = Conditions::default();
        match list {
            ListSpec::Deals { scope, filter, sort, way } => {
                let mut prefix = vec!["pipe"];
                prefix.extend(scope.sub_pipeline.as_ref().map(|_| "sub"));
                prefix.extend((filter.open_only || filter.overdue).then_some("outcome"));
                let (keys, flip): (&[&str], bool) = match sort {
                    DealSort::Closing => (&["closing", "less"], false),
                    DealSort::Name => (&["sort_name"], false),
                    DealSort::Amount => (&["less"], true),
                    DealSort::Stage => (&["ord", "closing", "less"], false),
                    DealSort::Modified => (&["modified"], false),
                };
                let conditions = mirror.filtered(scope, filter, moment);
                let order =
                    Self::new(DEALS, conditions, &prefix, keys, (*way == SortWay::Descending) != flip);
                match sort {
                    DealSort::Name => Self { index: None, by: Some("deal_name"), ..order },
                    _ => order,
                }
            }
            ListSpec::Stage { scope, stage, filter } => {
                let mut prefix = vec!["pipe"];
                prefix.extend(scope.sub_pipeline.as_ref().map(|_| "sub"));
                prefix.extend(["stage", "outcome"]);
                conditions = mirror.filtered(scope, filter, moment);
                conditions.push("stage = ?", mirror.words.find(stage).unwrap_or(-1));
                if !(filter.open_only || filter.overdue) {
                    conditions.plain(OPEN);
                }
                Self::new(DEALS, conditions, &prefix, &["closing", "less"], false)
            }
            ListSpec::Contacts { text, sort, way } => {
                conditions.words(CONTACTS, &mirror.texts, text);
                let keys = match sort {
                    ContactSort::Name => &["sort_name"],
                    ContactSort::Touched => &["touched"],
                };
                Self::new(CONTACTS, conditions, &[], keys, *way == SortWay::Descending)
            }
            ListSpec::Companies { text, sort, way } => {
                conditions.words(COMPANIES, &mirror.texts, text);
                let keys = match sort {
                    CompanySort::Name => &["sort_name"],
                    CompanySort::Touched => &["touched"],
                };
                Self::new(COMPANIES, conditions, &[], keys, *way == SortWay::Descending)
            }
            ListSpec::Notes { text } => {
                conditions.words(NOTES, &mirror.texts, text);
                Self::new(NOTES, conditions, &[], &["at"], true)
            }
        }
    }

    /// What the whole list is read through, whatever its order, as SQL: an index that has all that it is made of, or
    /// the cards one after the other, which is faster than to jump to each.
    pub(super) fn through(&self) -> &'static str {
        match &self.conditions {
            conditions if conditions.reads_cards => " NOT INDEXED",
            conditions if self.cards == DEALS && !conditions.wordy && self.by.is_none() => {
                " INDEXED BY deal_figures"
            }
            _ => "",
        }
    }

    fn new(
        cards: Cards,
        conditions: Conditions,
        prefix: &[&str],
        keys: &'static [&'static str],
        down: bool,
    ) -> Self {
        let index = prefix.iter().chain(keys).copied().collect::<Vec<_>>().join(", ");
        Self { cards, conditions, keys, down, index: Some(index), by: None }
    }
}
