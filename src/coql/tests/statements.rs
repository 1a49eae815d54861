use proptest::{collection::vec, option, prelude::*};

use super::{
    super::{script::pieces_of_statements, statement::*, tree::*},
    grammar, *,
};

/// The only statement of `text`, with what is wrong with it.
fn read(text: &str) -> (Statement, Vec<Diagnostic>) {
    let (_, mut statements) = pieces_of_statements(text);
    assert!(statements.len() <= 1, "{text}: {statements:?}");
    statements.pop().map(|(_, reading)| (reading.statement, reading.diagnostics)).unwrap_or_default()
}

#[track_caller]
fn printed(text: &str) -> String {
    let (statement, diagnostics) = read(text);
    assert_eq!(diagnostics, [], "{text}");
    statement.to_string()
}

/// What is said of `text`, each with its place, and the text with every fix made.
fn said(text: &str) -> (Vec<String>, String) {
    let (_, diagnostics) = read(text);
    let words = diagnostics.iter().map(|said| format!("{}| {}", &text[said.span.clone()], said.message));
    let mut edits: Vec<_> =
        diagnostics.iter().filter_map(|said| said.fix.as_ref()).flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| edit.span.start);
    (words.collect(), Fix::all("all", edits).apply(text))
}

#[test]
fn what_bigin_lacks_is_read_and_printed_in_one_form() {
    for (text, expected) in [
        (
            "SELECT DISTINCT Stage , Owner.name Who FROM Deals -- all of them\nWHERE a=1 AND b>2 OR c IS NULL",
            "select distinct Stage, Owner.name as Who from Deals where a = 1 and b > 2 or c is null",
        ),
        ("select * from Deals limit 500 offset 20000", "select * from Deals limit 500 offset 20000"),
        ("select * from Deals offset 5 limit :n", "select * from Deals limit :n offset 5"),
        (
            "select Stage, count(*) n, sum(Amount)/count(*) from Deals group by Stage having count(*)>2 order by 2 desc, Stage",
            "select Stage, count(*) as n, sum(Amount) / count(*) from Deals group by Stage having count(*) > 2 order by 2 desc, Stage",
        ),
        ("select case when Amount>=1e0 then 'big' else 'small' end size from Deals", "error"),
        (
            "select case Stage when 'Won' then 1 else 0 end as 'is won' from Deals where Owner = $me and Closing_Date = $week(-1)",
            "select case Stage when 'Won' then 1 else 0 end as 'is won' from Deals where Owner = $me and Closing_Date = $week(-1)",
        ),
        (
            "select Amount - 5, -Amount*2, (Amount+1)*2, a - (b - c), a-1 from Deals",
            "select Amount - 5, -Amount * 2, (Amount + 1) * 2, a - (b - c), a-1 from Deals",
        ),
        (
            "select count(distinct Account_Name) from Deals where not (Stage = Closed-Won or Amount between -1 and 2)",
            "select count(distinct Account_Name) from Deals where not (Stage = Closed-Won or Amount between -1 and 2)",
        ),
        (
            "select What_Id->Accounts.Account_Name, 'Related_To->Contacts.Email', `Order`, 'a b' from Tasks where 'Owner.email' in (:people)",
            "select What_Id->Accounts.Account_Name, Related_To->Contacts.Email, `Order`, 'a b' from Tasks where Owner.email in (:people)",
        ),
        (
            "select Case, Distinct from Deals where Case = 1 and not in (2)",
            "select `Case`, `Distinct` from Deals where `Case` = 1 and `not` in (2)",
        ),
    ] {
        if expected == "error" {
            assert!(!read(text).1.is_empty(), "{text}");
        } else {
            assert_eq!(printed(text), expected);
        }
    }
}

