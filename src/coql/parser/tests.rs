use proptest::{collection::vec, option, prelude::*};

use super::*;

#[track_caller]
fn printed(text: &str) -> String {
    parse(text).map_or_else(|error| format!("error: {error}"), |query| query.to_string())
}

#[test]
fn two_criteria_need_no_parentheses_and_three_do() {
    assert_eq!(
        printed("select Last_Name from Contacts where Last_Name = 'Okafor' and Email is not null"),
        "select Last_Name from Contacts where (Last_Name = 'Okafor' and Email is not null)"
    );
    for text in [
        "select id from Contacts where a is not null and b is not null and c is null",
        "select id from Contacts where Title = 'Buyer' or Title = 'Owner' and Email is not null",
    ] {
        assert!(matches!(parse(text), Err(SyntaxError::Unexpected { near, .. }) if near == "and"));
    }
    for text in [
        "select id from Contacts where ((a is not null and b is not null) and c is null)",
        "select id from Contacts where (a is not null and (b is not null and c is null))",
        "select id from Contacts where (a = 'x' or a = 'y') and (b is not null and c is null)",
        "select id from Contacts where (((Last_Name = 'Okafor')))",
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn keywords_are_of_any_case_and_need_no_spaces_around_operators() {
    assert_eq!(
        printed(
            "SELECT Deal_Name,Amount FROM Pipelines WHERE Amount>=5000 ORDER BY Amount DESC,Deal_Name LIMIT 20 OFFSET 40"
        ),
        "select Deal_Name, Amount from Pipelines where Amount >= 5000 \
         order by Amount desc, Deal_Name asc limit 20 offset 40"
    );
}

#[test]
fn quotes_are_escaped_by_a_backslash() {
    let query = parse(r"select id from Contacts where Last_Name = 'O\'Neil'").expect("documented escape");
    let Some(Condition::Criterion(Criterion { test: Test::Compare(_, value), .. })) = query.condition else {
        unreachable!("one comparison was written")
    };
    assert_eq!(value, Value::Text("O'Neil".to_owned()));
    assert!(parse(r#"select id from Contacts where Last_Name = "Okafor""#).is_ok());
    assert!(parse("select id from Contacts where Last_Name = 'O''Neil'").is_err());
}

#[test]
fn what_the_grammar_lacks_is_refused_where_it_stands() {
    let unexpected = |text: &str| match parse(text) {
        Err(SyntaxError::Unexpected { near, .. }) => near,
        other => format!("{other:?}"),
    };
    assert_eq!(unexpected("select * from Contacts where id is not null"), "*");
    assert_eq!(unexpected("select id from Contacts where (a = 'x'"), "");
    assert_eq!(unexpected("select id from Contacts where a in ()"), ")");
    assert_eq!(unexpected("select id from Contacts where Email = null"), "null");
    assert_eq!(unexpected("select COUNT(id) from Contacts where id is not null"), "(");
    assert_eq!(unexpected("select Stage from Pipelines where id is not null group by Stage"), "group");
    assert_eq!(unexpected("select id from Contacts where id is not null;"), ";");
    assert_eq!(parse("update Contacts set a = 'X'"), Err(SyntaxError::NotSelect));
    assert_eq!(parse("select a where a = 'x'"), Err(SyntaxError::MissingClause("from")));
    assert_eq!(
        parse("select id from Contacts where id is not null limit ten"),
        Err(SyntaxError::NotANumber { clause: "limit", found: "ten".to_owned() })
    );
}

#[test]
fn deep_parentheses_are_an_error_not_a_crash() {
    let text = format!("select id from Contacts where {}a = 1", "(".repeat(100_000));
    assert!(matches!(parse(&text), Err(SyntaxError::Unexpected { .. })));
}

fn column() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,6}_x(\\.[A-Z][a-z]{1,6}_y)?"
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        "-?[0-9]{1,19}(\\.[0-9]{1,3})?".prop_map(Value::Number),
        "[A-Z][a-z]{1,6}_z".prop_map(Value::Word),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        Just(Comparison::Equal),
        Just(Comparison::NotEqual),
        Just(Comparison::Greater),
        Just(Comparison::GreaterEqual),
        Just(Comparison::Less),
        Just(Comparison::LessEqual),
    ]
}

fn test() -> impl Strategy<Value = Test> {
    prop_oneof![
        (comparison(), value()).prop_map(|(c, v)| Test::Compare(c, v)),
        (any::<bool>(), any::<String>()).prop_map(|(negated, pattern)| Test::Like { negated, pattern }),
        (any::<bool>(), vec(value(), 1..4)).prop_map(|(negated, values)| Test::In { negated, values }),
        (value(), value()).prop_map(|(low, high)| Test::Between(low, high)),
        any::<bool>().prop_map(|negated| Test::Null { negated }),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let criterion =
        (column(), test()).prop_map(|(column, test)| Condition::Criterion(Criterion { column, test }));
    criterion.prop_recursive(4, 16, 2, |inner| {
        let connective = prop_oneof![Just(Connective::And), Just(Connective::Or)];
        (inner.clone(), connective, inner).prop_map(|(l, c, r)| Condition::Pair(Box::new(l), c, Box::new(r)))
    })
}

fn query() -> impl Strategy<Value = Query> {
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    let sort = (column(), direction).prop_map(|(column, direction)| SortItem { column, direction });
    (
        vec(column(), 1..4),
        option::of(condition()),
        vec(sort, 0..3),
        option::of((any::<u64>(), option::of(any::<u64>()))),
    )
        .prop_map(|(columns, condition, order, page)| Query {
            columns,
            module: "Contacts".to_owned(),
            condition,
            order,
            limit: page.map(|(limit, _)| limit),
            offset: page.and_then(|(_, offset)| offset),
        })
}

proptest! {
    #[test]
    fn parsing_what_was_printed_gives_the_same_tree(query in query()) {
        prop_assert_eq!(parse(&query.to_string()), Ok(query));
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in any::<String>(), tail in "[a-z'\"\\\\(),=<>!.% ]{0,60}") {
        let _ = parse(&text);
        let _ = parse(&format!("select id from Contacts where {tail}"));
        let _ = parse(&format!("select {tail} from Contacts"));
    }
}
