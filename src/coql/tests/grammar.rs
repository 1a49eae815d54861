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
        "select id from Contacts where (a = 'x' and b = 'x' and c = 'x')",
    ] {
        assert!(matches!(parse(text), Err(SyntaxError::Misplaced { near, .. }) if near == "and"));
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
    let criteria = query.condition.as_ref().map(|condition| condition.criteria()).expect("one comparison");
    assert_eq!(criteria[0].test.values()[0].value, Value::Text("O'Neil".to_owned()));
    assert!(parse(r#"select id from Contacts where Last_Name = "Okafor""#).is_ok());
    assert!(parse("select id from Contacts where Last_Name = 'O''Neil'").is_err());
}

#[test]
fn columns_may_be_quoted_and_reserved_words_must_be() {
    assert_eq!(
        printed(
            r#"select 'What_Id->Accounts.Account_Name', "Subject" from Tasks where 'Owner.email' is null"#
        ),
        "select 'What_Id->Accounts.Account_Name', Subject from Tasks where Owner.email is null"
    );
    assert_eq!(
        printed("select 'Order' from Tasks order by 'limit'"),
        "select 'Order' from Tasks order by 'limit' asc"
    );
    assert!(
        matches!(parse("select Order from Tasks"), Err(SyntaxError::Misplaced { near, .. }) if near == "Order")
    );
    for text in [
        "'not a path'",
        "'What_Id->'",
        "'What_Id->Accounts'",
        "'a..b'",
        "''",
        "What_Id->Accounts.Account_Name",
    ] {
        assert!(parse(&format!("select {text} from Tasks")).is_err(), "{text}");
    }
}

#[test]
fn picklist_values_need_no_quotes_even_with_hyphens() {
    assert_eq!(
        printed("select id from Pipelines where Stage in (Won, Closed-Won, In-Progress)"),
        "select id from Pipelines where Stage in (Won, Closed-Won, In-Progress)"
    );
}

#[test]
fn later_forms_are_read_so_that_they_can_be_named() {
    assert_eq!(
        printed(
            "select Stage, COUNT(id) as 'How many', sum(Amount) Total from Pipelines group by Stage order by COUNT(id) desc"
        ),
        "select Stage, COUNT(id) as 'How many', sum(Amount) as 'Total' from Pipelines group by Stage order by COUNT(id) desc"
    );
    assert_eq!(
        printed("select id from Pipelines where Amount not between 1 and 2"),
        "select id from Pipelines where Amount not between 1 and 2"
    );
}

#[test]
fn what_the_grammar_lacks_is_refused_where_it_stands() {
    let near = |text: &str| match parse(text) {
        Err(SyntaxError::Unexpected { near, .. } | SyntaxError::Misplaced { near, .. }) => near,
        other => format!("{other:?}"),
    };
    assert_eq!(near("select * from Contacts where id is not null"), "*");
    assert_eq!(near("select id from Contacts where (a = 'x'"), "");
    assert_eq!(near("select id from Contacts where a = 'x')"), ")");
    assert_eq!(near("select id from Contacts where a in ()"), ")");
    assert_eq!(near("select id from Contacts where id is not null;"), ";");
    assert_eq!(near("select id from Contacts where id is not null limit 10, 20"), ",");
    assert_eq!(near("select id from Contacts where id is not null offset 20"), "offset");
    assert_eq!(parse("update Contacts set a = 'X'"), Err(SyntaxError::NotSelect));
    assert_eq!(parse("select a where a = 'x'"), Err(SyntaxError::MissingClause { clause: "from", at: 9 }));
    assert_eq!(
        parse("select a from Tasks where"),
        Err(SyntaxError::MissingClause { clause: "where", at: 25 })
    );
    assert_eq!(
        parse("select id from Contacts where a contains 'x'"),
        Err(SyntaxError::UnknownOperator { at: 32, operator: "contains".to_owned() })
    );
    assert_eq!(
        parse("select id from Contacts where a not 'x'"),
        Err(SyntaxError::UnknownOperator { at: 32, operator: "not".to_owned() })
    );
    assert_eq!(
        parse("select id from Contacts where id is not null limit ten"),
        Err(SyntaxError::NotANumber { clause: "limit", found: "ten".to_owned(), at: 51 })
    );
    let endless = parse("select id from Contacts where id is not null limit 99999999999999999999");
    assert_eq!(endless.expect("a query").limit.map(|limit| limit.value), Some(u64::MAX));
}

#[test]
fn parts_of_the_tree_know_where_they_stood() {
    let text = "select Deal_Name, 'Owner.email' from Pipelines where Deal_Name  not  like '%x%' limit 20";
    let query = parse(text).expect(text);
    let criteria = query.condition.as_ref().map(|condition| condition.criteria()).expect("one criterion");
    assert_eq!(&text[query.columns[1].column.span.clone()], "'Owner.email'");
    assert_eq!(&text[query.module.span.clone()], "Pipelines");
    assert_eq!(&text[criteria[0].test.span.clone()], "not  like");
    assert_eq!(&text[criteria[0].test.values()[0].span.clone()], "'%x%'");
    assert_eq!(query.limit.map(|limit| &text[limit.span]), Some("20"));
}

#[test]
fn deep_parentheses_are_an_error_not_a_crash() {
    let text = format!("select id from Contacts where {}a = 1", "(".repeat(100_000));
    assert!(matches!(parse(&text), Err(SyntaxError::Misplaced { .. })));
}

fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,6}_x"
}

