//! Plans of COQL, run over the network.

use std::time::Duration;

use bigin::{
    coql::{self, Context, Counted, Means, Mode, Plan},
    domain::{Catalog, Module, Schemas},
    sandbox, sync,
    tables::Sheet,
    worker::query::{Budget, End, Run, RunError, replanned},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::office::Office;

const ENOUGH: Budget = Budget { rows: 100_000, credits: 1_000 };

async fn office(deals: u32) -> (Office, Catalog) {
    let latency = Duration::from_millis(20);
    let office = Office::prepare(sandbox::Options { deals, latency, ..sandbox::Options::default() }).await;
    let catalog = sync::catalog(&office.other).await.expect("metadata");
    (office, catalog)
}

fn plan(catalog: &Catalog, text: &str, counted: Option<u64>) -> Plan {
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let mut context = Context::new(Timestamp::now(), TimeZone::UTC);
    context.me = Some(catalog.me.to_string());
    context.pipelines =
        catalog.pipelines.iter().map(|pipeline| (pipeline.id.to_string(), pipeline.name.clone())).collect();
    let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
    let counted = Counted { module: counted, matching: None };
    let means = Means { counted, ..Means::default() };
    coql::plan(&statement, &schemas, &context, &means).expect(text)
}

fn answer(run: &Run) -> Sheet {
    run.answer(&TimeZone::UTC).expect("an answer")
}

fn total(sheet: &Sheet) -> u64 {
    sheet.rows.iter().map(|row| row.values.last().and_then(Value::as_u64).expect("a count")).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_cost_a_credit_for_200_and_come_side_by_side() {
    let (office, catalog) = office(1_100).await;
    let counted = office.other.count(Module::Pipelines, None).await.expect("a count");
    assert_eq!(counted, 1_100);
    let plan =
        plan(&catalog, "select Stage, count(*) from Deals group by Stage order by 2 desc", Some(counted));
    let before = office.seen("POST", "/bigin/v2/coql").await;
    let mut run = Run::new(plan).expect("tables");
    let mut told = Vec::new();
    let end = run.go(&office.other, ENOUGH, |run| told.push(run.progress().rows)).await.expect("rows");
    assert_eq!((end, run.progress().rows, run.progress().calls), (End::Complete, 1_100, 6));
    assert_eq!(office.seen("POST", "/bigin/v2/coql").await - before, 6);
    assert_eq!(told.len(), 6);
    let ledger = office.ledger().await;
    let (peak, may) = (ledger["peak"].as_u64(), u64::from(office.other.limits().usage().concurrency));
    assert!(peak.is_some_and(|peak| (2..=may).contains(&peak)), "{ledger}");
    assert_eq!(total(&answer(&run)), 1_100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_page_keeps_the_others_and_can_be_fetched_later() {
    let (office, catalog) = office(1_100).await;
    let plan = plan(&catalog, "select Stage, count(*) from Deals group by Stage", Some(1_100));
    let body =
        json!({"code": "INTERNAL_ERROR", "details": {}, "message": "a fault", "status": "error"}).to_string();
    office.faults(json!([{"match": "POST /bigin/v2/coql", "nth": 3, "times": 1, "do": "status", "status": 400, "body": body}])).await;
    let mut run = Run::new(plan).expect("tables");
    let error = run.go(&office.other, ENOUGH, |_| ()).await.expect_err("one page is lost");
    assert!(!error.to_string().is_empty());
    let came = run.progress().rows;
    assert!((200..1_100).contains(&came) && total(&answer(&run)) == came, "{came} rows came");
    office.faults(json!([])).await;
    assert_eq!(run.go(&office.other, ENOUGH, |_| ()).await.expect("the rest"), End::Complete);
    assert_eq!(total(&answer(&run)), 1_100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_budget_cuts_and_a_dropped_run_goes_on() {
    let (office, catalog) = office(1_100).await;
    let plan = plan(&catalog, "select id, Deal_Name from Deals", Some(1_100));
    let mut run = Run::new(plan).expect("tables");
    let end = run.go(&office.other, Budget { rows: 100_000, credits: 2 }, |_| ()).await.expect("rows");
    assert_eq!((end, run.progress().rows, answer(&run).rows.len()), (End::Cut, 400, 400));
    let given_up =
        tokio::time::timeout(Duration::from_millis(1), run.go(&office.other, ENOUGH, |_| ())).await;
    assert!(given_up.is_err(), "calls take longer than that");
    assert_eq!(run.go(&office.other, ENOUGH, |_| ()).await.expect("the rest"), End::Complete);
    let sheet = answer(&run);
    let mut ids: Vec<&str> = sheet.rows.iter().filter_map(|row| row.id.as_deref()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1_100);
    assert!(ids.is_sorted());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_bigin_lacks_is_answered_from_what_it_has() {
    let (office, catalog) = office(120).await;
    for text in [
        "select Owner, Stage, sum(Amount), avg(Amount), count(distinct Account_Name) from Deals group by Owner, Stage order by 3 desc limit 3",
        "select distinct Stage from Deals order by 1",
        "select Deal_Name, Contact_Name.Email, Account_Name.Phone, Owner.email, Contact_Name.Account_Name.Website from Deals limit 5",
        "select * from Deals where Pipeline is not null and Closing_Date >= $year(-2) limit 3",
        "select month(Closing_Date) as m, count(*) from Deals where Description is null or Amount > 0 group by m order by m",
        "select Deal_Name, case when Amount > 10000 then 'big' else 'small' end as size, age(Closing_Date) from Deals order by size, Amount desc limit 4",
        "select Full_Name, Account_Name from Contacts where Account_Name is not null and Owner = $me or Email like '%com' limit 2",
        "select Account_Name, count(*) from Contacts group by Account_Name having count(*) > 1",
        "select Subject from Tasks where Status != 'Completed' and Due_Date < $today and Owner = $me",
    ] {
        let plan = plan(&catalog, text, None);
        let mut run = Run::new(plan).expect("tables");
        let end =
            run.go(&office.other, ENOUGH, |_| ()).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(end, End::Complete, "{text}");
        let sheet = answer(&run);
        assert!(text.contains("from Tasks") || !sheet.rows.is_empty(), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_that_comes_with_the_program_is_answered() {
    let (office, catalog) = office(200).await;
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/queries");
    let mut answered = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let mut context = Context::of(&catalog, Timestamp::now());
        for (name, value) in [("days", "30"), ("least", "1000")] {
            context.parameters.insert(name.to_owned(), vec![value.to_owned()]);
        }
        let mut analysis = coql::analyse(&text, &schemas, Mode::Wide, &context);
        let said: Vec<_> = analysis.diagnostics().collect();
        assert!(said.is_empty(), "{}: {said:#?}", path.display());
        let statement = analysis.statements.remove(0).statement;
        let plan = coql::plan(&statement, &schemas, &context, &Means::default()).expect(&text);
        let narrowed =
            plan.fetches.iter().all(|fetch| !fetch.query(None, 0, 1).to_string().contains("id is not null"));
        assert!(narrowed, "{} reads a whole module", path.display());
        let mut run = Run::new(plan).expect("tables");
        run.go(&office.other, ENOUGH, |_| ()).await.expect(&text);
        answer(&run);
        answered += 1;
    }
    assert!(answered >= 12, "{answered} queries");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_page_about_the_language_shows_can_be_run() {
    let (_office, catalog) = office(10).await;
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coql.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let shown: Vec<&str> =
        page.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(shown.len() >= 3);
    for text in shown {
        let schemas: Schemas = catalog.schemas.iter().cloned().collect();
        let mut context = Context::of(&catalog, Timestamp::now());
        context.parameters.insert("days".to_owned(), vec!["90".to_owned()]);
        let mut analysis = coql::analyse(text, &schemas, Mode::Wide, &context);
        assert_eq!(analysis.diagnostics().count(), 0, "{text}");
        let statement = analysis.statements.remove(0).statement;
        coql::plan(&statement, &schemas, &context, &Means::default()).expect(text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_the_server_refuses_is_made_here() {
    let (office, catalog) = office(60).await;
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let context = Context::of(&catalog, Timestamp::now());
    let text = "select count(*) from Deals where Stage = $open and Sub_Pipeline is not null";
    let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
    let mut means = Means::default();
    let first = coql::plan(&statement, &schemas, &context, &means).expect(text);
    let mut run = Run::new(first.clone()).expect("tables");
    run.go(&office.other, ENOUGH, |_| ()).await.expect("rows");
    let expected = total(&answer(&run));
    assert!(expected > 0);

    let body = json!({"code": "INVALID_QUERY", "message": "unsupported column in criteria", "status": "error",
        "details": {"cv_criteria": false, "column_name": "Sub_Pipeline", "value": "", "operator": "is not null"}});
    let rule = json!({"match": "POST /bigin/v2/coql", "times": 1, "do": "status", "status": 400, "body": body.to_string()});
    office.faults(json!([rule])).await;
    let mut run = Run::new(first.clone()).expect("tables");
    let Err(RunError::Api(error)) = run.go(&office.other, ENOUGH, |_| ()).await else {
        unreachable!("the server refuses")
    };
    let second =
        replanned(&statement, &schemas, &context, &mut means, (&first, &error)).expect("another way");
    assert_eq!(means.refused, ["Sub_Pipeline"]);
    assert!(!second.fetches[0].query(None, 0, 1).to_string().contains("Sub_Pipeline is"));
    let mut run = Run::new(second.clone()).expect("tables");
    run.go(&office.other, ENOUGH, |_| ()).await.expect("rows");
    assert_eq!(total(&answer(&run)), expected);
    assert_eq!(replanned(&statement, &schemas, &context, &mut means, (&second, &error)), None);
}

/// An edition's organisation with a page of latency, so that calls overlap.
async fn large(edition: sandbox::Edition) -> (Office, Plan) {
    let latency = Duration::from_millis(100);
    let options = sandbox::Options { deals: 10_000, edition, latency, ..sandbox::Options::default() };
    let office = Office::prepare(options).await;
    let catalog = sync::catalog(&office.other).await.expect("metadata");
    let plan = plan(&catalog, "select Deal_Name, Amount from Deals", Some(10_000));
    (office, plan)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rows_cost_fifty_credits_with_as_many_calls_in_flight_as_the_edition_allows() {
    let (office, plan) = large(sandbox::Edition::Free).await;
    assert_eq!(plan.cost.credits.number(), Some(50));
    let used = async || office.ledger().await["used"].as_u64().expect("credits");
    let before = used().await;
    let mut run = Run::new(plan.clone()).expect("tables");
    let end = run.go(&office.other, ENOUGH, |_| ()).await.expect("rows");
    assert_eq!((end, run.progress().rows, run.progress().calls), (End::Complete, 10_000, 50));
    assert_eq!(used().await - before, 50);
    let ledger = office.ledger().await;
    let may = u64::from(sandbox::Edition::Free.concurrency());
    assert_eq!(ledger["peak"].as_u64(), Some(may), "as many as may be, and never more");
    assert_eq!(answer(&run).rows.len(), 10_000);

    // The connection is lost on page 7: every page but that one stays, and only that one is asked for again.
    let rule = json!({"match": "POST /bigin/v2/coql", "nth": 7, "do": "close_before_read"});
    office.faults(json!([rule])).await;
    let mut run = Run::new(plan).expect("tables");
    let error = run.go(&office.other, ENOUGH, |_| ()).await.expect_err("a page is lost");
    assert!(matches!(error, RunError::Api(_)), "{error}");
    let came = run.progress().rows;
    let stayed = answer(&run).rows.len() as u64;
    assert!((1_200..10_000).contains(&came) && stayed == came, "{stayed} of {came} rows stay");
    office.faults(json!([])).await;
    let before = used().await;
    assert_eq!(run.go(&office.other, ENOUGH, |_| ()).await.expect("the rest"), End::Complete);
    assert_eq!(used().await - before, (10_000 - came) / 200);
    let sheet = answer(&run);
    let mut ids: Vec<&str> = sheet.rows.iter().filter_map(|row| row.id.as_deref()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10_000);
}
