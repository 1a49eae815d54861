//! A record from a caller, held against the metadata.

mod rules;
mod values;

use std::collections::HashMap;

use rusqlite::types::Value as Column;
use serde_json::Value;

use super::{
    Author, Id, Refused, World,
    issue::Issue,
    lines::LineDraft,
    metadata::{Field, Kind, Module},
    read::Record,
};

/// The columns of a record as the table keeps them.
pub(super) type Raw = HashMap<String, Column>;

/// Most tags that a record may have. <https://www.bigin.com/developer/docs/apis/v2/add-tags-records.html>
pub const MOST_TAGS: u32 = 10;
/// Most characters of a tag's name.
pub const TAG_LENGTH: u32 = 25;

/// What is to be written of a record.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub columns: Vec<(&'static str, Column)>,
    pub tags: Option<Vec<String>>,
    pub lines: Option<Vec<LineDraft>>,
}

impl Draft {
    pub fn get(&self, column: &str) -> Option<&Column> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
    }

    pub fn set(&mut self, column: &'static str, value: Column) {
        match self.columns.iter_mut().find(|(name, _)| *name == column) {
            Some((_, known)) => *known = value,
            None => self.columns.push((column, value)),
        }
    }
}

/// Holds `input` against the rules of `module`; `existing` is the record that it changes, if it changes one.
pub(super) fn check(
    world: &World,
    module: &Module,
    input: &Record,
    existing: Option<(Id, &Raw)>,
    author: &Author,
    path: &str,
) -> Result<Draft, Refused> {
    let mut check =
        Check { world, module, input, existing, path, draft: Draft::default(), issues: Vec::new() };
    for field in module.fields.iter().filter(|field| !field.read_only) {
        check.field(field)?;
    }
    check.pipeline();
    check.activity(author);
    check.note();
    check.unique()?;
    if !check.issues.is_empty() {
        return Err(Refused::Issues(check.issues));
    }
    check.derive();
    Ok(check.draft)
}

struct Check<'a> {
    world: &'a World,
    module: &'a Module,
    input: &'a Record,
    existing: Option<(Id, &'a Raw)>,
    path: &'a str,
    draft: Draft,
    issues: Vec<Issue>,
}

impl Check<'_> {
    /// What the caller gave for a field, under its own name or an older one.
    fn given(&self, field: &Field) -> Option<&Value> {
        let older = match field.api_name {
            "Pipeline" => "Layout",
            "Contact_Name" if self.module.has_relation() => "Who_Id",
            "Related_To" => "What_Id",
            _ => "",
        };
        self.input.get(field.api_name).or_else(|| self.input.get(older))
    }

    /// The value after the write.
    fn after(&self, column: &str) -> Option<&Column> {
        self.draft.get(column).or_else(|| self.existing.and_then(|(_, raw)| raw.get(column)))
    }

    fn text_after(&self, column: &str) -> Option<&str> {
        match self.after(column) {
            Some(Column::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn field(&mut self, field: &Field) -> Result<(), Refused> {
        let Some(given) = self.given(field).cloned() else {
            if self.existing.is_none() {
                self.absent(field);
            }
            return Ok(());
        };
        let column = match self.column(field, &given)? {
            Ok(Some(column)) => column,
            Ok(None) => return Ok(()),
            Err(issue) => {
                self.issues.push(issue);
                return Ok(());
            }
        };
        if field.mandatory && column == Column::Null {
            self.issues.push(Issue::missing(field.api_name, self.path));
        } else {
            self.draft.set(field.api_name, column);
        }
        Ok(())
    }

    /// A new record without the field gets the default, if there is one.
    fn absent(&mut self, field: &Field) {
        match field.default {
            Some(default) => {
                let column = match field.kind {
                    Kind::Boolean => Column::Integer(i64::from(default == "true")),
                    _ => Column::Text(default.to_owned()),
                };
                self.draft.set(field.api_name, column);
            }
            None if field.mandatory => self.issues.push(Issue::missing(field.api_name, self.path)),
            None => {}
        }
    }
}
