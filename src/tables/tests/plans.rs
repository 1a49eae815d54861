//! Plans of statements, run against a server that takes only what Bigin takes.

mod samples;

use proptest::prelude::*;
use samples::{KEYS, org, statement_text};

use super::{
    naive::{Naive, Org, number_shown, shown as value_shown},
    *,
};
use crate::coql::{self, Context, Dialect, Fetch, Means, Mode, Plan, RunOn, Statement, Walk};

/// An org whose deals lead to contacts, companies and users.
struct Server {
    conn: Connection,
    schemas: Schemas,
    context: Context,
    calls: std::cell::RefCell<Vec<String>>,
}

fn org_schemas() -> Schemas {
    use FieldKind::*;
    let schema = |module: &str, fields: &[(&str, FieldKind)], lookups: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, kind)| Field::plain(name, *kind));
        let lookups = lookups.iter().map(|(name, module)| lookup(name, module));
        Schema { module: module.to_owned(), fields: fields.chain(lookups).collect() }
    };
    [
        schema(
            "Pipelines",
            &[
                ("Deal_Name", Text),
                ("Stage", PickList),
                ("Amount", Currency),
                ("Times", Integer),
                ("Closing_Date", Date),
                ("Modified_Time", DateTime),
                ("Urgent", Boolean),
                ("Colours", MultiSelectPickList),
                ("Description", TextArea),
                ("Owner", OwnerLookup),
                ("Pipeline", BigInt),
                ("Tag", Text),
            ],
            &[("Account_Name", "Accounts"), ("Contact_Name", "Contacts")],
        ),
        schema("Contacts", &[("Last_Name", Text), ("Full_Name", Text)], &[("Account_Name", "Accounts")]),
        schema("Accounts", &[("Account_Name", Text), ("Website", Website), ("Employees", Integer)], &[]),
    ]
    .into_iter()
    .collect()
}

impl Server {
    fn new(org: &Org) -> Self {
        let (conn, schemas) = (Connection::open_in_memory().expect("memory"), org_schemas());
        schemas.iter().for_each(|schema| migrate(&conn, schema).expect("tables"));
        for (module, records) in org {
            let records: Vec<Record> = records.values().cloned().map(record).collect();
            upsert(&conn, schemas.get(module).expect(module), &records).expect("upsert");
        }
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let mut context = Context::new("2026-05-14T02:30:00Z".parse().expect("a time"), zone);
        context.me = Some("31".to_owned());
        context.pipelines =
            vec![("90".to_owned(), "Direct".to_owned()), ("91".to_owned(), "Rental".to_owned())];
        context.parameters.insert("least".to_owned(), vec!["10".to_owned()]);
        Self { conn, schemas, context, calls: Default::default() }
    }

    fn statement(&self, text: &str) -> Statement {
        let mut analysis = coql::analyse(text, &self.schemas, Mode::Wide, &self.context);
        let said: Vec<_> = analysis.diagnostics().cloned().collect();
        assert!(said.iter().all(|said| said.severity == coql::Severity::Warning), "{text}: {said:#?}");
        analysis.statements.remove(0).statement
    }

    fn plan(&self, text: &str, means: &Means) -> Plan {
        let statement = self.statement(text);
        coql::plan(&statement, &self.schemas, &self.context, means)
            .unwrap_or_else(|said| panic!("{text}: {said:#?}"))
    }

    /// Answers one call as Bigin does, or fails the test.
    fn answer(&self, text: &str) -> Answer {
        self.calls.borrow_mut().push(text.to_owned());
        let query = coql::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let checked = coql::check(&query, &self.schemas, &Dialect::STRICT);
        let checked = checked.unwrap_or_else(|error| panic!("{text}: {error}"));
        run(&self.conn, &coql::lower(&checked), &self.context.zone).expect(text)
    }

