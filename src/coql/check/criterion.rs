//! One criterion: the operators and values that a kind of field takes.

use jiff::{Timestamp, civil::Date};

use super::{
    super::{
        dialect::Dialect,
        tree::{Comparison, Condition, Connective, Criterion, Test, Value},
    },
    CheckError, Checker, Source,
};
use crate::domain::{FieldKind, Shape};

/// A condition whose columns and values are resolved.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coql) enum Filter {
    Test(Source, TypedTest),
    Pair(Box<Filter>, Connective, Box<Filter>),
}

/// A test whose values are of the shape of its column.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coql) enum TypedTest {
    Compare(Comparison, Param),
    Like { negated: bool, pattern: String },
    In { negated: bool, values: Vec<Param> },
    Between { negated: bool, low: Param, high: Param },
    Null { negated: bool },
}

/// A value to bind.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// Text, a date or the id of a reference.
    Text(String),
    /// A whole number, a truth value (0 or 1), an id as a number, or an instant in epoch seconds.
    Integer(i64),
    /// A decimal number.
    Real(f64),
}

impl Filter {
    /// `condition` with its criteria taken from `tests`, from left to right.
    pub(super) fn new(
        condition: &Condition,
        tests: &mut impl Iterator<Item = (Source, TypedTest)>,
    ) -> Option<Self> {
        Some(match condition {
            Condition::Criterion(_) => {
                let (source, test) = tests.next()?;
                Self::Test(source, test)
            }
            Condition::Pair(left, connective, right) => {
                let left = Self::new(left, tests)?;
                Self::Pair(Box::new(left), *connective, Box::new(Self::new(right, tests)?))
            }
        })
    }
}

/// Kinds of fields that take the same operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Flag,
    Ordered,
    Key,
    Reference,
}

/// Fields that their metadata calls filterable and that make a query fail.
const UNFILTERABLE: [&str; 2] = ["CTI_Entry", "Call_Status"];

/// The class of a column in WHERE; none for what cannot stand there.
fn class(source: &Source) -> Option<Class> {
    Some(match (source.kind, source.shape) {
        _ if UNFILTERABLE.contains(&source.column.as_str()) => return None,
        _ if source.column == "id" => Class::Key,
        (_, Shape::Reference) => Class::Reference,
        (FieldKind::TextArea | FieldKind::ProfileImage, _) => return None,
        (FieldKind::MultiSelectPickList, _) | (_, Shape::Text) => Class::Text,
        (_, Shape::List | Shape::Opaque) => return None,
        (_, Shape::Flag) => Class::Flag,
        (_, Shape::Whole | Shape::Digits | Shape::Number | Shape::Date | Shape::Instant) => Class::Ordered,
    })
}

/// Whether Bigin's documented language takes `test` of `source`.
pub(in crate::coql) fn takes_strictly(source: &Source, test: &Test) -> bool {
    source.kind != FieldKind::Formula
        && class(source).is_some_and(|class| takes(class, test))
        && in_dialect(test, &Dialect::STRICT)
        && test.values().iter().all(|value| param(source, value).is_some())
}

/// Whether fields of a class take the operator of `test`.
///
/// <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>
fn takes(class: Class, test: &Test) -> bool {
    use Comparison::{Equal, NotEqual};
    match test {
        Test::Compare(Equal, _) => true,
        _ if class == Class::Flag => false,
        Test::Compare(NotEqual, _) | Test::In { .. } | Test::Null { .. } => true,
        Test::Compare(..) => matches!(class, Class::Ordered | Class::Key),
        Test::Between { .. } => class == Class::Ordered,
        Test::Like { .. } => class == Class::Text,
    }
}

