//! What is asked of the server.

use std::collections::BTreeSet;

use super::{
    super::{
        bind::{Bound, Cell, Term},
        limits::{MAX_COLUMNS, MAX_CRITERIA, MAX_IN_VALUES, MAX_JOINS, MAX_LIMIT, MAX_ORDER, MAX_REACH},
        span::Spanned,
        tree::{
            Column, Comparison, Condition, Connective, Criterion, Direction, Query, Selected, SortItem, Test,
            Value,
        },
    },
    push::{Pushed, joined, longest_list, push, relations},
};
use crate::domain::Shape;

/// Criteria of a walk: one is kept for going on behind a record.
const CRITERIA: usize = MAX_CRITERIA - 1;

/// Values of one list that are asked for in one walk.
const LIST_OF_A_WALK: usize = 4 * MAX_IN_VALUES;

/// Rows of one module, asked for page by page in Bigin's language.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// API name of the module.
    pub module: String,
    /// The table that the rows are gathered in: several fetches may fill one.
    pub table: usize,
    /// What is selected; the first is the id.
    pub columns: Vec<FetchColumn>,
    /// Rows to skip.
    pub offset: u64,
    /// Rows at most.
    pub limit: Option<u64>,
    pub(super) condition: Option<Condition>,
    /// By id, ascending, if empty.
    pub(super) order: Vec<SortItem>,
}

/// One selected column of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchColumn {
    /// The key of its values in the rows of an answer.
    pub path: String,
    /// What its values are.
    pub shape: Shape,
}

impl Fetch {
    /// The query for a page of `limit` rows that skips `offset` rows behind the record `after`.
    #[must_use]
    pub fn query(&self, after: Option<&str>, offset: u64, limit: u64) -> Query {
        let id = || Spanned::from(Column::of("id"));
        let beyond = after.map(|after| {
            let value = Spanned::from(Value::Text(after.to_owned()));
            let test = Spanned::from(Test::Compare(Comparison::Greater, value));
            Condition::Criterion(Criterion { column: id(), test })
        });
        let condition = joined(Connective::And, self.condition.iter().cloned().chain(beyond).collect());
        let everything = || {
            let test = Spanned::from(Test::Null { negated: true });
            Condition::Criterion(Criterion { column: id(), test })
        };
        let by_id = || vec![SortItem { column: id(), direction: Direction::Ascending }];
        let columns = self
            .columns
            .iter()
            .map(|column| Selected { column: Spanned::from(Column::of(&column.path)), alias: None });
        Query {
            columns: columns.collect(),
            module: self.module.clone().into(),
            condition: Some(condition.unwrap_or_else(everything)),
            group: Vec::new(),
            order: if self.order.is_empty() { by_id() } else { self.order.clone() },
            limit: Some(limit.into()),
            offset: (offset > 0).then(|| offset.into()),
        }
    }

    /// Whether rows come by ascending id, so that a walk can go on behind any record.
    #[must_use]
    pub fn by_id(&self) -> bool {
        self.order.is_empty()
    }
}

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

/// Plans the fetches of `bound`, whose condition is `parts`. `names` are fields that would be nice to have.
/// None when the server cannot give what is needed.
pub(super) fn fetching(bound: &Bound, parts: &[Term], names: &[Cell]) -> Option<Fetching> {
    // What the server sorts by need not be fetched.
    let unsorted = planned(bound, parts, names, false).filter(|fetching| fetching.finished);
    unsorted.or_else(|| planned(bound, parts, names, true))
}

fn planned(bound: &Bound, parts: &[Term], names: &[Cell], keys: bool) -> Option<Fetching> {
    let (pushed, groups, exact) = choices(bound, parts, names, keys)
        .into_iter()
        .max_by_key(|(pushed, groups, exact)| (*exact, criteria(pushed), std::cmp::Reverse(groups.len())))?;
    let list = longest_list(parts, LIST_OF_A_WALK);
    let through = used(&pushed.condition);
    let slices: Vec<Option<Condition>> = match list {
        Some(at) => {
            sliced(parts, at).into_iter().map(|parts| push(&parts, &through, CRITERIA).condition).collect()
        }
        None => vec![pushed.condition.clone()],
    };
    let (order, finished) = server_order(bound, &through, &groups, exact && list.is_none());
    let mut fetches = Vec::new();
    for (table, cells) in groups.iter().enumerate() {
        for condition in &slices {
            fetches.push(Fetch {
                module: bound.module.clone(),
                table,
                columns: columns(cells),
                offset: if finished && !order.is_empty() { bound.offset } else { 0 },
                limit: bound
                    .limit
                    .filter(|_| finished)
                    .map(|limit| if order.is_empty() { limit.saturating_add(bound.offset) } else { limit }),
                condition: condition.clone(),
                order: order.clone(),
            });
        }
    }
    Some(Fetching { fetches, tables: groups, exact, finished })
}

type Choice = (Pushed, Vec<Vec<Cell>>, bool);

/// Ways to push the condition through different lookups, with the groups of cells that one call can select.
fn choices(bound: &Bound, parts: &[Term], names: &[Cell], keys: bool) -> Vec<Choice> {
    let paths: BTreeSet<String> =
        parts.iter().flat_map(Term::cells).flat_map(|cell| relations(&cell.path)).collect();
    let mut ways: Vec<BTreeSet<String>> = vec![BTreeSet::new()];
    for first in &paths {
        ways.push(relations(&format!("{first}.")).collect());
        ways.extend(
            paths.iter().map(|second| {
                relations(&format!("{first}.")).chain(relations(&format!("{second}."))).collect()
            }),
        );
    }
    ways.retain(|way| way.len() <= MAX_JOINS);
    ways.sort();
    ways.dedup();
    let ways = ways.into_iter().filter_map(|through| {
        // A list that is asked for in slices counts as one slice.
        let parts_of_a_slice = match longest_list(parts, LIST_OF_A_WALK) {
            Some(at) => sliced(parts, at).into_iter().next()?,
            None => parts.to_vec(),
        };
        let pushed = push(&parts_of_a_slice, &through, CRITERIA);
        let through = used(&pushed.condition);
        let exact = pushed.exact;
        let needed = needed(bound, parts, exact, keys);
        let groups = packed(&needed, &through)?;
        let nice: Vec<Cell> = needed.iter().chain(names).cloned().collect();
        let groups = packed(&nice, &through).filter(|nice| nice.len() == groups.len()).unwrap_or(groups);
        Some((pushed, groups, exact))
    });
    ways.collect()
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

/// Pages that rows of one fetch come on.
#[must_use]
pub(super) fn pages(rows: u64) -> u64 {
    rows.div_ceil(MAX_LIMIT).max(1)
}
