//! Which calls a statement needs.

use std::collections::BTreeSet;

use super::{
    super::{
        bind::{Bound, Cell, Term},
        limits::{MAX_COLUMNS, MAX_CRITERIA, MAX_IN_VALUES, MAX_JOINS, MAX_ORDER, MAX_REACH},
        span::Spanned,
        tree::{Column, Condition, Direction, SortItem},
    },
    fetch::{Fetch, FetchColumn},
    push::{May, Pushed, longest_list, push, relations},
};
use crate::domain::Shape;

/// Criteria of a walk: one is kept for going on behind a record.
const CRITERIA: usize = MAX_CRITERIA - 1;

/// Values of one list that are asked for in one walk.
const LIST_OF_A_WALK: usize = 4 * MAX_IN_VALUES;

/// How a statement is fetched.
#[derive(Debug)]
pub(super) struct Fetching {
    pub fetches: Vec<Fetch>,
    /// Cells of each gathered table.
    pub tables: Vec<Vec<Cell>>,
    /// The server tests the whole condition.
    pub exact: bool,
    /// Rows come in the statement's order, cut by its limit.
    pub finished: bool,
}

/// What is to be fetched.
struct Wish<'a> {
    bound: &'a Bound,
    parts: &'a [Term],
    names: &'a [Cell],
    refused: &'a [String],
}

/// A way to push the condition, with the groups of cells that one call can select.
struct Way {
    pushed: Pushed,
    groups: Vec<Vec<Cell>>,
}

/// Plans the fetches of `bound`, whose condition is `parts`. `names` are fields that would be nice to have,
/// `refused` those that the server does not filter by. None when it cannot give what is needed.
pub(super) fn fetching(
    bound: &Bound,
    parts: &[Term],
    names: &[Cell],
    refused: &[String],
) -> Option<Fetching> {
    let wish = Wish { bound, parts, names, refused };
    // What the server sorts by need not be fetched.
    let unsorted = wish.planned(false).filter(|fetching| fetching.finished);
    unsorted.or_else(|| wish.planned(true))
}

impl Wish<'_> {
    /// With the fields that rows are sorted by, or without.
    fn planned(&self, keys: bool) -> Option<Fetching> {
        let bound = self.bound;
        let Way { pushed, groups } = self.ways(keys).into_iter().max_by_key(|way| {
            (way.pushed.exact, criteria(&way.pushed), std::cmp::Reverse(way.groups.len()))
        })?;
        let through = used(&pushed.condition);
        let mut slices: Vec<Option<Condition>> = Vec::new();
        for parts in self.slices() {
            let condition = self.push(&parts, &through).condition;
            // A list that the server cannot test slices nothing.
            if !slices.contains(&condition) {
                slices.push(condition);
            }
        }
        let whole = pushed.exact && slices.len() == 1;
        let (order, finished) = server_order(bound, &through, &groups, whole);
        let limit = bound.limit.filter(|_| finished);
        let limit =
            limit.map(|limit| if order.is_empty() { limit.saturating_add(bound.offset) } else { limit });
        let mut fetches = Vec::new();
        for (table, cells) in groups.iter().enumerate() {
            for condition in &slices {
                fetches.push(Fetch {
                    module: bound.module.clone(),
                    table,
                    columns: columns(cells),
                    offset: if finished && !order.is_empty() { bound.offset } else { 0 },
                    limit,
                    condition: condition.clone(),
                    order: order.clone(),
                });
            }
        }
        Some(Fetching { fetches, tables: groups, exact: pushed.exact, finished })
    }

    fn push(&self, parts: &[Term], through: &BTreeSet<String>) -> Pushed {
        push(parts, &May { through, refused: self.refused, most: CRITERIA })
    }

    /// Ways to push the condition through different lookups.
    fn ways(&self, keys: bool) -> Vec<Way> {
        let paths: BTreeSet<String> =
            self.parts.iter().flat_map(Term::cells).flat_map(|cell| relations(&cell.path)).collect();
        let closed = |path: &String| relations(&format!("{path}.")).collect::<BTreeSet<_>>();
        let mut ways: Vec<BTreeSet<String>> = vec![BTreeSet::new()];
        for first in &paths {
            ways.push(closed(first));
            ways.extend(paths.iter().map(|second| closed(first).union(&closed(second)).cloned().collect()));
        }
        ways.retain(|way| way.len() <= MAX_JOINS);
        ways.sort();
        ways.dedup();
        ways.into_iter().filter_map(|through| self.way(&through, keys)).collect()
    }

    fn way(&self, through: &BTreeSet<String>, keys: bool) -> Option<Way> {
        // A list that is asked for in slices counts as one slice.
        let pushed = self.push(&self.slices().into_iter().next()?, through);
        let through = used(&pushed.condition);
        let needed = needed(self.bound, self.parts, pushed.exact, keys);
        let groups = packed(&needed, &through)?;
        let nice: Vec<Cell> = needed.iter().chain(self.names).cloned().collect();
        let groups = packed(&nice, &through).filter(|nice| nice.len() == groups.len()).unwrap_or(groups);
        Some(Way { pushed, groups })
    }

    /// The condition with slices of its longest list.
    fn slices(&self) -> Vec<Vec<Term>> {
        match longest_list(self.parts, LIST_OF_A_WALK) {
            Some(at) => sliced(self.parts, at),
            None => vec![self.parts.to_vec()],
        }
    }
}

