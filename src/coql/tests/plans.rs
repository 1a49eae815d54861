use proptest::prelude::*;

use super::{
    analysis::{context, org},
    *,
};

fn planned_with(text: &str, means: &Means) -> Plan {
    let statement = analyse(text, &org(), Mode::Wide, &context()).statements.remove(0).statement;
    plan(&statement, &org(), &context(), means).unwrap_or_else(|said| panic!("{text}: {said:#?}"))
}

fn planned(text: &str) -> Plan {
    planned_with(text, &Means::default())
}

/// The first call of every fetch, each of which Bigin must take.
fn calls(text: &str) -> Vec<String> {
    let calls = planned(text).fetches.into_iter().map(|fetch| {
        let call = Walk::new(fetch, None).next_call().expect("a first page").text;
        let query = parse(&call).unwrap_or_else(|error| panic!("{call}: {error}"));
        check(&query, &org(), &Dialect::STRICT).unwrap_or_else(|error| panic!("{call}: {error}"));
        call
    });
    calls.collect()
}

fn refusal(text: &str, means: &Means) -> String {
    let statement = analyse(text, &org(), Mode::Wide, &context()).statements.remove(0).statement;
    plan(&statement, &org(), &context(), means).expect_err(text).remove(0).message
}

#[test]
fn the_server_is_asked_in_its_own_language_for_as_little_as_it_can_tell_apart() {
    for (text, expected) in [
        (
            "select Deal_Name from Deals where Stage = Won and Amount > 5 and Owner = $me limit 10",
            "select id, Deal_Name from Pipelines where ((Stage = 'Won' and Amount > 5) and Owner = '77') order by id asc limit 10",
        ),
        (
            "select Deal_Name from Deals order by Amount desc, Deal_Name limit 20 offset 40",
            "select id, Deal_Name from Pipelines where id is not null order by Amount desc, Deal_Name asc limit 20 offset 40",
        ),
        (
            "select Stage, sum(Amount) from Deals where Closing_Date = $month group by Stage",
            "select id, Stage, Amount from Pipelines where (Closing_Date >= '2026-05-01' and Closing_Date <= '2026-05-31') order by id asc limit 200",
        ),
        (
            "select id from Deals where Stage = $closed and Amount > 5",
            "select id from Pipelines where (Stage in ('Won', 'Closed-Won', 'Lost') and Amount > 5) order by id asc limit 200",
        ),
        (
            "select id from Deals where (Stage = 'Won' or Stage = 'Lost') and Description like '%x%'",
            "select id, Stage, Description from Pipelines where Stage in ('Won', 'Lost') order by id asc limit 200",
        ),
        (
            "select id from Deals where not (Amount > 5 or Stage in ('Won')) and Modified_Time > $today",
            "select id from Pipelines where ((Amount <= 5 and Stage != 'Won') and Modified_Time >= '2026-05-14T22:00:00+00:00') order by id asc limit 200",
        ),
        (
            "select id from Deals where Stage = 'Won' or Description like '%x%'",
            "select id, Stage, Description from Pipelines where id is not null order by id asc limit 200",
        ),
        (
            "select Account_Name, Owner from Deals where Account_Name = 'Quayside'",
            "select id, Account_Name, Owner, Account_Name.Account_Name, Owner.name from Pipelines where Account_Name.Account_Name = 'Quayside' order by id asc limit 200",
        ),
        (
            "select distinct Stage from Deals where Amount * 2 > 10",
            "select id, Stage, Amount from Pipelines where id is not null order by id asc limit 200",
        ),
    ] {
        assert_eq!(calls(text), [expected], "{text}");
    }
}

#[test]
fn counts_and_extremes_take_no_walk() {
    let counted = Means { counted: Counted { module: Some(1_234), matching: None }, ..Means::default() };
    let plan = planned_with("select count(*) as n from Deals", &counted);
    assert!(plan.fetches.is_empty() && !plan.on_mirror());
    assert_eq!(plan.local.params, [Param::Integer(1_234)]);
    assert!(!planned_with("select count(*) from Deals where Amount > 5", &counted).fetches.is_empty());
    assert!(planned("select count(*) from Deals").counts_first);
    assert_eq!(
        calls("select max(Amount), min(Closing_Date) from Deals where Stage = 'Won'"),
        [
            "select id, Amount from Pipelines where (Stage = 'Won' and Amount is not null) order by Amount desc limit 1",
            "select id, Closing_Date from Pipelines where (Stage = 'Won' and Closing_Date is not null) order by Closing_Date asc limit 1",
        ]
    );
    for text in [
        "select max(Amount), Stage from Deals group by Stage",
        "select max(Amount), sum(Amount) from Deals",
        "select max(Amount) from Deals where Description is null",
        "select max(Deal_Name) from Deals",
    ] {
        assert_eq!(planned(text).fetches[0].limit, None, "{text}");
    }
}

