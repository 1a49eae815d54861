//! The printed form of a statement: what is read as the same statement again.

use std::fmt::{self, Formatter, Write as _};

use super::{Expr, Item, Node, Statement};
use crate::coql::{
    parser::is_path,
    reader::is_word_of_ours,
    tree::{Connective, Direction},
};

/// How tightly an expression holds together; what is looser than its place needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    Sign,
    Whole,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.distinct { "select distinct" } else { "select" })?;
        for (index, item) in self.items.iter().enumerate() {
            f.write_str(if index == 0 { " " } else { ", " })?;
            match item {
                Item::Everything(_) => f.write_str("*")?,
                Item::One { node, alias } => {
                    column_place(f, node, Hold::Or)?;
                    if let Some(alias) = alias {
                        write!(f, " as {}", Alias(alias))?;
                    }
                }
            }
        }
        if let Some(module) = &self.module {
            write!(f, " from {}", module.value)?;
        }
        clause(f, " where ", self.condition.as_ref())?;
        for (index, node) in self.group.iter().enumerate() {
            f.write_str(if index == 0 { " group by " } else { ", " })?;
            column_place(f, node, Hold::Or)?;
        }
        clause(f, " having ", self.having.as_ref())?;
        for (index, key) in self.order.iter().enumerate() {
            f.write_str(if index == 0 { " order by " } else { ", " })?;
            column_place(f, &key.node, Hold::Or)?;
            f.write_str(match key.direction {
                Direction::Ascending => "",
                Direction::Descending => " desc",
            })?;
        }
        clause(f, " limit ", self.limit.as_ref())?;
        clause(f, " offset ", self.offset.as_ref())
    }
}

fn clause(f: &mut Formatter<'_>, lead: &str, node: Option<&Node>) -> fmt::Result {
    node.map_or(Ok(()), |node| {
        f.write_str(lead)?;
        put(f, node, Hold::Or)
    })
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(path) if is_word_of_ours(path) => write!(f, "`{path}`"),
            Self::Column(text) | Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Variable { name, shift: None } => write!(f, "${name}"),
            Self::Variable { name, shift: Some(shift) } => write!(f, "${name}({shift})"),
            Self::Parameter(name) => write!(f, ":{name}"),
            Self::Call { name, arguments, .. } if arguments.is_empty() => write!(f, "{name}(*)"),
            Self::Call { name, distinct, arguments } => {
                write!(f, "{name}({}", if *distinct { "distinct " } else { "" })?;
                list(f, arguments, Hold::Or)?;
                f.write_char(')')
            }
            Self::Negative(node) => {
                f.write_char('-')?;
                if matches!(node.value, Self::Number(_) | Self::Negative(_)) {
                    write!(f, "({})", node.value)
                } else {
                    put(f, node, Hold::Sign)
                }
            }
            Self::Arithmetic(left, operation, right) => {
                let (near, far) = match self.hold() {
                    Hold::Sum => (Hold::Sum, Hold::Product),
                    _ => (Hold::Product, Hold::Sign),
                };
                put(f, left, near)?;
                write!(f, " {} ", operation.symbol())?;
                put(f, right, far)
            }
            Self::Compare(left, comparison, right) => {
                column_place(f, left, Hold::Sum)?;
                write!(f, " {} ", comparison.symbol())?;
                put(f, right, Hold::Sum)
            }
            Self::Like { operand, negated, pattern } => {
                column_place(f, operand, Hold::Sum)?;
                write!(f, " {}like ", not(*negated))?;
                put(f, pattern, Hold::Sum)
            }
            Self::In { operand, negated, values } => {
                column_place(f, operand, Hold::Sum)?;
                write!(f, " {}in (", not(*negated))?;
                list(f, values, Hold::Sum)?;
                f.write_char(')')
            }
            Self::Between { operand, negated, low, high } => {
                column_place(f, operand, Hold::Sum)?;
                write!(f, " {}between ", not(*negated))?;
                put(f, low, Hold::Sum)?;
                f.write_str(" and ")?;
                put(f, high, Hold::Sum)
            }
            Self::Null { operand, negated } => {
                column_place(f, operand, Hold::Sum)?;
                write!(f, " is {}null", not(*negated))
            }
            Self::Not(node) => {
                f.write_str("not ")?;
                put(f, node, Hold::Not)
            }
            Self::Logic(connective, all) => {
                let (word, hold) = match connective {
                    Connective::And => (" and ", Hold::Not),
                    Connective::Or => (" or ", Hold::And),
                };
                for (index, node) in all.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { word })?;
                    put(f, node, hold)?;
                }
                Ok(())
            }
            Self::Case { operand, branches, otherwise } => {
                f.write_str("case")?;
                operand.iter().try_for_each(|operand| write!(f, " {}", operand.value))?;
                branches
                    .iter()
                    .try_for_each(|(when, then)| write!(f, " when {} then {}", when.value, then.value))?;
                otherwise.iter().try_for_each(|otherwise| write!(f, " else {}", otherwise.value))?;
                f.write_str(" end")
            }
            Self::Missing => f.write_char('?'),
        }
    }
}

impl Expr {
    const fn hold(&self) -> Hold {
        match self {
            Self::Logic(Connective::Or, _) => Hold::Or,
            Self::Logic(Connective::And, _) => Hold::And,
            Self::Not(_) => Hold::Not,
            Self::Compare(..)
            | Self::Like { .. }
            | Self::In { .. }
            | Self::Between { .. }
            | Self::Null { .. } => Hold::Test,
            Self::Arithmetic(_, super::Arithmetic::Add | super::Arithmetic::Subtract, _) => Hold::Sum,
            Self::Arithmetic(..) => Hold::Product,
            Self::Negative(_) => Hold::Sign,
            _ => Hold::Whole,
        }
    }
}

fn put(f: &mut Formatter<'_>, node: &Node, hold: Hold) -> fmt::Result {
    if node.hold() < hold { write!(f, "({})", node.value) } else { write!(f, "{}", node.value) }
}

/// Where a quoted path is read as a column, as Bigin does, a text that looks like one stands in parentheses.
fn column_place(f: &mut Formatter<'_>, node: &Node, hold: Hold) -> fmt::Result {
    match &node.value {
        Expr::Text(text) if is_path(text) => write!(f, "({})", node.value),
        _ => put(f, node, hold),
    }
}

fn list(f: &mut Formatter<'_>, nodes: &[Node], hold: Hold) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        put(f, node, hold)?;
    }
    Ok(())
}

const fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

struct Alias<'a>(&'a str);

impl fmt::Display for Alias<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_path(self.0) && !self.0.contains(['.', '>', '$']) && !is_word_of_ours(self.0) {
            f.write_str(self.0)
        } else {
            f.write_str(&quoted(self.0))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
