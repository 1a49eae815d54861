//! How a statement is run: what the server can do, what is left for SQLite, what it costs.
//!
//! The server is asked in Bigin's documented language only, and every call passes
//! [`check`](super::check) under [`Dialect::STRICT`](super::Dialect::STRICT). What that language lacks is
//! computed over the rows that were fetched: first everything is asked that narrows them down, then SQLite
//! filters by the rest, groups, sorts and cuts. With a mirror the same SQL runs over its tables.

mod cost;
mod fetch;
mod fetching;
mod local;
mod normal;
mod push;
mod shortcut;
mod steps;
mod walk;
mod zone;

use super::{
    bind::{Bound, Cell, Term, bind, canonical},
    context::Context,
    diagnostic::Diagnostic,
    lower::quoted,
    resolve::{Resolver, Table, is_related},
    span::Spanned,
    statement::Statement,
    tree::{Column, Connective},
};
use crate::domain::{Schemas, Shape};

pub use cost::{Cost, Rows};
pub use fetch::{Fetch, FetchColumn};
pub use local::{Local, LocalColumn};
pub use steps::{Step, StepPlace};
pub use walk::{PageCall, Walk};

use fetching::{Fetching, fetching};
use local::{Rest, Tables};

/// Where a statement should run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RunOn {
    /// The server; costs credits, and is true now.
    Server,
    /// The mirror; free, and as old as the last sync.
    Mirror,
    /// The mirror where there is one, else the server.
    #[default]
    Auto,
}

/// What there is to run a statement with.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// Where it should run.
    pub run_on: RunOn,
    /// Age of the mirror in seconds, if there is one that is complete.
    pub mirror_age: Option<u64>,
    /// Records of the module in all, and of those that the server would send, if they were counted.
    pub counted: Counted,
    /// Paths of fields by which the server refused to filter.
    pub refused: Vec<String>,
    /// Calls that may be in flight at once.
    pub parallel: u32,
    /// How long one call takes, milliseconds.
    pub latency_ms: u32,
}

/// What is known of the number of rows before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Records of the module, by the server's count.
    pub module: Option<u64>,
    /// Records that pass the condition, by the mirror.
    pub matching: Option<u64>,
}

impl Default for Means {
    fn default() -> Self {
        let counted = Counted::default();
        Self {
            run_on: RunOn::Server,
            mirror_age: None,
            counted,
            refused: Vec::new(),
            parallel: 5,
            latency_ms: 350,
        }
    }
}

/// How a statement is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    mirror: bool,
    /// API name of the module that is read.
    pub module: String,
    /// What is asked of the server; nothing when the mirror is read.
    pub fetches: Vec<Fetch>,
    /// What SQLite does, over the tables that the fetches fill (`r0`, `r1` and so on, with the columns `id`,
    /// `n` for the place of a row among those of its fetch, `c1`, `c2` and so on), or over the mirror.
    pub local: Local,
    /// What runs where, in words.
    pub steps: Vec<Step>,
    /// What it costs.
    pub cost: Cost,
    /// Whether every record of the module is fetched, so that counting them first tells the cost for one
    /// credit.
    pub counts_first: bool,
    /// Other ways to the same answer, in words.
    pub alternatives: Vec<String>,
}

impl Plan {
    /// Whether the mirror is read and nothing is asked of the server.
    #[must_use]
    pub fn on_mirror(&self) -> bool {
        self.mirror
    }
}

/// Plans `statement`.
///
/// # Errors
/// What is wrong with it, at least one of them an error; or that it cannot run where it should.
pub fn plan(
    statement: &Statement,
    schemas: &Schemas,
    context: &Context,
    means: &Means,
) -> Result<Plan, Vec<Diagnostic>> {
    let (bound, mut diagnostics) = bind(statement, schemas, context);
    let Some(mut bound) = bound else {
        // What only lacks a value while typing keeps the statement from running.
        diagnostics.iter_mut().for_each(|said| said.severity = super::Severity::Error);
        return Err(diagnostics);
    };
    // No two records share an id: what they are sorted by behind it changes nothing.
    let id = bound.order.iter().position(|(term, _)| matches!(term, Term::Cell(cell) if cell.path == "id"));
    if let Some(id) = id.filter(|_| !bound.grouped) {
        bound.order.truncate(id + 1);
    }
    let condition = bound.condition.as_ref().map(normal::normal);
    let parts = condition.map(normal::conjuncts).unwrap_or_default();
    let (names, tables) = names(&bound, schemas);
    let server = fetching(&bound, &parts, &names, &means.refused);
    let refused = |message: &str| {
        let place = statement.module.as_ref().map_or(0..0, |module| module.span.clone());
        vec![Diagnostic::error(place, message)]
    };
    let on_mirror = match (means.run_on, means.mirror_age, &server) {
        (RunOn::Server, _, Some(_)) => false,
        (RunOn::Mirror, Some(_), _) | (RunOn::Auto, Some(_), _) => true,
        (RunOn::Auto, None, Some(_)) => false,
        (RunOn::Mirror, None, _) => return Err(refused("there is no whole mirror to read yet")),
        (_, _, None) => {
            return Err(refused(
                "the server cannot show this: it reads a field that COQL has not, or one behind three lookups",
            ));
        }
    };
    let all = normal::logic(Connective::And, parts.clone());
    let all = (!parts.is_empty()).then_some(&all);
    let shortcut = if on_mirror { None } else { shortcut::shortcut(&bound, &parts, means) };
    let planned = if shortcut.is_some() {
        shortcut
    } else if on_mirror {
        mirrored(&bound, all, (&names, &tables), schemas, context, means)
    } else {
        server.and_then(|fetching| fetched(&bound, (all, &parts), &names, fetching, context, means))
    };
    planned.ok_or_else(|| refused("the names of the team pipelines are not known yet"))
}