#[test]
fn what_is_too_much_for_one_call_is_asked_in_several() {
    let numbers = |count: usize| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(", ");
    let lists = |text: &str| text.matches(" in (").count();
    let long = calls(&format!("select id from Deals where id in ({})", numbers(120)));
    assert_eq!(long.iter().map(|call| lists(call)).collect::<Vec<_>>(), [3]);
    let longer = calls(&format!("select Amount from Deals where Amount > 1 and id in ({})", numbers(450)));
    assert_eq!(longer.iter().map(|call| lists(call)).collect::<Vec<_>>(), [4, 4, 1]);
    let own = calls(&format!("select id from Deals where Description in ({})", numbers(450)));
    assert_eq!(own.len(), 1);
    let none = calls(&format!("select id from Deals where id not in ({})", numbers(120)));
    assert_eq!(none[0].matches("not in (").count(), 3);

    let joined = calls(
        "select Contact_Name.Email, Account_Name.Phone, Owner.email, Contact_Name.Account_Name.Phone from Deals where Contact_Name.Email is not null",
    );
    assert_eq!(joined.len(), 3, "{joined:#?}");
    assert!(joined.iter().all(|call| call.contains("where Contact_Name.Email is not null")));

    let many =
        (0..40).map(|n| format!("(Amount > {n} or Times_Postponed < {n})")).collect::<Vec<_>>().join(" and ");
    let plan = planned(&format!("select id from Deals where {many}"));
    assert!(
        plan.steps.iter().any(|step| step.place == StepPlace::Local && step.words.starts_with("filter by"))
    );
    assert_eq!(calls(&format!("select id from Deals where {many}")).len(), 1);
}

#[test]
fn the_plan_says_what_runs_where_and_what_it_costs() {
    let counted = Counted { module: Some(4_130), matching: None };
    let plan = planned_with(
        "select Stage, count(*) n from Deals where Description like '%x%' group by Stage having n > 2 order by n desc limit 3",
        &Means { counted, ..Means::default() },
    );
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.place, step.words.as_str())).collect();
    assert_eq!(
        steps,
        [
            (StepPlace::Server, "fetch Pipelines where id is not null order by id asc"),
            (StepPlace::Server, "page by page of 200; beyond row 10000 on from the last id"),
            (StepPlace::Local, "filter by Description"),
            (StepPlace::Local, "group by Stage"),
            (StepPlace::Local, "count"),
            (StepPlace::Local, "keep the groups that having asks for"),
            (StepPlace::Local, "sort by n desc"),
            (StepPlace::Local, "keep 3 rows"),
        ]
    );
    assert_eq!(
        plan.cost,
        Cost { rows: Rows::Exactly(4_130), credits: Rows::Exactly(21), millis: Some(5 * 350) }
    );
    assert!(planned("select * from Deals").counts_first);

    let limited = planned("select id from Deals where Stage = 'Won' limit 450");
    assert_eq!(limited.cost.credits, Rows::AtMost(3));
    assert!(!limited.counts_first);
    let known = Means {
        counted: Counted { module: Some(20_000), matching: Some(12_000) },
        mirror_age: Some(9),
        ..Means::default()
    };
    let known = planned_with("select id from Deals where Stage = 'Won'", &known);
    assert_eq!((known.cost.rows, known.cost.credits), (Rows::About(12_000), Rows::About(60)));
    assert_eq!(
        known.alternatives,
        ["from the mirror: 0 credits, 9 s old", "by bulk read: 50 credits, ready after some minutes"]
    );
}

#[test]
fn where_a_statement_runs_is_chosen_or_refused_in_words() {
    let auto = Means { run_on: RunOn::Auto, ..Means::default() };
    let mirror = Means { run_on: RunOn::Mirror, mirror_age: Some(3), ..Means::default() };
    assert!(!planned_with("select id from Deals", &auto).on_mirror());
    assert!(planned_with("select id from Deals", &Means { mirror_age: Some(3), ..auto.clone() }).on_mirror());
    assert!(planned_with("select Tag from Deals", &mirror).on_mirror());
    assert!(refusal("select Tag from Deals", &auto).starts_with("the server cannot show this"));
    assert_eq!(
        refusal("select id from Deals", &Means { mirror_age: None, ..mirror }),
        "there is no whole mirror to read yet"
    );
    assert_eq!(refusal("select id from Deals where Amount > :most", &auto), ":most needs a value");
}

