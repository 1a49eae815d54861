//! How fast the mirror takes records in, and how fast it answers screens.
//!
//! `cargo bench --bench mirror -- [DEALS]`; 200,000 deals unless told otherwise. Records come from the emulated
//! server over HTTP, page after page; what the server and the client take is told apart from what the mirror
//! takes. The mirror is a file in a temporary folder. Beside the time on the clock stands that on a processor, which
//! other programs on the machine change less.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    time::{Duration, Instant},
};

use bigin::{
    api::{AppKey, Client, Clock, Credentials, Limits, ListQuery, Options, Order, Sort, SortBy},
    coql::{self, Context, Means, Mode, RunOn},
    domain::{Catalog, FieldKind, Module, Schemas},
    protocol::{
        CompanySort, ContactSort, DealFilter, DealSort, ListSpec, Rows, Scope, Slice, SortWay, WindowReply,
    },
    sandbox,
    store::{Mirror, Place},
    sync,
};
use jiff::Timestamp;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows of a window that a pane asks for.
const WINDOW: u32 = 120;

/// Records that a fill takes in at once.
const PIECE: usize = 1_000;

const MODULES: [Module; 7] = [
    Module::Pipelines,
    Module::Contacts,
    Module::Accounts,
    Module::Notes,
    Module::Tasks,
    Module::Events,
    Module::Calls,
];

fn main() -> Outcome<()> {
    // `cargo bench` passes a flag of its own.
    let deals = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir()?;
    let place = Place::File(folder.path().join("mirror.sqlite"));
    let mut out = io::stdout().lock();
    let network = tokio::runtime::Runtime::new()?;
    let mut mirror = Mirror::open(&place)?;
    let catalog = network.block_on(fill(&mut mirror, deals, &mut out))?;
    drop(network);
    drop(mirror);

    let begun = Watch::start();
    let mut mirror = Mirror::open(&place)?;
    let scope = Scope { pipeline: catalog.pipelines[0].id.clone(), sub_pipeline: None };
    let now = Timestamp::now();
    let moment = mirror.moment(now);
    mirror.board(&scope, &DealFilter::default(), 40, &moment)?;
    told(&mut out, "open, and read the board", begun.elapsed())?;
    let begun = Watch::start();
    mirror.board(&scope, &DealFilter::default(), 40, &moment)?;
    told(&mut out, "board again", begun.elapsed())?;
    lists(&mut mirror, &scope, now, &mut out)?;
    search(&mut mirror, &mut out)?;
    queries(&mirror, &catalog, now, &mut out)?;
    let size = fs::metadata(folder.path().join("mirror.sqlite"))?.len();
    writeln!(out, "{} MB on disk", size / 1_000_000)?;
    Ok(())
}

fn told(out: &mut impl Write, what: &str, took: Took) -> io::Result<()> {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    writeln!(out, "{what:<60}{:>10.3} ms, {:>9.3} of a processor", ms(took.clock), ms(took.processor))
}

/// How long something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    /// Of this thread.
    processor: Duration,
    clock: Duration,
}

impl Took {
    fn plus(self, other: Self) -> Self {
        Self { processor: self.processor + other.processor, clock: self.clock + other.clock }
    }
}

struct Watch {
    processor: Duration,
    clock: Instant,
}

impl Watch {
    fn start() -> Self {
        Self { processor: on_processor(), clock: Instant::now() }
    }

    fn elapsed(&self) -> Took {
        let clock = self.clock.elapsed();
        Took { processor: on_processor().saturating_sub(self.processor), clock }
    }
}

/// How long this thread has run; nothing where the system does not tell.
fn on_processor() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ran = told.split(' ').next().and_then(|ran| ran.parse().ok());
    Duration::from_nanos(ran.unwrap_or(0))
}

