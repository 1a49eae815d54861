//! Expressions whose columns, values and kinds are known.

use jiff::{Timestamp, civil::Date};

use crate::{
    coql::{
        check::Function,
        resolve::Source,
        statement::Arithmetic,
        tree::{Comparison, Connective},
    },
    domain::Shape,
};

/// A field of the base module or of one behind lookups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coql) struct Cell {
    /// In API names, as COQL writes it.
    pub path: String,
    pub source: Source,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::coql) enum Literal {
    Null,
    /// Text, or the id of a reference.
    Text(String),
    /// A decimal number as written.
    Number(String),
    Flag(bool),
    Day(Date),
    Instant(Timestamp),
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coql) enum Term {
    Cell(Cell),
    Literal(Literal),
    /// Two numbers.
    Arithmetic(Box<Term>, Arithmetic, Box<Term>),
    /// A day and how many days later.
    Later(Box<Term>, Box<Term>),
    /// Days from the first day to the second.
    Days(Box<Term>, Box<Term>),
    /// The day of an instant.
    DayOf(Box<Term>),
    Call(Scalar, Vec<Term>),
    Case(Vec<(Term, Term)>, Option<Box<Term>>),
    /// A function over the rows of a group; no argument counts the rows.
    Aggregate {
        function: Function,
        distinct: bool,
        argument: Option<Box<Term>>,
    },
    /// Both sides are of the same shape.
    Compare(Box<Term>, Comparison, Box<Term>),
    /// `%` counts at the ends of the pattern only.
    Like {
        operand: Box<Term>,
        negated: bool,
        pattern: String,
    },
    In {
        operand: Box<Term>,
        negated: bool,
        values: Vec<Literal>,
    },
    Null {
        operand: Box<Term>,
        negated: bool,
    },
    Not(Box<Term>),
    Logic(Connective, Vec<Term>),
}

/// A function of single values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub(in crate::coql) enum Scalar {
    Lower,
    Upper,
    Trim,
    Length,
    Abs,
    /// To a whole number, or to as many digits as the second argument says.
    Round,
    /// The first argument with a value.
    Coalesce,
    /// Texts one behind the other.
    Concat,
    Year,
    /// `2026-Q2`.
    Quarter,
    /// `2026-05`.
    Month,
    /// The Monday before or on a day.
    Week,
    /// The day of an instant.
    Date,
    /// Days from a day to today.
    Age,
}

impl Literal {
    pub fn shape(&self) -> Option<Shape> {
        Some(match self {
            Self::Null => return None,
            Self::Text(_) => Shape::Text,
            Self::Number(_) => Shape::Number,
            Self::Flag(_) => Shape::Flag,
            Self::Day(_) => Shape::Date,
            Self::Instant(_) => Shape::Instant,
        })
    }
}

impl Term {
    /// What its values are; none for one that is always null.
    pub fn shape(&self) -> Option<Shape> {
        Some(match self {
            Self::Cell(cell) if cell.source.column == "id" => Shape::Text,
            Self::Cell(cell) => cell.source.shape,
            Self::Literal(literal) => return literal.shape(),
            Self::Arithmetic(..) | Self::Days(..) => Shape::Number,
            Self::Later(..) | Self::DayOf(_) => Shape::Date,
            Self::Call(scalar, arguments) => match scalar {
                Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Concat => Shape::Text,
                Scalar::Quarter | Scalar::Month => Shape::Text,
                Scalar::Length | Scalar::Abs | Scalar::Round | Scalar::Year | Scalar::Age => Shape::Number,
                Scalar::Week | Scalar::Date => Shape::Date,
                Scalar::Coalesce => return arguments.iter().find_map(Self::shape),
            },
            Self::Case(branches, otherwise) => {
                let values = branches.iter().map(|(_, then)| then).chain(otherwise.as_deref());
                return values.into_iter().find_map(Self::shape);
            }
            Self::Aggregate { function: Function::Count, .. } => Shape::Whole,
            Self::Aggregate { function: Function::Sum | Function::Avg, .. } => Shape::Number,
            Self::Aggregate { argument, .. } => return argument.as_ref().and_then(|term| term.shape()),
            Self::Compare(..)
            | Self::Like { .. }
            | Self::In { .. }
            | Self::Null { .. }
            | Self::Not(_)
            | Self::Logic(..) => Shape::Flag,
        })
    }

    /// The terms that it is made of.
    pub fn children(&self) -> Vec<&Term> {
        match self {
            Self::Cell(_) | Self::Literal(_) => Vec::new(),
            Self::Arithmetic(left, _, right)
            | Self::Later(left, right)
            | Self::Days(left, right)
            | Self::Compare(left, _, right) => vec![left, right],
            Self::DayOf(one)
            | Self::Not(one)
            | Self::Like { operand: one, .. }
            | Self::In { operand: one, .. }
            | Self::Null { operand: one, .. } => vec![one],
            Self::Call(_, all) | Self::Logic(_, all) => all.iter().collect(),
            Self::Case(branches, otherwise) => {
                branches.iter().flat_map(|(when, then)| [when, then]).chain(otherwise.as_deref()).collect()
            }
            Self::Aggregate { argument, .. } => argument.as_deref().into_iter().collect(),
        }
    }

    /// Every field in it, from left to right.
    pub fn cells(&self) -> Vec<&Cell> {
        match self {
            Self::Cell(cell) => vec![cell],
            other => other.children().into_iter().flat_map(Self::cells).collect(),
        }
    }

    /// Whether a function over rows is in it.
    pub fn has_aggregate(&self) -> bool {
        matches!(self, Self::Aggregate { .. }) || self.children().into_iter().any(Self::has_aggregate)
    }
}

/// Whether two shapes are compared with each other as they are.
pub(super) fn alike(left: Shape, right: Shape) -> bool {
    let family = |shape| match shape {
        Shape::Whole | Shape::Digits | Shape::Number => Shape::Number,
        other => other,
    };
    family(left) == family(right)
}

/// What values of a shape are, as people say.
pub(super) const fn words(shape: Option<Shape>) -> &'static str {
    match shape {
        None => "nothing",
        Some(Shape::Text) => "a text",
        Some(Shape::Flag) => "true or false",
        Some(Shape::Whole | Shape::Digits | Shape::Number) => "a number",
        Some(Shape::Date) => "a day",
        Some(Shape::Instant) => "a time",
        Some(Shape::Reference) => "a record",
        Some(Shape::List) => "a list",
        Some(Shape::Opaque) => "a value of no known kind",
    }
}
