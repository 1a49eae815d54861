//! Text search: FTS5 tables beside a module's table.

use rusqlite::{Connection, types::Value};

use super::{
    Result,
    filter::Clause,
    layout::{ROW, column, quoted},
    write::atomically,
};
use crate::domain::Schema;

/// How text is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Every word typed is a word or the beginning of a word: the service's own search, which never looks
    /// into the middle of a word.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/search-records.html>
    Words,
    /// What was typed stands somewhere in one column, punctuation and spaces included.
    Part,
}

/// Trigrams find nothing shorter.
const SHORTEST_PART: usize = 3;

impl Match {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Part => "parts",
        }
    }

    const fn options(self) -> &'static str {
        match self {
            Self::Words => "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'",
            Self::Part => "tokenize = 'trigram'",
        }
    }
}

fn table(how: Match, module: &str) -> String {
    format!("{module}${}", how.suffix())
}

/// Makes the text of `columns` searchable in one way, unless it is; other columns than before replace
/// them. The index holds no copy of the text, and triggers keep it in step with every write. What is there
/// already is indexed as one piece, which keeps later writes short: make it after a first load, not before.
///
/// # Errors
/// [`Error::NoField`](super::Error::NoField), or whatever SQLite refuses.
pub fn ensure_search(conn: &Connection, schema: &Schema, how: Match, columns: &[&str]) -> Result<()> {
    let mut names = Vec::new();
    for name in columns {
        names.push(column(schema, name)?.api_name.clone());
    }
    let fts = table(how, &schema.module);
    let known: Vec<String> = conn
        .prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([&fts], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if known == names {
        return Ok(());
    }
    let part = |each: &dyn Fn(&String) -> String, between: &str| -> String {
        names.iter().map(each).collect::<Vec<_>>().join(between)
    };
    let list = part(&|name| quoted(name), ", ");
    let new = part(&|name| format!("new.{}", quoted(name)), ", ");
    let differ = part(&|name| format!("old.{0} IS NOT new.{0}", quoted(name)), " OR ");
    let (index, base, row) = (quoted(&fts), quoted(&schema.module), quoted(ROW));
    let trigger = |when: &str| quoted(&format!("{fts}-{when}"));
    let drop = format!("DELETE FROM {index} WHERE rowid = old.{row};");
    let add = format!("INSERT INTO {index} (rowid, {list}) VALUES (new.{row}, {new});");
    let sql = format!(
        "DROP TRIGGER IF EXISTS {insert}; DROP TRIGGER IF EXISTS {update}; DROP TRIGGER IF EXISTS {delete};
         DROP TABLE IF EXISTS {index};
         CREATE VIRTUAL TABLE {index} USING fts5({list}, content = '', contentless_delete = 1, {options});
         INSERT INTO {index} (rowid, {list}) SELECT {row}, {list} FROM {base};
         INSERT INTO {index} ({index}) VALUES ('optimize');
         CREATE TRIGGER {insert} AFTER INSERT ON {base} BEGIN {add} END;
         CREATE TRIGGER {update} AFTER UPDATE OF {list} ON {base} WHEN {differ} BEGIN {drop} {add} END;
         CREATE TRIGGER {delete} AFTER DELETE ON {base} BEGIN {drop} END;",
        insert = trigger("insert"),
        update = trigger("update"),
        delete = trigger("delete"),
        options = how.options(),
    );
    atomically(conn, || Ok(conn.execute_batch(&sql)?))
}

/// Adds to `clause` the condition that `text` is found in `columns` of the table `t`.
pub(super) fn write(
    how: Match,
    schema: &Schema,
    columns: &[String],
    text: &str,
    clause: &mut Clause,
) -> Result<()> {
    let mut names = Vec::new();
    for name in columns {
        names.push(quoted(&column(schema, name)?.api_name));
    }
    let text = text.replace('\0', " ");
    let query = match how {
        Match::Words => words(&text),
        Match::Part if text.trim().is_empty() => String::new(),
        Match::Part if text.chars().count() < SHORTEST_PART => {
            let pattern = Value::Text(format!("%{}%", escaped(&text)));
            for (index, name) in names.iter().enumerate() {
                let lead = if index == 0 { "(" } else { " OR " };
                clause.bind(&format!("{lead}t.{name} LIKE ? ESCAPE '\\'"), pattern.clone());
            }
            clause.sql.push_str(if names.is_empty() { "0" } else { ")" });
            return Ok(());
        }
        Match::Part => phrase(&text),
    };
    if query.is_empty() {
        clause.sql.push('1');
        return Ok(());
    }
    let index = quoted(&table(how, &schema.module));
    clause.bind(
        &format!("t.{} IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)", quoted(ROW)),
        Value::Text(format!("{{{}}} : ({query})", names.join(" "))),
    );
    Ok(())
}

/// `text` as a LIKE pattern that matches itself, with `\` as the escape.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Every word as a quoted prefix: inside the quotes nothing is FTS syntax.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| format!("{}*", phrase(word))).collect::<Vec<_>>().join(" AND ")
}

fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