impl Checker<'_> {
    /// The criterion with typed values, if nothing is wrong with it.
    pub(super) fn test(&mut self, criterion: &Criterion, source: &Source) -> Option<TypedTest> {
        let (column, test) = (criterion.column.key(), &criterion.test);
        let (span, operator) = (criterion.column.span.clone(), test.operator());
        if source.kind == FieldKind::Formula {
            self.errors.push(CheckError::UnsupportedKind { column, kind: source.kind, span });
            return None;
        }
        let Some(class) = class(source) else {
            let value = test.values().first().map(|value| value.text().to_owned()).unwrap_or_default();
            self.errors.push(CheckError::UnsupportedCriterion { column, value, operator, span });
            return None;
        };
        if !takes(class, test) || !in_dialect(test, self.dialect) {
            self.errors.push(CheckError::Operator { column, operator, span: test.span.clone() });
            return None;
        }
        let mut params = Vec::new();
        for value in test.values() {
            match param(source, &value) {
                Some(param) => params.push(param),
                None => self.errors.push(CheckError::Value {
                    column: column.clone(),
                    value: value.text().to_owned(),
                    expected: source.kind,
                    span: value.span,
                }),
            }
        }
        typed(test, params)
    }
}

/// Whether a negated test is one that the dialect has.
fn in_dialect(test: &Test, dialect: &Dialect) -> bool {
    match test {
        Test::Like { negated: true, pattern } => {
            let contains = pattern.len() >= 2 && pattern.starts_with('%') && pattern.ends_with('%');
            contains || dialect.not_like_anything
        }
        Test::Between { negated: true, .. } => dialect.not_between,
        _ => true,
    }
}

/// `test` with `params` for its values; none if one of them is missing.
fn typed(test: &Test, params: Vec<Param>) -> Option<TypedTest> {
    let expected = test.values().len();
    if params.len() != expected {
        return None;
    }
    let mut params = params.into_iter();
    Some(match test {
        Test::Compare(comparison, _) => TypedTest::Compare(*comparison, params.next()?),
        Test::Like { negated, pattern } => {
            TypedTest::Like { negated: *negated, pattern: pattern.value.clone() }
        }
        Test::In { negated, .. } => TypedTest::In { negated: *negated, values: params.collect() },
        Test::Between { negated, .. } => {
            TypedTest::Between { negated: *negated, low: params.next()?, high: params.next()? }
        }
        Test::Null { negated } => TypedTest::Null { negated: *negated },
    })
}

/// `value` in the shape of its column; none if it is of another kind.
fn param(source: &Source, value: &Value) -> Option<Param> {
    let text = value.text();
    let (quoted, word) = (matches!(value, Value::Text(_)), matches!(value, Value::Word(_)));
    if word && text.eq_ignore_ascii_case("null") {
        return None;
    }
    if source.column == "id" {
        return digits(text).then(|| Param::Integer(text.parse().unwrap_or(i64::MAX)));
    }
    match source.shape {
        Shape::Reference if source.layout => (!word).then(|| Param::Text(text.to_owned())),
        Shape::Reference => digits(text).then(|| Param::Text(text.to_owned())),
        Shape::Text | Shape::List | Shape::Opaque => {
            let choice = matches!(source.kind, FieldKind::PickList | FieldKind::MultiSelectPickList);
            (!word || choice).then(|| Param::Text(text.to_owned()))
        }
        Shape::Flag if text.eq_ignore_ascii_case("true") => Some(Param::Integer(1)),
        Shape::Flag if text.eq_ignore_ascii_case("false") => Some(Param::Integer(0)),
        Shape::Flag => None,
        Shape::Whole | Shape::Digits => {
            decimal(text).then(|| text.parse().ok().map(Param::Integer)).flatten()
        }
        Shape::Number => decimal(text).then(|| text.parse().ok().map(Param::Real)).flatten(),
        Shape::Date => (quoted && is_date(text)).then(|| Param::Text(text.to_owned())),
        Shape::Instant
            if quoted
                && text.get(..10).is_some_and(is_date)
                && text[10..].starts_with('T')
                && !text.contains('[') =>
        {
            text.parse::<Timestamp>().ok().map(|at| Param::Integer(at.as_second()))
        }
        Shape::Instant => None,
    }
}

fn digits(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` is a number as the grammar writes it.
fn decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction)
}

/// Whether `text` is a day that exists, as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && text.parse::<Date>().is_ok()
}
