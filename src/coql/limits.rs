//! Bigin's documented ceilings for one query, checked without knowing any field.

use std::collections::BTreeSet;

use super::{
    error::{Ceiling, CheckError},
    span::{Span, Spanned},
    tree::{Column, Query, Test},
};

/// Columns in SELECT.
pub const MAX_COLUMNS: usize = 50;
/// Criteria in WHERE.
pub const MAX_CRITERIA: usize = 25;
/// Distinct lookup relations in the whole query.
pub const MAX_JOINS: usize = 2;
/// Values in one `in` list.
pub const MAX_IN_VALUES: usize = 50;
/// Columns in ORDER BY.
pub const MAX_ORDER: usize = 10;
/// Columns in GROUP BY.
pub const MAX_GROUP: usize = 4;
/// Functions in SELECT.
pub const MAX_AGGREGATES: usize = 5;
/// Rows of one answer.
pub const MAX_LIMIT: u64 = 200;
/// Rows that LIMIT and OFFSET can reach together.
pub const MAX_REACH: u64 = 10_000;

/// Checks `query` against every ceiling that needs no metadata.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
///
/// # Errors
/// The first ceiling passed, in the order in which Bigin is taken to look.
pub fn check_limits(query: &Query) -> Result<(), CheckError> {
    let mut errors = counts(query);
    errors.extend(duplicates(query));
    errors.extend(range(query));
    errors.into_iter().next().map_or(Ok(()), Err)
}

/// Ceilings on how many of something a query has.
pub(super) fn counts(query: &Query) -> Vec<CheckError> {
    let mut errors = Vec::new();
    let mut at_most = |clause, most: usize, spans: &[&Span]| {
        if let Some(span) = spans.get(most) {
            errors.push(CheckError::TooMany { clause, found: spans.len(), most, span: (*span).clone() });
        }
    };
    let criteria = query.condition.as_ref().map(|condition| condition.criteria()).unwrap_or_default();
    let selected: Vec<&Span> = query.columns.iter().map(|item| &item.column.span).collect();
    let functions: Vec<&Span> = query
        .columns
        .iter()
        .filter(|item| item.column.function.is_some())
        .map(|item| &item.column.span)
        .collect();
    at_most(Ceiling::Select, MAX_COLUMNS, &selected);
    at_most(Ceiling::Aggregates, MAX_AGGREGATES, &functions);
    at_most(Ceiling::Where, MAX_CRITERIA, &criteria.iter().map(|c| &c.column.span).collect::<Vec<_>>());
    at_most(Ceiling::Join, MAX_JOINS, &relations(query));
    for criterion in criteria {
        if let Test::In { values, .. } = &criterion.test.value {
            at_most(Ceiling::In, MAX_IN_VALUES, &values.iter().map(|value| &value.span).collect::<Vec<_>>());
        }
    }
    at_most(Ceiling::Group, MAX_GROUP, &query.group.iter().map(|column| &column.span).collect::<Vec<_>>());
    at_most(Ceiling::Order, MAX_ORDER, &query.order.iter().map(|item| &item.column.span).collect::<Vec<_>>());
    errors
}

/// Columns that are selected twice.
pub(super) fn duplicates(query: &Query) -> Vec<CheckError> {
    let mut seen = BTreeSet::new();
    let columns = query.columns.iter().map(|item| &item.column);
    columns
        .filter(|column| !seen.insert(&column.value))
        .map(|column| CheckError::DuplicateColumn { column: column.key(), span: column.span.clone() })
        .collect()
}

/// Ceilings on LIMIT and OFFSET.
pub(super) fn range(query: &Query) -> Vec<CheckError> {
    let limit = query.limit.clone().unwrap_or(MAX_LIMIT.into());
    let offset = query.offset.clone().unwrap_or(0.into());
    let reach = limit.saturating_add(offset.value);
    let error = match limit.value {
        0 => CheckError::NoRows { span: limit.span },
        over if over > MAX_LIMIT => CheckError::Limit { limit: over, span: limit.span },
        _ if reach > MAX_REACH => CheckError::Reach { reach, span: offset.span },
        _ => return Vec::new(),
    };
    vec![error]
}

/// Every lookup that the query goes through, once, with a column that does: `A.B.C` goes through `A` and
/// `A.B`.
fn relations(query: &Query) -> Vec<&Span> {
    let criteria = query.condition.as_ref().map(|condition| condition.criteria()).unwrap_or_default();
    let columns: Vec<&Spanned<Column>> = query
        .columns
        .iter()
        .map(|item| &item.column)
        .chain(criteria.into_iter().map(|criterion| &criterion.column))
        .chain(&query.group)
        .chain(query.order.iter().map(|item| &item.column))
        .collect();
    let mut seen = BTreeSet::new();
    let prefixes = columns.iter().flat_map(|column| {
        column.path.match_indices('.').map(move |(at, _)| (&column.path[..at], &column.span))
    });
    prefixes.filter(|(prefix, _)| seen.insert(*prefix)).map(|(_, span)| span).collect()
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::coql::parse;

    #[track_caller]
    fn verdict(text: &str) -> String {
        check_limits(&parse(text).expect(text)).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn the_last_reachable_page_passes_and_the_next_does_not() {
        let page = |tail: &str| verdict(&format!("select id from Contacts where id is not null {tail}"));
        assert_eq!(page("limit 200 offset 9800"), "ok");
        assert_eq!(
            page("limit 200 offset 9900"),
            "limit and offset reach row 10100: Bigin stops at 10000, go on from the last id instead"
        );
        assert_eq!(page("limit 201"), "limit 201: one answer holds at most 200 rows");
        assert_eq!(page("limit 0"), "limit must be greater than 0");
        assert!(
            page("limit 200 offset 18446744073709551615")
                .starts_with("limit and offset reach row 18446744073709551615")
        );
    }

    #[test]
    fn relations_are_counted_once_each_over_the_whole_query() {
        assert_eq!(
            verdict(
                "select Deal_Name, Contact_Name.Account_Name.Website from Pipelines where id is not null"
            ),
            "ok"
        );
        assert_eq!(
            verdict(
                "select Account_Name.Phone from Pipelines where Account_Name.Website is null order by Account_Name.Phone"
            ),
            "ok"
        );
        let three =
            "select Contact_Name.Email, Account_Name.Phone, Owner.email from Pipelines where id is not null";
        assert_eq!(verdict(three), "3 joined lookups: Bigin takes at most 2");
    }

    #[test]
    fn columns_criteria_and_lists_have_ceilings() {
        let names = |count: usize| (0..count).map(|n| format!("F{n}")).collect::<Vec<_>>();
        let select = |count| format!("select {} from Contacts where id is not null", names(count).join(", "));
        assert_eq!(verdict(&select(50)), "ok");
        assert_eq!(verdict(&select(51)), "51 selected columns: Bigin takes at most 50");
        let list = |count| format!("select id from Contacts where id in ({})", vec!["1"; count].join(","));
        assert_eq!(verdict(&list(50)), "ok");
        assert_eq!(verdict(&list(51)), "51 values in a list: Bigin takes at most 50");
        let nested = |count: usize| {
            let tree = (1..count).fold("a = 1".to_owned(), |tree, _| format!("({tree} and a = 1)"));
            format!("select id from Contacts where {tree}")
        };
        assert_eq!(verdict(&nested(25)), "ok");
        assert_eq!(verdict(&nested(26)), "26 criteria: Bigin takes at most 25");
        assert_eq!(verdict("select a, b, a from Contacts where id is not null"), "a is selected twice");
    }
}
