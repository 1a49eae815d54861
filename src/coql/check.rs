//! A tree against an org's schemas: the rules of Bigin, in the order in which it looks.

mod criterion;

use super::{
    dialect::Dialect,
    error::CheckError,
    limits::{MAX_LIMIT, counts, duplicates, range},
    resolve::{Resolver, Source, Table},
    similar::nearest,
    span::Spanned,
    tree::{Column, Direction, Query, Selected},
};
use crate::domain::{FieldKind, Module, Schemas, Shape};

pub use criterion::Param;
pub(super) use criterion::{Filter, TypedTest, takes_strictly};

/// A query that Bigin would run, with every column and value resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    pub(super) tables: Vec<Table>,
    pub(super) outputs: Vec<Output>,
    pub(super) condition: Option<Filter>,
    /// Each row is a group of records, not a record.
    pub(super) grouped: bool,
    pub(super) group: Vec<Source>,
    pub(super) order: Vec<(Expression, Direction)>,
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// One key of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Output {
    pub key: String,
    pub expression: Expression,
}

/// A column, or a function of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    pub function: Option<Function>,
    pub source: Source,
}

/// A function over the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub(super) enum Function {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

/// Checks `query` against the org's schemas and Bigin's documented limits.
///
/// # Errors
/// The error that Bigin is taken to answer with: the first one of [`check_all`].
pub fn check(query: &Query, schemas: &Schemas, dialect: &Dialect) -> Result<Checked, CheckError> {
    check_all(query, schemas, dialect).map_err(|mut errors| errors.swap_remove(0))
}

/// As [`check`], with everything that is wrong.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
///
/// # Errors
/// At least one, in the order in which Bigin is taken to look: clauses, the module, how many of everything,
/// columns that do not exist, columns selected twice, what is selected, each criterion, LIMIT and OFFSET.
pub fn check_all(query: &Query, schemas: &Schemas, dialect: &Dialect) -> Result<Checked, Vec<CheckError>> {
    let mut errors = foreign(query, dialect);
    let Some(base) = schemas.get(&query.module).filter(|schema| queried(&schema.module)) else {
        let names = schemas.iter().map(|schema| schema.module.as_str()).filter(|module| queried(module));
        let (module, span) = (query.module.value.clone(), query.module.span.clone());
        errors.push(CheckError::UnknownModule {
            nearest: nearest(&module, names).map(str::to_owned),
            module,
            span,
        });
        return Err(errors);
    };
    errors.extend(counts(query));
    let mut checker = Checker { query, dialect, resolver: Resolver::new(schemas, base), errors };

    let selected: Vec<_> = query.columns.iter().map(|item| checker.expression(&item.column)).collect();
    let criteria: Vec<_> = query
        .condition
        .iter()
        .flat_map(|condition| condition.criteria())
        .map(|criterion| (criterion, checker.source(&criterion.column)))
        .collect();
    let group: Vec<_> = query.group.iter().map(|column| checker.source(column)).collect();
    let order: Vec<_> = query.order.iter().map(|item| checker.sort_key(&item.column, &selected)).collect();

    checker.errors.extend(duplicates(query));
    checker.aliases();
    for (item, expression) in query.columns.iter().zip(&selected) {
        checker.shown(&item.column, expression.as_ref());
    }
    checker.grouping();
    for (item, expression) in query.order.iter().zip(&order) {
        checker.shown(&item.column, expression.as_ref());
    }
    let tests: Vec<_> = criteria
        .into_iter()
        .filter_map(|(criterion, source)| source.map(|source| (criterion, source)))
        .map(|(criterion, source)| (source.clone(), checker.test(criterion, &source)))
        .collect();
    checker.errors.extend(range(query));
    if !checker.errors.is_empty() {
        return Err(checker.errors);
    }

    let mut tests = tests.into_iter().filter_map(|(source, test)| test.map(|test| (source, test)));
    let order =
        order.into_iter().flatten().zip(&query.order).map(|(expression, item)| (expression, item.direction));
    Ok(Checked {
        tables: checker.resolver.tables,
        outputs: outputs(query, selected.into_iter().flatten()),
        condition: query.condition.as_ref().and_then(|condition| Filter::new(condition, &mut tests)),
        grouped: is_grouped(query),
        group: group.into_iter().flatten().collect(),
        order: order.collect(),
        limit: query.limit.as_ref().map_or(MAX_LIMIT, |limit| limit.value),
        offset: query.offset.as_ref().map_or(0, |offset| offset.value),
    })
}

/// Whether COQL reads this module.
///
/// <https://www.bigin.com/developer/docs/apis/v2/coql-overview.html>
pub(super) fn queried(module: &str) -> bool {
    module.parse::<Module>().is_ok_and(|module| module != Module::Notes)
}

/// Forms that `dialect` does not have.
fn foreign(query: &Query, dialect: &Dialect) -> Vec<CheckError> {
    let mut errors = Vec::new();
    if dialect.where_required && query.condition.is_none() {
        errors.push(CheckError::NoWhere);
    }
    for alias in query.columns.iter().filter_map(|item| item.alias.as_ref()).filter(|_| !dialect.aliases) {
        errors.push(CheckError::NotInDialect {
            near: alias.value.clone(),
            what: "aliases",
            span: alias.span.clone(),
        });
    }
    if let Some(column) = query.group.first().filter(|_| !dialect.aggregates) {
        errors.push(CheckError::NotInDialect {
            near: "group".to_owned(),
            what: "group by",
            span: column.span.clone(),
        });
    }
    errors
}

