//! The tree of a COQL query.

use super::span::Spanned;

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What follows SELECT, in order.
    pub columns: Vec<Selected>,
    /// API name of the base module.
    pub module: Spanned<String>,
    /// What follows WHERE.
    pub condition: Option<Condition>,
    /// What follows GROUP BY; not in Bigin's documented grammar.
    pub group: Vec<Spanned<Column>>,
    /// What follows ORDER BY.
    pub order: Vec<SortItem>,
    /// Rows at most; Bigin's default and maximum are 200.
    pub limit: Option<Spanned<u64>>,
    /// Rows to skip.
    pub offset: Option<Spanned<u64>>,
}

/// One item of SELECT.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// The column.
    pub column: Spanned<Column>,
    /// What follows AS; not in Bigin's documented grammar.
    pub alias: Option<Spanned<String>>,
}

/// A column, or a function of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// The function as written, such as `COUNT`; not in Bigin's documented grammar.
    pub function: Option<String>,
    /// Names joined by dots, such as `Account_Name.Phone`; a lookup to several modules names the one that
    /// is meant, as in `What_Id->Accounts.Account_Name`.
    pub path: String,
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
    /// The column.
    pub column: Spanned<Column>,
    /// What is asked of it; its span is that of the operator.
    pub test: Spanned<Test>,
}

/// What a criterion asks of its column.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `column = value` and its kin.
    Compare(Comparison, Spanned<Value>),
    /// `[not] like 'pattern'`; `%` counts only at the ends.
    Like {
        /// `not like`.
        negated: bool,
        /// The pattern, unescaped.
        pattern: Spanned<String>,
    },
    /// `[not] in (…)`; at least one value.
    In {
        /// `not in`.
        negated: bool,
        /// The list.
        values: Vec<Spanned<Value>>,
    },
    /// `[not] between low and high`, both included.
    Between {
        /// `not between`; not in Bigin's documented grammar.
        negated: bool,
        /// The lower bound.
        low: Spanned<Value>,
        /// The upper bound.
        high: Spanned<Value>,
    },
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
    /// An unquoted word: `true`, `false`, `null` or a picklist value.
    Word(String),
}

/// One key of ORDER BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortItem {
    /// The column.
    pub column: Spanned<Column>,
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

impl Column {
    /// A column without a function.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self { function: None, path: path.to_owned() }
    }

    /// The key of the column in an answer, and its name in an error: as written, without quotes.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.function {
            Some(function) => format!("{function}({})", self.path),
            None => self.path.clone(),
        }
    }
}

impl Condition {
    /// Every criterion, from left to right.
    #[must_use]
    pub fn criteria(&self) -> Vec<&Criterion> {
        fn collect<'a>(condition: &'a Condition, all: &mut Vec<&'a Criterion>) {
            match condition {
                Condition::Criterion(criterion) => all.push(criterion),
                Condition::Pair(left, _, right) => {
                    collect(left, all);
                    collect(right, all);
                }
            }
        }
        let mut all = Vec::new();
        collect(self, &mut all);
        all
    }
}

impl Test {
    /// The operator as words, in lower case.
    #[must_use]
    pub const fn operator(&self) -> &'static str {
        match self {
            Self::Compare(comparison, _) => comparison.symbol(),
            Self::Like { negated: false, .. } => "like",
            Self::Like { negated: true, .. } => "not like",
            Self::In { negated: false, .. } => "in",
            Self::In { negated: true, .. } => "not in",
            Self::Between { negated: false, .. } => "between",
            Self::Between { negated: true, .. } => "not between",
            Self::Null { negated: false } => "is null",
            Self::Null { negated: true } => "is not null",
        }
    }

    /// The values that it compares with, from left to right; a pattern is a text.
    #[must_use]
    pub fn values(&self) -> Vec<Spanned<Value>> {
        match self {
            Self::Compare(_, value) => vec![value.clone()],
            Self::Like { pattern, .. } => {
                vec![Spanned { value: Value::Text(pattern.value.clone()), span: pattern.span.clone() }]
            }
            Self::In { values, .. } => values.clone(),
            Self::Between { low, high, .. } => vec![low.clone(), high.clone()],
            Self::Null { .. } => Vec::new(),
        }
    }
}

impl Comparison {
    /// The operator as written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Less => "<",
            Self::LessEqual => "<=",
        }
    }
}

impl Value {
    /// The literal without quotes.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Word(text) => text,
        }
    }
}
