//! Records into the tables, as the API's writes do it.

use rusqlite::{OptionalExtension, params_from_iter, types::Value as Column};
use serde_json::{Value, json};

use super::{
    Author, Event, Id, Refused, World,
    draft::{self, Draft, Raw},
    issue::Issue,
    metadata::Module,
    read::Record,
    storage::PARENT_MODULE,
};

/// A record that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its id.
    pub id: Id,
    /// It was not there before.
    pub inserted: bool,
    /// When it was made, in Unix seconds.
    pub created: i64,
    /// By whom.
    pub created_by: Id,
    /// When it was changed, in Unix seconds.
    pub modified: i64,
    /// By whom.
    pub modified_by: Id,
}

impl World {
    /// Inserts a record; `path` is its place in the body, such as `$.data[0]`.
    ///
    /// # Errors
    /// What is wrong with the record, or what SQLite refuses.
    pub fn insert(
        &mut self,
        module: &Module,
        input: &Record,
        author: &Author,
        path: &str,
    ) -> Result<Written, Refused> {
        let mut draft = draft::check(self, module, input, None, author, path)?;
        let id = self.next_id()?;
        let by = Column::Text(author.user.to_string());
        if draft.get("Owner").is_none_or(|owner| *owner == Column::Null) {
            draft.set("Owner", by.clone());
        }
        for field in &module.fields {
            if let Some(prefix) = field.number_prefix {
                let number = self.next_number(module, field.api_name, prefix)?;
                draft.set(field.api_name, Column::Text(format!("{prefix}{number:05}")));
            }
        }
        for (column, value) in [
            ("Created_By", by.clone()),
            ("Modified_By", by),
            ("Created_Time", Column::Integer(author.now)),
            ("Modified_Time", Column::Integer(author.now)),
            ("Last_Activity_Time", Column::Integer(author.now)),
        ] {
            if module.field(column).is_some() {
                draft.set(column, value);
            }
        }
        let (mut names, mut marks) = (String::from("\"$row\", id"), String::from("?, ?"));
        let mut values = vec![Column::Integer(id.raw()), Column::Text(id.to_string())];
        for (name, value) in &draft.columns {
            names.push_str(&format!(", \"{name}\""));
            marks.push_str(", ?");
            values.push(value.clone());
        }
        let sql = format!("INSERT INTO \"{}\" ({names}) VALUES ({marks})", module.api_name);
        self.conn.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        self.finish(module, id, &draft, author)?;
        self.touch_parents(&draft, &Raw::new(), author)?;
        self.events.push(Event::Insert { module: module.api_name, id });
        Ok(Written {
            id,
            inserted: true,
            created: author.now,
            created_by: author.user,
            modified: author.now,
            modified_by: author.user,
        })
    }

    /// Changes the fields that `input` has. With `since` the record must not have changed after that time.
    ///
    /// # Errors
    /// What is wrong with the record, or what SQLite refuses.
    pub fn update(
        &mut self,
        module: &Module,
        id: Id,
        input: &Record,
        author: &Author,
        path: &str,
        since: Option<i64>,
    ) -> Result<Written, Refused> {
        let Some(raw) = self.raw(module, id)? else {
            return Err(Refused::of(Issue::unknown(&id.to_string(), path)));
        };
        let written = Written {
            id,
            inserted: false,
            created: integer(&raw, "Created_Time"),
            created_by: reference(&raw, "Created_By"),
            modified: integer(&raw, "Modified_Time"),
            modified_by: reference(&raw, "Modified_By"),
        };
        if since.is_some_and(|since| written.modified > since) {
            return Err(Refused::of(Issue::already_modified(self.audit(&written))));
        }
        let mut draft = draft::check(self, module, input, Some((id, &raw)), author, path)?;
        let changed: Vec<&'static str> = draft
            .columns
            .iter()
            .filter(|(name, value)| raw.get(*name).unwrap_or(&Column::Null) != value)
            .map(|(name, _)| *name)
            .collect();
        draft.set("Modified_By", Column::Text(author.user.to_string()));
        draft.set("Modified_Time", Column::Integer(author.now));
        let sets: Vec<String> = draft.columns.iter().map(|(name, _)| format!("\"{name}\" = ?")).collect();
        let sql = format!("UPDATE \"{}\" SET {} WHERE \"$row\" = ?", module.api_name, sets.join(", "));
        let values = draft.columns.iter().map(|(_, value)| value.clone()).chain([Column::Integer(id.raw())]);
        self.conn.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        self.finish(module, id, &draft, author)?;
        self.touch_parents(&draft, &raw, author)?;
        self.events.push(Event::Edit { module: module.api_name, id, fields: changed });
        Ok(Written { modified: author.now, modified_by: author.user, ..written })
    }

