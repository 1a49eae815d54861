//! Why a query that can be read is refused.

use super::span::Span;
use crate::domain::FieldKind;

/// Why Bigin would refuse a query that its grammar allows, with what its answer says of it.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The WHERE clause is left out.
    #[error("the where clause is missing: write `where id is not null` for every record")]
    NoWhere,
    /// A form that the [`Dialect`](super::Dialect) does not have; Bigin answers as to any bad syntax.
    #[error("{near:?} cannot stand here: Bigin's documented language has no {what}")]
    NotInDialect {
        /// The word or alias.
        near: String,
        /// What it is, in words.
        what: &'static str,
        /// Where it stands.
        span: Span,
    },
    /// Not a module that COQL reads.
    #[error("{module} is not a module that can be queried")]
    UnknownModule {
        /// The name as written.
        module: String,
        /// The module with the most similar name.
        nearest: Option<String>,
        /// Where it stands.
        span: Span,
    },
    /// More of something than Bigin takes.
    #[error("{found} {clause}: Bigin takes at most {most}")]
    TooMany {
        /// Of what.
        clause: Ceiling,
        /// How many the query has.
        found: usize,
        /// How many Bigin takes.
        most: usize,
        /// The first one too many.
        span: Span,
    },
    /// Not a field of the module, or one that COQL does not show.
    #[error("{module} has no field {column}{}", nearest.as_ref().map(|name| format!(", did you mean {name}?")).unwrap_or_default())]
    UnknownColumn {
        /// The path as written.
        column: String,
        /// The module where it was looked for.
        module: String,
        /// The path with the most similar name.
        nearest: Option<String>,
        /// Where it stands.
        span: Span,
    },
    /// A function that COQL never had.
    #[error("{column} is no function of COQL")]
    UnknownFunction {
        /// The function with its argument.
        column: String,
        /// Where it stands.
        span: Span,
    },
    /// A function that cannot be asked of this column.
    #[error("{column} needs another kind of field than {kind}")]
    FunctionKind {
        /// The function with its argument.
        column: String,
        /// The kind of the argument.
        kind: FieldKind,
        /// Where it stands.
        span: Span,
    },
    /// A plain column beside functions that is not grouped by.
    #[error("{column} stands beside functions: group by it")]
    NotGrouped {
        /// The path as written.
        column: String,
        /// Where it stands.
        span: Span,
    },
    /// The same column twice in SELECT.
    #[error("{column} is selected twice")]
    DuplicateColumn {
        /// The path as written.
        column: String,
        /// The second one.
        span: Span,
    },
    /// The same alias for two columns.
    #[error("{alias:?} stands for {} and {}", columns.0, columns.1)]
    DuplicateAlias {
        /// The alias.
        alias: String,
        /// Both columns.
        columns: (String, String),
        /// The second one.
        span: Span,
    },
    /// An alias without a letter.
    #[error("the alias of {column} is empty")]
    EmptyAlias {
        /// The column.
        column: String,
        /// Where it stands.
        span: Span,
    },
    /// An alias that is another selected column.
    #[error("{alias} is another selected column, {column} cannot go by that name")]
    AliasIsColumn {
        /// The column.
        column: String,
        /// The alias.
        alias: String,
        /// Where it stands.
        span: Span,
    },
    /// A field that cannot be selected or sorted by.
    #[error("{column} cannot be selected")]
    UnsupportedColumn {
        /// The path as written.
        column: String,
        /// Where it stands.
        span: Span,
    },
    /// A field that cannot stand in WHERE.
    #[error("{column} cannot be filtered by")]
    UnsupportedCriterion {
        /// The path as written.
        column: String,
        /// The value as written, without quotes; empty for a null test.
        value: String,
        /// The operator in lower case.
        operator: &'static str,
        /// Where the column stands.
        span: Span,
    },
    /// A field whose kind cannot be compared at all.
    #[error("{column} is of a kind that cannot be queried: {kind}")]
    UnsupportedKind {
        /// The path as written.
        column: String,
        /// Its kind.
        kind: FieldKind,
        /// Where the column stands.
        span: Span,
    },
    /// An operator that fields of this kind do not take.
    #[error("{column} does not take {operator}")]
    Operator {
        /// The path as written.
        column: String,
        /// The operator in lower case.
        operator: &'static str,
        /// Where the operator stands.
        span: Span,
    },
    /// A value that is not of the kind of its field.
    #[error("{value:?} is no value of {column}: {}", expectation(*expected))]
    Value {
        /// The path as written.
        column: String,
        /// The value as written, without quotes.
        value: String,
        /// The kind of the field; an id counts as a number of many digits.
        expected: FieldKind,
        /// Where the value stands.
        span: Span,
    },
    /// `limit 0`.
    #[error("limit must be greater than 0")]
    NoRows {
        /// Where the number stands.
        span: Span,
    },
    /// LIMIT beyond one answer.
    #[error("limit {limit}: one answer holds at most {} rows", super::MAX_LIMIT)]
    Limit {
        /// The limit.
        limit: u64,
        /// Where the number stands.
        span: Span,
    },
    /// LIMIT and OFFSET together beyond what paging reaches.
    #[error(
        "limit and offset reach row {reach}: Bigin stops at {}, go on from the last id instead",
        super::MAX_REACH
    )]
    Reach {
        /// The last row.
        reach: u64,
        /// Where the offset stands.
        span: Span,
    },
}

