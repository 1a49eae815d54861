//! A record from a caller, held against the metadata.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, types::Value as Column};
use serde_json::Value;

use super::{
    Author, Id, Refused, World,
    issue::Issue,
    lines::LineDraft,
    metadata::{Field, Formula, Kind, Module},
    people::Status,
    read::Record,
    storage::PARENT_MODULE,
    value::{self, Flaw},
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

    /// The column for a given value; none where the value lives elsewhere.
    fn column(&mut self, field: &Field, given: &Value) -> Result<Result<Option<Column>, Issue>, Refused> {
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

    /// A stage belongs to a sub-pipeline, and that to a team pipeline.
    fn pipeline(&mut self) {
        let touched = ["Pipeline", "Sub_Pipeline", "Stage"].map(|column| self.draft.get(column).is_some());
        if self.module.field("Sub_Pipeline").is_none() || touched == [false; 3] {
            return;
        }
        let (Some(sub), Some(stage)) = (self.text_after("Sub_Pipeline"), self.text_after("Stage")) else {
            return;
        };
        let current = self.text_after("Pipeline").and_then(Id::parse);
        let layouts = &self.module.layouts;
        let here = layouts.iter().find(|layout| Some(layout.id) == current);
        let layout = match here {
            Some(layout) if touched[0] || layout.sub_pipeline(sub).is_some() => Some(layout),
            _ => layouts.iter().find(|layout| layout.sub_pipeline(sub).is_some()),
        };
        let Some((layout, sub_pipeline)) =
            layout.and_then(|layout| Some((layout, layout.sub_pipeline(sub)?)))
        else {
            let issue = if touched[1] {
                Issue::value("Sub_Pipeline", self.path)
            } else {
                Issue::dependent("Sub_Pipeline", "Pipeline", self.path)
            };
            self.issues.push(issue);
            return;
        };
        let Some(stage) = sub_pipeline.stage(stage) else {
            let issue = if touched[2] {
                Issue::value("Stage", self.path)
            } else {
                Issue::dependent("Stage", "Sub_Pipeline", self.path)
            };
            self.issues.push(issue);
            return;
        };
        let probability = stage.stage.map(|meta| f64::from(meta.probability));
        let moved = self.existing.is_none_or(|(_, raw)| raw.get("Stage") != self.draft.get("Stage"));
        self.draft.set("Pipeline", Column::Text(layout.id.to_string()));
        if touched[2]
            && moved
            && self.draft.get("Probability").is_none()
            && let Some(probability) = probability
        {
            self.draft.set("Probability", Column::Real(probability));
        }
    }

    fn activity(&mut self, author: &Author) {
        match self.module.api_name {
            "Events" => {
                let at = |column: &str| match self.after(column) {
                    Some(Column::Integer(at)) => Some(*at),
                    _ => None,
                };
                if let (Some(start), Some(end)) = (at("Start_DateTime"), at("End_DateTime"))
                    && end <= start
                {
                    self.issues.push(Issue::value("End_DateTime", self.path));
                }
            }
            "Tasks" => {
                let Some(Column::Text(status)) = self.draft.get("Status") else { return };
                let closed = matches!(
                    self.existing.and_then(|(_, raw)| raw.get("Closed_Time")),
                    Some(Column::Integer(_))
                );
                match (status == "Completed", closed) {
                    (true, false) => self.draft.set("Closed_Time", Column::Integer(author.now)),
                    (false, _) => self.draft.set("Closed_Time", Column::Null),
                    _ => {}
                }
            }
            "Calls" => {
                let Some(Column::Text(duration)) = self.draft.get("Call_Duration") else { return };
                let (minutes, seconds) = duration.split_once(':').unwrap_or((duration, "0"));
                let number = |text: &str| text.parse::<i64>().unwrap_or_default();
                let all = number(minutes) * 60 + number(seconds);
                self.draft.set("Call_Duration_in_seconds", Column::Integer(all));
            }
            _ => {}
        }
    }

    fn note(&mut self) {
        let empty = |column: &str| matches!(self.after(column), None | Some(Column::Null));
        let silent = self.issues.is_empty() && empty("Note_Title") && empty("Note_Content");
        if self.module.api_name == "Notes" && silent {
            self.issues.push(Issue::empty_note(self.path));
        }
    }

    /// No two records share the value of a unique field, whatever its case.
    fn unique(&mut self) -> rusqlite::Result<()> {
        for field in self.module.fields.iter().filter(|field| field.unique) {
            let Some(value) = self.draft.get(field.api_name).filter(|value| **value != Column::Null) else {
                continue;
            };
            let own = self.existing.map_or(-1, |(id, _)| id.raw());
            let sql = format!(
                "SELECT \"$row\", Owner FROM \"{}\" WHERE \"{}\" = ?1 AND \"$row\" <> ?2 LIMIT 1",
                self.module.api_name, field.api_name
            );
            let other: Option<(Id, Option<String>)> = self
                .world
                .conn
                .prepare_cached(&sql)?
                .query_row((value, own), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((other, owner)) = other {
                let owner = owner.as_deref().and_then(Id::parse).and_then(|id| self.world.user(id));
                let owner = owner.map_or(
                    Value::Null,
                    |user| serde_json::json!({ "name": user.full_name(), "id": user.id, "zuid": user.zuid }),
                );
                let module = (self.module.api_name, self.module.id);
                self.issues.push(Issue::duplicate(field.api_name, self.path, other, module, &owner));
            }
        }
        Ok(())
    }

    /// Fields that the service computes.
    fn derive(&mut self) {
        if self.module.field("Full_Name").is_some()
            && (self.draft.get("First_Name").is_some() || self.draft.get("Last_Name").is_some())
        {
            let name = ["First_Name", "Last_Name"]
                .map(|column| self.text_after(column).unwrap_or_default())
                .join(" ");
            self.draft.set("Full_Name", Column::Text(name.trim().to_owned()));
        }
        for field in &self.module.fields {
            let Some(Formula::Share { of, percent }) = field.formula else { continue };
            if self.draft.get(of).is_none() && self.draft.get(percent).is_none() {
                continue;
            }
            let number = |column: &str| match self.after(column) {
                Some(Column::Real(number)) => Some(*number),
                Some(Column::Integer(number)) => i32::try_from(*number).ok().map(f64::from),
                _ => None,
            };
            let share = number(of).zip(number(percent)).map(|(of, percent)| (of * percent).round() / 100.0);
            self.draft.set(
                field.api_name,
                share.map_or(Column::Null, |share| Column::Text(value::number(share).to_string())),
            );
        }
    }
}

/// The id in `{"id": "…"}` or in a bare text.
pub(super) fn id_of(given: &Value) -> Option<&str> {
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