/// Takes every record of a new organisation in.
async fn fill(mirror: &mut Mirror, deals: u32, out: &mut impl Write) -> Outcome<Catalog> {
    let server = sandbox::start(sandbox::Options { deals, ..sandbox::Options::default() }).await?;
    server.ready().await?;
    let credentials = Credentials {
        app: AppKey { id: server.client_id.clone(), secret: server.client_secret.clone().into() },
        refresh_token: server.refresh_token.clone().into(),
        accounts: server.url.clone(),
        api_domain: server.url.clone(),
    };
    let client = Client::new(credentials, Limits::new(None, Clock::system()), Options::default());
    let catalog = sync::catalog(&client).await?;
    let now = client.clock().now();
    mirror.set_catalog(catalog.clone(), now)?;
    mirror.delay_texts()?;
    // What is on the screen while records come in has its indexes.
    let scope = Scope { pipeline: catalog.pipelines[0].id.clone(), sub_pipeline: None };
    let moment = mirror.moment(now);
    mirror.board(&scope, &DealFilter::default(), 40, &moment)?;
    let (mut all, mut asked, mut taken) = (0, Took::default(), Took::default());
    for module in MODULES {
        let (mut rows, mut fetching, mut storing) = (0, Took::default(), Took::default());
        let mut longest = Took::default();
        // A walk by token ends after this many records; the rest is walked from the other end.
        const LONGEST: usize = 100_000;
        let oldest_first = Sort { by: SortBy::Id, order: Order::Ascending };
        for sort in [None, Some(oldest_first)] {
            let query = ListQuery { sort, ..ListQuery::of(fields(&catalog, module)) };
            let (mut pages, mut walked) = (client.pages(module, query), 0);
            while walked < LONGEST {
                let begun = Watch::start();
                let mut records = Vec::new();
                while records.len() < PIECE
                    && let Some(page) = pages.next().await?
                {
                    records.extend(page.rows.into_iter().map(|record| record.into_fields()));
                }
                fetching = fetching.plus(begun.elapsed());
                if records.is_empty() {
                    break;
                }
                let begun = Watch::start();
                walked += mirror.apply(module, &records, None, now)?.records;
                let took = begun.elapsed();
                (storing, longest) = (storing.plus(took), longest.max(took));
            }
            rows += walked;
            if walked < LONGEST {
                break;
            }
        }
        rate(out, &format!("{rows} {}", module.plural().to_lowercase()), rows, fetching, storing)?;
        told(out, "  longest piece of them", longest)?;
        (all, asked, taken) = (all + rows, asked.plus(fetching), taken.plus(storing));
    }
    rate(out, &format!("{all} records"), all, asked, taken)?;
    let begun = Watch::start();
    let mut longest = Took::default();
    loop {
        let piece = Watch::start();
        let more = mirror.index_texts(250, now)?;
        longest = longest.max(piece.elapsed());
        if !more {
            break;
        }
    }
    told(out, "text indexes", begun.elapsed())?;
    told(out, "  longest piece of them", longest)?;
    Ok(catalog)
}

fn rate(out: &mut impl Write, what: &str, rows: usize, asked: Took, taken: Took) -> io::Result<()> {
    let per_second = |took: Duration| rows as f64 / took.as_secs_f64();
    writeln!(
        out,
        "{what:<20} stored at {:6.0} a second, {:6.0} of a processor; fetched at {:6.0} and {:6.0}",
        per_second(taken.clock),
        per_second(taken.processor),
        per_second(asked.clock),
        per_second(asked.processor)
    )
}

fn fields(catalog: &Catalog, module: Module) -> Vec<String> {
    if module == Module::Notes {
        return bigin::api::NOTE_FIELDS.iter().map(|name| (*name).to_owned()).collect();
    }
    let fields = catalog.schema(module.api_name()).map_or(&[][..], |schema| &schema.fields);
    let known = fields.iter().filter(|field| field.kind != FieldKind::ProfileImage);
    known.take(50).map(|field| field.api_name.clone()).collect()
}

