//! Runs COQL on the server.

use std::time::Instant;

use serde_json::{Map, Value};

use crate::{
    api::{Client, Op, endpoint::Shape},
    coql::{self, Dialect, Query},
    domain::{Catalog, Link, Module, RecordId, SafeText, Schemas},
    protocol::{CoqlTable, Failure, QuerySource},
    store::{Desk, Mirror},
    sync::failure,
};

/// What every failure of the console is about.
const DOING: &str = "run the query";

/// Runs a query and makes a table of its rows. What the grammar or the org's schemas refuse is not sent.
///
/// # Errors
/// Why there are no rows, in words; where in the text, if that is known.
pub(super) async fn run(
    client: &Client,
    desk: &Desk,
    catalog: Option<&Catalog>,
    text: String,
) -> Result<CoqlTable, Failure> {
    let query = check(&text, catalog)?;
    let begun = Instant::now();
    let page = client.coql(&text).await.map_err(|error| failure::of(DOING, &error, ""))?;
    let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let columns: Vec<String> = query
        .columns
        .iter()
        .map(|selected| {
            selected.alias.as_ref().map_or_else(|| selected.column.to_string(), |alias| alias.value.clone())
        })
        .collect();
    let module: Option<Module> = query.module.parse().ok();
    let credits = Op::Coql.endpoint().cost(Shape::ONE);
    let table = move |store: &mut crate::store::Store| {
        let rows: Vec<Vec<SafeText>> = page
            .rows
            .iter()
            .map(|row| columns.iter().map(|column| cell(&store.mirror, row.get(column))).collect())
            .collect();
        let links = page.rows.iter().map(|row| link(&store.mirror, module, row)).collect();
        CoqlTable {
            text,
            numeric: columns.iter().map(|column| is_numeric(&page.rows, column)).collect(),
            columns: columns.iter().map(|column| SafeText::new(column)).collect(),
            rows,
            links,
            more: page.more,
            credits,
            elapsed_ms,
            source: QuerySource::Server,
        }
    };
    Ok(desk.read(table).await)
}

/// Reads and checks a query before it costs anything.
fn check(text: &str, catalog: Option<&Catalog>) -> Result<Query, Failure> {
    let wrong = |found: coql::Diagnostic| {
        let way_on = match &found.fix {
            Some(fix) => format!("Nothing was sent; to put it right, {}.", fix.title),
            None => "Nothing was sent.".to_owned(),
        };
        Failure { span: Some(found.span), ..failure::plain(DOING, &found.message, &way_on) }
    };
    let query = coql::parse(text).map_err(|error| wrong(error.diagnostic()))?;
    if let Some(catalog) = catalog {
        let schemas: Schemas = catalog.schemas.iter().cloned().collect();
        coql::check(&query, &schemas, &Dialect::STRICT)
            .map_err(|error| wrong(error.diagnostic(text.len())))?;
    }
    Ok(query)
}

/// Characters of one cell.
const LONGEST: usize = 400;

fn cell(mirror: &Mirror, value: Option<&Value>) -> SafeText {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| cell(mirror, Some(item)).to_string()).collect();
            items.join(", ")
        }
        Some(Value::Object(object)) => return reference(mirror, object),
        Some(other) => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        None => SafeText::new(&text),
        Some((end, _)) => SafeText::new(&format!("{}…", &text[..end])),
    }
}

/// What a lookup points to, by name where the answer or the mirror knows it.
fn reference(mirror: &Mirror, object: &Map<String, Value>) -> SafeText {
    if let Some(name) = object.get("name").and_then(Value::as_str) {
        return SafeText::new(name);
    }
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let known = id.parse::<RecordId>().ok().and_then(|id| mirror.name_of(&id).ok().flatten());
    known.unwrap_or_else(|| SafeText::new(id))
}

fn link(mirror: &Mirror, module: Option<Module>, row: &Map<String, Value>) -> Option<Link> {
    let module = module?;
    let id: RecordId = row.get("id")?.as_str()?.parse().ok()?;
    let named = row.get(module.name_field()).and_then(Value::as_str).map(SafeText::new);
    let name = named.or_else(|| mirror.name_of(&id).ok().flatten());
    Some(Link { module, name: name.unwrap_or_else(|| SafeText::new(id.as_str())), id })
}

/// Whether a column holds numbers and nothing else.
fn is_numeric(rows: &[Map<String, Value>], column: &str) -> bool {
    let mut values =
        rows.iter().filter_map(|row| row.get(column)).filter(|value| !value.is_null()).peekable();
    values.peek().is_some() && values.all(Value::is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::mirror::example;

    #[test]
    fn what_is_wrong_is_shown_where_it_stands_and_costs_nothing() {
        let catalog = example();
        let wrong = |text: &str| check(text, Some(&catalog)).expect_err(text);
        let misspelt = wrong("select Amonut from Pipelines where id is not null");
        assert_eq!(misspelt.span, Some(7..13));
        assert!(misspelt.way_on.as_str().contains("write Amount"), "{misspelt:?}");
        let open = wrong("select Amount from Pipelines where (Amount > 5");
        assert!(open.span.is_some(), "{open:?}");
        assert!(check("select Amount from Pipelines where Amount > 5", Some(&catalog)).is_ok());
    }
}
