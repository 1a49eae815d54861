//! Laws of COQL on the tables, over random queries and records.

use std::cmp::Ordering;

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::coql::{self, Dialect};

/// A field with the values that records and criteria have of it, smallest first, as COQL literals and as JSON.
struct Kind {
    column: &'static str,
    literals: &'static [&'static str],
    json: fn(usize) -> Json,
    /// Compares two of the values by their places.
    order: fn(usize, usize) -> Ordering,
    operators: &'static [&'static str],
}

const ALL: &[&str] = &["=", "!=", ">", ">=", "<", "<=", "in", "not in", "between", "is null", "is not null"];
const SOME: &[&str] = &["=", "!=", "in", "not in", "is null", "is not null"];

const KINDS: &[Kind] = &[
    Kind {
        column: "Amount",
        literals: &["-1.5", "'0'", "19.5", "5000"],
        json: |at| json!([-1.5, 0.0, 19.5, 5000.0][at]),
        order: |a, b| a.cmp(&b),
        operators: ALL,
    },
    Kind {
        column: "Source_ID",
        literals: &["-7", "9007199254740992", "'9007199254740993'", "9223372036854775807"],
        json: |at| json!(["-7", "9007199254740992", "9007199254740993", "9223372036854775807"][at]),
        order: |a, b| a.cmp(&b),
        operators: ALL,
    },
    Kind {
        column: "Closing_Date",
        literals: &["'2025-12-31'", "'2026-01-01'", "'2026-01-31'", "'2026-02-01'"],
        json: |at| json!(["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"][at]),
        order: |a, b| a.cmp(&b),
        operators: ALL,
    },
    Kind {
        column: "Modified_Time",
        literals: &[
            "'2026-05-04T10:00:00+05:30'",
            "'2026-05-04T04:30:01+00:00'",
            "'2026-05-03T20:30:02-08:00'",
            "'2026-05-04T12:00:00Z'",
        ],
        json: |at| {
            json!(
                [
                    "2026-05-04T04:30:00+00:00",
                    "2026-05-04T06:30:01+02:00",
                    "2026-05-04T04:30:02+00:00",
                    "2026-05-04T14:00:00+02:00"
                ][at]
            )
        },
        order: |a, b| a.cmp(&b),
        operators: ALL,
    },
    Kind {
        column: "Stage",
        literals: &["'won'", "Won", "'Lost'", "Closed-Won"],
        json: |at| json!(["WON", "won", "lost", "closed-won"][at]),
        order: |a, b| (a.max(1)).cmp(&b.max(1)),
        operators: SOME,
    },
    Kind {
        column: "Account_Name",
        literals: &["1", "'20'", "300", "4000"],
        json: |at| json!({"id": (["1", "20", "300", "4000"][at])}),
        order: |a, b| a.cmp(&b),
        operators: SOME,
    },
];

/// Whether a record whose value is the one at `value` passes, by the meaning of the operator.
fn passes(kind: &Kind, operator: &str, value: Option<usize>, first: usize, second: usize) -> bool {
    let Some(value) = value else { return operator == "is null" };
    let (to_first, to_second) = ((kind.order)(value, first), (kind.order)(value, second));
    match operator {
        "=" => to_first.is_eq(),
        "!=" => to_first.is_ne(),
        ">" => to_first.is_gt(),
        ">=" => to_first.is_ge(),
        "<" => to_first.is_lt(),
        "<=" => to_first.is_le(),
        "in" => to_first.is_eq() || to_second.is_eq(),
        "not in" => to_first.is_ne() && to_second.is_ne(),
        "between" => to_first.is_ge() && to_second.is_le(),
        other => other == "is not null",
    }
}

fn criterion(kind: &Kind, operator: &str, first: usize, second: usize) -> String {
    let (column, first, second) = (kind.column, kind.literals[first], kind.literals[second]);
    match operator {
        "is null" | "is not null" => format!("{column} {operator}"),
        "in" | "not in" => format!("{column} {operator} ({first}, {second})"),
        "between" => format!("{column} between {first} and {second}"),
        _ => format!("{column} {operator} {first}"),
    }
}

pub(super) fn text_like(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    let (open, core) = pattern.strip_prefix('%').map_or((false, pattern.as_str()), |core| (true, core));
    let (end, core) = core.strip_suffix('%').map_or((false, core), |core| (true, core));
    match (open, end) {
        (true, true) => name.contains(core),
        (true, false) => name.ends_with(core),
        (false, true) => name.starts_with(core),
        (false, false) => name == core,
    }
}

fn found(f: &Fixture, condition: &str) -> Vec<String> {
    let text = format!("select id from Pipelines where {condition}");
    let checked = coql::check(&coql::parse(&text).expect(&text), &f.schemas, &Dialect::STRICT).expect(&text);
    let answer = run(&f.conn, &coql::lower(&checked), &f.zone).expect(&text);
    answer.rows.iter().map(|row| row["id"].as_str().expect("id").to_owned()).collect()
}

