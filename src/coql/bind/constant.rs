//! Values that do not depend on any record.

use jiff::{Span as Time, Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::{Binder, period};
use crate::coql::{
    diagnostic::{Diagnostic, Fix},
    similar::nearest,
    span::Span,
    statement::{Arithmetic, Expr, Node},
};

/// A value before it is known with what it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    /// A parameter without a value, or something wrong that was said already.
    Unknown,
    Null,
    Text(String),
    Number(String),
    Flag(bool),
    /// From the first day to the second.
    Days(Date, Date),
    Instant(Timestamp),
    /// The id of a user.
    User(String),
    /// Values of one parameter.
    List(Vec<Constant>),
}

impl Binder<'_> {
    /// The value of `node`, if it is the same for every record.
    pub(super) fn constant(&mut self, node: &Node) -> Option<Constant> {
        Some(match &node.value {
            Expr::Text(text) => Constant::Text(text.clone()),
            Expr::Number(number) => Constant::Number(number.clone()),
            Expr::Word(word) if word.eq_ignore_ascii_case("null") => Constant::Null,
            Expr::Word(word) if word.eq_ignore_ascii_case("true") => Constant::Flag(true),
            Expr::Word(word) if word.eq_ignore_ascii_case("false") => Constant::Flag(false),
            Expr::Word(word) => Constant::Text(word.clone()),
            Expr::Missing => Constant::Unknown,
            Expr::Variable { name, shift } => self.variable(name, *shift, &node.span),
            Expr::Parameter(name) => self.parameter(name, &node.span),
            Expr::Negative(inner) => {
                let value = self.constant(inner)?;
                let zero = Constant::Number("0".to_owned());
                self.folded(zero, Arithmetic::Subtract, value, &node.span)
            }
            Expr::Arithmetic(left, operation, right) => {
                let (left, right) = (self.constant(left), self.constant(right));
                self.folded(left?, *operation, right?, &node.span)
            }
            _ => return None,
        })
    }

    fn variable(&mut self, name: &str, shift: Option<i64>, span: &Span) -> Constant {
        if name.eq_ignore_ascii_case("me") && shift.is_none() {
            return match &self.context.me {
                Some(id) => Constant::User(id.clone()),
                None => {
                    self.say(Diagnostic::warning(span.clone(), "$me needs someone who is signed in"));
                    Constant::Unknown
                }
            };
        }
        if name.eq_ignore_ascii_case("now") && shift.is_none() {
            return Constant::Instant(self.context.now);
        }
        if let Some(stages) = self.context.stages_of(name).filter(|_| shift.is_none()) {
            if stages.is_empty() {
                self.say(Diagnostic::warning(span.clone(), format!("no stages are known for ${name}")));
                return Constant::Unknown;
            }
            return Constant::List(stages.into_iter().map(Constant::Text).collect());
        }
        if let Some((first, last)) = period::days(name, shift.unwrap_or(0), self.context.today()) {
            return Constant::Days(first, last);
        }
        let names = || period::PERIODS.iter().chain(&period::OTHERS).map(|(name, _)| *name);
        let known = names().find(|known| known.eq_ignore_ascii_case(name));
        let said = match (known, nearest(name, names())) {
            (Some(known), _) => Diagnostic::error(span.clone(), format!("${known} has no such day")),
            (None, Some(meant)) => {
                let start = span.start..span.start + 1 + name.len();
                Diagnostic::error(span.clone(), format!("there is no ${name}, did you mean ${meant}?"))
                    .with(Fix::replace(start, &format!("${meant}")))
            }
            (None, None) => Diagnostic::error(span.clone(), format!("there is no ${name}")),
        };
        self.say(said);
        Constant::Unknown
    }

    fn parameter(&mut self, name: &str, span: &Span) -> Constant {
        match self.context.parameters.get(name).map(Vec::as_slice) {
            Some([one]) => Constant::Text(one.clone()),
            Some([_, ..]) => {
                let values = self.context.parameters.get(name).into_iter().flatten();
                Constant::List(values.map(|value| Constant::Text(value.clone())).collect())
            }
            Some([]) | None => {
                self.say(Diagnostic::warning(span.clone(), format!(":{name} needs a value")));
                Constant::Unknown
            }
        }
    }

    fn folded(&mut self, left: Constant, operation: Arithmetic, right: Constant, span: &Span) -> Constant {
        let value = match (&left, &right) {
            (Constant::Unknown, _) | (_, Constant::Unknown) => return Constant::Unknown,
            (Constant::Null, _) | (_, Constant::Null) => return Constant::Null,
            (left, right) => match (number(left), operation, number(right)) {
                (Some(left), operation, Some(right)) => calculated(left, operation, right),
                (None, Arithmetic::Add | Arithmetic::Subtract, Some(count)) => {
                    let count = if operation == Arithmetic::Subtract { -count } else { count };
                    day(left).and_then(|day| days_later(day, count)).map(|day| Constant::Days(day, day))
                }
                (Some(count), Arithmetic::Add, None) => {
                    day(right).and_then(|day| days_later(day, count)).map(|day| Constant::Days(day, day))
                }
                (None, Arithmetic::Subtract, None) => match (day(left), day(right)) {
                    (Some(left), Some(right)) => {
                        right.until(left).ok().map(|span| Constant::Number(span.get_days().to_string()))
                    }
                    _ => None,
                },
                _ => None,
            },
        };
        value.unwrap_or_else(|| {
            self.say(Diagnostic::error(span.clone(), "this cannot be calculated"));
            Constant::Unknown
        })
    }
}

pub(super) fn number(constant: &Constant) -> Option<Decimal> {
    match constant {
        Constant::Number(text) | Constant::Text(text) => text.parse().ok(),
        _ => None,
    }
}

pub(super) fn day(constant: &Constant) -> Option<Date> {
    match constant {
        Constant::Days(first, _) => Some(*first),
        Constant::Text(text) if text.len() == 10 => text.parse().ok(),
        _ => None,
    }
}

fn days_later(day: Date, count: Decimal) -> Option<Date> {
    let count = count.is_integer().then(|| i64::try_from(count).ok()).flatten()?;
    day.checked_add(Time::new().try_days(count).ok()?).ok()
}

fn calculated(left: Decimal, operation: Arithmetic, right: Decimal) -> Option<Constant> {
    let value = match operation {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide => left.checked_div(right),
    };
    value.map(|value| Constant::Number(value.normalize().to_string()))
}
