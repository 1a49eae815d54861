//! Pages of records out of the tables, whatever list they are of.

use rusqlite::types::Value as Column;
use serde_json::{Value, json};

use super::{
    limit_exceeded,
    paging::{DISCRETE, Paging, beyond_numbers},
    words,
};
use crate::sandbox::{
    Caller, Reply, Request, reply,
    world::{Fields, Reading, Record, Style, World, filter::Clause, metadata::Module},
};

/// Names in `fields` at most.
const MOST_FIELDS: usize = 50;

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox::routes) struct Sort {
    /// What `info` says of it.
    pub name: &'static str,
    /// The column over the table `t`.
    column: String,
    /// Whether it is a number that a page token can carry.
    keyed: bool,
    pub descending: bool,
}

impl Sort {
    /// Reads `sort_by` and `sort_order`: by id, descending, unless given.
    pub fn read(request: &Request) -> Result<Self, Reply> {
        let wrong = |name: &str| reply::invalid_data(json!({ "param_name": name }));
        let (name, column) = match request.query("sort_by").unwrap_or("id") {
            "id" => ("id", "\"$row\""),
            // Ids are given in the order of creation.
            "Created_Time" => ("Created_Time", "\"$row\""),
            "Modified_Time" => ("Modified_Time", "Modified_Time"),
            _ => return Err(wrong("sort_by")),
        };
        let descending = match request.query("sort_order").unwrap_or("desc") {
            "desc" => true,
            "asc" => false,
            _ => return Err(wrong("sort_order")),
        };
        Ok(Self { name, column: column.to_owned(), keyed: true, descending })
    }

    /// The order of a custom view.
    pub fn of_view(field: &'static str, descending: bool) -> Self {
        Self { name: field, column: format!("\"{field}\""), keyed: false, descending }
    }

    /// The order as the end of a query.
    pub fn sql(&self) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        format!(" ORDER BY t.{} {way}, t.\"$row\" {way}", self.column)
    }

    pub const fn order(&self) -> &'static str {
        if self.descending { "desc" } else { "asc" }
    }
}

/// The names in `fields`; none when it is not given or names nothing.
pub(in crate::sandbox::routes) fn fields(request: &Request) -> Result<Option<Vec<String>>, Reply> {
    let Some(text) = request.query("fields") else { return Ok(None) };
    let names = words(text);
    if names.len() > MOST_FIELDS {
        return Err(limit_exceeded(json!({ "limit": MOST_FIELDS, "param_name": "fields" })));
    }
    Ok(Some(names).filter(|names| !names.is_empty()))
}

/// The body of an answer with records: `data` and `info`.
pub(in crate::sandbox::routes) fn body(records: Vec<Record>, info: Value) -> Value {
    let data = records.into_iter().map(Value::Object).collect();
    Value::Object(Record::from_iter([("data".to_owned(), data), ("info".to_owned(), info)]))
}

/// One page of rows.
#[derive(Debug)]
pub(in crate::sandbox::routes) struct Page {
    pub records: Vec<Record>,
    pub info: Value,
}

/// The page of the records of `module` that fulfil `filter`.
pub(in crate::sandbox::routes) fn page(
    (world, module, caller): (&World, &Module, &Caller),
    names: Option<&[String]>,
    filter: &Clause,
    sort: &Sort,
    paging: &Paging,
) -> Result<Page, Reply> {
    if !paging.by_token && paging.page * paging.per_page > DISCRETE {
        let row = paging.offset().max(DISCRETE);
        if exists(world, module, filter, row)? {
            return Err(beyond_numbers());
        }
    }
    let reading = Reading::new(world, module, names.map_or(Fields::Whole, Fields::Named), Style::Record);
    let mut rest = Clause { sql: format!("WHERE {}", filter.sql), params: filter.params.clone() };
    let after = paging.after.filter(|_| sort.keyed);
    let (column, sign) = (&sort.column, if sort.descending { '<' } else { '>' });
    if let Some((value, row)) = after {
        if column == "\"$row\"" {
            rest.bind(&format!(" AND t.\"$row\" {sign} ?"), row);
        } else {
            rest.bind(&format!(" AND (t.{column}, t.\"$row\") {sign} (?"), value);
            rest.bind(", ?", row);
            rest.push(")");
        }
    }
    rest.push(&sort.sql());
    rest.bind(" LIMIT ?", size(paging.per_page + 1));
    if after.is_none() {
        rest.bind(" OFFSET ?", size(paging.offset()));
    }
    let key = if sort.keyed { format!("t.{column}") } else { "0".to_owned() };
    let mut rows = reading.keyed(&key, &rest.sql, &rest.params)?;
    let more = rows.len() > paging.per_page;
    rows.truncate(paging.per_page);
    let last = rows.last().map(|(key, row, _)| (*key, *row));
    let mut info = paging.info(caller, rows.len(), more, last);
    info["sort_by"] = json!(sort.name);
    info["sort_order"] = json!(sort.order());
    Ok(Page { records: rows.into_iter().map(|(.., record)| record).collect(), info })
}

/// Whether so many rows fulfil the filter, and one more.
fn exists(world: &World, module: &Module, filter: &Clause, rows: usize) -> rusqlite::Result<bool> {
    let sql = format!("SELECT 1 FROM \"{}\" AS t WHERE {} LIMIT 1 OFFSET ?", module.api_name, filter.sql);
    let params = filter.params.iter().cloned().chain([Column::Integer(size(rows))]);
    world.conn.prepare_cached(&sql)?.exists(rusqlite::params_from_iter(params))
}

pub(in crate::sandbox::routes) fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