/// Fields with the names of what selected references point to, and the tables that they need.
fn names(bound: &Bound, schemas: &Schemas) -> (Vec<Cell>, Vec<Table>) {
    let Some(base) = schemas.get(&bound.module) else { return (Vec::new(), bound.tables.clone()) };
    let mut resolver = Resolver::new(schemas, base);
    resolver.tables = bound.tables.clone();
    let mut names = Vec::new();
    for output in &bound.outputs {
        let Term::Cell(cell) = &output.term else { continue };
        if cell.source.shape != Shape::Reference || cell.source.layout {
            continue;
        }
        let path = canonical(schemas, base, &format!("{}.name", cell.path));
        if let Ok(source) = resolver.column(&Spanned::from(Column::of(&path))) {
            names.push(Cell { path, source });
        }
    }
    (names, resolver.tables)
}

/// The field among `names` that names what `cell` points to.
fn name_of(names: &[Cell], cell: &Cell) -> Option<Cell> {
    let lead = format!("{}.", cell.path);
    let is_name = |name: &&Cell| name.path.strip_prefix(&lead).is_some_and(|rest| !rest.contains('.'));
    names.iter().find(is_name).cloned().filter(|_| cell.source.shape == Shape::Reference)
}

fn mirrored(
    bound: &Bound,
    condition: Option<&Term>,
    (names, tables): (&[Cell], &[Table]),
    schemas: &Schemas,
    context: &Context,
    means: &Means,
) -> Option<Plan> {
    let alias = |table: usize| if table == 0 { "t".to_owned() } else { format!("t{table}") };
    // The lookup of activities to several modules is kept as it came.
    let held = |module: &str, column: &str, own: String| {
        let related = schemas.get(module).and_then(|schema| schema.field(column)).is_some_and(is_related);
        let column = format!("{own}.{}", quoted(column));
        if related { format!("json_extract({column}, '$.id')") } else { column }
    };
    let mut from = String::new();
    for (index, table) in tables.iter().enumerate() {
        let (name, own) = (quoted(&table.module), alias(index));
        if index == 0 {
            from = format!("{name} AS {own}");
        } else {
            let via = held(&tables[table.from].module, &table.via, alias(table.from));
            from.push_str(&format!(" LEFT JOIN {name} AS {own} ON {own}.\"id\" = {via}"));
        }
    }
    let cell = |cell: &Cell| {
        let own = alias(cell.source.table);
        Some(match cell.source.column.as_str() {
            "id" => format!("{own}.\"$row\""),
            column => held(&tables[cell.source.table].module, column, own),
        })
    };
    let own = Tables { from, cell: &cell, id: "t.\"$row\"", layouts: true };
    let rest = Rest {
        condition,
        arrival: None,
        limit: bound.limit,
        offset: bound.offset,
        names: &|cell| name_of(names, cell),
    };
    let local = local::write(bound, &rest, &own, context)?;
    let rows = means.counted.matching.map_or(Rows::Unknown, Rows::Exactly);
    Some(Plan {
        module: bound.module.clone(),
        mirror: true,
        fetches: Vec::new(),
        steps: steps::mirrored(bound, condition, means),
        local,
        cost: Cost { rows, credits: Rows::Exactly(0), millis: Some(0) },
        counts_first: false,
        alternatives: Vec::new(),
    })
}

fn fetched(
    bound: &Bound,
    (condition, parts): (Option<&Term>, &[Term]),
    names: &[Cell],
    fetching: Fetching,
    context: &Context,
    means: &Means,
) -> Option<Plan> {
    let Fetching { fetches, tables, exact, finished } = fetching;
    let mut from = "r0".to_owned();
    (1..tables.len()).for_each(|table| from.push_str(&format!(" LEFT JOIN r{table} ON r{table}.id = r0.id")));
    let cell = |cell: &Cell| {
        if cell.path == "id" {
            return Some("r0.id".to_owned());
        }
        let place = |(table, cells): (usize, &Vec<Cell>)| {
            let at = cells.iter().position(|known| known.path == cell.path)?;
            Some(format!("r{table}.c{}", at + 1))
        };
        tables.iter().enumerate().find_map(place)
    };
    let own = Tables { from, cell: &cell, id: "r0.id", layouts: false };
    let sorted = finished && !fetches.iter().all(Fetch::by_id);
    let rest = Rest {
        condition: condition.filter(|_| !exact),
        arrival: sorted.then_some("r0.n"),
        limit: bound.limit,
        offset: if sorted { 0 } else { bound.offset },
        names: &|cell| name_of(names, cell).filter(|name| tables.iter().flatten().any(|known| known == name)),
    };
    let local = local::write(bound, &rest, &own, context)?;
    let narrowed = fetches.iter().any(|fetch| fetch.condition.is_some());
    let rows = match (means.counted.matching, means.counted.module) {
        (_, Some(all)) if !narrowed => Rows::Exactly(all),
        (Some(matching), _) if exact => Rows::About(matching),
        (_, Some(all)) => Rows::AtMost(all),
        _ => Rows::Unknown,
    };
    let cost = cost::cost(&fetches, rows, means.parallel, means.latency_ms);
    let counts_first =
        !narrowed && means.counted.module.is_none() && fetches.iter().all(|fetch| fetch.limit.is_none());
    Some(Plan {
        module: bound.module.clone(),
        mirror: false,
        steps: steps::fetched(bound, parts, &fetches, exact, finished),
        alternatives: steps::alternatives(&cost, means),
        local,
        cost,
        counts_first,
        fetches,
    })
}