#[test]
fn every_slip_is_said_where_it_stands_and_most_have_a_fix() {
    for (text, words, fixed) in [
        (
            "selct Deal_Name form Deals wher Stage == 'Won' ordr by Amount limt 5",
            &["selct|", "form|", "wher|", "==|", "ordr|", "limt|"][..],
            "select Deal_Name from Deals where Stage = 'Won' order by Amount limit 5",
        ),
        (
            "select a, from Deals where b in (1, 2 order by c,",
            &[",| nothing follows", "(| this parenthesis", ",| nothing follows"],
            "select a from Deals where b in (1, 2) order by c",
        ),
        (
            "select a from Deals where d > 2026-05-31 and e = 31.5.2026 and f > 48k and g < 1.25M",
            &["2026-05-31| dates", "31.5.2026| dates", "48k| numbers", "1.25M| numbers"],
            "select a from Deals where d > '2026-05-31' and e = '2026-05-31' and f > 48000 and g < 1250000",
        ),
        (
            "select a from Deals where n contains 'x' and m starts_with 'y' and k = 'O''Neil'",
            &["contains|", "starts_with|", "''|"],
            r"select a from Deals where n like '%x%' and m like 'y%' and k = 'O\'Neil'",
        ),
        (
            "select a from Deals where n = 'x",
            &["'x| this text is not closed"],
            "select a from Deals where n = 'x'",
        ),
        ("from Deals where a = 1", &["| the select clause"], "select * from Deals where a = 1"),
        (
            "select a from Deals limit 10, 20",
            &[",| the rows to skip"],
            "select a from Deals limit 20 offset 10",
        ),
        ("select a from Deals group Stage", &["| by is missing"], "select a from Deals group by Stage"),
        ("select a from Deals where b = 1)", &[")| no parenthesis"], "select a from Deals where b = 1"),
        ("select Order from Deals", &["Order|"], "select 'Order' from Deals"),
        ("select sum(Limit) from Deals", &["Limit|"], "select sum(`Limit`) from Deals"),
    ] {
        let (said, after) = said(text);
        assert_eq!(said.len(), words.len(), "{text}: {said:#?}");
        for (said, start) in said.iter().zip(words) {
            assert!(said.starts_with(start), "{text}: {said} is not {start}");
        }
        assert_eq!(after, fixed);
        assert_eq!(read(fixed).1, [], "{fixed}");
    }
    for text in [
        "update Deals set a = 1",
        "select a",
        "select from",
        "select a from",
        "select a from Deals, Tasks",
        "select a from Deals where",
        "select a from Deals where a",
        "select a from Deals join Tasks on x = y",
        "select a from Deals where a in ()",
        "select a from Deals where a = 1 from Tasks",
        "select a from Deals order by a where b = 1",
        "select case a from Deals",
        "select sum() from Deals",
        "select a from Deals where b is 5",
        "select a from Deals where b between 1",
        "select a from Deals where # = 1",
        "select Account_Name. from Deals",
        "select a from Deals limit ten",
    ] {
        let complaint = read(text).1;
        let bare = text == "select a from Deals where a";
        assert_eq!(complaint.is_empty(), bare, "{text}: {complaint:?}");
    }
}

#[test]
fn a_clause_after_a_broken_one_is_read() {
    let (statement, diagnostics) = read("select a, b b b from Deals where c = = 2 order by d desc limit 5");
    assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    assert_eq!(statement.module.as_deref().map(String::as_str), Some("Deals"));
    assert_eq!(statement.order.len(), 1);
    assert_eq!(statement.limit.map(|limit| limit.value), Some(Expr::Number("5".to_owned())));
}

#[test]
fn parentheses_that_bigin_needs_can_be_added() {
    for (text, grouped) in [
        ("a = 1 and b = 2 and c = 3", "(a = 1 and b = 2) and c = 3"),
        ("a = 1 and b = 2 and c = 3 and d = 4", "((a = 1 and b = 2) and c = 3) and d = 4"),
        ("a = 1 or b = 2 and c = 3", "a = 1 or (b = 2 and c = 3)"),
        ("a = 1 and b = 2 or c = 3 and d = 4 or e = 5", "((a = 1 and b = 2) or (c = 3 and d = 4)) or e = 5"),
        ("(a = 1 and b = 2 and c = 3) and d in (1, 2)", "((a = 1 and b = 2) and c = 3) and d in (1, 2)"),
        ("a = 1 and b between 2 and 3 and c = 4", "(a = 1 and b between 2 and 3) and c = 4"),
        ("(a = 1) and (b = 2) and (c = 3)", "((a = 1) and (b = 2)) and (c = 3)"),
    ] {
        let text = format!("select id from Deals where {text} limit 5");
        let (_, statements) = pieces_of_statements(&text);
        let ungrouped = &statements[0].1.ungrouped;
        let fix = ungrouped[0].fix.as_ref().expect("a fix");
        assert_eq!(fix.apply(&text), format!("select id from Deals where {grouped} limit 5"));
        assert!(parse(&text).is_err() && parse(&fix.apply(&text)).is_ok(), "{text}");
    }
    let (_, statements) = pieces_of_statements("select id from Deals where (a = 1 and b = 2) or c = 3");
    assert_eq!(statements[0].1.ungrouped, []);
}

