//! `bigin query`: asks a question in COQL and prints the answer.

mod answer;
mod explain;
mod output;
mod report;
mod site;
mod source;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use super::{FAILURE, OK, USAGE, account, demo::DemoArgs, say};
use crate::{
    api,
    config::Profile,
    coql,
    coql::{Context, Diagnostic, Expr, Means, Mode, RunOn, Severity, Statement},
    domain::{SafeText, Schemas},
    worker::query::RunError,
};
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

impl QueryArgs {
    /// The same where `--demo` may stand before the command.
    pub fn after(self, demo: &DemoArgs) -> Self {
        let demo = if self.demo.wanted() { self.demo } else { demo.clone() };
        Self { demo, ..self }
    }
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

/// What is asked, and of whom.
struct Asked<'a> {
    args: &'a QueryArgs,
    site: &'a Site,
    source: &'a Source,
    statement: &'a Statement,
    schemas: &'a Schemas,
    context: &'a Context,
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
    let said: Vec<&Diagnostic> = said.iter().collect();
    if said.iter().any(|said| said.severity == Severity::Error) {
        tell(source, &said);
        return Ok(ExitCode::from(USAGE));
    }
    let statement = match analysis.statements.len() {
        1 => analysis.statements.remove(0),
        0 => return Err(Stop::new(USAGE, "there is no query in the text".to_owned())),
        many => return Err(Stop::new(USAGE, format!("the text has {many} queries: give one"))),
    };
    if args.strict {
        tell(source, &said);
        let text = source.text.get(statement.span).unwrap_or_default();
        return answer::verbatim(args, &site, text).await;
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
    tell(source, &said);
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
    let asked =
        Asked { args, site: &site, source, statement: &statement, schemas: &schemas, context: &context };
    answer::fetched(&asked, means, plan, spent).await
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
