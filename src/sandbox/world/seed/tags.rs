//! The tags of the seeded organisation.

use fastrand::Rng;
use rusqlite::{Connection, params};

use super::{super::Id, words::Words};

/// The ids of the tags, by module.
pub(super) struct Tags(Vec<(&'static str, Id)>);

impl Tags {
    /// Writes the tags down.
    pub fn write(
        conn: &Connection,
        words: &Words,
        by: Id,
        at: i64,
        mut ids: impl Iterator<Item = Id>,
    ) -> rusqlite::Result<Self> {
        let mut statement = conn.prepare(
            "INSERT INTO \"$tags\" (row, module, name, created_by, created, modified_by, modified)
             VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?5)",
        )?;
        let mut tags = Vec::new();
        for [module, name] in &words.tags {
            let Some(id) = ids.next() else { break };
            statement.execute(params![id, module, name, by, at])?;
            tags.push((*module, id));
        }
        Ok(Self(tags))
    }

    /// The tags of one record, as its column keeps them: about one record in `every` has some.
    pub fn some(&self, rng: &mut Rng, module: &str, every: u32) -> Option<String> {
        if rng.u32(0..every) > 0 {
            return None;
        }
        let of_module = || self.0.iter().filter(|(known, _)| *known == module);
        let count = of_module().count();
        if count == 0 {
            return None;
        }
        let first = rng.usize(..count);
        let second = (first + 1) % count;
        let id = |place: usize| of_module().nth(place).map_or(0, |(_, id)| id.raw());
        let both = rng.u8(0..4) == 0 && second != first;
        Some(if both {
            format!("[\"{}\",\"{}\"]", id(first), id(second))
        } else {
            format!("[\"{}\"]", id(first))
        })
    }
}
