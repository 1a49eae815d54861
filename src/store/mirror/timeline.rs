//! What happened and will happen around a record.

use rusqlite::Row;

use super::{
    Mirror, Moment, Result,
    card::kind_of,
    row::{id_of, moment_of, short},
};
use crate::domain::{ActivityKind, Entry, EntryKind, Link, Module, SafeText};

/// Entries that one reading gives; the rest is counted.
const ENTRIES: u32 = 200;

/// Characters of one entry's text.
const LONGEST: usize = 32_000;

impl Mirror {
    /// Notes and activities on a record, and for a contact or company on its deals, newest first; and how
    /// many there are.
    pub(super) fn timeline(&self, of: &Link, moment: &Moment) -> Result<(Vec<Entry>, u64)> {
        let Ok(row) = of.id.as_str().parse::<i64>() else { return Ok((Vec::new(), 0)) };
        let around = match of.module {
            Module::Contacts => "SELECT ?1 UNION ALL SELECT row FROM deal WHERE contact = ?1",
            Module::Accounts => "SELECT ?1 UNION ALL SELECT row FROM deal WHERE company = ?1",
            _ => "SELECT ?1",
        };
        let notes = format!("FROM note WHERE parent IN ({around})");
        let activities = match of.module {
            Module::Contacts => format!("FROM activity WHERE about IN ({around}) OR contact = ?1"),
            _ => format!("FROM activity WHERE about IN ({around})"),
        };
        let total = self
            .conn
            .prepare_cached(&format!("SELECT (SELECT count(*) {notes}) + (SELECT count(*) {activities})"))?
            .query_row([row], |found| found.get::<_, i64>(0))?;
        let sql = format!(
            "SELECT row, at, author, title, text, pending, parent, parent_module, NULL, 0, NULL {notes}
             UNION ALL
             SELECT row, at, owner, subject, text, 0, about, about_module, kind, done, lapses {activities}
             ORDER BY 2 DESC, 1 DESC LIMIT {ENTRIES}"
        );
        let mut select = self.conn.prepare_cached(&sql)?;
        let mut rows = select.query([row])?;
        let mut entries = Vec::new();
        while let Some(found) = rows.next()? {
            entries.push(self.entry(found, row, moment)?);
        }
        Ok((entries, total.unsigned_abs()))
    }

    fn entry(&self, found: &Row<'_>, shown: i64, moment: &Moment) -> Result<Entry> {
        let at = moment_of(found.get(1)?).unwrap_or_default();
        let kind = match found.get::<_, Option<i64>>(8)?.and_then(kind_of) {
            None => EntryKind::Note,
            Some(kind) => {
                let lapses: Option<i64> = found.get(10)?;
                let over = lapses.is_some_and(|end| end <= moment.now.as_millisecond());
                EntryKind::Activity { kind, done: found.get::<_, bool>(9)? || over }
            }
        };
        let module = match kind {
            EntryKind::Note => Module::Notes,
            EntryKind::Activity { kind: ActivityKind::Task, .. } => Module::Tasks,
            EntryKind::Activity { kind: ActivityKind::Event, .. } => Module::Events,
            EntryKind::Activity { kind: ActivityKind::Call, .. } => Module::Calls,
        };
        let title = short(found.get_ref(3)?);
        let about: Option<i64> = found.get(6)?;
        Ok(Entry {
            kind,
            link: Link { module, id: id_of(found.get(0)?), name: title.clone() },
            at,
            by: self.called(found.get(2)?)?,
            title,
            lines: lines(found.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?),
            on: self.link_to(about.filter(|about| *about != shown), found.get(7)?)?,
            pending: found.get(5)?,
        })
    }
}

/// A text line by line, safe; the service takes no longer one than [`LONGEST`] characters.
pub(super) fn lines(text: &str) -> Vec<SafeText> {
    match text.char_indices().nth(LONGEST) {
        None => SafeText::lines(text),
        Some((end, _)) => {
            let mut lines = SafeText::lines(&text[..end]);
            lines.push(SafeText::new(&format!("… cut: {} characters in all", text.chars().count())));
            lines
        }
    }
}
