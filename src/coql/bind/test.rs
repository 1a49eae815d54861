//! `=`, `like`, `in`, `between`: what is asked of one value.

use std::collections::HashSet;

use super::{Binder, Literal, Term, constant::Constant, term};
use crate::{
    coql::{
        diagnostic::{Diagnostic, Fix},
        span::Span,
        statement::{Expr, Node},
        tree::{Comparison, Connective},
    },
    domain::{FieldKind, Shape},
};

impl Binder<'_> {
    pub(super) fn compare(
        &mut self,
        left: &Node,
        comparison: Comparison,
        right: &Node,
        span: &Span,
    ) -> Option<Term> {
        if let Some(value) = self.constant(right) {
            // One of several values, or none of them.
            if let Constant::List(_) = value
                && matches!(comparison, Comparison::Equal | Comparison::NotEqual)
            {
                let negated = comparison == Comparison::NotEqual;
                return self.within(left, negated, std::slice::from_ref(right), span);
            }
            let operand = self.term(left);
            return self.against(operand?, comparison, value, left.span.end, &right.span);
        }
        if let Some(value) = self.constant(left) {
            let operand = self.term(right);
            return self.against(operand?, flipped(comparison), value, left.span.end, &left.span);
        }
        let near = self.term(left);
        if let (Some(near), Expr::Column(word)) = (&near, &right.value)
            && is_choice(near)
            && self.cell_at(word).is_none()
        {
            let value = Constant::Text(word.clone());
            return self.against(near.clone(), comparison, value, left.span.end, &right.span);
        }
        let (near, far) = (near, self.term(right));
        self.compared(near?, comparison, far?, span)
    }

    /// Two terms, of which neither is the same for every record.
    fn compared(&mut self, near: Term, comparison: Comparison, far: Term, span: &Span) -> Option<Term> {
        let (near, far) = match (near.shape(), far.shape()) {
            (Some(Shape::Date), Some(Shape::Instant)) => (near, Term::DayOf(Box::new(far))),
            (Some(Shape::Instant), Some(Shape::Date)) => (Term::DayOf(Box::new(near)), far),
            (Some(left), Some(right)) if term::alike(left, right) && left != Shape::Opaque => (near, far),
            (left, right) => {
                let message = format!("{} is never {}", term::words(left), term::words(right));
                return self.error(span, message);
            }
        };
        let ordered = !matches!(near.shape(), Some(Shape::Flag | Shape::Reference | Shape::List));
        if !ordered && !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            let message = format!("{} takes no {}", term::words(near.shape()), comparison.symbol());
            return self.error(span, message);
        }
        Some(Term::Compare(Box::new(near), comparison, Box::new(far)))
    }

    pub(super) fn like(&mut self, left: &Node, negated: bool, pattern: &Node, span: &Span) -> Option<Term> {
        let operand = self.term(left);
        let pattern = match self.constant(pattern) {
            Some(Constant::Text(text)) => text,
            Some(Constant::Unknown) => {
                self.incomplete = true;
                return None;
            }
            _ => return self.error(&pattern.span, "like needs a quoted pattern such as '%text%'"),
        };
        let operand = self.named_record(operand?);
        if !matches!(operand.shape(), Some(Shape::Text | Shape::List)) || is_id(&operand) {
            let message = format!("{} takes no like", term::words(operand.shape()));
            return self.error(span, message);
        }
        Some(Term::Like { operand: Box::new(operand), negated, pattern })
    }

    pub(super) fn between(
        &mut self,
        operand: &Node,
        negated: bool,
        bounds: [&Node; 2],
        node: &Node,
    ) -> Option<Term> {
        let (connective, comparisons) = if negated {
            (Connective::Or, [Comparison::Less, Comparison::Greater])
        } else {
            (Connective::And, [Comparison::GreaterEqual, Comparison::LessEqual])
        };
        let known = self.diagnostics.len();
        let low = self.compare(operand, comparisons[0], bounds[0], &node.span);
        let high = self.compare(operand, comparisons[1], bounds[1], &node.span);
        // What is wrong with the operand is said once.
        let mut seen: Vec<Diagnostic> = Vec::new();
        for said in self.diagnostics.split_off(known) {
            if !seen.contains(&said) {
                seen.push(said);
            }
        }
        self.diagnostics.extend(seen);
        Some(Term::Logic(connective, vec![low?, high?]))
    }

    pub(super) fn within(
        &mut self,
        left: &Node,
        negated: bool,
        values: &[Node],
        span: &Span,
    ) -> Option<Term> {
        let operand = self.term(left);
        let mut constants = Vec::new();
        let mut terms = Vec::new();
        for node in values {
            match self.constant(node) {
                Some(Constant::List(all)) => {
                    constants.extend(all.into_iter().map(|value| (value, &node.span)))
                }
                Some(value) => constants.push((value, &node.span)),
                None => match (&operand, &node.value) {
                    (Some(near), Expr::Column(word)) if is_choice(near) && self.cell_at(word).is_none() => {
                        constants.push((Constant::Text(word.clone()), &node.span));
                    }
                    _ => terms.push(self.term(node)),
                },
            }
        }
        let operand = operand?;
        let (comparison, connective) = if negated {
            (Comparison::NotEqual, Connective::And)
        } else {
            (Comparison::Equal, Connective::Or)
        };
        let mut tests = Vec::new();
        for (value, place) in constants {
            let test = self.against(operand.clone(), comparison, value, left.span.end, place);
            tests.push(test);
        }
        for term in terms {
            let test = term.and_then(|term| self.compared(operand.clone(), comparison, term, span));
            tests.push(test);
        }
        let tests: Vec<Term> = tests.into_iter().collect::<Option<_>>()?;
        gathered(tests, negated, connective)
    }

    /// `term` compared with a value that is taken for what the term is.
    pub(super) fn against(
        &mut self,
        term: Term,
        comparison: Comparison,
        value: Constant,
        operand_end: usize,
        place: &Span,
    ) -> Option<Term> {
        match value {
            Constant::Unknown => {
                self.incomplete = true;
                return None;
            }
            Constant::Null => {
                let test = if comparison == Comparison::NotEqual { " is not null" } else { " is null" };
                let said = Diagnostic::error(place.clone(), format!("nothing is compared with{test}"));
                let after = operand_end <= place.start;
                self.say(if after { said.with(Fix::replace(operand_end..place.end, test)) } else { said });
                return None;
            }
            Constant::List(_) => return self.error(place, "several values can only be compared with in"),
            _ => {}
        }
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let ordered = !matches!(term.shape(), Some(Shape::Flag | Shape::Reference | Shape::List));
        if !equality && !ordered {
            let message = format!("{} takes no {}", term::words(term.shape()), comparison.symbol());
            return self.error(place, message);
        }
        self.valued(term, comparison, value, place)
    }

    /// A reference by the name of what it points to, where it is known which module that is.
    pub(super) fn named_record(&mut self, term: Term) -> Term {
        let Term::Cell(cell) = &term else { return term };
        if term.shape() != Some(Shape::Reference) || cell.source.layout {
            return term;
        }
        self.cell_at(&format!("{}.name", cell.path)).map_or(term, Term::Cell)
    }
}

