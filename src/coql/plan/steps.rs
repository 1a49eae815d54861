//! What runs where, in words.

use super::{
    super::{
        bind::{Bound, Term},
        check::Function,
        limits::{MAX_LIMIT, MAX_REACH},
        tree::Direction,
    },
    Means,
    cost::Cost,
    fetch::Fetch,
};

/// Credits that reading a module in bulk costs, whatever its size.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
const BULK_READ: u64 = 50;

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who does it.
    pub place: StepPlace,
    /// What it is, such as "group by Stage".
    pub words: String,
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepPlace {
    /// Bigin.
    Server,
    /// SQLite, over the rows that Bigin sent.
    Local,
    /// SQLite, over the mirror.
    Mirror,
}

pub(super) fn mirrored(bound: &Bound, condition: Option<&Term>, means: &Means) -> Vec<Step> {
    let age = means.mirror_age.unwrap_or(0);
    let mut words = vec![format!("read {} in the mirror, {age} s old", bound.module)];
    words.extend(condition.map(|condition| filtered(&[condition])));
    words.extend(finishing(bound));
    words.into_iter().map(|words| Step { place: StepPlace::Mirror, words }).collect()
}

pub(super) fn fetched(
    bound: &Bound,
    parts: &[Term],
    fetches: &[Fetch],
    exact: bool,
    finished: bool,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut server = |words: String| steps.push(Step { place: StepPlace::Server, words });
    for fetch in fetches.iter().take(1) {
        server(format!("fetch {} {}", fetch.module, fetch.query_words()));
    }
    let tables = fetches.iter().map(|fetch| fetch.table + 1).max().unwrap_or(1);
    let slices = fetches.len() / tables;
    if slices > 1 {
        server(format!("in {slices} slices of the long list"));
    }
    if tables > 1 {
        server(format!(
            "{tables} times, for other columns each time: one call takes 50 columns and 2 lookups"
        ));
    }
    if fetches.iter().all(Fetch::by_id)
        && fetches.iter().any(|fetch| fetch.limit.is_none_or(|most| most > MAX_REACH))
    {
        server(format!("page by page of {MAX_LIMIT}; beyond row {MAX_REACH} on from the last id"));
    }
    let mut local = |words: String| steps.push(Step { place: StepPlace::Local, words });
    if !exact {
        local(filtered(&parts.iter().collect::<Vec<_>>()));
    }
    if !finished {
        finishing(bound).into_iter().for_each(&mut local);
    } else if bound.offset > 0 && fetches.iter().all(Fetch::by_id) {
        local(format!("skip {} rows", bound.offset));
    }
    steps
}

impl Fetch {
    /// The condition and order as they are sent.
    fn query_words(&self) -> String {
        let text = self.query(None, self.offset, self.limit.unwrap_or(MAX_LIMIT).min(MAX_LIMIT)).to_string();
        let at = text.find(" where ").map_or(text.len(), |at| at + 1);
        let end = text.rfind(" limit ").unwrap_or(text.len());
        text.get(at..end).unwrap_or_default().to_owned()
    }
}

/// Fields by which rows are filtered here.
fn filtered(parts: &[&Term]) -> String {
    let mut paths: Vec<&str> = Vec::new();
    for cell in parts.iter().flat_map(|part| part.cells()) {
        if !paths.contains(&cell.path.as_str()) {
            paths.push(&cell.path);
        }
    }
    format!("filter by {}", if paths.is_empty() { "the condition".to_owned() } else { paths.join(", ") })
}

fn finishing(bound: &Bound) -> Vec<String> {
    let mut words = Vec::new();
    let name = |term: &Term| match term {
        Term::Cell(cell) => cell.path.clone(),
        other => {
            let output = bound.outputs.iter().find(|output| output.term == *other);
            output.map_or_else(|| "an expression".to_owned(), |output| output.key.clone())
        }
    };
    if !bound.group.is_empty() {
        words.push(format!("group by {}", bound.group.iter().map(name).collect::<Vec<_>>().join(", ")));
    }
    let mut functions: Vec<&str> = Vec::new();
    for output in &bound.outputs {
        for function in over_rows(&output.term) {
            let function: &str = function.into();
            if !functions.contains(&function) {
                functions.push(function);
            }
        }
    }
    if !functions.is_empty() {
        words.push(functions.join(", "));
    }
    if bound.having.is_some() {
        words.push("keep the groups that having asks for".to_owned());
    }
    if !bound.order.is_empty() {
        let keys = bound.order.iter().map(|(term, direction)| match direction {
            Direction::Ascending => name(term),
            Direction::Descending => format!("{} desc", name(term)),
        });
        words.push(format!("sort by {}", keys.collect::<Vec<_>>().join(", ")));
    }
    if let Some(limit) = bound.limit {
        words.push(format!("keep {limit} rows"));
    }
    if bound.offset > 0 {
        words.push(format!("skip {} rows", bound.offset));
    }
    words
}

fn over_rows(term: &Term) -> Vec<Function> {
    match term {
        Term::Aggregate { function, .. } => vec![*function],
        other => other.children().into_iter().flat_map(over_rows).collect(),
    }
}

pub(super) fn alternatives(cost: &Cost, means: &Means) -> Vec<String> {
    let mut ways = Vec::new();
    if let Some(age) = means.mirror_age {
        ways.push(format!("from the mirror: 0 credits, {age} s old"));
    }
    if cost.credits.number().is_some_and(|credits| credits > BULK_READ) {
        ways.push(format!("by bulk read: {BULK_READ} credits, ready after some minutes"));
    }
    ways
}