/// Text that is close to a query: words of the language and of the schemas in any order.
pub(super) fn nearly_a_query() -> impl Strategy<Value = String> {
    let column = || {
        select(vec![
            "id",
            "Deal_Name",
            "Stage",
            "Amount",
            "Owner",
            "Owner.name",
            "Account_Name.Account_Name",
            "Colours",
            "Pipeline",
            "Modified_Time",
            "Urgent",
            "Tag",
            "Nowhere",
            "'Account_Name->Accounts.Website'",
            "COUNT(id)",
        ])
    };
    let value = || {
        select(vec![
            "'x'",
            "5",
            "true",
            "'2026-05-04'",
            "'2026-05-04T00:00:00+00:00'",
            "Won",
            "''",
            "null",
            "'%a_'",
        ])
    };
    let test = (
        select(vec!["=", "!=", ">", "like", "not like", "in", "between", "not between", "is null"]),
        value(),
        value(),
    )
        .prop_map(|(operator, first, second)| match operator {
            "is null" => operator.to_owned(),
            "in" => format!("in ({first}, {second})"),
            "between" | "not between" => format!("{operator} {first} and {second}"),
            _ => format!("{operator} {first}"),
        });
    let criterion = (column(), test).prop_map(|(column, test)| format!("{column} {test}"));
    let condition = vec(criterion, 1..4).prop_map(|all| {
        all.into_iter().reduce(|left, right| format!("({left} or {right})")).unwrap_or_default()
    });
    (
        vec(column(), 1..4),
        option::weighted(0.9, condition),
        option::weighted(0.2, column()),
        vec((column(), select(vec!["", " desc"])), 0..3),
        option::of((0u64..300, option::of(0u64..20_000))),
    )
        .prop_map(|(columns, condition, group, order, page)| {
            let mut text = format!("select {} from Pipelines", columns.join(", "));
            condition.into_iter().for_each(|condition| text += &format!(" where {condition}"));
            group.into_iter().for_each(|group| text += &format!(" group by {group}"));
            for (at, (column, way)) in order.into_iter().enumerate() {
                text += &format!("{} {column}{way}", if at == 0 { " order by" } else { "," });
            }
            if let Some((limit, offset)) = page {
                text += &format!(" limit {limit}");
                offset.into_iter().for_each(|offset| text += &format!(" offset {offset}"));
            }
            text
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_comparison_finds_what_reading_every_record_finds(
        values in vec(option::of(0usize..4), 0..12),
        kind in 0..KINDS.len(),
        operator in any::<prop::sample::Index>(),
        first in 0usize..4,
        second in 0usize..4,
        indexed in any::<bool>(),
    ) {
        let (f, kind) = (Fixture::new(), &KINDS[kind]);
        let operator = kind.operators[operator.index(kind.operators.len())];
        if indexed {
            ensure_index(&f.conn, f.schema("Pipelines"), &[kind.column]).expect("index");
        }
        let records = values.iter().enumerate().map(|(at, value)| {
            json!({"id": (at + 1).to_string(), kind.column: value.map(kind.json)})
        });
        f.put("Pipelines", records.collect());
        let expected: Vec<String> = values
            .iter()
            .zip(1..)
            .filter(|(value, _)| passes(kind, operator, **value, first, second))
            .map(|(_, id): (_, u32)| id.to_string())
            .collect();
        prop_assert_eq!(found(&f, &criterion(kind, operator, first, second)), expected);
    }

    #[test]
    fn a_pattern_is_itself_but_for_its_ends(names in vec("[ab_%\\\\]{0,4}", 1..8), pattern in "%?[aB_%\\\\]{0,3}%?") {
        let f = Fixture::new();
        let records = names.iter().zip(1..).map(|(name, id): (_, u32)| json!({"id": id.to_string(), "Deal_Name": name}));
        f.put("Pipelines", records.collect());
        let expected: Vec<String> = names
            .iter()
            .zip(1..)
            .filter(|(name, _)| text_like(name, &pattern))
            .map(|(_, id): (_, u32)| id.to_string())
            .collect();
        let literal = pattern.replace('\\', "\\\\");
        prop_assert_eq!(found(&f, &format!("Deal_Name like '{literal}'")), expected);
    }

    #[test]
    fn whatever_passes_the_check_runs(text in nearly_a_query(), lenient in any::<bool>()) {
        let f = Fixture::new();
        f.put("Pipelines", json!([{"id": "1", "Colours": ["Red"], "Owner": {"id": "2"}}]));
        let dialect = if lenient { Dialect::LENIENT } else { Dialect::STRICT };
        if let Ok(query) = coql::parse(&text) {
            match coql::check_all(&query, &f.schemas, &dialect) {
                Ok(checked) => {
                    let answer = run(&f.conn, &coql::lower(&checked), &f.zone);
                    prop_assert!(answer.is_ok(), "{}: {:?}", text, answer);
                }
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    for error in errors {
                        prop_assert!(text.get(error.diagnostic(text.len()).span).is_some(), "{:?}", error);
                    }
                }
            }
        }
    }
}
