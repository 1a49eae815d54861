//! A checked query as SQL over the tables of the modules.
//!
//! It relies on the layout that `tables` documents: a table per module with a column per field,
//! case-insensitive text columns, `"$row"` for the id as a number and `"id"` for the id as text.

use super::{
    check::{Checked, Expression, Filter, Function, Param, TypedTest},
    resolve::Source,
    tree::{Comparison, Connective, Direction},
};
use crate::domain::{LAYOUTS, Shape};

/// SQL with its parameters and the columns of its rows. It asks for one row more than the query's limit:
/// when that row comes, there are more records.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// One SELECT with a `?` for each parameter.
    pub sql: String,
    /// What to bind, in order.
    pub params: Vec<Param>,
    /// The keys of an answer's rows with the shapes of their values, in order.
    pub columns: Vec<(String, Shape)>,
    /// Rows of the answer at most.
    pub limit: u64,
}

/// Makes SQL of a checked query. Rows come in the query's order, then by ascending id; empty values come
/// first when ascending. A column behind an empty lookup is empty.
#[must_use]
pub fn lower(checked: &Checked) -> Lowered {
    let mut out = Sql { text: "SELECT ".to_owned(), params: Vec::new() };
    for (index, output) in checked.outputs.iter().enumerate() {
        out.push(if index == 0 { "" } else { ", " });
        out.expression(&output.expression);
    }
    for (index, table) in checked.tables.iter().enumerate() {
        let (name, alias) = (quoted(&table.module), alias(index));
        if index == 0 {
            out.push(&format!(" FROM {name} AS {alias}"));
        } else {
            let via = format!("{}.{}", self::alias(table.from), quoted(&table.via));
            out.push(&format!(" LEFT JOIN {name} AS {alias} ON {alias}.\"id\" = {via}"));
        }
    }
    if let Some(filter) = &checked.condition {
        out.push(" WHERE ");
        out.filter(filter);
    }
    for (index, source) in checked.group.iter().enumerate() {
        out.push(if index == 0 { " GROUP BY " } else { ", " });
        out.push(&column(source));
    }
    out.order(checked);
    let limit = i64::try_from(checked.limit.saturating_add(1)).unwrap_or(i64::MAX);
    out.bind(" LIMIT ?", Param::Integer(limit));
    out.bind(" OFFSET ?", Param::Integer(i64::try_from(checked.offset).unwrap_or(i64::MAX)));
    let columns = checked.outputs.iter().map(|output| (output.key.clone(), shape(&output.expression)));
    Lowered { sql: out.text, params: out.params, columns: columns.collect(), limit: checked.limit }
}

/// What the values of an expression are.
fn shape(expression: &Expression) -> Shape {
    match expression.function {
        Some(Function::Count) => Shape::Whole,
        Some(Function::Sum | Function::Avg) => Shape::Number,
        _ if expression.source.column == "id" => Shape::Text,
        _ => expression.source.shape,
    }
}

struct Sql {
    text: String,
    params: Vec<Param>,
}

impl Sql {
    fn push(&mut self, sql: &str) {
        self.text.push_str(sql);
    }

    fn bind(&mut self, sql: &str, param: Param) {
        self.text.push_str(sql);
        self.params.push(param);
    }

    fn expression(&mut self, expression: &Expression) {
        let column = column(&expression.source);
        match expression.function {
            Some(function) => self.push(&format!("{}({column})", <&str>::from(function))),
            None => self.push(&column),
        }
    }

