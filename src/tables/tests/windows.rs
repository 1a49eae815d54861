use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::coql::Direction;

fn ids(entries: &[Entry]) -> Vec<(u64, String)> {
    entries.iter().map(|e| (e.key.ordinal, e.record["id"].as_str().expect("id").to_owned())).collect()
}

/// Deals numbered from 1, with these amounts, every third in stage `Won`.
fn deals(amounts: &[Option<u8>]) -> Fixture {
    let f = Fixture::new();
    let records = amounts.iter().enumerate().map(|(at, amount)| {
        json!({"id": (at + 1).to_string(), "Amount": amount, "Stage": if at % 3 == 0 { "Won" } else { "Open" }})
    });
    f.put("Pipelines", records.collect());
    f
}

/// The same order by sorting everything.
fn sorted(amounts: &[Option<u8>], direction: Direction, won: bool) -> Vec<(u64, String)> {
    let mut all: Vec<_> = amounts.iter().copied().zip(1u64..).filter(|(_, id)| !won || id % 3 == 1).collect();
    all.sort_unstable();
    if direction == Direction::Descending {
        all.reverse();
    }
    all.iter().zip(0..).map(|((_, id), ordinal)| (ordinal, id.to_string())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn walking_by_windows_visits_the_sorted_rows_once_each(
        amounts in vec(option::of(0u8..6), 1..40),
        rows in 1usize..7,
        down in any::<bool>(),
        won in any::<bool>(),
        at in any::<prop::sample::Index>(),
    ) {
        let f = deals(&amounts);
        let reader = f.reader();
        let direction = if down { Direction::Descending } else { Direction::Ascending };
        let filter = if won { Filter::Equal("Stage".to_owned(), json!("won")) } else { Filter::Everything };
        let start = Window {
            module: "Pipelines", columns: &["Stage"], sort: "Amount", direction, filter: &filter,
            place: Place::Start, rows,
        };
        let expected = sorted(&amounts, direction, won);

        let (mut forward, mut place) = (Vec::new(), reader.window(&start).expect("start"));
        while let Some(last) = place.last() {
            let key = last.key.clone();
            forward.append(&mut place);
            place = reader.window(&Window { place: Place::After(&key), ..start }).expect("after");
        }
        prop_assert_eq!(ids(&forward), expected.clone());

        let (mut backward, mut place) = (Vec::new(), reader.window(&Window { place: Place::End, ..start }).expect("end"));
        while let Some(first) = place.first() {
            let key = first.key.clone();
            place.append(&mut backward);
            backward = place;
            place = reader.window(&Window { place: Place::Before(&key), ..start }).expect("before");
        }
        prop_assert_eq!(ids(&backward), expected.clone());

        let (ordinal, id) = &expected[at.index(expected.len())];
        let around = ids(&reader.window(&Window { place: Place::Around(id), ..start }).expect("around"));
        prop_assert!(around.contains(&(*ordinal, id.clone())));
        prop_assert_eq!(around.len(), rows.min(expected.len()));
        prop_assert!(expected.windows(around.len()).any(|run| run == around));
    }
}

#[test]
fn ids_order_as_numbers() {
    let f = Fixture::new();
    f.put("Accounts", json!([{"id": "100"}, {"id": "20"}, {"id": "3"}]));
    let window = Window {
        module: "Accounts",
        columns: &[],
        sort: "id",
        direction: Direction::Ascending,
        filter: &Filter::AtLeast("id".to_owned(), json!("20")),
        place: Place::Start,
        rows: 9,
    };
    assert_eq!(
        ids(&f.reader().window(&window).expect("window")),
        [(0, "20".to_owned()), (1, "100".to_owned())]
    );
}

#[test]
fn filters_mean_what_they_say() {
    let f = deals(&[None, Some(1), Some(2), Some(3)]);
    let count = |filter: Filter| f.reader().count("Pipelines", &filter).expect("count");
    let amount = "Amount".to_owned();
    let empty = Filter::Empty(amount.clone());
    assert_eq!(count(empty.clone()), 1);
    assert_eq!(count(Filter::Not(Box::new(empty))), 3);
    assert_eq!(count(Filter::Not(Box::new(Filter::Equal(amount.clone(), json!(2))))), 3);
    assert_eq!(count(Filter::In("Stage".to_owned(), vec![json!("WON"), json!("Lost")])), 2);
    assert_eq!(count(Filter::All(vec![])), 4);
    assert_eq!(count(Filter::Any(vec![])), 0);
    let range =
        Filter::All(vec![Filter::AtLeast(amount.clone(), json!(1)), Filter::Below(amount.clone(), json!(3))]);
    assert_eq!(count(range.clone()), 2);
    assert_eq!(count(Filter::Any(vec![range, Filter::Equal("id".to_owned(), json!("1"))])), 3);
    assert!(matches!(
        f.reader().count("Pipelines", &Filter::Empty("x\" OR 1".to_owned())),
        Err(Error::NoField { .. })
    ));
}

#[test]
fn an_index_serves_the_walk_without_a_sort() {
    let f = deals(&[None, Some(1)]);
    ensure_index(&f.conn, f.schema("Pipelines"), &["Amount"]).expect("index");
    ensure_index(&f.conn, f.schema("Pipelines"), &["Stage", "Amount"]).expect("index");
    let base = r#"SELECT t."$row" FROM "Pipelines" AS t WHERE"#;
    for tail in [
        r#"1 AND (t."Amount", t."$row") > (?, ?) ORDER BY t."Amount" ASC, t."$row" ASC LIMIT ?"#,
        r#"1 AND t."Amount" IS NOT NULL ORDER BY t."Amount" DESC, t."$row" DESC LIMIT ?"#,
        r#"1 AND t."Amount" IS NULL AND t."$row" < ? ORDER BY t."$row" DESC LIMIT ?"#,
        r#"t."Stage" IS ? AND (t."Amount", t."$row") < (?, ?) ORDER BY t."Amount" DESC, t."$row" DESC LIMIT ?"#,
    ] {
        let plan = f.plan(&format!("{base} {tail}"));
        assert!(
            plan.starts_with("SEARCH t USING COVERING INDEX") && !plan.contains("B-TREE"),
            "{tail}\n{plan}"
        );
    }
}
