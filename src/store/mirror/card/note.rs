//! Cards of notes. They hold the whole note: notes have no other table.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::params;

use super::{Ink, Result, hay, json, module_number};
use crate::{
    domain::{Link, Module},
    tables::Record,
};

/// Writes the card of a note.
pub(super) fn put(ink: &mut Ink<'_>, row: i64, record: &Record) -> Result<()> {
    let parent = json::reference(record, "Parent_Id");
    let module = parent.and_then(|parent| parent.module).or_else(|| {
        record.get("$se_module").and_then(serde_json::Value::as_str).and_then(json::module_called)
    });
    let author = ["Created_By", "Owner"].iter().find_map(|key| json::reference(record, key));
    for reference in [parent, author].into_iter().flatten() {
        if let Some(name) = reference.name {
            ink.call(reference.row, name)?;
        }
    }
    let at = ["Created_Time", "Modified_Time"].iter().find_map(|key| json::instant(record, key));
    write(
        ink,
        &Note {
            row,
            parent: parent.map(|parent| parent.row),
            module: module.map(module_number),
            author: author.map(|author| author.row),
            at: at.unwrap_or(0),
            pending: false,
            title: &json::text(record, "Note_Title"),
            text: &json::text(record, "Note_Content"),
        },
    )
}

impl Ink<'_> {
    /// Shows exactly these notes that the server does not have yet, each under the number of its outbox row:
    /// the service's ids are far larger.
    pub(in super::super) fn show_notes<'n>(
        &mut self,
        notes: impl Iterator<Item = (i64, &'n Link, &'n str, Timestamp)>,
    ) -> Result<()> {
        let mut gone: HashSet<i64> = {
            let mut select = self.conn.prepare_cached("SELECT row FROM note WHERE pending")?;
            let rows = select.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for (no, parent, text, at) in notes {
            if gone.remove(&no) {
                continue;
            }
            write(
                self,
                &Note {
                    row: no,
                    parent: parent.id.as_str().parse().ok(),
                    module: Some(module_number(parent.module)),
                    author: Some(self.org.me),
                    at: at.as_millisecond(),
                    pending: true,
                    title: "",
                    text,
                },
            )?;
        }
        for no in gone {
            self.remove(Module::Notes, no)?;
        }
        Ok(())
    }
}

struct Note<'a> {
    row: i64,
    parent: Option<i64>,
    module: Option<i64>,
    author: Option<i64>,
    at: i64,
    pending: bool,
    title: &'a str,
    text: &'a str,
}

fn write(ink: &mut Ink<'_>, note: &Note<'_>) -> Result<()> {
    let is_here = ink.conn.prepare_cached("SELECT 1 FROM note WHERE row = ?1")?.exists([note.row])?;
    ink.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO note(row, parent, parent_module, author, at, pending, title, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            note.row,
            note.parent,
            note.module,
            note.author,
            note.at,
            note.pending,
            note.title,
            note.text
        ])?;
    let pulled = (!note.pending).then_some(ink.now);
    ink.conn
        .prepare_cached(
            "INSERT INTO known(row, name, pulled) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET pulled = ?3",
        )?
        .execute(params![note.row, note.title, pulled])?;
    let hay = hay(&[note.title, note.text, &ink.name(note.parent)?]);
    ink.index("note_text", note.row, is_here.then_some(""), &hay)
}