#[test]
fn activities_lead_to_what_they_are_about_whatever_its_kind_is_called() {
    let mut schemas = org();
    let mut tasks = schemas.get("Tasks").cloned().expect("tasks");
    for field in tasks.fields.iter_mut().filter(|field| field.api_name == "Related_To") {
        field.kind = crate::domain::FieldKind::Unknown;
    }
    schemas.put(tasks);
    let text = "select Related_To, 'What_Id->Accounts.Account_Name' from Tasks where Related_To = 5 and Status = 'x'";
    let statement = analyse(text, &schemas, Mode::Wide, &context()).statements.remove(0).statement;
    let planned = plan(&statement, &schemas, &context(), &Means::default()).expect(text);
    let call = Walk::new(planned.fetches[0].clone(), None).next_call().expect("a page").text;
    assert!(call.contains("(Related_To = '5' and Status = 'x')"), "{call}");
    assert!(check(&parse(&call).expect("a query"), &schemas, &Dialect::STRICT).is_ok(), "{call}");
    let mirror = Means { run_on: RunOn::Mirror, mirror_age: Some(0), ..Means::default() };
    let planned = plan(&statement, &schemas, &context(), &mirror).expect(text);
    assert!(planned.local.sql.contains("json_extract(t.\"Related_To\", '$.id')"), "{}", planned.local.sql);
}

/// Walks over a fetch of `all` records with ids from 1; the calls, and the rows that came.
fn walked(fetch: &Fetch, all: u64, expected: Option<u64>, flight: usize) -> (usize, usize, Vec<u64>) {
    let mut walk = Walk::new(fetch.clone(), expected);
    let (mut calls, mut peak, mut seen, mut flying) = (0, 0, Vec::new(), Vec::new());
    while !walk.is_done() {
        while flying.len() < flight
            && let Some(call) = walk.next_call()
        {
            calls += 1;
            flying.push(call);
        }
        peak = peak.max(flying.len());
        let call = flying.remove(flying.len() / 2);
        let query = parse(&call.text).expect("a query");
        let criteria = query.condition.iter().flat_map(|condition| condition.criteria());
        let after: u64 = criteria
            .filter(|criterion| criterion.test.operator() == ">" && criterion.column.path == "id")
            .map(|criterion| criterion.test.values()[0].text().parse().expect("an id"))
            .max()
            .unwrap_or(0);
        let offset = query.offset.map_or(0, |offset| offset.value);
        let limit = query.limit.map_or(200, |limit| limit.value);
        assert!(limit <= MAX_LIMIT && offset + limit <= MAX_REACH);
        let first = after + offset + 1;
        let rows: Vec<u64> = (first..=all).take(usize::try_from(limit).expect("few")).collect();
        let more = first + limit <= all;
        walk.answered(call.page, rows.len() as u64, rows.last().map(u64::to_string).as_deref(), more);
        seen.extend(rows);
    }
    assert!(flying.is_empty());
    seen.sort_unstable();
    (calls, peak, seen)
}

#[test]
fn ten_thousand_rows_take_fifty_calls_with_as_many_in_flight_as_may_be() {
    let fetch = &planned("select Deal_Name from Deals where Stage = 'Won' limit 10000").fetches[0];
    let (calls, peak, seen) = walked(fetch, 25_000, None, 10);
    assert_eq!((calls, peak, seen.len()), (50, 10, 10_000));
    let fetch = &planned("select Deal_Name from Deals where Stage = 'Won'").fetches[0];
    let (calls, peak, seen) = walked(fetch, 25_130, Some(25_130), 5);
    assert_eq!((calls, peak, seen.len()), (126, 5, 25_130));
    let (calls, _, seen) = walked(fetch, 25_130, Some(400), 5);
    assert_eq!((calls, seen.len()), (126, 25_130));
}

#[test]
fn a_lost_page_is_asked_for_again() {
    let fetch = planned("select Deal_Name from Deals limit 600").fetches.remove(0);
    let mut walk = Walk::new(fetch, Some(600));
    let calls: Vec<_> = std::iter::from_fn(|| walk.next_call()).collect();
    assert_eq!(calls.len(), 3);
    walk.answered(0, 200, Some("200"), true);
    walk.lost(1);
    walk.answered(2, 200, Some("600"), true);
    assert!(!walk.is_done());
    assert_eq!(walk.next_call().as_ref(), Some(&calls[1]));
    assert_eq!(walk.next_call(), None);
    walk.answered(1, 200, Some("400"), true);
    assert!(walk.is_done() && walk.rows() == 600);
}

proptest! {
    #[test]
    fn a_walk_brings_every_row_once(
        all in 0u64..31_000,
        limit in proptest::option::of(1u64..24_000),
        expected in proptest::option::of(0u64..31_000),
        flight in 1usize..11,
    ) {
        let limit_text = limit.map(|limit| format!(" limit {limit}")).unwrap_or_default();
        let fetch = &planned(&format!("select Deal_Name from Deals{limit_text}")).fetches[0];
        let (calls, _, seen) = walked(fetch, all, expected, flight);
        let wanted = limit.map_or(all, |limit| limit.min(all));
        prop_assert_eq!(seen, (1..=wanted).collect::<Vec<_>>());
        let least = usize::try_from(wanted.div_ceil(200).max(1)).expect("few");
        prop_assert!(calls >= least);
        if expected == Some(all) {
            prop_assert_eq!(calls, least);
        }
    }
}
