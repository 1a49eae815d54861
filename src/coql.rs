//! The COQL language: text to tokens, tokens to a tree, and the tree against Bigin's ceilings.
//!
//! The grammar is the one that Bigin documents:
//! <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>. Each connective joins
//! exactly two operands, so three criteria need parentheses.

pub mod limits;
mod parser;
mod token;
mod tree;

pub use limits::{LimitError, check_limits};
pub use parser::{SyntaxError, parse};
pub use tree::{Comparison, Condition, Connective, Criterion, Direction, Query, SortItem, Test, Value};
