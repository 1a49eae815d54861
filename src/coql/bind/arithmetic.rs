//! Sums, differences, products and quotients of numbers and days.

use super::{Binder, Literal, Term, constant, constant::Constant, term};
use crate::{
    coql::{
        span::Span,
        statement::{Arithmetic, Node},
    },
    domain::Shape,
};

/// What can be calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Day,
}

impl Binder<'_> {
    pub(super) fn arithmetic(
        &mut self,
        left: &Node,
        operation: Arithmetic,
        right: &Node,
        span: &Span,
    ) -> Option<Term> {
        let (near, far) = (self.reckoned(left), self.reckoned(right));
        let ((near, near_kind), (far, far_kind)) = (near?, far?);
        let (near, far) = (Box::new(near), Box::new(far));
        Some(match (near_kind, operation, far_kind) {
            (Kind::Number, operation, Kind::Number) => Term::Arithmetic(near, operation, far),
            (Kind::Day, Arithmetic::Subtract, Kind::Day) => Term::Days(far, near),
            (Kind::Day, Arithmetic::Add, Kind::Number) => Term::Later(near, far),
            (Kind::Number, Arithmetic::Add, Kind::Day) => Term::Later(far, near),
            (Kind::Day, Arithmetic::Subtract, Kind::Number) => {
                let zero = Box::new(Term::Literal(Literal::Number("0".to_owned())));
                Term::Later(near, Box::new(Term::Arithmetic(zero, Arithmetic::Subtract, far)))
            }
            _ => return self.error(span, format!("days take no {}", operation.symbol())),
        })
    }

    fn reckoned(&mut self, node: &Node) -> Option<(Term, Kind)> {
        if let Some(constant) = self.constant(node) {
            if constant == Constant::Unknown {
                self.incomplete = true;
                return None;
            }
            if let Some(number) = constant::number(&constant) {
                return Some((Term::Literal(Literal::Number(number.to_string())), Kind::Number));
            }
            if let Some(day) = constant::day(&constant) {
                return Some((Term::Literal(Literal::Day(day)), Kind::Day));
            }
        }
        let term = self.term(node)?;
        match term.shape() {
            Some(Shape::Whole | Shape::Digits | Shape::Number) => Some((term, Kind::Number)),
            Some(Shape::Date) => Some((term, Kind::Day)),
            Some(Shape::Instant) => Some((Term::DayOf(Box::new(term)), Kind::Day)),
            shape => self.error(&node.span, format!("{} cannot be calculated with", term::words(shape))),
        }
    }
}
