//! Bigin's documented ceilings for one query, checked without knowing any field.

use std::collections::BTreeSet;

use super::tree::{Condition, Query, Test};

/// Columns in SELECT.
pub const MAX_COLUMNS: usize = 50;
/// Criteria in WHERE.
pub const MAX_CRITERIA: usize = 25;
/// Distinct lookup relations in the whole query.
pub const MAX_JOINS: usize = 2;
/// Values in one `in` list.
pub const MAX_IN_VALUES: usize = 50;
/// Rows of one answer.
pub const MAX_LIMIT: u64 = 200;
/// Rows that LIMIT and OFFSET can reach together.
pub const MAX_REACH: u64 = 10_000;

/// A ceiling that a query goes past.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// More of something than Bigin takes.
    #[error("{found} {what}: Bigin takes at most {most}")]
    TooMany {
        /// Of what, in words.
        what: &'static str,
        /// How many the query has.
        found: usize,
        /// How many Bigin takes.
        most: usize,
    },
    /// `limit 0`.
    #[error("limit must be greater than 0")]
    NoRows,
    /// LIMIT beyond one answer.
    #[error("limit {0}: one answer holds at most {MAX_LIMIT} rows")]
    Limit(u64),
    /// LIMIT and OFFSET together beyond what paging reaches.
    #[error("limit and offset reach row {0}: Bigin stops at {MAX_REACH}, go on from the last id instead")]
    Reach(u64),
    /// The same column twice in SELECT.
    #[error("{0} is selected twice")]
    Duplicate(String),
}

/// Checks `query` against every ceiling that needs no metadata.
///
/// # Errors
/// The first ceiling passed, in the order in which Bigin is taken to look.
pub fn check_limits(query: &Query) -> Result<(), LimitError> {
    let mut criteria = Vec::new();
    let mut paths: Vec<&str> = query.columns.iter().map(String::as_str).collect();
    if let Some(condition) = &query.condition {
        collect(condition, &mut criteria, &mut paths);
    }
    paths.extend(query.order.iter().map(|item| item.column.as_str()));

    at_most("selected columns", query.columns.len(), MAX_COLUMNS)?;
    at_most("criteria", criteria.len(), MAX_CRITERIA)?;
    at_most("joined lookups", relations(&paths).len(), MAX_JOINS)?;
    for test in criteria {
        if let Test::In { values, .. } = test {
            at_most("values in a list", values.len(), MAX_IN_VALUES)?;
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = query.columns.iter().find(|column| !seen.insert(column.as_str())) {
        return Err(LimitError::Duplicate(twice.clone()));
    }
    let limit = query.limit.unwrap_or(MAX_LIMIT);
    if limit == 0 {
        return Err(LimitError::NoRows);
    }
    if limit > MAX_LIMIT {
        return Err(LimitError::Limit(limit));
    }
    let reach = limit.saturating_add(query.offset.unwrap_or(0));
    if reach > MAX_REACH { Err(LimitError::Reach(reach)) } else { Ok(()) }
}

fn collect<'a>(condition: &'a Condition, criteria: &mut Vec<&'a Test>, paths: &mut Vec<&'a str>) {
    match condition {
        Condition::Criterion(criterion) => {
            criteria.push(&criterion.test);
            paths.push(&criterion.column);
        }
        Condition::Pair(left, _, right) => {
            collect(left, criteria, paths);
            collect(right, criteria, paths);
        }
    }
}

/// Every lookup that `paths` go through, once: `A.B.C` goes through `A` and `A.B`.
fn relations<'a>(paths: &[&'a str]) -> BTreeSet<&'a str> {
    paths.iter().flat_map(|path| path.match_indices('.').map(|(at, _)| &path[..at])).collect()
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), LimitError> {
    if found > most { Err(LimitError::TooMany { what, found, most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coql::parse;

    #[track_caller]
    fn verdict(text: &str) -> Result<(), LimitError> {
        check_limits(&parse(text).expect(text))
    }

    #[test]
    fn the_last_reachable_page_passes_and_the_next_does_not() {
        let page = |tail: &str| verdict(&format!("select id from Contacts where id is not null {tail}"));
        assert_eq!(page("limit 200 offset 9800"), Ok(()));
        assert_eq!(page("limit 200 offset 9900"), Err(LimitError::Reach(10_100)));
        assert_eq!(page("limit 201"), Err(LimitError::Limit(201)));
        assert_eq!(page("limit 0"), Err(LimitError::NoRows));
        assert_eq!(page("limit 200 offset 18446744073709551615"), Err(LimitError::Reach(u64::MAX)));
    }

    #[test]
    fn relations_are_counted_once_each_over_the_whole_query() {
        assert_eq!(
            verdict(
                "select Deal_Name, Contact_Name.Account_Name.Website from Pipelines where id is not null"
            ),
            Ok(())
        );
        assert_eq!(
            verdict(
                "select Account_Name.Phone from Pipelines where Account_Name.Website is null order by Account_Name.Phone"
            ),
            Ok(())
        );
        let three =
            "select Contact_Name.Email, Account_Name.Phone, Owner.email from Pipelines where id is not null";
        assert_eq!(verdict(three), Err(LimitError::TooMany { what: "joined lookups", found: 3, most: 2 }));
    }

    #[test]
    fn columns_criteria_and_lists_have_ceilings() {
        let names = |count: usize| (0..count).map(|n| format!("F{n}")).collect::<Vec<_>>();
        let select = |count| format!("select {} from Contacts where id is not null", names(count).join(", "));
        assert_eq!(verdict(&select(50)), Ok(()));
        assert_eq!(
            verdict(&select(51)),
            Err(LimitError::TooMany { what: "selected columns", found: 51, most: 50 })
        );
        let list = |count| format!("select id from Contacts where id in ({})", vec!["1"; count].join(","));
        assert_eq!(verdict(&list(50)), Ok(()));
        assert!(verdict(&list(51)).is_err());
        let nested = |count: usize| {
            let tree = (1..count).fold("a = 1".to_owned(), |tree, _| format!("({tree} and a = 1)"));
            format!("select id from Contacts where {tree}")
        };
        assert_eq!(verdict(&nested(25)), Ok(()));
        assert!(verdict(&nested(26)).is_err());
        assert_eq!(
            verdict("select a, b, a from Contacts where id is not null"),
            Err(LimitError::Duplicate("a".to_owned()))
        );
    }
}
