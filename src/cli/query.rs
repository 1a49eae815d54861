//! `bigin query`: asks a question in COQL and prints the answer.

mod explain;
mod output;
mod report;
mod saved;
mod site;
mod source;

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use serde_json::Value;

use super::{FAILURE, OK, PARTIAL, USAGE, account, demo::DemoArgs, say, tui::needs_ascii};
use crate::{
    api,
    config::Profile,
    coql,
    coql::{Context, Diagnostic, Expr, Means, Mode, Plan, RunOn, Severity, Statement},
    domain::{Module, SafeText, Schemas},
    tables::Record,
    worker::query::{Budget, End, Run, RunError},
};
use output::{Answer, Format};
use site::Site;
use source::Source;

/// Arguments of `bigin query`.
#[derive(Debug, Clone, clap::Args)]
pub struct QueryArgs {
    /// A query such as 'select Stage, count(*) from Deals group by Stage', or the name of a saved one.
    #[arg(value_name = "QUERY|NAME", required_unless_present_any = ["file", "list"])]
    text: Option<String>,
    /// Read the query from a file; `-` is the standard input.
    #[arg(short, long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    /// List the saved queries with their parameters.
    #[arg(long)]
    list: bool,
    /// Print the query in one form as Bigin takes it, or where and why it is refused; nothing is run.
    #[arg(long)]
    check: bool,
    /// Print what would run where and what it costs; nothing is run but a count of one credit.
    #[arg(long)]
    plan: bool,
    /// Print one list of objects.
    #[arg(long, group = "format")]
    json: bool,
    /// Print one object a line.
    #[arg(long, group = "format")]
    ndjson: bool,
    /// Print comma-separated values, safe for spreadsheets.
    #[arg(long, group = "format")]
    csv: bool,
    /// Print tab-separated values with a line of names.
    #[arg(long, group = "format")]
    tsv: bool,
    /// Print a table of Markdown.
    #[arg(long, group = "format")]
    markdown: bool,
    /// Give `:NAME` of the query a value; several times for a list.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = source::parameter)]
    params: Vec<(String, String)>,
    /// Take Bigin's documented language only, and send the text as it is.
    #[arg(long)]
    strict: bool,
    /// Rows at most.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Credits at most; a query that costs more is not begun, and one that turns out to is cut.
    #[arg(long, value_name = "N", default_value_t = 50)]
    max_credits: u64,
    /// Ask the mirror on this machine: no credits, as old as the last sync.
    #[arg(long, conflicts_with_all = ["demo", "strict"])]
    mirror: bool,
    /// Ask the server, which is the default.
    #[arg(long, conflicts_with = "mirror")]
    server: bool,
    #[command(flatten)]
    demo: DemoArgs,
    /// Ask this account.
    #[arg(short, long, value_name = "NAME")]
    profile: Option<Profile>,
}

/// Why nothing was printed: words, and the status to exit with.
#[derive(Debug)]
struct Stop {
    status: ExitCode,
    words: String,
}

impl Stop {
    fn new(status: u8, words: String) -> Self {
        Self { status: ExitCode::from(status), words }
    }

    fn of(error: &api::Error) -> Self {
        let words = format!("{error}. {}", error.advice());
        Self { status: account::exit_code(error), words: words.trim_end().to_owned() }
    }

    fn io(error: &io::Error) -> Self {
        // Whoever reads the pipe has seen enough.
        let status = if error.kind() == io::ErrorKind::BrokenPipe { OK } else { FAILURE };
        let words = if status == OK { String::new() } else { format!("cannot write: {error}") };
        Self::new(status, words)
    }
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Api(error) => Self::of(&error),
            RunError::Tables(error) => Self::new(FAILURE, error.to_string()),
        }
    }
}

/// Runs the command.
#[must_use]
pub fn run(args: &QueryArgs) -> ExitCode {
    match query(args) {
        Ok(status) => status,
        Err(Stop { status, words }) => {
            if !words.is_empty() {
                say(&format!("bigin query: {}", words.trim_end()));
            }
            status
        }
    }
}

