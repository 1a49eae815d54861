//! Records out of the tables, as reads of the API show them.

use std::fmt::Write as _;

use rusqlite::{Row, params_from_iter, types::Value as Column, types::ValueRef};
use serde_json::{Map, Value, json};

use super::{
    Id, World,
    extras::{dollar_keys, hidden_keys},
    metadata::{Kind, Module},
    storage::PARENT_MODULE,
    value,
};

/// One record as the API writes it.
pub type Record = Map<String, Value>;

/// Which keys of a record are shown.
#[derive(Debug, Clone, Copy)]
pub enum Fields<'a> {
    /// Every field, those that only a full read shows, and the keys that begin with a dollar.
    Whole,
    /// These and `id`; names that the module does not have are passed over.
    Named(&'a [String]),
}

/// Which read it is: searches name the team pipeline of a deal otherwise, and exports name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A list, a single record or a related list.
    Record,
    /// A search.
    Search,
    /// A file, in which what a record points to is an id alone.
    Export,
}

/// A select list over the table `t`, and how its rows become records.
#[derive(Debug)]
pub struct Reading<'w> {
    world: &'w World,
    module: &'w Module,
    select: String,
    keys: Vec<Key>,
    whole: bool,
    style: Style,
}

#[derive(Debug)]
struct Key {
    name: String,
    how: How,
}

/// How one or more columns become a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Plain(Kind),
    /// Id and name.
    Named,
    /// Id, name and the module's word.
    Related,
    Parent,
    /// The word of the module of the parent: its name of today, or the historic one.
    Word {
        historic: bool,
    },
    User,
    Layout,
    Tags,
    People(&'static str),
    Lines,
    Participants,
}

impl How {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Lookup(_) => Self::Named,
            Kind::Related => Self::Related,
            Kind::Owner | Kind::User => Self::User,
            Kind::Layout => Self::Layout,
            Kind::Tags => Self::Tags,
            Kind::MultiLookup(module) => Self::People(module),
            Kind::LineItems => Self::Lines,
            Kind::Participants => Self::Participants,
            plain => Self::Plain(plain),
        }
    }
}

impl<'w> Reading<'w> {
    /// How records of `module` are read in the given style.
    #[must_use]
    pub fn new(world: &'w World, module: &'w Module, fields: Fields<'_>, style: Style) -> Self {
        let mut reading =
            Self { world, module, select: "t.\"$row\"".to_owned(), keys: Vec::new(), whole: false, style };
        match fields {
            Fields::Whole => {
                reading.whole = true;
                for field in module.fields.iter().filter(|field| field.api_name != "id") {
                    let layout = field.kind == Kind::Layout && style == Style::Search;
                    reading.add(if layout { "Layout" } else { field.api_name });
                }
                if module.has_parent() {
                    for name in [PARENT_MODULE, "$related_module"] {
                        reading.add(name);
                    }
                }
                if module.api_name == "Pipelines" {
                    reading.add("$layout_id");
                }
            }
            Fields::Named(names) => {
                for name in names {
                    if reading.keys.iter().all(|key| key.name != *name) {
                        let layout = name == "Pipeline" && style == Style::Search;
                        reading.add(if layout { "Layout" } else { name });
                    }
                }
            }
        }
        reading
    }

    /// What stands between SELECT and FROM.
    #[must_use]
    pub fn select(&self) -> &str {
        &self.select
    }

    fn add(&mut self, name: &str) {
        let module = self.module;
        let column = match name {
            "Who_Id" if module.has_relation() => "Contact_Name",
            "What_Id" if module.has_relation() => "Related_To",
            "Layout" | "$layout_id" if module.api_name == "Pipelines" => "Pipeline",
            "id" => return,
            other => other,
        };
        let how = match name {
            PARENT_MODULE if module.has_parent() => How::Word { historic: false },
            "$related_module" if module.has_relation() => How::Word { historic: true },
            _ => match module.field(column) {
                Some(field) if field.api_name == "Parent_Id" && field.kind == Kind::Related => How::Parent,
                Some(field) => How::of(field.kind),
                None => return,
            },
        };
        let sql = match how {
            How::Word { .. } => format!(", t.\"{PARENT_MODULE}\""),
            How::Named if self.style == Style::Export => format!(", t.\"{column}\", NULL"),
            How::Named => {
                let target = module.field(column).and_then(|field| field.kind.target()).unwrap_or_default();
                format!(", t.\"{column}\", {}", self.name_of(target, column))
            }
            How::Related | How::Parent => {
                let mut sql = format!(", t.\"{column}\", CASE t.\"{PARENT_MODULE}\"");
                for target in ["Pipelines", "Contacts", "Accounts", "Products", "Tasks", "Events", "Calls"] {
                    // Writing to a String cannot fail.
                    let _ = write!(sql, " WHEN '{target}' THEN {}", self.name_of(target, column));
                }
                let _ = write!(sql, " END, t.\"{PARENT_MODULE}\"");
                sql
            }
            How::Lines => ", 0".to_owned(),
            _ => format!(", t.\"{column}\""),
        };
        self.select.push_str(&sql);
        self.keys.push(Key { name: name.to_owned(), how });
    }

    /// The name of the record whose id stands in `column`.
    fn name_of(&self, target: &str, column: &str) -> String {
        let display = self.world.metadata.module(target).map_or("id", |module| module.display_field);
        format!("(SELECT \"{display}\" FROM \"{target}\" WHERE \"$row\" = CAST(t.\"{column}\" AS INTEGER))")
    }

