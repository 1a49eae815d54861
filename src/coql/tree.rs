//! The tree of a COQL query, and its printed form.

use std::fmt;

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Column paths in the order selected, such as `Account_Name.Phone`.
    pub columns: Vec<String>,
    /// API name of the base module.
    pub module: String,
    /// What follows WHERE.
    pub condition: Option<Condition>,
    /// What follows ORDER BY.
    pub order: Vec<SortItem>,
    /// Rows at most; Bigin's default and maximum are 200.
    pub limit: Option<u64>,
    /// Rows to skip.
    pub offset: Option<u64>,
}

/// A criterion, or two conditions joined.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// One test of one column.
    Criterion(Criterion),
    /// Exactly two operands: the language has no precedence.
    Pair(Box<Condition>, Connective, Box<Condition>),
}

/// What joins two conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connective {
    /// Both hold.
    And,
    /// At least one holds.
    Or,
}

/// One test of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// The column path.
    pub column: String,
    /// What is asked of it.
    pub test: Test,
}

/// What a criterion asks of its column.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `column = value` and its kin.
    Compare(Comparison, Value),
    /// `[not] like 'pattern'`; `%` counts only at the ends.
    Like {
        /// `not like`.
        negated: bool,
        /// The pattern, unescaped.
        pattern: String,
    },
    /// `[not] in (…)`; at least one value.
    In {
        /// `not in`.
        negated: bool,
        /// The list.
        values: Vec<Value>,
    },
    /// `between low and high`, both included.
    Between(Value, Value),
    /// `is [not] null`.
    Null {
        /// `is not null`.
        negated: bool,
    },
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

/// A literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Quoted text, unescaped.
    Text(String),
    /// A number as written, so that ids and decimals keep every digit.
    Number(String),
    /// An unquoted word: `true`, `false` or a picklist value.
    Word(String),
}

/// One key of ORDER BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortItem {
    /// The column path.
    pub column: String,
    /// Which way.
    pub direction: Direction,
}

/// A sort direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first; the default.
    Ascending,
    /// Largest first.
    Descending,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "select {} from {}", self.columns.join(", "), self.module)?;
        if let Some(condition) = &self.condition {
            write!(f, " where {condition}")?;
        }
        for (index, item) in self.order.iter().enumerate() {
            let lead = if index == 0 { " order by" } else { "," };
            let way = match item.direction {
                Direction::Ascending => "asc",
                Direction::Descending => "desc",
            };
            write!(f, "{lead} {} {way}", item.column)?;
        }
        if let Some(limit) = self.limit {
            write!(f, " limit {limit}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " offset {offset}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Criterion(criterion) => criterion.fmt(f),
            Self::Pair(left, connective, right) => {
                let word = match connective {
                    Connective::And => "and",
                    Connective::Or => "or",
                };
                write!(f, "({left} {word} {right})")
            }
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: bool| if negated { "not " } else { "" };
        write!(f, "{} ", self.column)?;
        match &self.test {
            Test::Compare(comparison, value) => write!(f, "{comparison} {value}"),
            Test::Like { negated, pattern } => write!(f, "{}like {}", not(*negated), quoted(pattern)),
            Test::In { negated, values } => {
                write!(f, "{}in (", not(*negated))?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Test::Between(low, high) => write!(f, "between {low} and {high}"),
            Test::Null { negated } => write!(f, "is {}null", not(*negated)),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Less => "<",
            Self::LessEqual => "<=",
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Number(text) | Self::Word(text) => f.write_str(text),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
