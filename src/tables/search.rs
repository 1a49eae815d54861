//! Text search: FTS5 tables beside a module's table.

use rusqlite::Connection;

use super::{
    Result,
    layout::{ROW, column, quoted},
    write::atomically,
};
use crate::domain::Schema;

/// Makes the words of `columns` searchable, unless they are, in the table `<module>$words`; other columns than
/// before replace them. The index holds no copy of the text, and triggers keep it in step with every write. What is there
/// already is indexed as one piece, which keeps later writes short: make it after a first load, not before.
///
/// # Errors
/// [`Error::NoField`](super::Error::NoField), or whatever SQLite refuses.
pub fn ensure_search(conn: &Connection, schema: &Schema, columns: &[&str]) -> Result<()> {
    let mut names = Vec::new();
    for name in columns {
        names.push(column(schema, name)?.api_name.clone());
    }
    let fts = format!("{}$words", schema.module);
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
         CREATE VIRTUAL TABLE {index} USING fts5({list}, content = '', contentless_delete = 1,
             tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
         INSERT INTO {index} (rowid, {list}) SELECT {row}, {list} FROM {base};
         INSERT INTO {index} ({index}) VALUES ('optimize');
         CREATE TRIGGER {insert} AFTER INSERT ON {base} BEGIN {add} END;
         CREATE TRIGGER {update} AFTER UPDATE OF {list} ON {base} WHEN {differ} BEGIN {drop} {add} END;
         CREATE TRIGGER {delete} AFTER DELETE ON {base} BEGIN {drop} END;",
        insert = trigger("insert"),
        update = trigger("update"),
        delete = trigger("delete"),
    );
    atomically(conn, || Ok(conn.execute_batch(&sql)?))
}
