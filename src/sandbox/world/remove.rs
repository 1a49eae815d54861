//! Records out of the tables and into the recycle bin.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/delete-records.html>

use rusqlite::{OptionalExtension, params};

use super::{
    Author, Event, Id, World,
    metadata::{Kind, Module},
    storage::PARENT_MODULE,
};

/// A record that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Its id.
    pub id: Id,
    /// What it was called.
    pub name: Option<String>,
    /// Who made it.
    pub created_by: Id,
    /// Who deleted it.
    pub deleted_by: Id,
    /// When, in Unix seconds.
    pub at: i64,
}

impl World {
    /// Deletes a record with its notes and attachments; fields that pointed to it are emptied. False when
    /// there is none.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delete(&mut self, module: &Module, id: Id, author: &Author) -> rusqlite::Result<bool> {
        let sql = format!(
            "SELECT \"{}\", Created_By FROM \"{}\" WHERE \"$row\" = ?1",
            module.display_field, module.api_name
        );
        let found: Option<(Option<String>, Option<String>)> = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((name, created_by)) = found else { return Ok(false) };
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO \"$deleted\" (row, module, name, created_by, deleted_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                id,
                module.api_name,
                name,
                created_by.as_deref().and_then(Id::parse).unwrap_or(author.user),
                author.user,
                author.now
            ])?;
        self.conn
            .prepare_cached(&format!("DELETE FROM \"{}\" WHERE \"$row\" = ?1", module.api_name))?
            .execute([id])?;
        self.conn
            .prepare_cached("DELETE FROM \"$links\" WHERE (module = ?1 AND row = ?2) OR product = ?2")?
            .execute(params![module.api_name, id])?;
        self.detach(module, id, author)?;
        self.events.push(Event::Delete { module: module.api_name, id });
        Ok(true)
    }

    /// What hung on a record goes with it, what pointed to it points nowhere.
    fn detach(&mut self, module: &Module, id: Id, author: &Author) -> rusqlite::Result<()> {
        let text = id.to_string();
        let metadata = std::sync::Arc::clone(&self.metadata);
        for other in &metadata.modules {
            for field in &other.fields {
                match field.kind {
                    Kind::Related if field.api_name == "Parent_Id" => {
                        let sql = format!(
                            "SELECT \"$row\" FROM \"{}\" WHERE Parent_Id = ?1 AND \"{PARENT_MODULE}\" = ?2",
                            other.api_name
                        );
                        let rows: Vec<Id> = self
                            .conn
                            .prepare_cached(&sql)?
                            .query_map((&text, module.api_name), |row| row.get(0))?
                            .collect::<rusqlite::Result<_>>()?;
                        for row in rows {
                            self.delete(other, row, author)?;
                        }
                    }
                    Kind::Lookup(target)
                        if target == module.api_name && other.api_name == "Associated_Products" =>
                    {
                        let sql =
                            format!("DELETE FROM Associated_Products WHERE \"{}\" = ?1", field.api_name);
                        self.conn.prepare_cached(&sql)?.execute([&text])?;
                    }
                    Kind::Lookup(target) if target == module.api_name => {
                        self.empty(other, field.api_name, &text)?
                    }
                    Kind::Related => self.empty(other, field.api_name, &text)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn empty(&self, module: &Module, column: &str, id: &str) -> rusqlite::Result<()> {
        let sql = format!("UPDATE \"{0}\" SET \"{column}\" = NULL WHERE \"{column}\" = ?1", module.api_name);
        self.conn.prepare_cached(&sql)?.execute([id])?;
        Ok(())
    }

    /// Deleted records of a module, the latest first: those deleted after the first and up to the second
    /// instant.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn deleted(
        &self,
        module: &Module,
        (after, until): (i64, i64),
        limit: usize,
        offset: usize,
    ) -> rusqlite::Result<Vec<Deleted>> {
        let sql = "SELECT row, name, created_by, deleted_by, at FROM \"$deleted\"
             WHERE module = ?1 AND at > ?2 AND at <= ?3 ORDER BY at DESC, row DESC LIMIT ?4 OFFSET ?5";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(
            params![module.api_name, after, until, size(limit), size(offset)],
            |row| {
                Ok(Deleted {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    created_by: row.get(2)?,
                    deleted_by: row.get(3)?,
                    at: row.get(4)?,
                })
            },
        )?;
        rows.collect()
    }
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
