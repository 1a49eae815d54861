//! What a window leaves out: conditions as values, never as SQL from outside.

use rusqlite::types::Value;
use serde_json::Value as Json;

use super::{
    Result,
    codec::encode,
    layout::{ROW, column, quoted},
    search::{self, Match},
};
use crate::domain::{Schema, Shape};

/// Which records of a module. Columns are API names; values are as in record JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them.
    Everything,
    /// The column has this value; text without case, references by id. `null` is no value.
    Equal(String, Json),
    /// The column has one of these values.
    In(String, Vec<Json>),
    /// The column has no value.
    Empty(String),
    /// The column is at least this.
    AtLeast(String, Json),
    /// The column is less than this.
    Below(String, Json),
    /// Text in some of the columns; needs [`ensure_search`](super::ensure_search) on them.
    Text {
        /// How the text is found.
        how: Match,
        /// Where.
        columns: Vec<String>,
        /// What the user typed. Blank text leaves nothing out.
        text: String,
    },
    /// Not so, or not known.
    Not(Box<Filter>),
    /// All hold; true of none.
    All(Vec<Filter>),
    /// At least one holds; false of none.
    Any(Vec<Filter>),
}

/// SQL with its parameters, in order.
#[derive(Debug, Default)]
pub(super) struct Clause {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Clause {
    /// Adds `sql` with one parameter.
    pub fn bind(&mut self, sql: &str, value: Value) {
        self.sql.push_str(sql);
        self.params.push(value);
    }
}

impl Filter {
    /// Adds the condition over the table `t` to `clause`.
    pub(super) fn write(&self, schema: &Schema, clause: &mut Clause) -> Result<()> {
        match self {
            Self::Everything => clause.sql.push('1'),
            Self::Equal(name, value) => {
                let (column, shape) = operand(schema, name)?;
                clause.bind(&format!("{column} IS ?"), encode(shape, value));
            }
            Self::In(name, values) => {
                let (column, shape) = operand(schema, name)?;
                clause.sql.push_str(&format!("{column} IN ("));
                for (index, value) in values.iter().enumerate() {
                    clause.bind(if index == 0 { "?" } else { ", ?" }, encode(shape, value));
                }
                clause.sql.push(')');
            }
            Self::Empty(name) => clause.sql.push_str(&format!("{} IS NULL", operand(schema, name)?.0)),
            Self::AtLeast(name, value) => {
                let (column, shape) = operand(schema, name)?;
                clause.bind(&format!("{column} >= ?"), encode(shape, value));
            }
            Self::Below(name, value) => {
                let (column, shape) = operand(schema, name)?;
                clause.bind(&format!("{column} < ?"), encode(shape, value));
            }
            Self::Text { how, columns, text } => search::write(*how, schema, columns, text, clause)?,
            Self::Not(inner) => {
                clause.sql.push_str("(coalesce(");
                inner.write(schema, clause)?;
                clause.sql.push_str(", 0) = 0)");
            }
            Self::All(all) => join(all, schema, clause, " AND ", "1")?,
            Self::Any(any) => join(any, schema, clause, " OR ", "0")?,
        }
        Ok(())
    }
}

fn join(filters: &[Filter], schema: &Schema, clause: &mut Clause, word: &str, none: &str) -> Result<()> {
    if filters.is_empty() {
        clause.sql.push_str(none);
        return Ok(());
    }
    for (index, filter) in filters.iter().enumerate() {
        clause.sql.push_str(if index == 0 { "(" } else { word });
        filter.write(schema, clause)?;
    }
    clause.sql.push(')');
    Ok(())
}

/// The column in SQL and its shape; `id` stands for the row, whose shape is a whole number.
fn operand(schema: &Schema, name: &str) -> Result<(String, Shape)> {
    if name == "id" {
        return Ok((format!("t.{}", quoted(ROW)), Shape::Digits));
    }
    let field = column(schema, name)?;
    Ok((format!("t.{}", quoted(&field.api_name)), field.shape()))
}
