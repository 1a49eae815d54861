//! The printed form of a tree: what parses to the same tree again.

use std::fmt;

use super::{
    parser::is_reserved,
    tree::{Column, Comparison, Condition, Connective, Criterion, Direction, Query, Selected, Test, Value},
};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.columns.iter().enumerate() {
            write!(f, "{}{item}", if index == 0 { "select " } else { ", " })?;
        }
        write!(f, " from {}", self.module.value)?;
        if let Some(condition) = &self.condition {
            write!(f, " where {condition}")?;
        }
        for (index, column) in self.group.iter().enumerate() {
            write!(f, "{} {}", if index == 0 { " group by" } else { "," }, column.value)?;
        }
        for (index, item) in self.order.iter().enumerate() {
            let lead = if index == 0 { " order by" } else { "," };
            let way = match item.direction {
                Direction::Ascending => "asc",
                Direction::Descending => "desc",
            };
            write!(f, "{lead} {} {way}", item.column.value)?;
        }
        if let Some(limit) = &self.limit {
            write!(f, " limit {}", limit.value)?;
        }
        if let Some(offset) = &self.offset {
            write!(f, " offset {}", offset.value)?;
        }
        Ok(())
    }
}

impl fmt::Display for Selected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.column.value.fmt(f)?;
        self.alias.as_ref().map_or(Ok(()), |alias| write!(f, " as {}", quoted(alias)))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.contains("->") || is_reserved(&self.path) {
            quoted(&self.path)
        } else {
            self.path.clone()
        };
        match &self.function {
            Some(function) => write!(f, "{function}({path})"),
            None => f.write_str(&path),
        }
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
        write!(f, "{} {}", self.column.value, self.test.operator())?;
        match &self.test.value {
            Test::Compare(_, value) => write!(f, " {}", value.value),
            Test::Like { pattern, .. } => write!(f, " {}", quoted(pattern)),
            Test::In { values, .. } => {
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { " (" } else { ", " }, value.value)?;
                }
                f.write_str(")")
            }
            Test::Between { low, high, .. } => write!(f, " {} and {}", low.value, high.value),
            Test::Null { .. } => Ok(()),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
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