    fn order(&mut self, checked: &Checked) {
        let mut lead = " ORDER BY ";
        let mut by_id = false;
        for (expression, direction) in &checked.order {
            self.push(std::mem::replace(&mut lead, ", "));
            let is_id = expression.function.is_none() && expression.source.column == "id";
            if is_id {
                self.push(&row(&expression.source));
            } else {
                self.expression(expression);
            }
            by_id |= is_id && expression.source.table == 0;
            if *direction == Direction::Descending {
                self.push(" DESC");
            }
        }
        if !checked.grouped && !by_id {
            self.push(lead);
            self.push(&format!("{}.\"$row\"", alias(0)));
        }
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::Pair(left, connective, right) => {
                self.push("(");
                self.filter(left);
                self.push(match connective {
                    Connective::And => " AND ",
                    Connective::Or => " OR ",
                });
                self.filter(right);
                self.push(")");
            }
            Filter::Test(source, test) => self.test(source, test),
        }
    }

    fn test(&mut self, source: &Source, test: &TypedTest) {
        let operand = match source.shape {
            _ if source.column == "id" => row(source),
            Shape::List if !matches!(test, TypedTest::Null { .. }) => {
                set_of(&column(source), matches!(test, TypedTest::Like { .. }))
            }
            _ => column(source),
        };
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match test {
            TypedTest::Null { negated } => self.push(&format!("{operand} IS {}NULL", not(*negated))),
            TypedTest::Compare(comparison, value) if source.layout => {
                self.layout(&operand, *comparison == Comparison::NotEqual, std::slice::from_ref(value));
            }
            TypedTest::In { negated, values } if source.layout => self.layout(&operand, *negated, values),
            TypedTest::Compare(comparison, value) => {
                self.bind(&format!("{operand} {} ?", comparison.symbol()), canonical(source, value));
            }
            TypedTest::In { negated, values } => {
                self.push(&format!("{operand} {}IN (", not(*negated)));
                for (index, value) in values.iter().enumerate() {
                    self.bind(if index == 0 { "?" } else { ", ?" }, canonical(source, value));
                }
                self.push(")");
            }
            TypedTest::Between { negated, low, high } => {
                self.bind(&format!("{operand} {}BETWEEN ?", not(*negated)), low.clone());
                self.bind(" AND ?", high.clone());
            }
            TypedTest::Like { negated, pattern } => {
                let sql = format!("{operand} {}LIKE ? ESCAPE '\\'", not(*negated));
                self.bind(&sql, Param::Text(like_pattern(pattern)));
            }
        }
    }

    /// Team pipelines are compared by name. They are few: the ids that bear the name are found first, and an
    /// index on the column can serve.
    fn layout(&mut self, operand: &str, negated: bool, names: &[Param]) {
        if negated {
            self.push(&format!("{operand} IS NOT NULL AND "));
        }
        let (not, layouts) = (if negated { "NOT " } else { "" }, quoted(LAYOUTS));
        self.push(&format!("{operand} {not}IN (SELECT \"id\" FROM {layouts} WHERE \"name\" IN ("));
        for (index, name) in names.iter().enumerate() {
            self.bind(if index == 0 { "?" } else { ", ?" }, name.clone());
        }
        self.push("))");
    }
}

/// The SQL pattern for a COQL one: `%` counts at the ends only, everything else is itself.
pub(super) fn like_pattern(pattern: &str) -> String {
    let (lead, core) = pattern.strip_prefix('%').map_or(("", pattern), |core| ("%", core));
    let (core, tail) = core.strip_suffix('%').map_or((core, ""), |core| (core, "%"));
    let core = core.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("{lead}{core}{tail}")
}

/// A multi-select in `column` as text: for a pattern its values as they are, otherwise sorted and in lower
/// case, so that equal sets are equal texts.
pub(super) fn set_of(column: &str, pattern: bool) -> String {
    let values = if pattern {
        "group_concat(value, ';')"
    } else {
        "group_concat(lower(value), ';' ORDER BY lower(value))"
    };
    format!("(SELECT {values} FROM json_each({column}))")
}

/// The text that [`set_of`] has for the values in `text`, with semicolons between them.
pub(super) fn canonical_set(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let mut values: Vec<&str> = text.split(';').collect();
    values.sort_unstable();
    values.join(";")
}

/// The parameter for [`set_of`]; any other is as it is.
fn canonical(source: &Source, param: &Param) -> Param {
    match param {
        Param::Text(text) if source.shape == Shape::List => Param::Text(canonical_set(text)),
        other => other.clone(),
    }
}

fn column(source: &Source) -> String {
    format!("{}.{}", alias(source.table), quoted(&source.column))
}

fn row(source: &Source) -> String {
    format!("{}.\"$row\"", alias(source.table))
}

/// `t` is the base module.
fn alias(table: usize) -> String {
    if table == 0 { "t".to_owned() } else { format!("t{table}") }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
