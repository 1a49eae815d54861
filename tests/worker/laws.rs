//! Laws of COQL, held over the network.

use std::time::Duration;

use bigin::{
    coql::{self, Context, Counted, Means, Mode, Plan, RunOn},
    domain::{Catalog, Module, Schemas},
    sandbox::{self, Edition},
    store::{Mirror, Place},
    sync,
    tables::Sheet,
    worker::query::{Budget, End, Run},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::office::Office;

const ENOUGH: Budget = Budget { rows: 100_000, credits: 1_000 };

fn planned(catalog: &Catalog, text: &str, means: &Means, now: Timestamp) -> Plan {
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let mut context = Context::of(catalog, now);
    for (name, value) in [("days", "30"), ("least", "1000")] {
        context.parameters.insert(name.to_owned(), vec![value.to_owned()]);
    }
    let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
    coql::plan(&statement, &schemas, &context, means).expect(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rows_cost_fifty_credits_with_as_many_calls_in_flight_as_the_edition_allows() {
    let latency = Duration::from_millis(100);
    let options =
        sandbox::Options { deals: 10_000, latency, edition: Edition::Free, ..sandbox::Options::default() };
    let office = Office::prepare(options).await;
    let catalog = sync::catalog(&office.other).await.expect("metadata");
    let count = office.other.count(Module::Pipelines, None).await.expect("a count");
    let counted = Counted { module: Some(count), matching: None };
    let means = Means { counted, ..Means::default() };
    let plan = planned(&catalog, "select id, Deal_Name, Amount from Deals", &means, Timestamp::now());
    let spent = |ledger: &Value| ledger["used"].as_u64().expect("credits");
    let before = office.ledger().await;
    let mut run = Run::new(plan).expect("tables");
    let end = run.go(&office.other, ENOUGH, |_| ()).await.expect("rows");
    let after = office.ledger().await;
    assert_eq!((end, run.progress().rows, run.progress().calls), (End::Complete, 10_000, 50));
    assert_eq!(spent(&after) - spent(&before), 50, "{after}");
    assert_eq!(after["peak"], json!(Edition::Free.concurrency()), "{after}");
}

/// What both ways answer, as text: references by id, because names come from elsewhere.
fn shown(sheet: Sheet) -> Vec<String> {
    let plain = |value: Value| match value {
        Value::Object(object) => object.get("id").cloned().unwrap_or_default(),
        other => other,
    };
    let rows = sheet
        .rows
        .into_iter()
        .map(|row| Value::Array(row.values.into_iter().map(plain).collect()).to_string());
    rows.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mirror_answers_what_the_server_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut office = Office::prepare(sandbox::Options { deals: 300, ..sandbox::Options::default() }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    office.stop().await;
    let mirror = Mirror::open(&Place::File(folder.path().join("mirror.sqlite"))).expect("the mirror");
    let catalog = sync::catalog(&office.other).await.expect("metadata");
    let now = Timestamp::now();
    let mut texts: Vec<String> = [
        "select Deal_Name, Amount from Deals where (Amount > 5000 or Stage in ('Won', 'Lost')) and Deal_Name like '%a%' and Closing_Date is not null order by Amount desc, Deal_Name, id",
        "select Deal_Name, Contact_Name.Email, Account_Name.Phone, Contact_Name.Account_Name.Website from Deals where Contact_Name is not null order by id limit 40 offset 17",
        "select Stage, Owner, count(*), sum(Amount), min(Closing_Date) from Deals group by Stage, Owner having count(*) > 1 order by 3 desc, Stage, Owner",
        "select distinct Stage from Deals where Amount not between 100 and 90000 order by Stage",
        "select month(Closing_Date) as m, count(*) from Deals group by m order by m",
        "select Deal_Name, case when Amount > 10000 then 'big' else 'small' end as size from Deals where Stage not like '%won%' order by size, id limit 30",
        "select Full_Name, Email from Contacts where Account_Name.Phone is not null order by id",
        "select Account_Name, count(*) as n from Contacts group by Account_Name having n > 1 order by n desc, Account_Name",
        "select count(*), avg(Amount), max(Modified_Time) from Deals where Owner = $me",
    ]
    .map(str::to_owned)
    .into();
    texts.extend(bigin::store::saved::shipped().map(|saved| saved.text));
    for text in &texts {
        let on_mirror = Means { run_on: RunOn::Mirror, mirror_age: Some(0), ..Means::default() };
        let local = planned(&catalog, text, &on_mirror, now);
        assert!(local.on_mirror(), "{text}");
        let expected = shown(mirror.compute(&local.local).expect(text));
        let mut run = Run::new(planned(&catalog, text, &Means::default(), now)).expect("tables");
        run.go(&office.other, ENOUGH, |_| ()).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        let zone = Context::of(&catalog, now).zone;
        let mut found = shown(run.answer(&zone).expect(text));
        let mut expected = expected;
        if !text.contains(" id") {
            // Rows that the order leaves equal may change places.
            found.sort();
            expected.sort();
        }
        assert_eq!(found, expected, "{text}");
    }
}