fn column() -> impl Strategy<Value = Spanned<Column>> {
    let path = prop_oneof![
        4 => "[A-Z][a-z]{1,6}_x(\\.[A-Z][a-z]{1,6}_y)?",
        1 => "[A-Z][a-z]{1,6}_x->[A-Z][a-z]{1,6}\\.[A-Z][a-z]{1,6}_y",
        1 => Just("Order".to_owned()),
    ];
    path.prop_map(|path| Column { function: None, path }.into())
}

fn expression() -> impl Strategy<Value = Spanned<Column>> {
    (column(), option::weighted(0.2, name()))
        .prop_map(|(column, function)| Column { function, ..column.value }.into())
}

fn value() -> impl Strategy<Value = Spanned<Value>> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        "-?[0-9]{1,19}(\\.[0-9]{1,3})?".prop_map(Value::Number),
        "[A-Z][a-z]{1,6}_z(-[a-z0-9]{1,3})?".prop_map(Value::Word),
    ]
    .prop_map(Spanned::from)
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
    let negated = any::<bool>;
    prop_oneof![
        (comparison(), value()).prop_map(|(c, v)| Test::Compare(c, v)),
        (negated(), any::<String>())
            .prop_map(|(negated, pattern)| Test::Like { negated, pattern: pattern.into() }),
        (negated(), vec(value(), 1..4)).prop_map(|(negated, values)| Test::In { negated, values }),
        (negated(), value(), value()).prop_map(|(negated, low, high)| Test::Between { negated, low, high }),
        negated().prop_map(|negated| Test::Null { negated }),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let criterion = (column(), test())
        .prop_map(|(column, test)| Condition::Criterion(Criterion { column, test: test.into() }));
    criterion.prop_recursive(4, 16, 2, |inner| {
        let connective = prop_oneof![Just(Connective::And), Just(Connective::Or)];
        (inner.clone(), connective, inner).prop_map(|(l, c, r)| Condition::Pair(Box::new(l), c, Box::new(r)))
    })
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    let sort = (expression(), direction).prop_map(|(column, direction)| SortItem { column, direction });
    let selected = (expression(), option::weighted(0.2, any::<String>()))
        .prop_map(|(column, alias)| Selected { column, alias: alias.map(Spanned::from) });
    (
        vec(selected, 1..4),
        option::of(condition()),
        vec(column(), 0..2),
        vec(sort, 0..3),
        option::of((any::<u64>(), option::of(any::<u64>()))),
    )
        .prop_map(|(columns, condition, group, order, page)| Query {
            columns,
            module: "Contacts".to_owned().into(),
            condition,
            group,
            order,
            limit: page.map(|(limit, _)| limit.into()),
            offset: page.and_then(|(_, offset)| offset.map(Spanned::from)),
        })
}

proptest! {
    #[test]
    fn parsing_what_was_printed_gives_the_same_tree(query in query()) {
        prop_assert_eq!(parse(&query.to_string()), Ok(query));
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in any::<String>(), tail in "[a-z'\"\\\\(),=<>!.%* -]{0,60}") {
        for text in [&text, &format!("select id from Contacts where {tail}"), &format!("select {tail} from Contacts")] {
            if let Err(error) = parse(text) {
                prop_assert!(text.get(error.span()).is_some(), "{:?}", error);
            }
        }
    }
}