/// The keys of the answer: what is selected, and `id` unless rows are grouped.
fn outputs(query: &Query, selected: impl Iterator<Item = Expression>) -> Vec<Output> {
    let keys = query.columns.iter().map(|item| match &item.alias {
        Some(alias) => alias.value.clone(),
        None => item.column.key(),
    });
    let mut outputs: Vec<Output> =
        keys.zip(selected).map(|(key, expression)| Output { key, expression }).collect();
    if !is_grouped(query) && outputs.iter().all(|output| output.key != "id") {
        let source = Source {
            table: 0,
            column: "id".to_owned(),
            kind: FieldKind::BigInt,
            shape: Shape::Digits,
            layout: false,
        };
        outputs.insert(0, Output { key: "id".to_owned(), expression: Expression { function: None, source } });
    }
    outputs
}

fn is_grouped(query: &Query) -> bool {
    let selected = query.columns.iter().map(|item| &item.column);
    let mut shown = selected.chain(query.order.iter().map(|item| &item.column));
    !query.group.is_empty() || shown.any(|column| column.function.is_some())
}

struct Checker<'a> {
    query: &'a Query,
    dialect: &'a Dialect,
    resolver: Resolver<'a>,
    errors: Vec<CheckError>,
}

impl Checker<'_> {
    fn source(&mut self, column: &Spanned<Column>) -> Option<Source> {
        self.resolver.column(column).map_err(|error| self.errors.push(error)).ok()
    }

    fn expression(&mut self, column: &Spanned<Column>) -> Option<Expression> {
        let Some(name) = &column.function else {
            return self.source(column).map(|source| Expression { function: None, source });
        };
        let span = column.span.clone();
        let Ok(function) = name.parse::<Function>() else {
            self.errors.push(CheckError::UnknownFunction { column: column.key(), span });
            return None;
        };
        if !self.dialect.aggregates {
            let (column, module) = (column.key(), self.query.module.value.clone());
            self.errors.push(CheckError::UnknownColumn { column, module, nearest: None, span });
            return None;
        }
        let source = self.source(column)?;
        let fits = match function {
            Function::Count => true,
            Function::Sum | Function::Avg => {
                matches!(source.shape, Shape::Whole | Shape::Digits | Shape::Number)
            }
            Function::Min | Function::Max => {
                matches!(
                    source.shape,
                    Shape::Whole | Shape::Digits | Shape::Number | Shape::Date | Shape::Instant
                )
            }
        };
        if !fits {
            self.errors.push(CheckError::FunctionKind { column: column.key(), kind: source.kind, span });
        }
        Some(Expression { function: Some(function), source })
    }

    /// A column of ORDER BY, which may go by its alias.
    fn sort_key(&mut self, column: &Spanned<Column>, selected: &[Option<Expression>]) -> Option<Expression> {
        let by_alias = |item: &Selected| {
            item.alias.as_ref().is_some_and(|alias| column.function.is_none() && alias.value == column.path)
        };
        match self.query.columns.iter().position(by_alias) {
            Some(at) => selected[at].clone(),
            None => self.expression(column),
        }
    }

    fn aliases(&mut self) {
        let named: Vec<_> =
            self.query.columns.iter().filter_map(|item| Some((item, item.alias.as_ref()?))).collect();
        for (at, (item, alias)) in named.iter().enumerate() {
            let (column, span) = (item.column.key(), alias.span.clone());
            let error = if alias.is_empty() {
                CheckError::EmptyAlias { column, span }
            } else if let Some((first, _)) = named[..at].iter().find(|(_, other)| other.value == alias.value)
            {
                let columns = (first.column.key(), column);
                CheckError::DuplicateAlias { alias: alias.value.clone(), columns, span }
            } else if self
                .query
                .columns
                .iter()
                .any(|other| *other != **item && other.column.key() == alias.value)
            {
                CheckError::AliasIsColumn { column, alias: alias.value.clone(), span }
            } else {
                continue;
            };
            self.errors.push(error);
        }
    }

    /// A column that is selected or sorted by must be of a kind that can be shown.
    fn shown(&mut self, column: &Spanned<Column>, expression: Option<&Expression>) {
        let Some(Expression { source, .. }) = expression else { return };
        if !source.is_shown() {
            self.errors
                .push(CheckError::UnsupportedColumn { column: column.key(), span: column.span.clone() });
        }
    }

    /// Beside functions, a plain column must be one of those grouped by.
    fn grouping(&mut self) {
        if !is_grouped(self.query) {
            return;
        }
        let sorted = self.query.order.iter().map(|item| &item.column);
        for column in self.query.columns.iter().map(|item| &item.column).chain(sorted) {
            let aliased = self
                .query
                .columns
                .iter()
                .any(|item| item.alias.as_ref().is_some_and(|alias| alias.value == column.path));
            if column.function.is_none() && !self.query.group.contains(column) && !aliased {
                self.errors.push(CheckError::NotGrouped { column: column.key(), span: column.span.clone() });
            }
        }
    }
}