pub(super) fn is_id(term: &Term) -> bool {
    matches!(term, Term::Cell(cell) if cell.source.column == "id")
}

/// Whether values of a term may stand without quotes.
fn is_choice(term: &Term) -> bool {
    matches!(term, Term::Cell(cell) if matches!(cell.source.kind, FieldKind::PickList | FieldKind::MultiSelectPickList))
}

const fn flipped(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        other => other,
    }
}

/// Tests of one term for equality as one list, where they are nothing else.
fn gathered(tests: Vec<Term>, negated: bool, connective: Connective) -> Option<Term> {
    let value = |test: &Term| match test {
        Term::Compare(left, Comparison::Equal | Comparison::NotEqual, right) => match &**right {
            Term::Literal(literal) => Some(((**left).clone(), literal.clone())),
            _ => None,
        },
        _ => None,
    };
    let pairs: Option<Vec<(Term, Literal)>> = tests.iter().map(value).collect();
    if let Some(pairs) = pairs
        && let Some((first, _)) = pairs.first()
        && pairs.iter().all(|(operand, _)| operand == first)
    {
        let mut seen = HashSet::new();
        let values = pairs.iter().map(|(_, literal)| literal).filter(|literal| seen.insert(*literal));
        let values = values.cloned().collect();
        return Some(Term::In { operand: Box::new(first.clone()), negated, values });
    }
    Some(Term::Logic(connective, tests)).filter(|term| !term.children().is_empty())
}