fn query(args: &QueryArgs) -> Result<ExitCode, Stop> {
    if args.list {
        source::list(args, &mut io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let source = source::read(args)?;
    if args.check {
        return check(&source);
    }
    // Two threads: client and emulated server live in one process.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Stop::new(FAILURE, error.to_string()))?;
    runtime.block_on(ask(args, &source))
}

/// Prints the query in the form that Bigin takes.
fn check(source: &Source) -> Result<ExitCode, Stop> {
    let wrong = match coql::parse(&source.text) {
        Ok(query) => match coql::check_limits(&query) {
            Ok(()) => {
                let text = SafeText::new(&query.to_string());
                return writeln!(io::stdout(), "{text}")
                    .map(|()| ExitCode::SUCCESS)
                    .map_err(|error| Stop::io(&error));
            }
            Err(error) => error.diagnostic(source.text.len()),
        },
        Err(error) => error.diagnostic(),
    };
    tell(source, &[&wrong]);
    Ok(ExitCode::from(USAGE))
}

fn tell(source: &Source, diagnostics: &[&Diagnostic]) {
    let report = report::report(&source.name, &source.text, diagnostics);
    // Every line of it is safe already.
    let _ = io::stderr().write_all(report.as_bytes());
}

async fn ask(args: &QueryArgs, source: &Source) -> Result<ExitCode, Stop> {
    let site = Site::open(args).await?;
    let schemas: Schemas = site.catalog.schemas.iter().cloned().collect();
    let mut context = Context::of(&site.catalog, site.now());
    context.parameters = source::parameters(&source.text, &args.params);
    let mode = if args.strict { Mode::Strict } else { Mode::Wide };
    let mut analysis = coql::analyse(&source.text, &schemas, mode, &context);
    let said: Vec<Diagnostic> = analysis.diagnostics().cloned().collect();
    tell(source, &said.iter().collect::<Vec<_>>());
    if said.iter().any(|said| said.severity == Severity::Error) {
        return Ok(ExitCode::from(USAGE));
    }
    let statement = match analysis.statements.len() {
        1 => analysis.statements.remove(0),
        0 => return Err(Stop::new(USAGE, "there is no query in the text".to_owned())),
        many => return Err(Stop::new(USAGE, format!("the text has {many} queries: give one"))),
    };
    if args.strict {
        let text = source.text.get(statement.span).unwrap_or_default();
        return strictly(args, &site, text).await;
    }
    let statement = limited(statement.statement, args.limit);
    let mut means = means(args, &site, &statement);
    let planned = |means: &Means| {
        coql::plan(&statement, &schemas, &context, means).map_err(|said| {
            tell(source, &said.iter().collect::<Vec<_>>());
            Stop::new(USAGE, String::new())
        })
    };
    let mut plan = planned(&means)?;
    let mut spent = 0;
    if let Some(module) = plan.module.parse().ok().filter(|_| plan.counts_first) {
        let counted = site.client.count(module, None).await.map_err(|error| Stop::of(&error))?;
        means.counted.module = Some(counted);
        spent = 1;
        plan = planned(&means)?;
    }
    if args.plan {
        return explain::print(args, &plan, spent);
    }
    answer(args, &site, &context, plan, spent).await
}

/// What there is to run with.
fn means(args: &QueryArgs, site: &Site, statement: &Statement) -> Means {
    let module = statement.module.as_ref().and_then(|name| coql::module_named(name));
    let mirror_age = site.mirror_age(module);
    let run_on = if args.mirror { RunOn::Mirror } else { RunOn::Server };
    let parallel = site.client.limits().usage().concurrency;
    Means { run_on, mirror_age, parallel, ..Means::default() }
}

/// The statement with at most `limit` rows.
fn limited(mut statement: Statement, limit: Option<u64>) -> Statement {
    let Some(limit) = limit else { return statement };
    let known = statement.limit.as_ref().and_then(|node| match &node.value {
        Expr::Number(number) => number.parse::<u64>().ok(),
        _ => None,
    });
    if known.is_none_or(|known| known > limit) {
        statement.limit = Some(Expr::Number(limit.to_string()).at(0..0));
    }
    statement
}

async fn answer(
    args: &QueryArgs,
    site: &Site,
    context: &Context,
    plan: Plan,
    counting: u64,
) -> Result<ExitCode, Stop> {
    let columns: Vec<_> =
        plan.local.columns.iter().map(|column| (column.name.clone(), column.is_number())).collect();
    if plan.on_mirror() {
        let Some(mirror) = &site.mirror else {
            return Err(Stop::new(FAILURE, "there is no mirror".to_owned()));
        };
        let sheet = mirror.compute(&plan.local).map_err(|error| Stop::new(FAILURE, error.to_string()))?;
        let mut rows: Vec<_> = sheet.rows.into_iter().map(|row| row.values).collect();
        rows.iter_mut().flatten().for_each(|value| name(value, context));
        print(args, &Answer::new(columns, rows))?;
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
        return Err(Stop::new(super::CREDITS, words));
    }
    let mut run = Run::new(plan)?;
    let budget = Budget { rows: u64::MAX, credits: args.max_credits };
    let ended = tokio::select! {
        ended = run.go(&site.client, budget, |_| ()) => Some(ended),
        _ = tokio::signal::ctrl_c() => None,
    };
    let (status, failure) = match ended {
        Some(Ok(End::Complete)) => (ExitCode::SUCCESS, None),
        Some(Ok(End::Cut)) => (ExitCode::from(PARTIAL), None),
        None => (ExitCode::from(INTERRUPTED), None),
        Some(Err(error)) => {
            let stop = Stop::from(error);
            if run.progress().rows == 0 {
                return Err(stop);
            }
            (stop.status, Some(stop.words))
        }
    };
    let (whole, progress) = (run.is_done(), run.progress());
    let mut rows: Vec<_> = run.answer(&context.zone)?.rows.into_iter().map(|row| row.values).collect();
    rows.iter_mut().flatten().for_each(|value| name(value, context));
    print(args, &Answer::new(columns, rows))?;
    if let Some(words) = failure {
        say(&format!("bigin query: {words}"));
    }
    let known = run.plan().cost.rows.number().map(|rows| format!(" of {rows}")).unwrap_or_default();
    let state = if whole { "complete" } else { "cut" };
    let fetched =
        format!("fetched {}{} rows ({state})", progress.rows, if whole { String::new() } else { known });
    summary(&format!("{fetched}; {}", credits(progress.calls + counting)), !whole);
    Ok(status)
}

/// Names users and team pipelines that the answer has by id only.
fn name(value: &mut Value, context: &Context) {
    let Value::Object(object) = value else { return };
    let Some(id) = object.get("id").and_then(Value::as_str).filter(|_| !object.contains_key("name")) else {
        return;
    };
    let known = context.users.iter().chain(&context.pipelines).find(|(known, _)| known == id);
    if let Some((_, name)) = known {
        let name = Value::String(name.clone());
        object.insert("name".to_owned(), name);
    }
}

/// Asks Bigin as it is: one call, at most 200 rows.
async fn strictly(args: &QueryArgs, site: &Site, text: &str) -> Result<ExitCode, Stop> {
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
    print(args, &Answer::new(columns, rows))?;
    let state = if cut { "cut: Bigin has more" } else { "complete" };
    summary(&format!("{count} rows ({state}); 1 credit"), cut);
    Ok(ExitCode::SUCCESS)
}

/// Prints the answer as it was asked for: a table on a terminal, tabs without names in a pipe.
fn print(args: &QueryArgs, answer: &Answer) -> Result<(), Stop> {
    let format = match args {
        QueryArgs { json: true, .. } => Format::Json,
        QueryArgs { ndjson: true, .. } => Format::Ndjson,
        QueryArgs { csv: true, .. } => Format::Csv,
        QueryArgs { tsv: true, .. } => Format::Tsv { names: true },
        QueryArgs { markdown: true, .. } => Format::Markdown,
        _ if io::stdout().is_terminal() => {
            // A terminal that does not know its size says 0.
            let width = crossterm::terminal::size().ok().map(|(width, _)| width).filter(|width| *width > 0);
            Format::Table { width: width.unwrap_or(80), ascii: needs_ascii() }
        }
        _ => Format::Tsv { names: false },
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    answer.write(format, &mut out).and_then(|()| out.flush()).map_err(|error| Stop::io(&error))
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

/// What the shell sees of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;
