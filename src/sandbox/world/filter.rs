//! Which records a view, a search or an export means: conditions on fields as SQL.

use jiff::{Timestamp, civil::Date};
use rusqlite::types::Value;

use super::{
    Id, Metadata,
    metadata::{Condition, Field, Kind, Module},
};

/// Conditions on the fields of one module.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All hold.
    All(Vec<Filter>),
    /// One holds.
    Any(Vec<Filter>),
    /// A field is compared.
    Test {
        /// The field's API name, or a path through one lookup such as `Account_Name.Phone`.
        field: String,
        /// How.
        comparator: Comparator,
        /// With what; none of them for the empty value.
        values: Vec<String>,
    },
    /// The record's owner.
    Owner(Id),
    /// SQL that the sandbox wrote, over the table `t`, with its parameters.
    Sql(String, Vec<Value>),
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Comparator {
    /// The same value; text without case.
    Equal,
    /// Another value, or none.
    NotEqual,
    /// One of the values.
    In,
    /// None of the values.
    NotIn,
    /// Smaller.
    LessThan,
    /// Not larger.
    LessEqual,
    /// Larger.
    GreaterThan,
    /// Not smaller.
    GreaterEqual,
    /// Within two values, which count.
    Between,
    /// Outside two values.
    NotBetween,
    /// Text with the value anywhere in it.
    Contains,
    /// Text without it.
    NotContains,
    /// Text that begins with it.
    StartsWith,
    /// Text that ends with it.
    EndsWith,
    /// Text with all the value's words, by the search index.
    Words,
}

/// Why a filter cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterError {
    /// The module has no such field, or none that can be asked for.
    Field(String),
    /// The field's kind does not take the comparator.
    Comparator(String, Comparator),
    /// The value is not of the field's kind: field, `data_type`, value.
    Value(String, &'static str, String),
}

/// SQL with its parameters, in order.
#[derive(Debug, Default, Clone)]
pub struct Clause {
    /// The text.
    pub sql: String,
    /// What to bind.
    pub params: Vec<Value>,
}

impl Clause {
    /// Adds text with one parameter at its end.
    pub fn bind(&mut self, sql: &str, value: impl Into<Value>) {
        self.sql.push_str(sql);
        self.params.push(value.into());
    }

    /// Adds text.
    pub fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }
}

/// What relative values are relative to.
#[derive(Debug, Clone, Copy)]
pub struct Viewpoint {
    /// Who asks.
    pub user: Id,
    /// The day in the organisation's zone.
    pub today: Date,
}

impl Filter {
    /// The filter of a custom view.
    #[must_use]
    pub fn of_view(criteria: &[Condition]) -> Self {
        let test = |condition: &Condition| {
            let list = matches!(condition.comparator, "in" | "not_in");
            let values = if list {
                condition.value.split(',').map(str::to_owned).collect()
            } else {
                vec![condition.value.to_owned()]
            };
            let comparator = condition.comparator.parse().unwrap_or(Comparator::Equal);
            Self::Test { field: condition.field.to_owned(), comparator, values }
        };
        Self::All(criteria.iter().map(test).collect())
    }

    /// Adds the condition over the table `t` to `clause`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn write(
        &self,
        metadata: &Metadata,
        module: &Module,
        viewpoint: &Viewpoint,
        clause: &mut Clause,
    ) -> Result<(), FilterError> {
        let join = |clause: &mut Clause, filters: &[Self], word: &str, none: &str| {
            if filters.is_empty() {
                clause.push(none);
                return Ok(());
            }
            for (index, filter) in filters.iter().enumerate() {
                clause.push(if index == 0 { "(" } else { word });
                filter.write(metadata, module, viewpoint, clause)?;
            }
            clause.push(")");
            Ok(())
        };
        match self {
            Self::All(filters) => join(clause, filters, " AND ", "1"),
            Self::Any(filters) => join(clause, filters, " OR ", "0"),
            Self::Owner(id) => {
                clause.bind("t.Owner = ?", id.to_string());
                Ok(())
            }
            Self::Sql(sql, params) => {
                clause.push(sql);
                clause.params.extend(params.iter().cloned());
                Ok(())
            }
            Self::Test { field, comparator, values } => {
                let operand = Operand::find(metadata, module, field)
                    .filter(|operand| operand.field.filterable() || operand.field.kind == Kind::TextArea)
                    .ok_or_else(|| FilterError::Field(field.clone()))?;
                operand.test(module, field, *comparator, values, viewpoint, clause)
            }
        }
    }
}