    /// Walks over `fetch` with several calls in flight, whose answers come in another order.
    fn walk(&self, fetch: &Fetch, expected: Option<u64>, mut take: impl FnMut(u64, &[Record])) {
        let mut walk = Walk::new(fetch.clone(), expected);
        let mut flying = Vec::new();
        while !walk.is_done() {
            while flying.len() < 5
                && let Some(call) = walk.next_call()
            {
                flying.push(call);
            }
            let call = flying.pop().expect("a walk that is not done waits for something");
            let answer = self.answer(&call.text);
            let last = answer.rows.last().map(|row| row["id"].as_str().expect("an id").to_owned());
            walk.answered(call.page, answer.rows.len() as u64, last.as_deref(), answer.more_records);
            take(call.first, &answer.rows);
        }
        assert_eq!(flying, []);
    }

    fn run_on_server(&self, plan: &Plan, expected: Option<u64>) -> Sheet {
        let gathered = Gathered::new(&plan.fetches).expect("tables");
        for fetch in &plan.fetches {
            self.walk(fetch, expected, |first, page| gathered.add(fetch, first, page).expect("rows"));
        }
        gathered.answer(&plan.local, &self.context.zone).expect("an answer")
    }

    fn rows_on(&self, text: &str, run_on: RunOn) -> Vec<Vec<String>> {
        let plan = self.plan(text, &Means { run_on, mirror_age: Some(12), ..Means::default() });
        let sheet = if plan.on_mirror() {
            compute(&self.conn, &plan.local, &self.context.zone)
                .unwrap_or_else(|error| panic!("{text}: {error}"))
        } else {
            self.run_on_server(&plan, None)
        };
        sheet.rows.iter().map(|row| row.values.iter().map(shown).collect()).collect()
    }
}

/// A value of an answer as [`naive::shown`](super::naive) writes it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => number_shown(number.as_f64().expect("a number")),
        Json::String(text) => match text.parse::<jiff::Timestamp>() {
            Ok(at) => at.to_string().to_ascii_lowercase(),
            Err(_) => text.to_ascii_lowercase(),
        },
        Json::Array(values) if values.is_empty() => "-".to_owned(),
        Json::Array(values) => {
            let values = values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect();
            value_shown(&super::naive::Value::Set(values))
        }
        Json::Object(object) => object["id"].as_str().expect("an id").to_owned(),
    }
}

/// The records behind a text's answer.
fn records(server: &Server, statement: &Statement) -> Vec<String> {
    let plan = coql::plan(statement, &server.schemas, &server.context, &mirror()).expect("a plan");
    let sheet = compute(&server.conn, &plan.local, &server.context.zone).expect("an answer");
    sheet.rows.into_iter().filter_map(|row| row.id).collect()
}

