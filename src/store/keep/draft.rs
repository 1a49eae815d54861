//! Texts that wait.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{Keep, StoreError};
use crate::{
    domain::{Link, SafeText},
    protocol::{DraftKey, DraftRow},
};

impl Keep {
    /// Puts the text of an editor on disk.
    ///
    /// # Errors
    /// When the disk refuses; the text is then not kept.
    pub fn save_draft(&self, draft: &DraftKey, text: &str, at: Timestamp) -> Result<(), StoreError> {
        save(&self.conn, draft, text, at)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn drop_draft(&self, draft: &DraftKey) -> Result<(), StoreError> {
        drop_draft(&self.conn, draft)
    }

    /// All drafts, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT kind, module, record, name, text, at FROM draft ORDER BY at DESC, record",
        )?;
        let rows = select.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, named(row, 1)?, row.get::<_, String>(4)?, row.get::<_, i64>(5)?))
        })?;
        let mut drafts = Vec::new();
        for row in rows {
            let (kind, link, text, at) = row?;
            let draft = match (kind.as_str(), link) {
                ("note", Some(link)) => DraftKey::Note(link),
                ("coql", _) => DraftKey::Coql,
                _ => continue,
            };
            drafts.push(DraftRow { draft, text, at: moment(at) });
        }
        Ok(drafts)
    }
}

pub(super) fn save(conn: &Connection, draft: &DraftKey, text: &str, at: Timestamp) -> Result<(), StoreError> {
    let (kind, module, record, name) = key(draft);
    conn.prepare_cached(
        "INSERT INTO draft(kind, module, record, name, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET name = ?4, text = ?5, at = ?6",
    )?
    .execute(params![kind, module, record, name, text, at.as_millisecond()])?;
    Ok(())
}

pub(super) fn drop_draft(conn: &Connection, draft: &DraftKey) -> Result<(), StoreError> {
    let (kind, module, record, _) = key(draft);
    conn.prepare_cached("DELETE FROM draft WHERE kind = ?1 AND module = ?2 AND record = ?3")?
        .execute(params![kind, module, record])?;
    Ok(())
}

/// Reads a link from three columns; none where the module is not a known one.
pub(super) fn named(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Option<Link>> {
    let module = row.get_ref(first)?.as_str()?.parse();
    let id = row.get::<_, String>(first + 1)?.try_into();
    let name = SafeText::new(row.get_ref(first + 2)?.as_str()?);
    Ok(module.ok().zip(id.ok()).map(|(module, id)| Link { module, id, name }))
}

pub(super) fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

fn key(draft: &DraftKey) -> (&'static str, &str, &str, &str) {
    match draft {
        DraftKey::Note(link) => ("note", link.module.api_name(), link.id.as_str(), link.name.as_str()),
        DraftKey::Coql => ("coql", "", "", ""),
    }
}
