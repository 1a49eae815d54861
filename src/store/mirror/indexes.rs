//! Indexes made when a list is first sorted by them.

use rusqlite::Connection;

use super::Result;

/// Makes an index on `columns` of `table`, unless it is there. Every index ends with the row.
pub(super) fn ensure(conn: &Connection, table: &str, columns: &str) -> Result<()> {
    let name = format!("by_{table}_{}", columns.replace(", ", "_"));
    let known = conn
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1")?
        .exists([&name])?;
    if !known {
        conn.execute_batch(&format!("CREATE INDEX {name} ON {table}({columns})"))?;
    }
    Ok(())
}