fn mirror() -> Means {
    Means { run_on: RunOn::Mirror, mirror_age: Some(0), ..Means::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn a_plan_answers_what_looking_at_every_record_answers(org in org(), text in statement_text()) {
        let server = Server::new(&org);
        let statement = server.statement(&text);
        // `order by 1` names the first column.
        let mut spelled = statement.clone();
        for key in &mut spelled.order {
            if key.node.value == coql::Expr::Number("1".to_owned())
                && let Some(coql::Item::One { node, .. }) = statement.items.first()
            {
                key.node = node.clone();
            }
        }
        let expected = Naive { org: &org, context: &server.context }.answer(&spelled);
        prop_assert_eq!(server.rows_on(&text, RunOn::Mirror), expected.clone(), "in the mirror: {}", text);
        prop_assert_eq!(server.rows_on(&text, RunOn::Server), expected, "by {:#?}: {}", server.calls, text);
    }

    #[test]
    fn what_bigin_takes_means_the_same_here(
        text in super::laws::nearly_a_query(),
        values in proptest::collection::vec((0usize..5, 0usize..5, proptest::bool::ANY), 0..10),
    ) {
        let f = Fixture::new();
        f.put("users", json!([{"id": "31", "full_name": "x", "email": "m@example.com"}]));
        f.put("layouts", json!([{"id": "90", "name": "x"}]));
        f.put("Accounts", json!([{"id": "20", "Account_Name": "x", "Website": "true"}]));
        let texts = [json!("x"), json!("Won"), json!("%a_"), json!("null"), Json::Null];
        let numbers = [json!(5), json!(-5), json!(2.5), json!(0), Json::Null];
        let deals = values.into_iter().zip(1..).map(|((text, number, flag), id): (_, u32)| {
            json!({"id": id.to_string(), "Deal_Name": texts[text], "Stage": texts[(text + 1) % 5], "Amount": numbers[number],
                "Owner": {"id": if flag { "31" } else { "5" }}, "Account_Name": {"id": "20"}, "Colours": ["x"],
                "Pipeline": {"id": "90"}, "Urgent": flag, "Modified_Time": "2026-05-04T00:00:00+00:00"})
        });
        f.put("Pipelines", deals.collect());
        let Ok(query) = coql::parse(&text) else { return Ok(()) };
        let Ok(checked) = coql::check(&query, &f.schemas, &Dialect::STRICT) else { return Ok(()) };
        let expected = run(&f.conn, &coql::lower(&checked), &f.zone).expect("an answer").rows;
        let mut context = Context::new("2026-05-14T02:30:00Z".parse().expect("a time"), f.zone.clone());
        context.pipelines = vec![("90".to_owned(), "x".to_owned())];
        let mut analysis = coql::analyse(&text, &f.schemas, Mode::Wide, &context);
        prop_assert!(analysis.statements[0].is_sound(), "{}: {:?}", text, analysis.statements[0].diagnostics);
        let statement = analysis.statements.remove(0).statement;
        let plan = coql::plan(&statement, &f.schemas, &context, &mirror()).expect("a plan");
        let sheet = compute(&f.conn, &plan.local, &f.zone).expect("an answer");
        prop_assert_eq!(sheet.rows.len(), expected.len(), "{}: {}", text, plan.local.sql);
        for (row, expected) in sheet.rows.iter().zip(&expected) {
            prop_assert_eq!(row.id.as_deref(), expected["id"].as_str(), "{}", text);
            for (column, value) in plan.local.columns.iter().zip(&row.values) {
                prop_assert_eq!(shown(value), shown(&expected[&column.name]), "{}: {}", text, column.name);
            }
        }
    }

    #[test]
    fn the_rows_behind_all_groups_are_all_rows(org in org(), keys in proptest::sample::subsequence(KEYS, 1..3)) {
        let server = Server::new(&org);
        let keys = keys.join(", ");
        let text = format!("select {keys}, count(*), sum(Amount) from Deals where Times is null or Times < 3 group by {keys}");
        let statement = server.statement(&text);
        let plan = server.plan(&text, &mirror());
        let sheet = compute(&server.conn, &plan.local, &server.context.zone).expect("an answer");
        let mut behind = Vec::new();
        for row in &sheet.rows {
            let drilled = statement.drilled(&plan.local.columns, &row.values, &["Deal_Name"]).expect("a group");
            let printed = server.statement(&drilled.to_string());
            let rows = records(&server, &printed);
            let count = row.values[row.values.len() - 2].as_u64().expect("a count");
            prop_assert_eq!(rows.len() as u64, count, "{}", printed);
            behind.extend(rows);
            let first = &row.values[0];
            let kept = statement.filtered(&plan.local.columns, 0, first, true).expect("a column").to_string();
            let left = statement.filtered(&plan.local.columns, 0, first, false).expect("a column").to_string();
            prop_assert!(!server.rows_on(&kept, RunOn::Mirror).is_empty(), "{}", kept);
            server.rows_on(&left, RunOn::Mirror);
        }
        behind.sort();
        let mut all = records(&server, &server.statement("select id from Deals where Times is null or Times < 3"));
        all.sort();
        prop_assert_eq!(behind, all);
    }
}
