//! The COQL language: text to tokens, tokens to a tree, the tree against an org's schemas and Bigin's
//! ceilings, and what passes to SQL.
//!
//! The grammar is the one that Bigin documents:
//! <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>. Each connective joins
//! exactly two operands, so three criteria need parentheses.
//!
//! ```
//! use bigin::{coql, domain::{Field, FieldKind, Schema, Schemas}};
//!
//! let deals = Schema { module: "Pipelines".to_owned(), fields: vec![Field::plain("Amount", FieldKind::Currency)] };
//! let schemas: Schemas = [deals].into_iter().collect();
//! let query = coql::parse("select Amount from Pipelines where Amonut >= 5000")?;
//! let error = coql::check(&query, &schemas, &coql::Dialect::STRICT).expect_err("a misspelt column");
//! assert_eq!(error.to_string(), "Pipelines has no field Amonut, did you mean Amount?");
//! # Ok::<(), coql::SyntaxError>(())
//! ```

mod analysis;
mod bind;
mod check;
mod complete;
mod context;
mod diagnostic;
mod dialect;
mod error;
mod highlight;
mod lexeme;
mod limits;
mod lower;
mod parser;
mod plan;
mod print;
mod reader;
mod refusal;
mod resolve;
mod script;
mod similar;
mod span;
mod statement;
mod syntax;
mod token;
mod tree;

pub use analysis::{Analysed, Analysis, Mode, analyse};
pub use bind::module_named;
pub use check::{Checked, Param, check, check_all};
pub use complete::{Completion, CompletionKind, complete};
pub use context::Context;
pub use diagnostic::{Diagnostic, Edit, Fix, Severity};
pub use dialect::Dialect;
pub use error::{Ceiling, CheckError};
pub use highlight::{Token, TokenClass, highlight};
pub use limits::{
    MAX_AGGREGATES, MAX_COLUMNS, MAX_CRITERIA, MAX_GROUP, MAX_IN_VALUES, MAX_JOINS, MAX_LIMIT, MAX_ORDER,
    MAX_REACH, check_limits,
};
pub use lower::{Lowered, lower};
pub use parser::parse;
pub use plan::{
    Cost, Counted, Fetch, FetchColumn, Local, LocalColumn, Means, PageCall, Plan, Rows, RunOn, Step,
    StepPlace, Walk, plan,
};
pub use refusal::refused;
pub use script::{statement_at, statements};
pub use span::{Span, Spanned, position};
pub use statement::{Arithmetic, Expr, Item, Node, Place, SortKey, Statement};
pub use syntax::SyntaxError;
pub use tree::{
    Column, Comparison, Condition, Connective, Criterion, Direction, Query, Selected, SortItem, Test, Value,
};

#[cfg(test)]
mod tests;
