//! The COQL language, twice.
//!
//! **Bigin's own**, exactly: [`parse`] gives a [`Query`], [`check`] holds it to an org's schemas and to Bigin's
//! ceilings in the order in which Bigin looks, [`lower`] makes SQL of it. The emulated server runs on this, and
//! every call that leaves the program passes it.
//!
//! **What people write**, which is more: [`analyse`] reads any text, whatever is wrong with it, into
//! [`Statement`]s with [`Diagnostic`]s and fixes; [`highlight`] and [`complete`] serve an editor at every key;
//! [`plan`] says what the server is asked, in its own language, and what SQLite computes over the rows that
//! come or over a mirror; a [`Walk`] names the calls one by one. Nothing here does any of it: there is no
//! I/O and no clock.
//!
//! The grammar of the first is the one that Bigin documents:
//! <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>.
//!
//! ```
//! use bigin::{coql::{self, Context, Means, Mode, Walk}, domain::{Field, FieldKind, Schema, Schemas}};
//!
//! let stage = Field::plain("Stage", FieldKind::PickList);
//! let amount = Field::plain("Amount", FieldKind::Currency);
//! let deals = Schema { module: "Pipelines".to_owned(), fields: vec![stage, amount] };
//! let schemas: Schemas = [deals].into_iter().collect();
//! let context = Context::new("2026-05-14T10:00:00Z".parse()?, jiff::tz::TimeZone::UTC);
//!
//! let text = "select Stage, sum(Amount) from Deals where Amount > 5 group by Stage";
//! let analysis = coql::analyse(text, &schemas, Mode::Wide, &context);
//! let statement = &analysis.statements[0].statement;
//! let plan = coql::plan(statement, &schemas, &context, &Means::default()).map_err(|said| said[0].message.clone())?;
//! let call = Walk::new(plan.fetches[0].clone(), None).next_call().ok_or("a call")?;
//! assert_eq!(call.text, "select id, Stage, Amount from Pipelines where Amount > 5 order by id asc limit 200");
//! assert!(plan.local.sql.contains("GROUP BY"));
//!
//! let slip = coql::analyse("select Amuont from Deals", &schemas, Mode::Wide, &context);
//! let said = slip.diagnostics().next().ok_or("a diagnostic")?;
//! assert_eq!(said.message, "Pipelines has no field Amuont, did you mean Amount?");
//! # Ok::<(), Box<dyn std::error::Error>>(())
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