/// A column to compare.
struct Operand<'a> {
    sql: String,
    field: &'a Field,
}

impl<'a> Operand<'a> {
    fn find(metadata: &'a Metadata, module: &'a Module, path: &str) -> Option<Self> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let field = module.field(first)?;
        let column =
            if first == "id" { "t.\"$row\"".to_owned() } else { format!("t.\"{}\"", field.api_name) };
        let Some(rest) = rest else {
            let sql = if field.kind == Kind::Formula { format!("CAST({column} AS REAL)") } else { column };
            return Some(Self { sql, field });
        };
        let target = metadata.module(field.kind.target()?)?;
        let leaf = target.field(rest)?;
        let sql = format!(
            "(SELECT \"{}\" FROM \"{}\" WHERE \"$row\" = CAST({column} AS INTEGER))",
            leaf.api_name, target.api_name
        );
        Some(Self { sql, field: leaf })
    }

    fn test(
        &self,
        module: &Module,
        path: &str,
        comparator: Comparator,
        values: &[String],
        viewpoint: &Viewpoint,
        clause: &mut Clause,
    ) -> Result<(), FilterError> {
        use Comparator as C;
        let sql = &self.sql;
        let first = values.first().map_or("", String::as_str);
        if values.is_empty() || first == "${EMPTY}" {
            clause.push(&format!("{sql} IS {}NULL", if comparator == C::NotEqual { "NOT " } else { "" }));
            return Ok(());
        }
        if let Some(range) = self.month(first, viewpoint) {
            let (from, to) = range;
            clause.bind(&format!("{sql} >= ?"), from);
            clause.bind(&format!(" AND {sql} < ?"), to);
            return Ok(());
        }
        let value = |text: &str| {
            self.value(text, viewpoint).ok_or_else(|| {
                FilterError::Value(path.to_owned(), self.field.kind.data_type(), text.to_owned())
            })
        };
        let ordered = matches!(
            self.field.kind,
            Kind::Integer
                | Kind::BigInt
                | Kind::Double
                | Kind::Currency
                | Kind::Percent
                | Kind::Date
                | Kind::DateTime
        );
        let text = is_text(self.field.kind);
        let fits = match comparator {
            C::Equal | C::NotEqual => true,
            C::In | C::NotIn => self.field.kind != Kind::Boolean,
            C::LessThan | C::LessEqual | C::GreaterThan | C::GreaterEqual | C::Between | C::NotBetween => {
                ordered
            }
            C::Contains | C::NotContains | C::StartsWith | C::EndsWith | C::Words => text,
        };
        if !fits {
            return Err(FilterError::Comparator(path.to_owned(), comparator));
        }
        let like = |clause: &mut Clause, not: &str, pattern: String| {
            clause.bind(&format!("coalesce({sql}, '') {not}LIKE ?"), pattern);
            clause.push(" ESCAPE '\\'");
        };
        match comparator {
            C::Equal | C::NotEqual | C::In | C::NotIn if self.field.kind == Kind::MultiSelect => {
                let not = if matches!(comparator, C::NotEqual | C::NotIn) { "NOT " } else { "" };
                clause.push(&format!(
                    "{not}EXISTS (SELECT 1 FROM json_each({sql}) WHERE value COLLATE NOCASE IN ("
                ));
                for (index, text) in values.iter().enumerate() {
                    clause.bind(if index == 0 { "?" } else { ", ?" }, text.clone());
                }
                clause.push("))");
            }
            C::Equal => clause.bind(&format!("{sql} = ?"), value(first)?),
            C::NotEqual => clause.bind(&format!("{sql} IS NOT ?"), value(first)?),
            C::In | C::NotIn => {
                let not = if comparator == C::NotIn { "NOT " } else { "" };
                if comparator == C::NotIn {
                    clause.push(&format!("({sql} IS NULL OR "));
                }
                clause.push(&format!("{sql} {not}IN ("));
                for (index, text) in values.iter().enumerate() {
                    clause.bind(if index == 0 { "?" } else { ", ?" }, value(text)?);
                }
                clause.push(if comparator == C::NotIn { "))" } else { ")" });
            }
            C::LessThan => clause.bind(&format!("{sql} < ?"), value(first)?),
            C::LessEqual => clause.bind(&format!("{sql} <= ?"), value(first)?),
            C::GreaterThan => clause.bind(&format!("{sql} > ?"), value(first)?),
            C::GreaterEqual => clause.bind(&format!("{sql} >= ?"), value(first)?),
            C::Between | C::NotBetween => {
                let [low, high] = values else {
                    return Err(FilterError::Value(
                        path.to_owned(),
                        self.field.kind.data_type(),
                        values.join(","),
                    ));
                };
                let not = if comparator == C::NotBetween { "NOT " } else { "" };
                clause.bind(&format!("{sql} {not}BETWEEN ?"), value(low)?);
                clause.bind(" AND ?", value(high)?);
            }
            C::Contains => like(clause, "", format!("%{}%", escaped(first))),
            C::NotContains => like(clause, "NOT ", format!("%{}%", escaped(first))),
            C::StartsWith => like(clause, "", format!("{}%", escaped(first))),
            C::EndsWith => like(clause, "", format!("%{}", escaped(first))),
            C::Words => words(clause, module, &[self.field.api_name], first, false),
        }
        Ok(())
    }

    /// Bounds of a relative month, for dates.
    fn month(&self, value: &str, viewpoint: &Viewpoint) -> Option<(String, String)> {
        let today = viewpoint.today;
        let first = match value {
            "${THISMONTH}" => today.first_of_month(),
            "${PREVIOUSMONTH}" => today.first_of_month().checked_sub(jiff::Span::new().months(1)).ok()?,
            "${NEXTMONTH}" => today.first_of_month().checked_add(jiff::Span::new().months(1)).ok()?,
            _ => return None,
        };
        let next = first.checked_add(jiff::Span::new().months(1)).ok()?;
        (self.field.kind == Kind::Date).then(|| (first.to_string(), next.to_string()))
    }

    /// The value as the column keeps it.
    fn value(&self, text: &str, viewpoint: &Viewpoint) -> Option<Value> {
        Some(match self.field.kind {
            Kind::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" => Value::Integer(1),
                "false" => Value::Integer(0),
                _ => return None,
            },
            Kind::Integer | Kind::BigInt => Value::Integer(text.parse().ok()?),
            Kind::Double | Kind::Currency | Kind::Percent | Kind::Formula => Value::Real(text.parse().ok()?),
            Kind::Date if text == "${TODAY}" => Value::Text(viewpoint.today.to_string()),
            Kind::Date => Value::Text(text.parse::<Date>().ok()?.to_string()),
            Kind::DateTime => Value::Integer(text.parse::<Timestamp>().ok()?.as_second()),
            Kind::Owner | Kind::User if text == "${CURRENTUSER}" => Value::Text(viewpoint.user.to_string()),
            Kind::Lookup(_) | Kind::Related | Kind::Owner | Kind::User | Kind::Layout => {
                Value::Text(Id::parse(text)?.to_string())
            }
            _ => Value::Text(text.to_owned()),
        })
    }
}

/// Kinds that are compared as text.
pub const fn is_text(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::TextArea
            | Kind::Email
            | Kind::Phone
            | Kind::Website
            | Kind::PickList
            | Kind::MultiSelect
            | Kind::AutoNumber
    )
}

/// Adds the condition that all words of `text` stand in one or another of the columns, by the search index;
/// with `prefixes` the beginnings of words do.
pub fn words(clause: &mut Clause, module: &Module, columns: &[&str], text: &str, prefixes: bool) {
    let star = if prefixes { "*" } else { "" };
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\"{star}"))
        .collect();
    if words.is_empty() || columns.is_empty() {
        clause.push("0");
        return;
    }
    let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let index = format!("\"{}$words\"", module.api_name);
    let query = format!("{{{}}} : ({})", columns.join(" "), words.join(" AND "));
    clause.bind(&format!("t.\"$row\" IN (SELECT rowid FROM {index} WHERE {index} MATCH ?"), query);
    clause.push(")");
}

/// Text as a LIKE pattern that matches itself, with `\` as the escape.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
