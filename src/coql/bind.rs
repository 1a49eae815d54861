//! A statement against an org's schemas: every column found, every value of its column's kind, every
//! expression of a known shape.
//!
//! Unlike [`check`](super::check), which says what Bigin would say, this knows the whole language, and goes
//! on behind every error.

mod arithmetic;
mod constant;
mod expression;
mod function;
mod grouping;
mod names;
mod period;
mod statement;
mod term;
mod test;
mod value;

use super::{
    context::Context,
    diagnostic::{Diagnostic, MOST_SAID, Severity},
    resolve::{Resolver, Table},
    statement::Statement,
    tree::Direction,
};
use crate::domain::{Schema, Schemas};

pub(super) use function::names as function_names;
pub(super) use names::canonical;
pub(super) use period::{OTHERS, PERIODS};
pub use statement::module_named;
pub(super) use term::{Cell, Literal, Scalar, Term};

/// A statement that can be run, with everything resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound {
    /// API name of the base module.
    pub module: String,
    /// The base module and those behind lookups.
    pub tables: Vec<Table>,
    pub distinct: bool,
    pub outputs: Vec<Output>,
    pub condition: Option<Term>,
    /// Each row is a group of records, not a record.
    pub grouped: bool,
    pub group: Vec<Term>,
    pub having: Option<Term>,
    pub order: Vec<(Term, Direction)>,
    pub limit: Option<u64>,
    pub offset: u64,
}

/// One column of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Output {
    /// What it is called.
    pub key: String,
    pub term: Term,
}

/// Binds `statement`; the statement is there when nothing is wrong and nothing is missing.
pub(super) fn bind(
    statement: &Statement,
    schemas: &Schemas,
    context: &Context,
) -> (Option<Bound>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some(base) = statement::base(statement, schemas, &mut diagnostics) else {
        return (None, diagnostics);
    };
    let mut binder = Binder {
        schemas,
        context,
        base,
        resolver: Resolver::new(schemas, base),
        diagnostics,
        incomplete: false,
        aliases: Vec::new(),
        aliased: Aliased::Nowhere,
        over_rows: OverRows::Allowed,
    };
    let bound = binder.statement(statement);
    let sound = binder.diagnostics.iter().all(|said| said.severity != Severity::Error);
    (bound.filter(|_| sound && !binder.incomplete), binder.diagnostics)
}

struct Binder<'a> {
    schemas: &'a Schemas,
    context: &'a Context,
    base: &'a Schema,
    resolver: Resolver<'a>,
    diagnostics: Vec<Diagnostic>,
    /// Something could not be bound, said or not.
    incomplete: bool,
    /// Names of selected columns.
    aliases: Vec<(String, Term)>,
    aliased: Aliased,
    over_rows: OverRows,
}

/// Whether a name may be that of a selected column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aliased {
    Nowhere,
    /// Where no field has the name.
    AfterFields,
    BeforeFields,
}

/// Whether functions over rows may stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OverRows {
    Allowed,
    InWhere,
    InGroup,
    /// Inside another one.
    Inside,
}

impl Binder<'_> {
    fn say(&mut self, diagnostic: Diagnostic) {
        self.incomplete |= diagnostic.severity == Severity::Error;
        if self.diagnostics.len() < MOST_SAID {
            self.diagnostics.push(diagnostic);
        }
    }

    fn error<T>(&mut self, span: &super::span::Span, message: impl Into<String>) -> Option<T> {
        self.say(Diagnostic::error(span.clone(), message));
        None
    }
}
