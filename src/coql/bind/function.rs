//! Functions of values, and functions over the rows of a group.

use strum::IntoEnumIterator;

use super::{Binder, OverRows, Scalar, Term, term};
use crate::{
    coql::{check::Function, diagnostic::Diagnostic, similar::nearest, span::Span, statement::Node},
    domain::Shape,
};

const OVER_ROWS: [&str; 5] = ["count", "sum", "avg", "min", "max"];

/// Names of functions over rows, and of functions of values.
pub(in crate::coql) fn names() -> impl Iterator<Item = (&'static str, bool)> {
    OVER_ROWS.iter().map(|name| (*name, true)).chain(Scalar::iter().map(|scalar| (scalar.into(), false)))
}

impl Binder<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        distinct: bool,
        arguments: &[Node],
        span: &Span,
    ) -> Option<Term> {
        if let Ok(function) = name.parse::<Function>() {
            return self.over_rows(function, distinct, arguments, span);
        }
        let Ok(scalar) = name.parse::<Scalar>() else {
            arguments.iter().for_each(|argument| drop(self.term(argument)));
            let place = span.start..span.start + name.len();
            let meant = nearest(name, names().map(|(name, _)| name));
            self.unknown(&place, &format!("there is no function {name}"), meant);
            return None;
        };
        let terms: Vec<_> = arguments.iter().map(|argument| self.term(argument)).collect();
        let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
        let most = match scalar {
            Scalar::Coalesce | Scalar::Concat => usize::MAX,
            Scalar::Round => 2,
            _ => 1,
        };
        if terms.is_empty() || terms.len() > most || distinct {
            let wanted = if most == 1 { "one value".to_owned() } else { "values".to_owned() };
            return self.error(span, format!("{name} takes {wanted}"));
        }
        let terms =
            terms.into_iter().zip(arguments).map(|(term, node)| self.fitted(scalar, name, term, node));
        let terms: Vec<Term> = terms.collect::<Vec<_>>().into_iter().collect::<Option<_>>()?;
        Some(Term::Call(scalar, terms))
    }

    /// An argument in the shape that a function needs.
    fn fitted(&mut self, scalar: Scalar, name: &str, term: Term, node: &Node) -> Option<Term> {
        let shape = term.shape();
        let fits = match (scalar, shape) {
            (_, None)
            | (Scalar::Concat, Some(Shape::Text | Shape::Number | Shape::Whole | Shape::Digits)) => true,
            (Scalar::Concat | Scalar::Coalesce, Some(Shape::Date)) => true,
            (Scalar::Coalesce, Some(shape)) => !matches!(shape, Shape::List | Shape::Opaque),
            (Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Length, shape) => {
                shape == Some(Shape::Text)
            }
            (Scalar::Abs | Scalar::Round, Some(Shape::Whole | Shape::Digits | Shape::Number)) => true,
            (
                Scalar::Year | Scalar::Quarter | Scalar::Month | Scalar::Week | Scalar::Date | Scalar::Age,
                Some(Shape::Date),
            ) => true,
            (
                Scalar::Year | Scalar::Quarter | Scalar::Month | Scalar::Week | Scalar::Date | Scalar::Age,
                Some(Shape::Instant),
            ) => return Some(Term::DayOf(Box::new(term))),
            _ => false,
        };
        if fits {
            return Some(term);
        }
        self.error(&node.span, format!("{name} cannot be asked of {}", term::words(shape)))
    }

    fn over_rows(
        &mut self,
        function: Function,
        distinct: bool,
        arguments: &[Node],
        span: &Span,
    ) -> Option<Term> {
        let name: &str = function.into();
        match self.over_rows {
            OverRows::Allowed => {}
            OverRows::InWhere => {
                let message = format!("{name} is known only after where: ask for it in having");
                return self.error(span, message);
            }
            OverRows::InGroup => return self.error(span, format!("{name} cannot make groups")),
            OverRows::Inside => {
                return self.error(span, format!("{name} stands inside another such function"));
            }
        }
        self.over_rows = OverRows::Inside;
        let terms: Vec<_> = arguments.iter().map(|argument| (argument, self.term(argument))).collect();
        self.over_rows = OverRows::Allowed;
        match terms.as_slice() {
            [] if function == Function::Count => {
                Some(Term::Aggregate { function, distinct: false, argument: None })
            }
            [(node, term)] => {
                let term = term.clone()?;
                if !fits(function, term.shape()) {
                    let message = format!("{name} cannot be asked of {}", term::words(term.shape()));
                    self.say(Diagnostic::error(node.span.clone(), message));
                    return None;
                }
                Some(Term::Aggregate { function, distinct, argument: Some(Box::new(term)) })
            }
            [] => self.error(span, format!("{name} needs a column")),
            _ => self.error(span, format!("{name} takes one column")),
        }
    }
}

const fn fits(function: Function, shape: Option<Shape>) -> bool {
    match (function, shape) {
        (Function::Count, _) => true,
        (Function::Sum | Function::Avg, Some(Shape::Whole | Shape::Digits | Shape::Number)) => true,
        (Function::Sum | Function::Avg, _) => false,
        (Function::Min | Function::Max, Some(shape)) => {
            !matches!(shape, Shape::List | Shape::Opaque | Shape::Reference | Shape::Flag)
        }
        (Function::Min | Function::Max, None) => false,
    }
}