/// What has a ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ceiling {
    /// Columns in SELECT.
    Select,
    /// Criteria in WHERE.
    Where,
    /// Lookup relations.
    Join,
    /// Values in one list.
    In,
    /// Functions in SELECT.
    Aggregates,
    /// Columns in GROUP BY.
    Group,
    /// Columns in ORDER BY.
    Order,
}

impl Ceiling {
    /// The word that Bigin's answer has for it.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Select | Self::Aggregates => "select",
            Self::Where => "where",
            Self::Join => "join",
            Self::In => "in",
            Self::Group => "group by",
            Self::Order => "order by",
        }
    }
}

impl std::fmt::Display for Ceiling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Select => "selected columns",
            Self::Where => "criteria",
            Self::Join => "joined lookups",
            Self::In => "values in a list",
            Self::Aggregates => "functions",
            Self::Group => "columns to group by",
            Self::Order => "columns to sort by",
        })
    }
}

const fn expectation(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Boolean => "write true or false",
        FieldKind::Integer => "write a whole number",
        FieldKind::BigInt => "write digits",
        FieldKind::Double | FieldKind::Currency | FieldKind::Percent => "write a number",
        FieldKind::Date => "write a quoted date such as '2026-05-31'",
        FieldKind::DateTime => "write a quoted time with its offset such as '2026-05-31T18:00:00+05:30'",
        FieldKind::Lookup | FieldKind::OwnerLookup | FieldKind::UserLookup => "write an id",
        _ => "write a quoted text",
    }
}

impl CheckError {
    /// Where in the text; none when something is missing.
    #[must_use]
    pub fn span(&self) -> Option<&Span> {
        match self {
            Self::NoWhere => None,
            Self::NotInDialect { span, .. }
            | Self::UnknownModule { span, .. }
            | Self::TooMany { span, .. }
            | Self::UnknownColumn { span, .. }
            | Self::UnknownFunction { span, .. }
            | Self::FunctionKind { span, .. }
            | Self::NotGrouped { span, .. }
            | Self::DuplicateColumn { span, .. }
            | Self::DuplicateAlias { span, .. }
            | Self::EmptyAlias { span, .. }
            | Self::AliasIsColumn { span, .. }
            | Self::UnsupportedColumn { span, .. }
            | Self::UnsupportedCriterion { span, .. }
            | Self::UnsupportedKind { span, .. }
            | Self::Operator { span, .. }
            | Self::Value { span, .. }
            | Self::NoRows { span }
            | Self::Limit { span, .. }
            | Self::Reach { span, .. } => Some(span),
        }
    }
}