#[test]
fn statements_are_told_apart_by_semicolons_and_blank_lines() {
    let text = "-- first\nselect a\nfrom b\n\n where c = 1\n \nselect d from e ; select f from g\n\n-- end\n";
    let parts: Vec<_> = statements(text).into_iter().map(|span| &text[span]).collect();
    assert_eq!(parts, ["select a\nfrom b\n\n where c = 1", "select d from e", "select f from g"]);
    let at = |place: &str| {
        let at = text.find(place).expect(place);
        statement_at(text, at).map(|span| &text[span])
    };
    assert_eq!(at("-- first"), Some(parts[0]));
    assert_eq!(at("where"), Some(parts[0]));
    assert_eq!(at(" ; "), Some(parts[1]));
    assert_eq!(at("f from"), Some(parts[2]));
    assert_eq!(at("-- end"), Some(parts[2]));
    assert_eq!(statement_at(" -- nothing", 3), None);
}

#[test]
fn tokens_are_classed_by_their_place() {
    use TokenClass::*;
    let text = "select count(*) n, Order.x from Deals where Stage = Closed-Won and a > :b -- c\nlimit 5 #";
    let classes: Vec<_> = highlight(text).into_iter().map(|token| (&text[token.span], token.class)).collect();
    for expected in [
        ("select", Keyword),
        ("count", Function),
        ("n", Alias),
        ("Order.x", Field),
        ("Deals", Module),
        ("Stage", Field),
        ("=", Operator),
        ("Closed-Won", Value),
        (":b", Parameter),
        ("-- c", Comment),
        ("limit", Keyword),
        ("5", Number),
        ("#", Error),
    ] {
        assert!(classes.contains(&expected), "{expected:?} in {classes:?}");
    }
}

fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,6}_x"
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-z]{1,6}_x(\\.[A-Z][a-z]{1,6}_y){0,2}",
        1 => "[A-Z][a-z]{1,6}_x->[A-Z][a-z]{1,6}\\.[A-Z][a-z]{1,6}_y",
        1 => proptest::sample::select(vec!["Order", "Case", "Not", "End", "distinct", "null", "then"]).prop_map(str::to_owned),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        4 => path().prop_map(Expr::Column),
        2 => any::<String>().prop_map(Expr::Text),
        1 => path().prop_map(Expr::Text),
        2 => "-?[0-9]{1,19}(\\.[0-9]{1,3})?".prop_map(Expr::Number),
        1 => "[A-Z][a-z]{1,6}(-[a-z0-9]{1,3}){1,2}".prop_map(Expr::Word),
        1 => proptest::sample::select(vec!["true", "false", "null"]).prop_map(|word| Expr::Word(word.to_owned())),
        1 => ("[a-z]{1,4}", option::of(-99i64..99)).prop_map(|(name, shift)| Expr::Variable { name, shift }),
        1 => "[a-z_][a-z0-9_]{0,4}".prop_map(Expr::Parameter),
    ];
    leaf.prop_map(Spanned::from).prop_recursive(4, 24, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let negated = any::<bool>;
        let comparison = proptest::sample::select(vec![
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Greater,
            Comparison::GreaterEqual,
            Comparison::Less,
            Comparison::LessEqual,
        ]);
        let arithmetic = proptest::sample::select(vec![
            Arithmetic::Add,
            Arithmetic::Subtract,
            Arithmetic::Multiply,
            Arithmetic::Divide,
        ]);
        let connective = proptest::sample::select(vec![Connective::And, Connective::Or]);
        prop_oneof![
            ("f_[a-z]{1,4}", negated(), vec(inner.clone(), 0..3)).prop_map(|(name, distinct, arguments)| {
                Expr::Call { name, distinct: distinct && !arguments.is_empty(), arguments }
            }),
            boxed().prop_map(Expr::Negative),
            (boxed(), arithmetic, boxed()).prop_map(|(l, o, r)| Expr::Arithmetic(l, o, r)),
            (boxed(), comparison, boxed()).prop_map(|(l, c, r)| Expr::Compare(l, c, r)),
            (boxed(), negated(), boxed()).prop_map(|(operand, negated, pattern)| Expr::Like {
                operand,
                negated,
                pattern
            }),
            (boxed(), negated(), vec(inner.clone(), 1..4)).prop_map(|(operand, negated, values)| Expr::In {
                operand,
                negated,
                values
            }),
            (boxed(), negated(), boxed(), boxed()).prop_map(|(operand, negated, low, high)| Expr::Between {
                operand,
                negated,
                low,
                high
            }),
            (boxed(), negated()).prop_map(|(operand, negated)| Expr::Null { operand, negated }),
            boxed().prop_map(Expr::Not),
            (connective, vec(inner.clone(), 2..4)).prop_map(|(c, all)| Expr::Logic(c, all)),
            (option::of(boxed()), vec((inner.clone(), inner.clone()), 1..3), option::of(boxed()))
                .prop_map(|(operand, branches, otherwise)| Expr::Case { operand, branches, otherwise }),
        ]
        .prop_map(Spanned::from)
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let direction = proptest::sample::select(vec![Direction::Ascending, Direction::Descending]);
    let item = prop_oneof![
        1 => Just(Item::Everything(().into())),
        6 => (node(), option::weighted(0.3, prop_oneof![name(), any::<String>()]))
            .prop_map(|(node, alias)| Item::One { node, alias: alias.map(Spanned::from) }),
    ];
    let count = || option::of("[0-9]{1,9}".prop_map(|n| Spanned::from(Expr::Number(n))));
    let key = (node(), direction).prop_map(|(node, direction)| SortKey { node, direction });
    let head = (any::<bool>(), vec(item, 1..4), name(), option::of(node()));
    let tail = (vec(node(), 0..3), option::of(node()), vec(key, 0..3), count(), count());
    (head, tail).prop_map(|((distinct, items, module, condition), (group, having, order, limit, offset))| {
        Statement {
            distinct,
            items,
            module: Some(module.into()),
            condition,
            group,
            having,
            order,
            limit,
            offset,
        }
    })
}