    /// The audit fields of a write, as results show them.
    #[must_use]
    pub fn audit(&self, written: &Written) -> Value {
        let user = |id: Id| json!({ "name": self.user(id).map(super::User::full_name), "id": id });
        json!({
            "Modified_Time": super::value::instant(written.modified),
            "Modified_By": user(written.modified_by),
            "Created_Time": super::value::instant(written.created),
            "id": written.id,
            "Created_By": user(written.created_by),
        })
    }

    /// The record whose unique or system check field has this value, whatever its case.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn find(&self, module: &Module, field: &str, value: &str) -> rusqlite::Result<Option<Id>> {
        let sql = format!(
            "SELECT \"$row\" FROM \"{}\" WHERE \"{field}\" = ?1 ORDER BY \"$row\" LIMIT 1",
            module.api_name
        );
        self.conn.prepare_cached(&sql)?.query_row([value], |row| row.get(0)).optional()
    }

    /// Whether the module has a record with this id.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn exists(&self, module: &str, id: Id) -> rusqlite::Result<bool> {
        self.conn.prepare_cached(&format!("SELECT 1 FROM \"{module}\" WHERE \"$row\" = ?1"))?.exists([id])
    }

    /// The columns of a record, as the table keeps them.
    pub(super) fn raw(&self, module: &Module, id: Id) -> rusqlite::Result<Option<Raw>> {
        let sql = format!("SELECT * FROM \"{}\" WHERE \"$row\" = ?1", module.api_name);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        statement
            .query_row([id], |row| {
                names.iter().enumerate().map(|(index, name)| Ok((name.clone(), row.get(index)?))).collect()
            })
            .optional()
    }

    /// Tags, lines and what the search index is told.
    fn finish(&mut self, module: &Module, id: Id, draft: &Draft, author: &Author) -> rusqlite::Result<()> {
        if let Some(names) = &draft.tags {
            let ids = self.tags_for(module, names, author)?;
            self.set_tag_ids(module.api_name, id, &ids)?;
        }
        if let Some(lines) = &draft.lines {
            self.set_lines(id, lines, author)?;
        }
        self.lag(module, id, author)
    }

    /// The record is not found by searches until the index has caught up.
    pub(super) fn lag(&mut self, module: &Module, id: Id, author: &Author) -> rusqlite::Result<()> {
        if author.lag > 0 {
            self.conn
                .prepare_cached(
                    "INSERT OR REPLACE INTO \"$unindexed\" (module, row, due) VALUES (?1, ?2, ?3)",
                )?
                .execute((module.api_name, id, author.now + author.lag))?;
        }
        Ok(())
    }

    /// A note or an activity is the last activity of the records that it hangs on.
    fn touch_parents(&mut self, draft: &Draft, before: &Raw, author: &Author) -> rusqlite::Result<()> {
        let text = |column: &str| match draft.get(column).or_else(|| before.get(column)) {
            Some(Column::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let parent_module = text(PARENT_MODULE);
        let parents = [
            text("Parent_Id").or_else(|| text("Related_To")).zip(parent_module.clone()),
            parent_module.and_then(|_| text("Contact_Name")).map(|id| (id, "Contacts".to_owned())),
        ];
        for (id, module) in parents.into_iter().flatten() {
            let sql = format!(
                "UPDATE \"{module}\" SET Last_Activity_Time = ?2 WHERE \"$row\" = CAST(?1 AS INTEGER)"
            );
            self.conn.prepare_cached(&sql)?.execute((id, author.now))?;
        }
        Ok(())
    }

    /// The next automatic number of a field.
    fn next_number(&mut self, module: &Module, field: &str, prefix: &str) -> rusqlite::Result<i64> {
        let name = format!("{}.{field}", module.api_name);
        let known = super::fact(&self.conn, &name)?;
        let last = match known {
            Some(last) => last,
            None => {
                let sql = format!(
                    "SELECT \"{field}\" FROM \"{}\" WHERE \"{field}\" IS NOT NULL ORDER BY \"$row\" DESC LIMIT 1",
                    module.api_name
                );
                let last: Option<String> = self.conn.query_row(&sql, [], |row| row.get(0)).optional()?;
                last.and_then(|last| last.strip_prefix(prefix)?.parse().ok()).unwrap_or_default()
            }
        };
        super::set_fact(&self.conn, &name, last + 1)?;
        Ok(last + 1)
    }
}

fn integer(raw: &Raw, column: &str) -> i64 {
    match raw.get(column) {
        Some(Column::Integer(number)) => *number,
        _ => 0,
    }
}

fn reference(raw: &Raw, column: &str) -> Id {
    match raw.get(column) {
        Some(Column::Text(text)) => Id::parse(text).unwrap_or(Id::from_raw(0)),
        _ => Id::from_raw(0),
    }
}
