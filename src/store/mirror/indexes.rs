//! Indexes made when a list is first sorted by them.

use rusqlite::Connection;

use super::Result;

/// Rows up to which an index is made while someone waits: some milliseconds. Tests reach it with fewer.
const FEW: u32 = if cfg!(test) { 20 } else { 5_000 };

/// What an index on `columns` of `table` is called. Every index ends with the row.
fn name(table: &str, columns: &str) -> String {
    format!("by_{table}_{}", columns.replace(", ", "_"))
}

/// Whether there is an index on `columns` of `table`.
pub(super) fn exists(conn: &Connection, table: &str, columns: &str) -> Result<bool> {
    let mut select = conn.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1")?;
    Ok(select.exists([name(table, columns)])?)
}

/// Makes an index on `columns` of `table`, which has none.
pub(super) fn create(conn: &Connection, table: &str, columns: &str) -> Result<()> {
    Ok(conn.execute_batch(&format!("CREATE INDEX {} ON {table}({columns})", name(table, columns)))?)
}

/// Whether a table is small.
pub(super) fn is_small(conn: &Connection, table: &str) -> Result<bool> {
    let mut select = conn.prepare_cached(&format!("SELECT 1 FROM {table} LIMIT 1 OFFSET {FEW}"))?;
    Ok(!select.exists([])?)
}
