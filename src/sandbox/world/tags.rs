//! The organisation's tags and the tags of records, which keep their ids.

use rusqlite::{Connection, params, types::ValueRef};
use serde_json::{Value, json};

use super::{Author, Event, Id, World, metadata::Module, value};

/// A tag of one module.
///
/// <https://bigin.com/developer/docs/apis/v2/get-tag-list.html>
#[derive(Debug, Clone)]
pub struct Tag {
    /// Its id.
    pub id: Id,
    /// The module whose records may have it.
    pub module: String,
    /// What people call it.
    pub name: String,
    /// `#RRGGBB`, if somebody chose one.
    pub colour: Option<String>,
    /// Who made it.
    pub created_by: Id,
    /// When, in Unix seconds.
    pub created: i64,
    /// Who changed it last.
    pub modified_by: Id,
    /// When, in Unix seconds.
    pub modified: i64,
}

impl Tag {
    pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<Self>> {
        let sql = "SELECT row, module, name, colour, created_by, created, modified_by, modified FROM \"$tags\" ORDER BY row";
        let mut statement = conn.prepare(sql)?;
        let tags = statement.query_map([], |row| {
            Ok(Self {
                id: row.get(0)?,
                module: row.get(1)?,
                name: row.get(2)?,
                colour: row.get(3)?,
                created_by: row.get(4)?,
                created: row.get(5)?,
                modified_by: row.get(6)?,
                modified: row.get(7)?,
            })
        })?;
        tags.collect()
    }

    fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached("INSERT OR REPLACE INTO \"$tags\" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
            .execute(params![
                self.id,
                self.module,
                self.name,
                self.colour,
                self.created_by,
                self.created,
                self.modified_by,
                self.modified
            ])?;
        Ok(())
    }

    /// The tag as records show it.
    #[must_use]
    pub fn shown(&self) -> Value {
        json!({ "name": self.name, "id": self.id, "color_code": self.colour })
    }
}

impl World {
    /// Every tag of a module, in the order in which they were made.
    pub fn tags<'a>(&'a self, module: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.module == module)
    }

    /// The tag with this id.
    #[must_use]
    pub fn tag(&self, id: Id) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.id == id)
    }

    /// The tag of a module that goes by this name, whatever its case.
    #[must_use]
    pub fn tag_named(&self, module: &str, name: &str) -> Option<&Tag> {
        let name = name.to_lowercase();
        self.tags.iter().find(|tag| tag.module == module && tag.name.to_lowercase() == name)
    }

    /// Makes a tag. The name must be free.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn create_tag(
        &mut self,
        module: &str,
        name: &str,
        colour: Option<&str>,
        author: &Author,
    ) -> rusqlite::Result<Tag> {
        let tag = Tag {
            id: self.next_id()?,
            module: module.to_owned(),
            name: name.to_owned(),
            colour: colour.map(str::to_owned),
            created_by: author.user,
            created: author.now,
            modified_by: author.user,
            modified: author.now,
        };
        tag.save(&self.conn)?;
        self.tags.push(tag.clone());
        Ok(tag)
    }

    /// Gives a tag another name or colour. The name must be free.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn change_tag(
        &mut self,
        id: Id,
        name: &str,
        colour: Option<&str>,
        author: &Author,
    ) -> rusqlite::Result<Option<Tag>> {
        let Some(tag) = self.tags.iter_mut().find(|tag| tag.id == id) else { return Ok(None) };
        name.clone_into(&mut tag.name);
        if let Some(colour) = colour {
            tag.colour = Some(colour.to_owned());
        }
        (tag.modified_by, tag.modified) = (author.user, author.now);
        tag.save(&self.conn)?;
        Ok(Some(tag.clone()))
    }

    /// Removes a tag from the organisation and from every record.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delete_tag(&mut self, id: Id) -> rusqlite::Result<bool> {
        let Some(tag) = self.tag(id).cloned() else { return Ok(false) };
        for row in self.tagged(&tag)? {
            let mut ids = self.tag_ids(&tag.module, row)?;
            ids.retain(|known| *known != id);
            self.set_tag_ids(&tag.module, row, &ids)?;
        }
        self.conn.execute("DELETE FROM \"$tags\" WHERE row = ?1", [id])?;
        self.tags.retain(|tag| tag.id != id);
        Ok(true)
    }

    /// Puts the records of the tag `from` under the tag `into` and removes `from`.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn merge_tags(&mut self, into: Id, from: Id) -> rusqlite::Result<()> {
        let Some(gone) = self.tag(from).cloned() else { return Ok(()) };
        for row in self.tagged(&gone)? {
            let mut ids = self.tag_ids(&gone.module, row)?;
            ids.retain(|known| *known != into);
            ids.iter_mut().filter(|known| **known == from).for_each(|known| *known = into);
            self.set_tag_ids(&gone.module, row, &ids)?;
        }
        self.delete_tag(from)?;
        Ok(())
    }

    /// Records that have the tag.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn tagged(&self, tag: &Tag) -> rusqlite::Result<Vec<Id>> {
        let sql = format!("SELECT \"$row\" FROM \"{}\" WHERE instr(Tag, ?1)", tag.module);
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_map([format!("\"{}\"", tag.id)], |row| row.get(0))?.collect()
    }

    /// The tags of a record.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn tag_ids(&self, module: &str, row: Id) -> rusqlite::Result<Vec<Id>> {
        let sql = format!("SELECT Tag FROM \"{module}\" WHERE \"$row\" = ?1");
        self.conn.prepare_cached(&sql)?.query_row([row], |row| Ok(value::ids(row.get_ref(0)?)))
    }

    /// Gives a record these tags and no others.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn set_tag_ids(&mut self, module: &str, row: Id, ids: &[Id]) -> rusqlite::Result<()> {
        let column = (!ids.is_empty()).then(|| json!(ids).to_string());
        let sql = format!("UPDATE \"{module}\" SET Tag = ?2 WHERE \"$row\" = ?1");
        self.conn.prepare_cached(&sql)?.execute(params![row, column])?;
        Ok(())
    }

    /// As [`World::set_tag_ids`], and those who watch the record are told.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn retag(&mut self, module: &Module, row: Id, ids: &[Id]) -> rusqlite::Result<()> {
        if self.tag_ids(module.api_name, row)? != ids {
            self.set_tag_ids(module.api_name, row, ids)?;
            self.events.push(Event::Edit { module: module.api_name, id: row, fields: vec!["Tag"] });
        }
        Ok(())
    }

    /// The ids of the tags with these names, which are made if they are new.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn tags_for(
        &mut self,
        module: &Module,
        names: &[String],
        author: &Author,
    ) -> rusqlite::Result<Vec<Id>> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            let known = self.tag_named(module.api_name, name).map(|tag| tag.id);
            let id = match known {
                Some(id) => id,
                None => self.create_tag(module.api_name, name, None, author)?.id,
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The tags in a column, as records show them.
    pub(super) fn tags_shown(&self, column: ValueRef<'_>) -> Value {
        value::ids(column).into_iter().filter_map(|id| self.tag(id)).map(Tag::shown).collect()
    }
}
