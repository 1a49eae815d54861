//! Questions that one or two rows answer, so that no module is read from end to end.

use super::{
    super::{
        bind::{Bound, Cell, Output, Term},
        check::{Function, Param},
        tree::Direction,
    },
    Means, Plan,
    cost::{Cost, Rows},
    fetch::Fetch,
    fetching::fetching,
    local::{Local, LocalColumn},
    steps::{Step, StepPlace},
};
use crate::domain::Shape;

/// Functions over rows that are answered in this way at most.
const MOST: usize = 5;

/// The plan of a statement that asks only how many records there are, or only for the smallest or largest
/// values of fields.
pub(super) fn shortcut(bound: &Bound, parts: &[Term], means: &Means) -> Option<Plan> {
    let plain = bound.grouped
        && bound.group.is_empty()
        && bound.having.is_none()
        && bound.offset == 0
        && bound.limit != Some(0);
    if !plain {
        return None;
    }
    counted(bound, parts, means).or_else(|| extremes(bound, parts, means))
}

fn counted(bound: &Bound, parts: &[Term], means: &Means) -> Option<Plan> {
    let is_count = |output: &Output| {
        matches!(output.term, Term::Aggregate { function: Function::Count, argument: None, .. })
    };
    let count = means.counted.module.filter(|_| parts.is_empty() && bound.outputs.iter().all(is_count))?;
    let number = Param::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let selected = vec!["?1"; bound.outputs.len()].join(", ");
    let local = local(bound, format!("SELECT {selected}"), vec![number]);
    let words = format!("count the records of {}", bound.module);
    let steps = vec![Step { place: StepPlace::Server, words }];
    Some(plan(bound, Vec::new(), local, steps, means))
}

fn extremes(bound: &Bound, parts: &[Term], means: &Means) -> Option<Plan> {
    if bound.outputs.is_empty() || bound.outputs.len() > MOST {
        return None;
    }
    let (mut fetches, mut selected, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for (table, output) in bound.outputs.iter().enumerate() {
        let Term::Aggregate { function, argument: Some(argument), .. } = &output.term else { return None };
        let Term::Cell(cell) = &**argument else { return None };
        let (direction, word) = match function {
            Function::Min => (Direction::Ascending, "smallest"),
            Function::Max => (Direction::Descending, "largest"),
            _ => return None,
        };
        let fetch = first(bound, parts, cell, direction, means)?;
        // The id comes with every row.
        let column = if fetch.columns.len() == 1 { "id" } else { "c1" };
        selected.push(format!("(SELECT {column} FROM r{table})"));
        steps.push(Step {
            place: StepPlace::Server,
            words: format!("fetch the row with the {word} {}", cell.path),
        });
        fetches.push(Fetch { table, ..fetch });
    }
    let local = local(bound, format!("SELECT {}", selected.join(", ")), Vec::new());
    Some(plan(bound, fetches, local, steps, means))
}

/// A fetch of the one row whose value of `cell` is the first in `direction`.
fn first(bound: &Bound, parts: &[Term], cell: &Cell, direction: Direction, means: &Means) -> Option<Fetch> {
    let ordered = matches!(
        cell.source.shape,
        Shape::Whole | Shape::Digits | Shape::Number | Shape::Date | Shape::Instant
    );
    if !ordered {
        return None;
    }
    let term = Term::Cell(cell.clone());
    let one = Bound {
        outputs: vec![Output { key: cell.path.clone(), term: term.clone() }],
        grouped: false,
        order: vec![(term.clone(), direction)],
        limit: Some(1),
        ..bound.clone()
    };
    let mut parts = parts.to_vec();
    parts.push(Term::Null { operand: Box::new(term), negated: true });
    let mut fetching = fetching(&one, &parts, &[], &means.refused)?;
    let alone = fetching.exact && fetching.finished && fetching.fetches.len() == 1;
    fetching.fetches.pop().filter(|_| alone)
}

fn local(bound: &Bound, sql: String, params: Vec<Param>) -> Local {
    let columns = bound.outputs.iter().map(|output| LocalColumn {
        name: output.key.clone(),
        shape: output.term.shape(),
        kind: None,
        field: None,
        named: None,
    });
    Local { sql, params, columns: columns.collect(), id: None }
}

fn plan(bound: &Bound, fetches: Vec<Fetch>, local: Local, steps: Vec<Step>, means: &Means) -> Plan {
    let calls = fetches.len() as u64;
    let rounds = calls.div_ceil(u64::from(means.parallel.max(1)));
    let cost = Cost {
        rows: Rows::AtMost(calls),
        credits: Rows::Exactly(calls),
        millis: Some(rounds * u64::from(means.latency_ms)),
    };
    Plan {
        module: bound.module.clone(),
        mirror: false,
        fetches,
        local,
        steps,
        cost,
        counts_first: false,
        alternatives: Vec::new(),
    }
}
