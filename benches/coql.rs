//! How long the language takes while someone types, and how long SQLite takes for what Bigin lacks.
//!
//! `cargo bench --bench coql`. The best of many rounds is printed.

use std::{
    error::Error,
    hint::black_box,
    io::{self, Write},
    time::{Duration, Instant},
};

use bigin::{
    coql::{self, Context, Dialect, Means, Mode, RunOn},
    domain::{Field, FieldKind, Schema, Schemas},
    tables,
};
use jiff::{Timestamp, tz::TimeZone};
use rusqlite::Connection;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

const DEALS: u32 = 200_000;

fn main() -> Outcome<()> {
    let mut out = io::stdout().lock();
    let schemas = schemas();
    let mut context = Context::new(Timestamp::now(), TimeZone::get("America/Chicago")?);
    context.me = Some("100".to_owned());
    let text = long_text();
    let cursor = text.find("Amount >").map_or(0, |at| at + 3);

    writeln!(out, "{} bytes of text", text.len())?;
    let mut row =
        |what: &str, took: Duration| writeln!(out, "{what:<44}{:>10.3} ms", took.as_secs_f64() * 1e3);
    row("highlight", best(|| coql::highlight(&text)))?;
    row("analyse", best(|| coql::analyse(&text, &schemas, Mode::Wide, &context)))?;
    row("analyse as Bigin's own", best(|| coql::analyse(&text, &schemas, Mode::Strict, &context)))?;
    row("complete", best(|| coql::complete(&text, cursor, &schemas, Mode::Wide, &context)))?;

    let analysis = coql::analyse(&text, &schemas, Mode::Wide, &context);
    let statement = &analysis.statements.first().ok_or("a statement")?.statement;
    let means = Means { run_on: RunOn::Mirror, mirror_age: Some(1), ..Means::default() };
    row("plan for the server", best(|| coql::plan(statement, &schemas, &context, &Means::default())))?;
    row("plan for the mirror", best(|| coql::plan(statement, &schemas, &context, &means)))?;

    let own = coql::parse(
        "select Stage, Amount from Pipelines where (Amount > 5 and Stage = 'Won') or Owner = '1' order by Amount",
    )?;
    let checked = coql::check(&own, &schemas, &Dialect::STRICT)?;
    row("lower Bigin's own", best(|| coql::lower(&checked)))?;

    let conn = deals(&schemas)?;
    // The first two are what the plan line counts before statements over all deals.
    for text in [
        "select count(*) from Deals where Amount > 500",
        "select count(*) from Deals where Deal_Name like '%77%' and Owner = $me",
        "select Stage, count(*), sum(Amount) from Deals group by Stage",
        "select month(Closing_Date), Stage, count(*), sum(Amount) from Deals where Amount > 500 group by 1, 2 order by 4 desc",
        "select Account_Name, sum(Amount) as total from Deals group by Account_Name order by total desc limit 20",
        "select Deal_Name, Amount from Deals where Deal_Name like '%77%' order by Amount desc limit 50",
    ] {
        let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
        let plan = coql::plan(&statement, &schemas, &context, &means).map_err(|said| format!("{said:?}"))?;
        row(text, best(|| tables::compute(&conn, &plan.local, &context.zone)))?;
    }
    Ok(())
}

/// The shortest of many runs.
fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    let begun = Instant::now();
    let mut best = Duration::MAX;
    let mut rounds = 0;
    while rounds < 5 || rounds < 500 && begun.elapsed() < Duration::from_secs(2) {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed());
        rounds += 1;
    }
    best
}

/// A query of 4 KB that uses most of the language.
fn long_text() -> String {
    let mut text =
        "select Stage, Account_Name.Account_Name as company, month(Closing_Date) as closes,\n".to_owned();
    text.push_str(
        "  count(*) as n, sum(case when Amount > 1000 then Amount else 0 end) as big -- what counts\n",
    );
    text.push_str("from Deals\nwhere Owner = $me and Closing_Date between $som and $eom(3)\n");
    let mut number = 0;
    while text.len() < 4_000 {
        number += 1;
        text.push_str(&format!(
            "  and (Stage in ('Proposal', 'Won', 'Lost') or Amount > {number}000 or Account_Name.Phone like '%{number}%')\n"
        ));
    }
    text + "group by Stage, company, closes\nhaving n > 2\norder by big desc, closes limit 100"
}

fn schemas() -> Schemas {
    let lookup =
        |name: &str, to: &str| Field { lookup: Some(to.to_owned()), ..Field::plain(name, FieldKind::Lookup) };
    let mut fields = vec![
        Field::plain("Deal_Name", FieldKind::Text),
        Field {
            choices: ["Qualification", "Proposal", "Negotiation", "Won", "Lost"].map(str::to_owned).to_vec(),
            ..Field::plain("Stage", FieldKind::PickList)
        },
        Field::plain("Amount", FieldKind::Currency),
        Field::plain("Closing_Date", FieldKind::Date),
        Field::plain("Owner", FieldKind::OwnerLookup),
        lookup("Account_Name", "Accounts"),
    ];
    fields.extend((0..40).map(|number| Field::plain(&format!("Custom_{number}"), FieldKind::Text)));
    let companies =
        vec![Field::plain("Account_Name", FieldKind::Text), Field::plain("Phone", FieldKind::Phone)];
    [
        Schema { module: "Pipelines".to_owned(), fields },
        Schema { module: "Accounts".to_owned(), fields: companies },
    ]
    .into_iter()
    .collect()
}

/// A mirror of many deals.
fn deals(schemas: &Schemas) -> Outcome<Connection> {
    let conn = Connection::open_in_memory()?;
    for schema in schemas.iter() {
        tables::migrate(&conn, schema)?;
    }
    let schema = schemas.get("Pipelines").ok_or("deals")?;
    let stages = ["Qualification", "Proposal", "Negotiation", "Won", "Lost"];
    let numbers: Vec<u32> = (1..=DEALS).collect();
    let transaction = conn.unchecked_transaction()?;
    for page in numbers.chunks(1_000) {
        let records = page.iter().map(|number| {
            let stage = stages[*number as usize % stages.len()];
            let day = format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
            json!({
                "id": number.to_string(), "Deal_Name": format!("Deal {number}"), "Stage": stage,
                "Amount": f64::from(number % 5_000) / 4.0, "Closing_Date": day,
                "Owner": {"id": (100 + number % 8).to_string()},
                "Account_Name": {"id": (1_000_000 + number % 9_000).to_string()},
            })
        });
        let records: Vec<tables::Record> = records.map(serde_json::from_value).collect::<Result<_, _>>()?;
        tables::upsert(&conn, schema, &records)?;
    }
    transaction.commit()?;
    tables::optimize(&conn)?;
    Ok(conn)
}
