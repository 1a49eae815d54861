//! From a plan to printed rows.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use serde_json::Value;

use super::{Asked, QueryArgs, Stop, explain, output, site::Site, tell};
use crate::{
    api,
    cli::{CREDITS, FAILURE, PARTIAL, USAGE, account, say},
    coql::{self, Context, Means, Plan},
    domain::Module,
    tables::{Record, Sheet},
    worker::{
        export::{Form, Grid, Rows},
        query::{Budget, End, Run, RunError, replanned},
    },
};

/// What the shell sees of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// How a run ended.
struct Ending {
    run: Run,
    status: ExitCode,
    /// Why rows are missing, if a call failed.
    failure: Option<String>,
}

/// Runs the plan and prints its answer. Counting cost `counting` credits.
pub async fn fetched(asked: &Asked<'_>, means: Means, plan: Plan, counting: u64) -> Result<ExitCode, Stop> {
    let Asked { args, site, context, .. } = asked;
    let columns: Vec<_> =
        plan.local.columns.iter().map(|column| (column.name.clone(), column.is_number())).collect();
    let answer = |sheet: Sheet| {
        let mut rows: Vec<_> = sheet.rows.into_iter().map(|row| row.values).collect();
        rows.iter_mut().flatten().for_each(|value| name(value, context));
        Grid::new(columns, rows)
    };
    if plan.on_mirror() {
        let Some(mirror) = &site.mirror else {
            return Err(Stop::new(FAILURE, "there is no mirror".to_owned()));
        };
        let sheet = mirror.compute(&plan.local).map_err(|error| Stop::new(FAILURE, error.to_string()))?;
        print(args, &answer(sheet))?;
        let age = site.mirror_age(plan.module.parse::<Module>().ok()).unwrap_or(0);
        summary(&format!("from the mirror, {age} s old; 0 credits"), false);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(credits) = plan.cost.credits.number().filter(|credits| *credits > args.max_credits) {
        let words = format!(
            "this costs {} credits for {} rows, and at most {} are allowed: --max-credits {credits} allows it, \
             --limit and conditions make it cheaper, --plan says more",
            plan.cost.credits, plan.cost.rows, args.max_credits
        );
        return Err(Stop::new(CREDITS, words));
    }
    let Ending { run, status, failure } = ran(asked, means, plan).await?;
    print(args, &answer(run.answer(&context.zone)?))?;
    if let Some(words) = failure {
        say(&format!("bigin query: {words}"));
    }
    let (whole, progress) = (run.is_done(), run.progress());
    let known = run.plan().cost.rows.number().filter(|_| !whole).map(|rows| format!(" of {rows}"));
    let state = match (whole, asked.statement.is_grouped()) {
        (true, _) => "complete".to_owned(),
        (false, false) => "cut".to_owned(),
        (false, true) => format!("cut: the figures are those of {} rows only", progress.rows),
    };
    let fetched = format!("fetched {}{} rows ({state})", progress.rows, known.unwrap_or_default());
    summary(&format!("{fetched}; {}", credits(progress.calls + counting)), !whole);
    Ok(status)
}

/// Runs the plan. Where Bigin refuses to test a field, the test is made here instead.
async fn ran(asked: &Asked<'_>, mut means: Means, plan: Plan) -> Result<Ending, Stop> {
    let Asked { args, site, statement, schemas, context, .. } = asked;
    let budget = Budget { rows: u64::MAX, credits: args.max_credits };
    let mut run = Run::new(plan)?;
    loop {
        let ended = tokio::select! {
            ended = run.go(&site.client, budget, |_| ()) => ended,
            _ = tokio::signal::ctrl_c() => {
                return Ok(Ending { run, status: ExitCode::from(INTERRUPTED), failure: None });
            }
        };
        let error = match ended {
            Ok(End::Complete) => return Ok(Ending { run, status: ExitCode::SUCCESS, failure: None }),
            Ok(End::Cut) => return Ok(Ending { run, status: ExitCode::from(PARTIAL), failure: None }),
            Err(RunError::Api(error)) => error,
            Err(error) => return Err(error.into()),
        };
        let other = replanned(statement, schemas, context, &mut means, (run.plan(), &error));
        if let Some(plan) = other {
            say(&format!("Bigin does not filter by {}: it is filtered here", means.refused.join(", ")));
            run = Run::new(plan)?;
        } else if run.progress().rows == 0 {
            return Err(stopped(asked, &error));
        } else {
            let Stop { status, words } = Stop::of(&error);
            return Ok(Ending { run, status, failure: Some(words) });
        }
    }
}

/// A refusal is shown at its place in the text.
fn stopped(asked: &Asked<'_>, error: &api::Error) -> Stop {
    let Some(refusal) = error.refusal() else { return Stop::of(error) };
    let text = &asked.source.text;
    let answer = (refusal.code.as_str(), refusal.message.as_str(), &refusal.details);
    tell(asked.source, &[&coql::refused(text, answer, asked.schemas, asked.context)]);
    Stop { status: account::exit_code(error), words: String::new() }
}

/// Names users and team pipelines that the answer has by id only.
fn name(value: &mut Value, context: &Context) {
    let Value::Object(object) = value else { return };
    let id = object.get("id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
    let known =
        id.and_then(|id| context.users.iter().chain(&context.pipelines).find(|(known, _)| known == id));
    if let Some((_, name)) = known {
        let name = Value::String(name.clone());
        object.insert("name".to_owned(), name);
    }
}

/// Asks Bigin as it is: one call, at most 200 rows.
pub async fn verbatim(args: &QueryArgs, site: &Site, text: &str) -> Result<ExitCode, Stop> {
    let query = coql::parse(text).map_err(|error| Stop::new(USAGE, error.to_string()))?;
    if args.plan {
        return explain::verbatim(args, text);
    }
    let page = site.client.coql(text).await.map_err(|error| Stop::of(&error))?;
    let names: Vec<String> = query.columns.iter().map(|item| item.column.key()).collect();
    let value = |row: &Record, name: &String| row.get(name).cloned().unwrap_or(Value::Null);
    let mut rows: Vec<Vec<Value>> =
        page.rows.iter().map(|row| names.iter().map(|name| value(row, name)).collect()).collect();
    let cut = page.more || args.limit.is_some_and(|limit| rows.len() as u64 > limit);
    rows.truncate(args.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX));
    let numeric = |at: usize| {
        let mut values = rows.iter().map(|row| &row[at]).filter(|value| !value.is_null()).peekable();
        values.peek().is_some() && values.all(Value::is_number)
    };
    let columns: Vec<_> = names.into_iter().enumerate().map(|(at, name)| (name, numeric(at))).collect();
    let count = rows.len();
    print(args, &Grid::new(columns, rows))?;
    let state = if cut { "cut: Bigin has more" } else { "complete" };
    summary(&format!("{count} rows ({state}); 1 credit"), cut);
    Ok(ExitCode::SUCCESS)
}

/// Prints the answer as it was asked for: a table on a terminal, tabs without names in a pipe.
fn print(args: &QueryArgs, answer: &Grid) -> Result<(), Stop> {
    let form = match args {
        QueryArgs { json: true, .. } => Form::Json,
        QueryArgs { ndjson: true, .. } => Form::Ndjson,
        QueryArgs { csv: true, .. } => Form::Csv,
        QueryArgs { tsv: true, .. } => Form::Tsv { names: true },
        QueryArgs { markdown: true, .. } => Form::Markdown,
        _ if io::stdout().is_terminal() => return output::table(answer).map_err(|error| Stop::io(&error)),
        _ => Form::Tsv { names: false },
    };
    let written = || {
        let mut rows = Rows::begin(form, &answer.columns, io::BufWriter::new(io::stdout().lock()))?;
        answer.rows.iter().try_for_each(|row| rows.row(row))?;
        rows.end().map(drop)
    };
    written().map_err(|error| Stop::io(&error))
}

fn credits(count: u64) -> String {
    if count == 1 { "1 credit".to_owned() } else { format!("{count} credits") }
}

/// A last line for people; programs read it only when rows are missing.
fn summary(words: &str, always: bool) {
    if always || io::stderr().is_terminal() {
        say(words);
    }
}
