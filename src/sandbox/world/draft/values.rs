//! Values of single fields: what a column keeps of them.

use rusqlite::types::Value as Column;
use serde_json::Value;

use super::{
    super::{
        Id, Refused,
        issue::Issue,
        lines::LineDraft,
        metadata::{Field, Kind},
        people::Status,
        storage::PARENT_MODULE,
        value::{self, Flaw},
    },
    Check, MOST_TAGS, TAG_LENGTH,
};

impl Check<'_> {
    /// The column for a given value; none where the value lives elsewhere.
    pub(super) fn column(
        &mut self,
        field: &Field,
        given: &Value,
    ) -> Result<Result<Option<Column>, Issue>, Refused> {
        let (name, path) = (field.api_name, self.path);
        let wrong = || Issue::flaw(Flaw::Type(value::expected(field.kind)), name, path);
        let reference = |id: Id| Some(Column::Text(id.to_string()));
        Ok(match field.kind {
            Kind::Tags => self.tags(given).map(|tags| {
                self.draft.tags = Some(tags);
                None
            }),
            Kind::LineItems => self.lines(given)?.map(|lines| {
                self.draft.lines = Some(lines);
                None
            }),
            Kind::Lookup(_) | Kind::Owner | Kind::User | Kind::Layout | Kind::Related if given.is_null() => {
                Ok(Some(Column::Null))
            }
            Kind::Lookup(_) | Kind::Owner | Kind::User | Kind::Layout | Kind::Related => {
                let Some(text) = id_of(given) else { return Ok(Err(wrong())) };
                match Id::parse(text) {
                    Some(id) if self.exists(field, given, id)? => Ok(reference(id)),
                    _ => Err(Issue::reference(name, path)),
                }
            }
            Kind::MultiLookup(module) => {
                let Some(all) = given.as_array() else {
                    return Ok(if given.is_null() { Ok(Some(Column::Null)) } else { Err(wrong()) });
                };
                let mut ids = Vec::new();
                for one in all {
                    match id_of(one).and_then(Id::parse) {
                        Some(id) if self.world.exists(module, id)? => ids.push(id),
                        _ => return Ok(Err(Issue::reference(name, path))),
                    }
                }
                Ok(Some(if ids.is_empty() {
                    Column::Null
                } else {
                    Column::Text(serde_json::json!(ids).to_string())
                }))
            }
            Kind::ProfileImage => Ok(None),
            Kind::Text if name == "Call_Duration" => match duration(given) {
                Some(column) => Ok(Some(column)),
                None => Err(wrong()),
            },
            kind => match value::encode(kind, field.length, given) {
                Ok(column) => Ok(Some(column)),
                Err(flaw) => Err(Issue::flaw(flaw, name, path)),
            },
        })
    }

    /// Whether the id names what the field can point to. A relation also learns the module of its parent.
    fn exists(&mut self, field: &Field, given: &Value, id: Id) -> rusqlite::Result<bool> {
        match field.kind {
            Kind::Lookup(module) => self.world.exists(module, id),
            Kind::Layout => Ok(self.module.layouts.iter().any(|layout| layout.id == id)),
            Kind::Owner | Kind::User => {
                Ok(self.world.user(id).is_some_and(|user| user.status == Status::Active))
            }
            _ => {
                let found = self.parent_module(given, id)?;
                if let Some(module) = found {
                    self.draft.set(PARENT_MODULE, Column::Text(module.to_owned()));
                }
                Ok(found.is_some())
            }
        }
    }

    /// The module of the record that a relation names: the one that the caller says, or the one that has it.
    fn parent_module(&self, given: &Value, id: Id) -> rusqlite::Result<Option<&'static str>> {
        let inside = given.get("module");
        let word =
            inside.and_then(|module| module.get("api_name").unwrap_or(module).as_str()).or_else(|| {
                ["$related_module", "$se_module", "se_module"]
                    .into_iter()
                    .find_map(|key| self.input.get(key).and_then(Value::as_str))
            });
        let word = match word {
            Some("Deals") => Some("Pipelines"),
            other => other,
        };
        let parents: &[&'static str] = match self.module.api_name {
            "Notes" | "Attachments" => {
                &["Pipelines", "Contacts", "Accounts", "Products", "Tasks", "Events", "Calls"]
            }
            _ => &["Pipelines", "Accounts", "Contacts", "Products"],
        };
        for module in parents {
            if word.is_none_or(|word| word == *module) && self.world.exists(module, id)? {
                return Ok(Some(module));
            }
        }
        Ok(None)
    }

    fn tags(&self, given: &Value) -> Result<Vec<String>, Issue> {
        let Some(all) = given.as_array() else {
            if given.is_null() {
                return Ok(Vec::new());
            }
            return Err(Issue::flaw(Flaw::Type("jsonarray"), "Tag", self.path));
        };
        if all.len() > MOST_TAGS as usize {
            return Err(Issue::too_many("Tag", MOST_TAGS, self.path));
        }
        let mut names = Vec::new();
        for one in all {
            let by_id = || one["id"].as_str().and_then(Id::parse).and_then(|id| self.world.tag(id));
            let name = match one.as_str().or_else(|| one["name"].as_str()) {
                Some(name) => name.trim().to_owned(),
                None => match by_id() {
                    Some(tag) => tag.name.clone(),
                    None => return Err(Issue::missing("Tag", self.path)),
                },
            };
            if name.is_empty() {
                return Err(Issue::value("Tag", self.path));
            }
            if name.chars().count() > TAG_LENGTH as usize {
                return Err(Issue::flaw(Flaw::Long(TAG_LENGTH), "Tag", self.path));
            }
            names.push(name);
        }
        Ok(names)
    }

    fn lines(&self, given: &Value) -> rusqlite::Result<Result<Vec<LineDraft>, Issue>> {
        const NAME: &str = "Associated_Products";
        let Some(all) = given.as_array() else {
            let wrong = Issue::flaw(Flaw::Type("jsonarray"), NAME, self.path);
            return Ok(if given.is_null() { Ok(Vec::new()) } else { Err(wrong) });
        };
        let mut lines = Vec::new();
        for one in all {
            let product = one.get("Product").unwrap_or(one);
            let Some(id) = id_of(product).and_then(Id::parse) else {
                return Ok(Err(Issue::reference(NAME, self.path)));
            };
            if !self.world.exists("Products", id)? {
                return Ok(Err(Issue::reference(NAME, self.path)));
            }
            let mut line = LineDraft::of(id);
            for (key, target) in [("Quantity", &mut line.quantity), ("Discount", &mut line.discount)] {
                match &one[key] {
                    Value::Null => {}
                    given => match given.as_f64() {
                        Some(number) => *target = number,
                        None => return Ok(Err(Issue::flaw(Flaw::Type("double"), NAME, self.path))),
                    },
                }
            }
            line.price = one["List_Price"].as_f64();
            line.description = one["Description"].as_str().map(str::to_owned);
            lines.push(line);
        }
        Ok(Ok(lines))
    }
}

/// The id in `{"id": "…"}` or in a bare text.
fn id_of(given: &Value) -> Option<&str> {
    given.as_str().or_else(|| given.get("id").and_then(Value::as_str))
}

/// `MM:SS`, or minutes as a number or as text.
fn duration(given: &Value) -> Option<Column> {
    if given.is_null() {
        return Some(Column::Null);
    }
    let text = match given {
        Value::Number(minutes) => minutes.as_u64()?.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (minutes, seconds) = text.split_once(':').unwrap_or((&text, "0"));
    let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
    (seconds < 60).then(|| Column::Text(format!("{minutes:02}:{seconds:02}")))
}
