//! The part of a statement that SQLite computes.

use super::{
    super::{
        bind::{Bound, Cell, Literal, Scalar, Term},
        check::{Function, Param},
        context::Context,
        lower::{canonical_set, like_pattern, quoted, set_of},
        statement::Arithmetic,
        tree::{Comparison, Connective, Direction},
    },
    zone,
};
use crate::domain::{FieldKind, LAYOUTS, Shape};

/// SQL with its parameters and the columns of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// One SELECT with `?1`, `?2` and so on.
    pub sql: String,
    /// What to bind, in order.
    pub params: Vec<Param>,
    /// What the rows hold, in order: the columns that were asked for.
    pub columns: Vec<LocalColumn>,
    /// The column of the SQL, behind those, that holds the id of the record that a row is of; none where
    /// rows are groups.
    pub id: Option<usize>,
}

/// One column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalColumn {
    /// What it is called: an alias, a path, or the expression.
    pub name: String,
    /// What its values are; none for one that is always null.
    pub shape: Option<Shape>,
    /// The kind of field it is, if it is one.
    pub kind: Option<FieldKind>,
    /// The API name of the field of the record itself that it shows, if it shows one as it is.
    pub field: Option<String>,
    /// The column of the SQL, behind those asked for, that holds the name of what a reference points to.
    pub named: Option<usize>,
}

impl LocalColumn {
    /// Whether it holds numbers to calculate with, not digits of an id.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self.shape, Some(Shape::Whole | Shape::Number))
    }
}

/// Where the SQL finds fields.
pub(super) struct Tables<'a> {
    /// What follows FROM.
    pub from: String,
    /// A field as SQL.
    pub cell: &'a dyn Fn(&Cell) -> Option<String>,
    /// The id of the record as SQL.
    pub id: &'a str,
    /// A layouts table can be asked for the names of team pipelines.
    pub layouts: bool,
}

/// What of the statement is left to do.
pub(super) struct Rest<'a> {
    pub condition: Option<&'a Term>,
    /// An SQL expression that the rows are sorted by already; none sorts them by the statement's order.
    pub arrival: Option<&'a str>,
    pub limit: Option<u64>,
    pub offset: u64,
    /// Fields with the names of what references point to, by the path of the reference.
    pub names: &'a dyn Fn(&Cell) -> Option<Cell>,
}

pub(super) fn write(bound: &Bound, rest: &Rest<'_>, tables: &Tables<'_>, context: &Context) -> Option<Local> {
    let mut writer = Writer { params: Vec::new(), tables, context };
    let mut columns = Vec::new();
    let mut selected = Vec::new();
    for output in &bound.outputs {
        selected.push(writer.term(&output.term)?);
        let cell = match &output.term {
            Term::Cell(cell) => Some(cell),
            _ => None,
        };
        columns.push(LocalColumn {
            name: output.key.clone(),
            shape: shape(&output.term),
            kind: cell.map(|cell| cell.source.kind),
            field: cell.map(|cell| cell.path.clone()).filter(|path| !bound.grouped && !path.contains('.')),
            named: None,
        });
    }
    for (output, column) in bound.outputs.iter().zip(&mut columns) {
        let Term::Cell(cell) = &output.term else { continue };
        if let Some(name) = (rest.names)(cell).and_then(|cell| writer.cell(&cell)) {
            column.named = Some(selected.len());
            selected.push(name);
        }
    }
    let id = (!bound.grouped).then(|| {
        selected.push(tables.id.to_owned());
        selected.len() - 1
    });
    let distinct = if bound.distinct && bound.grouped { "DISTINCT " } else { "" };
    let mut sql = format!("SELECT {distinct}{} FROM {}", selected.join(", "), tables.from);
    if let Some(condition) = rest.condition {
        sql.push_str(&format!(" WHERE {}", writer.term(condition)?));
    }
    let group: Vec<String> = bound.group.iter().map(|term| writer.key(term)).collect::<Option<_>>()?;
    if !group.is_empty() {
        sql.push_str(&format!(" GROUP BY {}", group.join(", ")));
    }
    if let Some(having) = &bound.having {
        sql.push_str(&format!(" HAVING {}", writer.term(having)?));
    }
    let order = match rest.arrival {
        Some(arrival) => vec![arrival.to_owned()],
        None => writer.order(bound, &group)?,
    };
    if !order.is_empty() {
        sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
    }
    if rest.limit.is_some() || rest.offset > 0 {
        let limit = rest.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
        let (limit, offset) = (
            writer.bind(Param::Integer(limit)),
            writer.bind(Param::Integer(i64::try_from(rest.offset).unwrap_or(i64::MAX))),
        );
        sql.push_str(&format!(" LIMIT {limit} OFFSET {offset}"));
    }
    Some(Local { sql, params: writer.params, columns, id })
}

