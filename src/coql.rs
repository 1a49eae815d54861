//! The COQL language: text to tokens, tokens to a tree.
//!
//! The grammar is the one that Bigin documents:
//! <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>. Each connective joins
//! exactly two operands, so three criteria need parentheses.

mod parser;
mod token;
mod tree;

pub use parser::{SyntaxError, parse};
pub use tree::{Comparison, Condition, Connective, Criterion, Direction, Query, SortItem, Test, Value};