proptest! {
    #[test]
    fn reading_what_was_printed_gives_the_same_statement(statement in statement()) {
        let text = statement.to_string();
        let (read, diagnostics) = read(&text);
        prop_assert_eq!(diagnostics, [], "{}", text);
        prop_assert_eq!(read, statement, "{}", text);
    }

    #[test]
    fn whatever_bigin_reads_is_read(query in grammar::query()) {
        let text = query.to_string();
        prop_assert_eq!(read(&text).1, [], "{}", text);
    }

    #[test]
    fn any_text_is_read_with_places_and_fixes_that_fit_it(
        text in any::<String>(),
        tail in "[a-z'\"\\\\(),=<>!.%*:$;`\n -]{0,60}",
        words in vec(proptest::sample::select(vec![
            "select ", "from ", "where ", "group by ", "order ", "by ", "limit ", "and ", "or ", "not ", "(", ")", ",",
            "case ", "when ", "then ", "end ", "a ", "a.", "'x' ", "'", "5 ", "like ", "in ", "between ", "is ", "null ",
            "= ", "count(", "*", "-", "2026-05-01 ", ":p ", "$me ", "$week(", "as ", "desc ", "\n\n", "--", ";",
        ]), 0..24),
    ) {
        let words = words.concat();
        for text in [&text, &tail, &words, &format!("select id from Contacts where {tail}"), &format!("select {words}")] {
            let (tokens, statements) = pieces_of_statements(text);
            let mut end = 0;
            for token in tokens {
                prop_assert!(token.span.start >= end && text.get(token.span.clone()).is_some());
                end = token.span.end;
            }
            for (span, reading) in statements {
                prop_assert!(text.get(span).is_some());
                for said in reading.diagnostics.iter().chain(&reading.ungrouped) {
                    prop_assert!(text.get(said.span.clone()).is_some(), "{:?}", said);
                    for edit in said.fix.iter().flat_map(|fix| &fix.edits) {
                        prop_assert!(text.get(edit.span.clone()).is_some(), "{:?}", said);
                    }
                }
            }
        }
    }
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    for text in ["(", "-", "not ", "case when ", "f("] {
        let (_, diagnostics) = read(&format!("select id from Contacts where {}", text.repeat(20_000)));
        assert!(!diagnostics.is_empty(), "{text}");
    }
}
