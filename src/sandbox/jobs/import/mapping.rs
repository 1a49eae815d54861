//! Which cell of a row becomes the value of which field.

use serde_json::{Value as Json, json};

use super::{order::invalid_field, pattern, refuse};
use crate::sandbox::{
    Reply, assumptions,
    world::metadata::{Field, Module},
};

/// Where the value of a field comes from.
#[derive(Debug, Clone)]
pub struct Mapping<'a> {
    /// The field.
    pub field: &'a Field,
    /// The column, from 0.
    pub column: Option<usize>,
    /// How dates and times are written, as a pattern of `strptime`.
    pub format: Option<String>,
    /// The field of the record beyond a lookup that the cell names.
    pub find_by: Option<String>,
    /// The value where there is no column or the cell is empty.
    pub default: Option<Json>,
}

impl<'a> Mapping<'a> {
    /// Reads `field_mappings`.
    ///
    /// # Errors
    /// The refusal of the first that cannot be used.
    pub fn all(module: &'a Module, mappings: &[Json]) -> Result<Vec<Self>, Reply> {
        let mut all: Vec<Self> = Vec::new();
        for mapping in mappings {
            let mapping = Self::read(module, mapping)?;
            if all.iter().any(|other| other.field.id == mapping.field.id) {
                let name = mapping.field.api_name;
                return Err(refuse("DUPLICATE_DATA", "duplicate data", json!({ "api_name": name })));
            }
            all.push(mapping);
        }
        Ok(all)
    }

    fn read(module: &'a Module, mapping: &Json) -> Result<Self, Reply> {
        let name = mapping["api_name"].as_str().unwrap_or_default();
        let field = module.field(name).ok_or_else(|| invalid_field(name))?;
        if !is_writable(field) {
            let message = format!("invalid mapping. invalid api_name {name}.");
            return Err(refuse("INVALID_FIELD_NAME", &message, json!({ "api_name": name })));
        }
        let default = mapping["default_value"].get("value").filter(|value| !value.is_null()).cloned();
        let column = mapping["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        if column.is_none() && default.is_none() {
            return Err(no_column(name));
        }
        let format = match mapping["format"].as_str() {
            None => None,
            Some(format) => Some(pattern::translate(format).ok_or_else(|| {
                let details = json!({ "api_name": name, "format": format });
                refuse("INVALID_FORMAT", "the format is not valid", details)
            })?),
        };
        let find_by = mapping["find_by"].as_str().map(str::to_owned);
        Ok(Self { field, column, format, find_by, default })
    }

    /// The mappings that a header of API names stands for: `Last_Name`, `Account_Name.id`,
    /// `Account_Name.Account_Name`. Other words are passed over.
    #[must_use]
    pub fn of_header(module: &'a Module, header: &[String]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (column, word) in header.iter().enumerate() {
            let (name, beyond) =
                word.split_once('.').map_or((word.as_str(), None), |(name, beyond)| (name, Some(beyond)));
            let Some(field) = module.field(name).filter(|field| is_writable(field)) else { continue };
            if all.iter().all(|other| other.field.id != field.id) {
                let find_by = beyond.map(str::to_owned);
                all.push(Self { field, column: Some(column), format: None, find_by, default: None });
            }
        }
        all
    }

    /// Whether the column is there.
    #[must_use]
    pub fn fits(&self, columns: usize) -> bool {
        self.column.is_none_or(|column| column < columns)
    }

    /// As status answers show it.
    #[must_use]
    pub fn shown(mapping: &Json) -> Json {
        let part = |key: &str| mapping.get(key).cloned().unwrap_or(Json::Null);
        json!({
            "api_name": part("api_name"), "index": part("index"), "format": part("format"),
            "find_by": part("find_by"), "default_value": part("default_value"),
        })
    }
}

/// The refusal of a mapping without a column, or with one that the file does not have.
#[must_use]
pub fn no_column(name: &str) -> Reply {
    let message = format!("required key index for field {name} is not found in request body.");
    refuse("COLUMN_INDEX_NOT_FOUND", &message, json!({ "api_name": name }))
}

/// Fields that a bulk write can bring; the id only to match by.
fn is_writable(field: &Field) -> bool {
    field.api_name == "id"
        || (!field.read_only && !assumptions::NOT_IMPORTED.contains(&field.kind.data_type()))
}
