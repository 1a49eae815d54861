//! An answer as a table of a SQLite database.

use std::path::Path;

use rusqlite::{Connection, params_from_iter, types::Value as Sql};
use serde_json::Value;

use super::{Grid, cell::plain};

/// What the table is called.
const TABLE: &str = "result";

/// Makes a database in the empty file at `path`. `go_on` is told how many rows are written and says whether
/// to go on; false when it did not. References are kept by name.
pub(super) fn write(
    answer: &Grid,
    path: &Path,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> rusqlite::Result<bool> {
    let mut conn = Connection::open(path)?;
    // What is half written is thrown away, so nothing has to survive a crash.
    conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let columns: Vec<String> =
        answer.columns.iter().map(|column| format!("\"{}\"", column.name.replace('"', "\"\""))).collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let transaction = conn.transaction()?;
    transaction.execute_batch(&format!("CREATE TABLE {TABLE} ({})", columns.join(", ")))?;
    {
        let mut insert = transaction.prepare(&format!("INSERT INTO {TABLE} VALUES ({marks})"))?;
        for (row, done) in answer.rows.iter().zip(1..) {
            insert.execute(params_from_iter(row.iter().map(stored)))?;
            if !go_on(done) {
                return Ok(false);
            }
        }
    }
    transaction.commit()?;
    Ok(true)
}

fn stored(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(flag) => Sql::Integer((*flag).into()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Sql::Integer(whole),
            (None, Some(real)) => Sql::Real(real),
            (None, None) => Sql::Text(number.to_string()),
        },
        other => Sql::Text(plain(other)),
    }
}
