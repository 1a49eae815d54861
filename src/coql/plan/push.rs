//! How much of a condition Bigin can test.

use std::collections::BTreeSet;

use jiff::tz::Offset;

use super::super::{
    bind::{Cell, Literal, Term},
    check::takes_strictly,
    limits::{MAX_CRITERIA, MAX_IN_VALUES},
    span::Spanned,
    tree::{Column, Comparison, Condition, Connective, Criterion, Test, Value},
};
use crate::domain::Shape;

/// A condition in Bigin's grammar that is true wherever the one it was made of is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pushed {
    pub condition: Option<Condition>,
    /// It is true nowhere else.
    pub exact: bool,
}

/// Lookups that a path goes through: `A.B.c` goes through `A` and `A.B`.
pub(super) fn relations(path: &str) -> impl Iterator<Item = String> + '_ {
    path.match_indices('.').map(|(at, _)| path[..at].to_owned())
}

/// What Bigin may be asked to test.
pub(super) struct May<'a> {
    /// Lookups that criteria may go through.
    pub through: &'a BTreeSet<String>,
    /// Fields that it refused.
    pub refused: &'a [String],
    /// Criteria at most.
    pub most: usize,
}

/// What Bigin can test of `parts`, which must all hold.
pub(super) fn push(parts: &[Term], may: &May<'_>) -> Pushed {
    let mut conditions: Vec<Condition> = Vec::new();
    let mut exact = true;
    let mut left = may.most.min(MAX_CRITERIA);
    for part in parts {
        let pushed = weaken(part, may);
        exact &= pushed.exact;
        let Some(condition) = pushed.condition else { continue };
        let count = condition.criteria().len();
        if count > left {
            exact = false;
            continue;
        }
        left -= count;
        conditions.push(condition);
    }
    Pushed { condition: joined(Connective::And, conditions), exact }
}

fn weaken(term: &Term, may: &May<'_>) -> Pushed {
    match term {
        Term::Logic(Connective::And, parts) => {
            let parts: Vec<Pushed> = parts.iter().map(|part| weaken(part, may)).collect();
            let exact = parts.iter().all(|part| part.exact);
            let conditions = parts.into_iter().filter_map(|part| part.condition).collect();
            Pushed { condition: joined(Connective::And, conditions), exact }
        }
        Term::Logic(Connective::Or, parts) => {
            let parts: Vec<Pushed> = parts.iter().map(|part| weaken(part, may)).collect();
            let exact = parts.iter().all(|part| part.exact && part.condition.is_some());
            let conditions: Option<Vec<Condition>> = parts.into_iter().map(|part| part.condition).collect();
            let condition = conditions.and_then(|all| joined(Connective::Or, all));
            Pushed { exact: exact && condition.is_some(), condition }
        }
        test => {
            let condition = criteria(test, may);
            Pushed { exact: condition.is_some(), condition }
        }
    }
}

/// A test as criteria of Bigin's, or none.
fn criteria(term: &Term, may: &May<'_>) -> Option<Condition> {
    let cell = match term {
        Term::Compare(left, _, _) => left,
        Term::Like { operand, .. } | Term::In { operand, .. } | Term::Null { operand, .. } => operand,
        _ => return None,
    };
    let Term::Cell(cell) = &**cell else { return None };
    let reached = relations(&cell.path).all(|relation| may.through.contains(&relation));
    if !reached || may.refused.contains(&cell.path) {
        return None;
    }
    let test = match term {
        Term::Compare(_, comparison, right) => match &**right {
            Term::Literal(literal) => Test::Compare(*comparison, value(literal)?.into()),
            _ => return None,
        },
        Term::Like { negated, pattern, .. } => {
            Test::Like { negated: *negated, pattern: pattern.clone().into() }
        }
        Term::In { negated, values, .. } => return list(cell, *negated, values),
        Term::Null { negated, .. } => Test::Null { negated: *negated },
        _ => return None,
    };
    criterion(cell, test)
}

fn criterion(cell: &Cell, test: Test) -> Option<Condition> {
    let column = Spanned::from(Column::of(&cell.path));
    takes_strictly(&cell.source, &test)
        .then(|| Condition::Criterion(Criterion { column, test: Spanned::from(test) }))
}

/// A list in pieces that Bigin takes.
fn list(cell: &Cell, negated: bool, values: &[Literal]) -> Option<Condition> {
    let values: Vec<Value> = values.iter().map(value).collect::<Option<_>>()?;
    if let [only] = values.as_slice() {
        let comparison = if negated { Comparison::NotEqual } else { Comparison::Equal };
        return criterion(cell, Test::Compare(comparison, only.clone().into()));
    }
    let pieces = values.chunks(MAX_IN_VALUES).map(|piece| {
        let values = piece.iter().cloned().map(Spanned::from).collect();
        criterion(cell, Test::In { negated, values })
    });
    let connective = if negated { Connective::And } else { Connective::Or };
    joined(connective, pieces.collect::<Option<_>>()?)
}

/// Conditions as pairs of pairs.
pub(super) fn joined(connective: Connective, conditions: Vec<Condition>) -> Option<Condition> {
    conditions.into_iter().reduce(|left, right| Condition::Pair(Box::new(left), connective, Box::new(right)))
}

/// A literal as Bigin writes it.
fn value(literal: &Literal) -> Option<Value> {
    Some(match literal {
        Literal::Null => return None,
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Number(number) => Value::Number(number.clone()),
        Literal::Flag(flag) => Value::Word(flag.to_string()),
        Literal::Day(day) => Value::Text(day.to_string()),
        Literal::Instant(at) => Value::Text(at.display_with_offset(Offset::UTC).to_string()),
    })
}

/// The longest list of values of one field that a record must be in, with its place among `parts`; only one
/// that is longer than `least`.
pub(super) fn longest_list(parts: &[Term], least: usize) -> Option<usize> {
    let length = |part: &Term| match part {
        Term::In { operand, negated: false, values } => {
            let single = matches!(&**operand, Term::Cell(cell) if cell.source.shape != Shape::List);
            if single { values.len() } else { 0 }
        }
        _ => 0,
    };
    let (at, longest) = parts.iter().map(length).enumerate().max_by_key(|(_, length)| *length)?;
    (longest > least).then_some(at)
}