    /// The record in a row that begins with the select list.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn record(&self, row: &Row<'_>) -> rusqlite::Result<Record> {
        let id: Id = row.get(0)?;
        let mut record = Record::with_capacity(self.keys.len() + if self.whole { 48 } else { 1 });
        let mut at = 0;
        let mut next = || {
            at += 1;
            row.get_ref(at)
        };
        for key in &self.keys {
            let column = next()?;
            let value = match key.how {
                How::Plain(kind) => value::decode(kind, column),
                How::Named => value::reference(column, next()?),
                How::Related => {
                    let reference = value::reference(column, next()?);
                    next()?;
                    reference
                }
                How::Parent => self.parent(column, next()?, next()?),
                How::Word { historic } => self.word(column, historic),
                How::User | How::Layout if self.style == Style::Export => {
                    value::reference(column, ValueRef::Null)
                }
                How::User => self.user(column),
                How::Layout => self.layout(column, key.name != "Pipeline"),
                How::Tags => self.world.tags_shown(column),
                How::People(module) => self.people(column, module)?,
                How::Lines => Value::Array(self.world.lines(id)?),
                How::Participants => self.participants(column)?,
            };
            record.insert(key.name.clone(), value);
        }
        record.insert("id".to_owned(), json!(id));
        if self.whole {
            for (key, value) in dollar_keys(self.module).into_iter().chain(hidden_keys(self.module)) {
                record.entry(key).or_insert(value);
            }
        }
        Ok(record)
    }

    /// The records of a query that ends in `rest` with these parameters.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn records(&self, rest: &str, params: &[Column]) -> rusqlite::Result<Vec<Record>> {
        let sql = format!("SELECT {} FROM \"{}\" AS t {rest}", self.select, self.module.api_name);
        let mut statement = self.world.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(params), |row| self.record(row))?;
        rows.collect()
    }

    /// As [`Reading::records`], with the number that `key` selects and the id as a number before each.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn keyed(
        &self,
        key: &str,
        rest: &str,
        params: &[Column],
    ) -> rusqlite::Result<Vec<(i64, i64, Record)>> {
        let sql = format!(
            "SELECT {}, {key} AS \"$key\" FROM \"{}\" AS t {rest}",
            self.select, self.module.api_name
        );
        let mut statement = self.world.conn.prepare_cached(&sql)?;
        let place = statement.column_count() - 1;
        let rows = statement.query_map(params_from_iter(params), |row| {
            let key: Option<i64> = row.get(place)?;
            Ok((key.unwrap_or_default(), row.get(0)?, self.record(row)?))
        })?;
        rows.collect()
    }

    /// The record with this id.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn get(&self, id: Id) -> rusqlite::Result<Option<Record>> {
        Ok(self.records("WHERE t.\"$row\" = ?", &[Column::Integer(id.raw())])?.pop())
    }

    fn user(&self, column: ValueRef<'_>) -> Value {
        let Some(id) = value::id(column) else { return Value::Null };
        match self.world.user(id) {
            Some(user) => json!({ "name": user.full_name(), "id": id, "email": user.email }),
            None => json!({ "name": null, "id": id, "email": null }),
        }
    }

    fn layout(&self, column: ValueRef<'_>, labelled: bool) -> Value {
        let Some(id) = value::id(column) else { return Value::Null };
        let name = self.module.layouts.iter().find(|layout| layout.id == id).map(|layout| layout.name);
        if labelled {
            json!({ "display_label": name, "name": name, "id": id })
        } else {
            json!({ "name": name, "id": id })
        }
    }

    fn parent(&self, column: ValueRef<'_>, name: ValueRef<'_>, word: ValueRef<'_>) -> Value {
        let mut parent = value::reference(column, name);
        if let (Value::Object(parent), ValueRef::Text(word)) = (&mut parent, word)
            && let Some(module) = self.world.metadata.module(&String::from_utf8_lossy(word))
        {
            parent.insert("module".to_owned(), json!({ "api_name": module.api_name, "id": module.id }));
        }
        parent
    }

    fn word(&self, column: ValueRef<'_>, historic: bool) -> Value {
        let ValueRef::Text(word) = column else { return Value::Null };
        let word = String::from_utf8_lossy(word);
        match self.world.metadata.module(&word) {
            Some(module) if historic => json!(module.historic_name()),
            _ => json!(word),
        }
    }

    fn people(&self, column: ValueRef<'_>, module: &str) -> rusqlite::Result<Value> {
        let mut people = Vec::new();
        for id in value::ids(column) {
            if let Some(name) = self.world.name(module, id)? {
                people.push(json!({ "name": name, "id": id }));
            }
        }
        Ok(Value::Array(people))
    }

    fn participants(&self, column: ValueRef<'_>) -> rusqlite::Result<Value> {
        let Value::Array(mut all) = value::list(column) else { return Ok(json!([])) };
        for one in all.iter_mut().filter_map(Value::as_object_mut) {
            let id = one.get("participant").and_then(Value::as_str).and_then(Id::parse);
            let (name, email) = match (one.get("type").and_then(Value::as_str), id) {
                (Some("user"), Some(id)) => {
                    self.world.user(id).map(|user| (user.full_name(), Some(user.email.clone()))).unzip()
                }
                (Some("contact"), Some(id)) => self.world.contact(id)?.unzip(),
                _ => (None, None),
            };
            one.insert("name".to_owned(), json!(name));
            one.insert("Email".to_owned(), json!(email.flatten()));
            one.insert("invited".to_owned(), json!(false));
            one.insert("status".to_owned(), json!("not_known"));
        }
        Ok(Value::Array(all))
    }
}
