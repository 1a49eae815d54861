//! Column paths to fields, through joined lookups.

use super::{error::CheckError, similar::nearest, span::Spanned, tree::Column};
use crate::domain::{Field, FieldKind, LAYOUTS, Schema, Schemas, Shape, USERS};

/// A table that a query reads: the base module first, then one per distinct lookup path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// The path that leads here; empty for the base.
    pub path: String,
    /// The module.
    pub module: String,
    /// The index of the table that holds the lookup.
    pub from: usize,
    /// The lookup's column in that table.
    pub via: String,
}

/// A column of one of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Index of the table.
    pub table: usize,
    /// Its name there; `id` for the key.
    pub column: String,
    /// What the service calls its kind.
    pub kind: FieldKind,
    /// What its values are.
    pub shape: Shape,
    /// Its values are ids of layouts, which queries know by name.
    pub layout: bool,
}

impl Source {
    /// Whether COQL shows values of this kind.
    pub fn is_shown(&self) -> bool {
        let set = self.kind == FieldKind::MultiSelectPickList;
        (self.shape != Shape::List || set) && (self.kind != FieldKind::Unknown || self.layout)
    }
}

/// Resolves the columns of one query and gathers the tables that they need.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    schemas: &'a Schemas,
    pub tables: Vec<Table>,
}

impl<'a> Resolver<'a> {
    /// For a query on `base`.
    pub fn new(schemas: &'a Schemas, base: &Schema) -> Self {
        let base = Table { path: String::new(), module: base.module.clone(), from: 0, via: String::new() };
        Self { schemas, tables: vec![base] }
    }

    /// The column that `column` names; its function is not looked at.
    pub fn column(&mut self, column: &Spanned<Column>) -> Result<Source, CheckError> {
        let path = column.path.as_str();
        let (mut table, mut start) = (0, 0);
        while let Some(length) = path[start..].find('.') {
            table = self.step(column, table, start, start + length)?;
            start += length + 1;
        }
        let source = self.schema(table).and_then(|schema| leaf(schema, &path[start..]));
        source
            .map(|source| Source { table, ..source })
            .ok_or_else(|| self.unknown(column, table, start, path.len()))
    }

    /// The table behind the lookup that stands in the path from `start` to `end`.
    fn step(
        &mut self,
        column: &Spanned<Column>,
        from: usize,
        start: usize,
        end: usize,
    ) -> Result<usize, CheckError> {
        let path = &column.path[..end];
        if let Some(known) = self.tables.iter().position(|table| table.path == path) {
            return Ok(known);
        }
        let (name, chosen) = match path[start..].split_once("->") {
            Some((name, module)) => (name, Some(module)),
            None => (&path[start..], None),
        };
        let field = self.schema(from).and_then(|schema| field(schema, name));
        let target =
            field.and_then(|field| target(field, chosen)).and_then(|module| self.schemas.get(module));
        let (Some(field), Some(target)) = (field, target) else {
            return Err(self.unknown(column, from, start, start + name.len()));
        };
        let (module, via) = (target.module.clone(), field.api_name.clone());
        self.tables.push(Table { path: path.to_owned(), module, from, via });
        Ok(self.tables.len() - 1)
    }

    fn schema(&self, table: usize) -> Option<&'a Schema> {
        self.schemas.get(&self.tables[table].module)
    }

    /// The name that stands in the path from `start` to `end` is not in `table`.
    fn unknown(&self, column: &Spanned<Column>, table: usize, start: usize, end: usize) -> CheckError {
        let path = &column.path;
        let names = self.schema(table).into_iter().flat_map(|schema| &schema.fields);
        let nearest = nearest(&path[start..end], names.map(|field| field.api_name.as_str()));
        CheckError::UnknownColumn {
            column: column.key(),
            module: self.tables[table].module.clone(),
            nearest: nearest.map(|name| format!("{}{name}{}", &path[..start], &path[end..])),
            span: column.span.clone(),
        }
    }
}

/// The module that a path goes on in behind `field`, which names it itself or leaves the choice.
pub(super) fn target<'a>(field: &'a Field, chosen: Option<&'a str>) -> Option<&'a str> {
    match (chosen, field.target()) {
        (None, target) => target.filter(|module| *module != LAYOUTS),
        (Some(chosen), None) if field.kind == FieldKind::Lookup || is_related(field) => Some(chosen),
        (Some(chosen), Some(only)) => Some(chosen).filter(|chosen| *chosen == only),
        (Some(_), None) => None,
    }
}

/// The field of this name; activities also answer to the names that their relations had before.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
pub(super) fn field<'a>(schema: &'a Schema, name: &str) -> Option<&'a Field> {
    schema.field(name).or_else(|| match name {
        "What_Id" => schema.field("Related_To"),
        "Who_Id" => schema.field("Contact_Name").filter(|_| schema.field("Related_To").is_some()),
        _ => None,
    })
}

/// Whether a field is the lookup of activities to several modules. Its metadata calls it
/// `multi_module_lookup`, a type that no other field has.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
pub(super) fn is_related(field: &Field) -> bool {
    field.api_name == "Related_To" && field.kind == FieldKind::Unknown
}

/// The column `name` of a module, in table 0.
fn leaf(schema: &Schema, name: &str) -> Option<Source> {
    let source = |column: &str, kind: FieldKind| Source {
        table: 0,
        column: column.to_owned(),
        kind,
        shape: kind.shape(),
        layout: false,
    };
    if name == "id" {
        return Some(source("id", FieldKind::BigInt));
    }
    if schema.module == USERS {
        return match name {
            "name" | "full_name" => Some(source("full_name", FieldKind::Text)),
            "first_name" | "last_name" => Some(source(name, FieldKind::Text)),
            "email" => Some(source(name, FieldKind::Email)),
            _ => None,
        };
    }
    let field = field(schema, name)?;
    if is_related(field) {
        return Some(source(&field.api_name, FieldKind::Lookup));
    }
    let layout = field.target() == Some(LAYOUTS);
    Some(Source { shape: field.shape(), layout, ..source(&field.api_name, field.kind) })
}
