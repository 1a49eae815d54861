//! Conditions in a form that can be taken apart: NOT only inside tests, equal tests as lists.

use std::collections::{HashMap, HashSet};

use super::super::{
    bind::{Cell, Literal, Term},
    tree::{Comparison, Connective},
};
use crate::domain::Shape;

/// `term` with NOT moved into its tests and with nested connectives of one kind made flat. In the logic of
/// three values, where an empty field makes a test neither true nor false, it means the same.
pub(super) fn normal(term: &Term) -> Term {
    turned(term, false)
}

fn turned(term: &Term, negated: bool) -> Term {
    match term {
        Term::Not(inner) => turned(inner, !negated),
        Term::Logic(connective, all) => {
            let connective = match (connective, negated) {
                (Connective::And, false) | (Connective::Or, true) => Connective::And,
                _ => Connective::Or,
            };
            let mut flat = Vec::new();
            for part in all {
                match turned(part, negated) {
                    Term::Logic(inner, parts) if inner == connective => flat.extend(parts),
                    other => flat.push(other),
                }
            }
            logic(connective, gathered(connective, flat))
        }
        Term::Compare(left, comparison, right) => {
            let comparison = if negated { contrary(*comparison) } else { *comparison };
            flag_test(left, comparison, right)
                .unwrap_or_else(|| Term::Compare(left.clone(), comparison, right.clone()))
        }
        Term::Like { operand, negated: not, pattern } => {
            Term::Like { operand: operand.clone(), negated: *not != negated, pattern: pattern.clone() }
        }
        Term::In { operand, negated: not, values } => {
            Term::In { operand: operand.clone(), negated: *not != negated, values: values.clone() }
        }
        Term::Null { operand, negated: not } => {
            Term::Null { operand: operand.clone(), negated: *not != negated }
        }
        Term::Cell(_) if term.shape() == Some(Shape::Flag) => {
            let value = Term::Literal(Literal::Flag(!negated));
            Term::Compare(Box::new(term.clone()), Comparison::Equal, Box::new(value))
        }
        other if negated => Term::Not(Box::new(other.clone())),
        other => other.clone(),
    }
}

/// Check boxes know only equality: not to be one value is to be the other.
fn flag_test(left: &Term, comparison: Comparison, right: &Term) -> Option<Term> {
    let Term::Literal(Literal::Flag(flag)) = right else { return None };
    let value = match comparison {
        Comparison::NotEqual => !flag,
        _ => return None,
    };
    let value = Box::new(Term::Literal(Literal::Flag(value)));
    Some(Term::Compare(Box::new(left.clone()), Comparison::Equal, value))
}

const fn contrary(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Greater => Comparison::LessEqual,
        Comparison::GreaterEqual => Comparison::Less,
        Comparison::Less => Comparison::GreaterEqual,
        Comparison::LessEqual => Comparison::Greater,
    }
}

/// `parts` with one connective between them.
pub(super) fn logic(connective: Connective, mut parts: Vec<Term>) -> Term {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            Term::Logic(connective, parts)
        }
    }
}

/// `a = 1 or a in (2, 3)` as `a in (1, 2, 3)`, and `a != 1 and a != 2` as `a not in (1, 2)`.
fn gathered(connective: Connective, parts: Vec<Term>) -> Vec<Term> {
    let mut out: Vec<Term> = Vec::new();
    // By path: where the list of a field stands, and what is in it.
    let mut lists: HashMap<String, (usize, HashSet<Literal>)> = HashMap::new();
    for part in parts {
        let Some((cell, values)) = listed(&part, connective) else {
            out.push(part);
            continue;
        };
        let Some((at, known)) = lists.get_mut(&cell.path) else {
            lists.insert(cell.path.clone(), (out.len(), values.iter().cloned().collect()));
            out.push(part);
            continue;
        };
        let fresh: Vec<Literal> = values.into_iter().filter(|value| known.insert(value.clone())).collect();
        let list = &mut out[*at];
        if let Term::In { values, .. } = list {
            values.extend(fresh);
        } else if let Some((_, first)) = listed(list, connective) {
            *list = Term::In {
                operand: Box::new(Term::Cell(cell)),
                negated: connective == Connective::And,
                values: first.into_iter().chain(fresh).collect(),
            };
        }
    }
    out
}

/// The values that a test allows (in OR) or forbids (in AND) its field, if it does nothing else.
fn listed(term: &Term, connective: Connective) -> Option<(Cell, Vec<Literal>)> {
    let forbids = connective == Connective::And;
    let equality = if forbids { Comparison::NotEqual } else { Comparison::Equal };
    match term {
        Term::Compare(left, comparison, right) if *comparison == equality => match (&**left, &**right) {
            (Term::Cell(cell), Term::Literal(value)) if takes_lists(cell) => {
                Some((cell.clone(), vec![value.clone()]))
            }
            _ => None,
        },
        Term::In { operand, negated, values } if *negated == forbids => match &**operand {
            Term::Cell(cell) => Some((cell.clone(), values.clone())),
            _ => None,
        },
        _ => None,
    }
}

fn takes_lists(cell: &Cell) -> bool {
    cell.source.shape != Shape::Flag
}

/// The parts of a condition that must all hold.
pub(super) fn conjuncts(term: Term) -> Vec<Term> {
    match term {
        Term::Logic(Connective::And, parts) => parts,
        other => vec![other],
    }
}