/// Windows of every list, each after something changed and again.
fn lists(mirror: &mut Mirror, scope: &Scope, now: Timestamp, out: &mut impl Write) -> Outcome<()> {
    let deals =
        |sort, filter| ListSpec::Deals { scope: scope.clone(), filter, sort, way: SortWay::Ascending };
    let open = || DealFilter { open_only: true, ..DealFilter::default() };
    let words = |text: &str| DealFilter { text: text.to_owned(), ..open() };
    let lists = [
        ("deals by closing date", deals(DealSort::Closing, DealFilter::default())),
        ("deals by name", deals(DealSort::Name, DealFilter::default())),
        ("deals by amount", deals(DealSort::Amount, DealFilter::default())),
        ("deals by stage", deals(DealSort::Stage, DealFilter::default())),
        ("deals by change", deals(DealSort::Modified, DealFilter::default())),
        ("open deals", deals(DealSort::Closing, open())),
        ("open deals of mine", deals(DealSort::Closing, DealFilter { mine: true, ..open() })),
        (
            "open deals without a next step",
            deals(DealSort::Closing, DealFilter { no_next_step: true, ..open() }),
        ),
        ("open deals overdue", deals(DealSort::Closing, DealFilter { overdue: true, ..open() })),
        ("open deals, `a`", deals(DealSort::Closing, words("a"))),
        ("open deals, `re`", deals(DealSort::Closing, words("re"))),
        ("open deals, `ref`", deals(DealSort::Closing, words("ref"))),
        ("open deals, `refit`", deals(DealSort::Closing, words("refit"))),
        (
            "contacts",
            ListSpec::Contacts { text: String::new(), sort: ContactSort::Name, way: SortWay::Ascending },
        ),
        (
            "companies",
            ListSpec::Companies { text: String::new(), sort: CompanySort::Name, way: SortWay::Ascending },
        ),
        ("notes", ListSpec::Notes { text: String::new() }),
        ("notes, `price`", ListSpec::Notes { text: "price".to_owned() }),
    ];
    for (name, list) in &lists {
        let moment = mirror.moment(now);
        let begun = Watch::start();
        let window = mirror.window(list, &Slice::Start, WINDOW, &moment)?;
        let first = begun.elapsed();
        let begun = Watch::start();
        mirror.summary(list, &moment)?;
        let figures = begun.elapsed();
        let mut longest = Took::default();
        for slice in slices(&window) {
            let begun = Watch::start();
            mirror.window(list, &slice, WINDOW, &moment)?;
            longest = longest.max(begun.elapsed());
        }
        told(out, &format!("{name}: first window of {}", window.total), first)?;
        told(out, "  figures", figures)?;
        told(out, "  slowest other window", longest)?;
    }
    Ok(())
}

/// Everywhere that keys go from a first window.
fn slices(window: &WindowReply) -> Vec<Slice> {
    let (last, count) = match &window.rows {
        Rows::Deals(rows) => (rows.last().map(|row| row.id.clone()), rows.len()),
        Rows::Contacts(rows) => (rows.last().map(|row| row.id.clone()), rows.len()),
        Rows::Companies(rows) => (rows.last().map(|row| row.id.clone()), rows.len()),
        Rows::Notes(rows) => (rows.last().map(|row| row.id.clone()), rows.len()),
    };
    let mut slices = vec![Slice::Start, Slice::End, Slice::At(window.total / 3)];
    if let Some(id) = last {
        let ordinal = window.first + count as u64 - 1;
        slices.push(Slice::After { id: id.clone(), ordinal });
        slices.push(Slice::Before { id, ordinal });
    }
    slices
}

/// The search over everything, key by key.
fn search(mirror: &mut Mirror, out: &mut impl Write) -> Outcome<()> {
    for text in ["northwind", "marta", "refit and fit-out", "a b c"] {
        let mut longest = (Took::default(), String::new());
        let mut all = Took::default();
        let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        for end in &ends {
            let begun = Watch::start();
            mirror.find(&text[..*end], 20)?;
            let took = begun.elapsed();
            all = all.plus(took);
            longest = longest.max((took, text[..*end].to_owned()));
        }
        let keys = u32::try_from(ends.len()).unwrap_or(1);
        let mean = Took { processor: all.processor / keys, clock: all.clock / keys };
        told(out, &format!("find `{text}`: a key"), mean)?;
        told(out, &format!("  the slowest, `{}`", longest.1), longest.0)?;
    }
    Ok(())
}

/// Queries that the server cannot compute.
fn queries(mirror: &Mirror, catalog: &Catalog, now: Timestamp, out: &mut impl Write) -> Outcome<()> {
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let context = Context::of(catalog, now);
    let means = Means { run_on: RunOn::Mirror, mirror_age: Some(0), ..Means::default() };
    for text in [
        "select Stage, count(*), sum(Amount) from Deals group by Stage",
        "select Owner, Stage, count(*), sum(Amount) from Deals where Stage = $open group by Owner, Stage",
        "select Account_Name, sum(Amount) as total from Deals group by Account_Name order by total desc limit 20",
    ] {
        let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
        let plan = coql::plan(&statement, &schemas, &context, &means).map_err(|said| format!("{said:?}"))?;
        let begun = Watch::start();
        mirror.compute(&plan.local)?;
        writeln!(out, "{text}")?;
        told(out, "  first", begun.elapsed())?;
        let begun = Watch::start();
        mirror.compute(&plan.local)?;
        told(out, "  again", begun.elapsed())?;
    }
    Ok(())
}