fn criteria(pushed: &Pushed) -> usize {
    pushed.condition.as_ref().map_or(0, |condition| condition.criteria().len())
}

fn used(condition: &Option<Condition>) -> BTreeSet<String> {
    let criteria = condition.iter().flat_map(Condition::criteria);
    criteria.flat_map(|criterion| relations(&criterion.column.path).collect::<Vec<_>>()).collect()
}

/// Cells that the local part reads; those that it sorts by only with `keys`.
fn needed(bound: &Bound, parts: &[Term], exact: bool, keys: bool) -> Vec<Cell> {
    let outputs = bound.outputs.iter().map(|output| &output.term);
    let order = bound.order.iter().filter(|_| keys).map(|(term, _)| term);
    let tests = parts.iter().filter(|_| !exact);
    let terms = outputs.chain(&bound.group).chain(&bound.having).chain(order).chain(tests);
    let mut cells: Vec<Cell> = Vec::new();
    for cell in terms.flat_map(Term::cells) {
        if !cells.contains(cell) {
            cells.push(cell.clone());
        }
    }
    cells
}

/// `cells` in groups that one call can select beside the lookups of its condition; the id is in every group.
fn packed(cells: &[Cell], through: &BTreeSet<String>) -> Option<Vec<Vec<Cell>>> {
    let mut groups: Vec<(BTreeSet<String>, Vec<Cell>)> = vec![(through.clone(), Vec::new())];
    for cell in cells.iter().filter(|cell| cell.path != "id") {
        if !cell.source.is_shown() {
            return None;
        }
        let own: BTreeSet<String> = relations(&cell.path).collect();
        if through.union(&own).count() > MAX_JOINS {
            return None;
        }
        let fits = |(lookups, cells): &&mut (BTreeSet<String>, Vec<Cell>)| {
            cells.len() + 1 < MAX_COLUMNS && lookups.union(&own).count() <= MAX_JOINS
        };
        match groups.iter_mut().find(fits) {
            Some((lookups, cells)) => {
                lookups.extend(own);
                if !cells.contains(cell) {
                    cells.push(cell.clone());
                }
            }
            None => groups.push((through.union(&own).cloned().collect(), vec![cell.clone()])),
        }
    }
    Some(groups.into_iter().map(|(_, cells)| cells).collect())
}

/// Slices of the list at `at` among `parts`.
fn sliced(parts: &[Term], at: usize) -> Vec<Vec<Term>> {
    let Term::In { operand, negated, values } = &parts[at] else { return vec![parts.to_vec()] };
    let slices = values.chunks(LIST_OF_A_WALK).map(|values| {
        let mut parts = parts.to_vec();
        parts[at] = Term::In { operand: operand.clone(), negated: *negated, values: values.to_vec() };
        parts
    });
    slices.collect()
}

/// The order that the server is asked for, and whether rows then need no sorting and cutting any more.
fn server_order(
    bound: &Bound,
    through: &BTreeSet<String>,
    groups: &[Vec<Cell>],
    whole: bool,
) -> (Vec<SortItem>, bool) {
    if bound.grouped || !whole {
        return (Vec::new(), false);
    }
    let keys: Option<Vec<(&Cell, Direction)>> = bound
        .order
        .iter()
        .map(|(term, direction)| match term {
            Term::Cell(cell) => Some((cell, *direction)),
            _ => None,
        })
        .collect();
    let Some(keys) = keys else { return (Vec::new(), false) };
    let by_id = keys.is_empty() || matches!(keys[0], (cell, Direction::Ascending) if cell.path == "id");
    let reach = bound.limit.map(|limit| limit.saturating_add(bound.offset));
    let near = reach.is_some_and(|reach| reach <= MAX_REACH);
    if by_id && (bound.offset == 0 || !near || bound.limit.is_none()) {
        return (Vec::new(), true);
    }
    let mut lookups: BTreeSet<String> = through.clone();
    lookups.extend(groups.iter().flatten().flat_map(|cell| relations(&cell.path).collect::<Vec<_>>()));
    lookups.extend(keys.iter().flat_map(|(cell, _)| relations(&cell.path).collect::<Vec<_>>()));
    let shown = keys.iter().all(|(cell, _)| !matches!(cell.source.shape, Shape::List | Shape::Opaque));
    if !near || groups.len() > 1 || lookups.len() > MAX_JOINS || keys.len() > MAX_ORDER || !shown {
        return (Vec::new(), by_id);
    }
    let mut items: Vec<SortItem> = Vec::new();
    for (cell, direction) in keys {
        let column = Spanned::from(Column::of(&cell.path));
        if !items.iter().any(|item| item.column == column) {
            items.push(SortItem { column, direction });
        }
    }
    if items.is_empty() {
        items.push(SortItem { column: Spanned::from(Column::of("id")), direction: Direction::Ascending });
    }
    (items, true)
}

fn columns(cells: &[Cell]) -> Vec<FetchColumn> {
    let id = FetchColumn { path: "id".to_owned(), shape: Shape::Digits };
    let own = cells.iter().map(|cell| {
        let shape = if cell.source.column == "id" { Shape::Digits } else { cell.source.shape };
        FetchColumn { path: cell.path.clone(), shape }
    });
    std::iter::once(id).chain(own).collect()
}