/// What the values of an output are, as JSON has them.
fn shape(term: &Term) -> Option<Shape> {
    match term {
        Term::Cell(cell) if cell.source.column == "id" => Some(Shape::Digits),
        other => other.shape(),
    }
}

struct Writer<'a> {
    params: Vec<Param>,
    tables: &'a Tables<'a>,
    context: &'a Context,
}

impl Writer<'_> {
    fn bind(&mut self, param: Param) -> String {
        self.params.push(param);
        format!("?{}", self.params.len())
    }

    fn cell(&self, cell: &Cell) -> Option<String> {
        (self.tables.cell)(cell)
    }

    /// `ORDER BY`: by the statement's keys, then by id or by the groups.
    fn order(&mut self, bound: &Bound, group: &[String]) -> Option<Vec<String>> {
        let mut keys = Vec::new();
        for (term, direction) in &bound.order {
            let way = if *direction == Direction::Descending { " DESC" } else { "" };
            keys.push(format!("{}{way}", self.key(term)?));
        }
        if !bound.grouped {
            keys.push(self.tables.id.to_owned());
        } else if !bound.distinct || bound.group.is_empty() {
            keys.extend(group.iter().cloned());
        }
        Some(keys)
    }

    /// A term that rows are grouped or sorted by.
    fn key(&mut self, term: &Term) -> Option<String> {
        let sql = self.term(term)?;
        Some(match (term, term.shape()) {
            (_, Some(Shape::List)) => set_of(&sql, false),
            (Term::Cell(_), _) => sql,
            (_, Some(Shape::Text)) => format!("{sql} COLLATE NOCASE"),
            // A number alone would name a column.
            (Term::Literal(_), _) => format!("({sql} + 0)"),
            _ => sql,
        })
    }

    fn terms(&mut self, terms: &[Term]) -> Option<Vec<String>> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn term(&mut self, term: &Term) -> Option<String> {
        Some(match term {
            Term::Cell(cell) => self.cell(cell)?,
            Term::Literal(literal) => self.literal(literal),
            Term::Arithmetic(left, operation, right) => {
                let (left, right) = (self.term(left)?, self.term(right)?);
                match operation {
                    // Of whole numbers SQLite would give the whole part.
                    Arithmetic::Divide => format!("({left} * 1.0 / {right})"),
                    other => format!("({left} {} {right})", other.symbol()),
                }
            }
            Term::Later(day, count) => {
                let (day, count) = (self.term(day)?, self.term(count)?);
                format!("date({day}, CAST(round({count}) AS INTEGER) || ' days')")
            }
            Term::Days(from, to) => {
                let (from, to) = (self.term(from)?, self.term(to)?);
                days(&from, &to)
            }
            Term::DayOf(instant) => {
                let instant = self.term(instant)?;
                zone::day_of(&instant, &self.context.zone, self.context.now)
            }
            Term::Call(scalar, arguments) => self.call(*scalar, arguments)?,
            Term::Case(branches, otherwise) => {
                let mut sql = "CASE".to_owned();
                for (when, then) in branches {
                    sql.push_str(&format!(" WHEN {} THEN {}", self.term(when)?, self.term(then)?));
                }
                if let Some(otherwise) = otherwise {
                    sql.push_str(&format!(" ELSE {}", self.term(otherwise)?));
                }
                sql + " END"
            }
            Term::Aggregate { function, distinct, argument } => {
                let argument = match argument {
                    Some(argument) => self.key(argument)?,
                    None => "*".to_owned(),
                };
                let distinct = if *distinct { "DISTINCT " } else { "" };
                let name: &str = function.into();
                match function {
                    // Tenths have no exact place in a double; a sum shows it after many of them.
                    Function::Sum | Function::Avg => format!("round({name}({distinct}{argument}), 6)"),
                    _ => format!("{name}({distinct}{argument})"),
                }
            }
            Term::Compare(left, comparison, right) => self.compare(left, *comparison, right)?,
            Term::Like { operand, negated, pattern } => {
                let sql = self.term(operand)?;
                let sql = if operand.shape() == Some(Shape::List) { set_of(&sql, true) } else { sql };
                let pattern = self.bind(Param::Text(like_pattern(pattern)));
                format!("({sql} {}LIKE {pattern} ESCAPE '\\')", not(*negated))
            }
            Term::In { operand, negated, values } => self.within(operand, *negated, values)?,
            Term::Null { operand, negated } => format!("({} IS {}NULL)", self.term(operand)?, not(*negated)),
            Term::Not(inner) => format!("NOT ({})", self.term(inner)?),
            Term::Logic(connective, all) => {
                let word = if *connective == Connective::And { " AND " } else { " OR " };
                format!("({})", self.terms(all)?.join(word))
            }
        })
    }

    fn literal(&mut self, literal: &Literal) -> String {
        match literal {
            Literal::Null => "NULL".to_owned(),
            Literal::Text(text) => self.bind(Param::Text(text.clone())),
            Literal::Number(number) => match (number.parse::<i64>(), number.parse::<f64>()) {
                (Ok(whole), _) => self.bind(Param::Integer(whole)),
                // Longer ids than any: beyond the last one.
                (Err(_), _) if number.bytes().all(|b| b.is_ascii_digit()) => {
                    self.bind(Param::Integer(i64::MAX))
                }
                (Err(_), Ok(real)) => self.bind(Param::Real(real)),
                (Err(_), Err(_)) => "NULL".to_owned(),
            },
            Literal::Flag(flag) => self.bind(Param::Integer(i64::from(*flag))),
            Literal::Day(day) => self.bind(Param::Text(day.to_string())),
            Literal::Instant(at) => self.bind(Param::Integer(at.as_second())),
        }
    }

    fn compare(&mut self, left: &Term, comparison: Comparison, right: &Term) -> Option<String> {
        if let (Term::Cell(cell), Term::Literal(value)) = (left, right)
            && cell.source.layout
        {
            let negated = comparison == Comparison::NotEqual;
            return self.pipelines(cell, negated, std::slice::from_ref(value));
        }
        let text = matches!(left.shape(), Some(Shape::Text | Shape::List));
        if left.shape() == Some(Shape::List) {
            let near = set_of(&self.term(left)?, false);
            let far = match right {
                Term::Literal(Literal::Text(text)) => self.bind(Param::Text(canonical_set(text))),
                other => set_of(&self.term(other)?, false),
            };
            return Some(format!("({near} {} {far})", comparison.symbol()));
        }
        let (near, far) = (self.term(left)?, self.term(right)?);
        let own = matches!(left, Term::Cell(_));
        let collation = if text && !own { " COLLATE NOCASE" } else { "" };
        Some(format!("({near}{collation} {} {far})", comparison.symbol()))
    }

    fn within(&mut self, operand: &Term, negated: bool, values: &[Literal]) -> Option<String> {
        if let Term::Cell(cell) = operand
            && cell.source.layout
        {
            return self.pipelines(cell, negated, values);
        }
        let list = operand.shape() == Some(Shape::List);
        let mut sql = self.term(operand)?;
        if list {
            sql = set_of(&sql, false);
        } else if operand.shape() == Some(Shape::Text) && !matches!(operand, Term::Cell(_)) {
            sql.push_str(" COLLATE NOCASE");
        }
        let values: Vec<String> = values
            .iter()
            .map(|value| match value {
                Literal::Text(text) if list => self.bind(Param::Text(canonical_set(text))),
                other => self.literal(other),
            })
            .collect();
        Some(format!("({sql} {}IN ({}))", not(negated), values.join(", ")))
    }

    /// Team pipelines are asked for by name and kept by id.
    fn pipelines(&mut self, cell: &Cell, negated: bool, names: &[Literal]) -> Option<String> {
        let sql = self.cell(cell)?;
        let names: Vec<&str> = names
            .iter()
            .filter_map(|name| match name {
                Literal::Text(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let lead = if negated { format!("{sql} IS NOT NULL AND ") } else { String::new() };
        let known = &self.context.pipelines;
        if known.is_empty() {
            if !self.tables.layouts {
                return None;
            }
            let names: Vec<String> =
                names.iter().map(|name| self.bind(Param::Text((*name).to_owned()))).collect();
            let layouts = quoted(LAYOUTS);
            let names = names.join(", ");
            return Some(format!(
                "({lead}{sql} {}IN (SELECT \"id\" FROM {layouts} WHERE \"name\" IN ({names})))",
                not(negated)
            ));
        }
        let ids: Vec<String> = known
            .iter()
            .filter(|(_, known)| names.iter().any(|name| name.eq_ignore_ascii_case(known)))
            .map(|(id, _)| id.clone())
            .collect();
        let ids: Vec<String> = ids.into_iter().map(|id| self.bind(Param::Text(id))).collect();
        Some(format!("({lead}{sql} {}IN ({}))", not(negated), ids.join(", ")))
    }

    fn call(&mut self, scalar: Scalar, arguments: &[Term]) -> Option<String> {
        let sql = self.terms(arguments)?;
        let first = sql.first()?;
        Some(match scalar {
            Scalar::Lower | Scalar::Upper | Scalar::Trim | Scalar::Length | Scalar::Abs | Scalar::Round => {
                format!("{}({})", <&str>::from(scalar), sql.join(", "))
            }
            Scalar::Coalesce if sql.len() == 1 => first.clone(),
            Scalar::Coalesce => format!("coalesce({})", sql.join(", ")),
            Scalar::Concat => {
                let parts = sql.iter().zip(arguments).map(|(sql, term)| match term.shape() {
                    Some(Shape::Number) => {
                        format!("CASE WHEN {sql} IS NULL THEN '' ELSE printf('%.15g', {sql}) END")
                    }
                    _ => format!("coalesce({sql}, '')"),
                });
                format!("({})", parts.collect::<Vec<_>>().join(" || "))
            }
            Scalar::Year => format!("CAST(strftime('%Y', {first}) AS INTEGER)"),
            Scalar::Quarter => format!(
                "(strftime('%Y', {first}) || '-Q' || ((CAST(strftime('%m', {first}) AS INTEGER) + 2) / 3))"
            ),
            Scalar::Month => format!("strftime('%Y-%m', {first})"),
            Scalar::Week => format!("date({first}, 'weekday 0', '-6 days')"),
            Scalar::Date => first.clone(),
            Scalar::Age => {
                let today = self.bind(Param::Text(self.context.today().to_string()));
                days(first, &today)
            }
        })
    }
}

fn days(from: &str, to: &str) -> String {
    format!("CAST(round(julianday({to}) - julianday({from})) AS INTEGER)")
}

const fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
