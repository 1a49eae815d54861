//! The organisation's tables: one a module, by the module's metadata, and the sandbox's own beside them.

use rusqlite::{Connection, params};

use super::{Metadata, metadata::Nature};
use crate::{
    domain::{Field, FieldKind, Schemas},
    tables,
};

/// The module that an activity, a note or an attachment hangs on.
pub(super) const PARENT_MODULE: &str = "$se_module";

/// The sandbox's own tables. Names with a dollar cannot be those of modules.
const OWN: &str = "
    CREATE TABLE IF NOT EXISTS \"$facts\" (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS \"$deleted\" (
        row INTEGER PRIMARY KEY, module TEXT NOT NULL, name TEXT, created_by INTEGER NOT NULL,
        deleted_by INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS \"$deleted.module\" ON \"$deleted\" (module, row);
    CREATE TABLE IF NOT EXISTS \"$tags\" (
        row INTEGER PRIMARY KEY, module TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, colour TEXT,
        created_by INTEGER NOT NULL, created INTEGER NOT NULL,
        modified_by INTEGER NOT NULL, modified INTEGER NOT NULL,
        UNIQUE (module, name));
    CREATE TABLE IF NOT EXISTS \"$links\" (
        product INTEGER NOT NULL, module TEXT NOT NULL, row INTEGER NOT NULL,
        PRIMARY KEY (product, module, row)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS \"$links.row\" ON \"$links\" (module, row);
    CREATE TABLE IF NOT EXISTS \"$unindexed\" (
        module TEXT NOT NULL, row INTEGER NOT NULL, due INTEGER NOT NULL,
        PRIMARY KEY (module, row)) WITHOUT ROWID;
";

/// Columns that lists are sorted, filtered or joined by, besides the id.
const INDEXED: [(&str, &[&str]); 10] = [
    (
        "Pipelines",
        &[
            "Modified_Time",
            "Pipeline",
            "Stage",
            "Owner",
            "Amount",
            "Closing_Date",
            "Account_Name",
            "Contact_Name",
            "Deal_Name",
        ],
    ),
    ("Contacts", &["Modified_Time", "Account_Name", "Email", "Last_Name", "Owner"]),
    ("Accounts", &["Modified_Time", "Account_Name", "Tax_Number"]),
    ("Products", &["Modified_Time", "Product_Name"]),
    ("Tasks", &["Modified_Time", "Related_To", "Contact_Name", "Due_Date"]),
    ("Events", &["Modified_Time", "Related_To", "Contact_Name"]),
    ("Calls", &["Modified_Time", "Related_To", "Contact_Name"]),
    ("Notes", &["Modified_Time", "Parent_Id"]),
    ("Attachments", &["Modified_Time", "Parent_Id"]),
    ("Associated_Products", &["Parent_Id", "Product"]),
];

/// What the tables and COQL know the organisation as.
pub(super) fn schemas(metadata: &Metadata) -> Schemas {
    let open = metadata.modules.iter().filter(|module| module.nature != Nature::Closed);
    open.map(super::metadata::Module::schema).collect()
}

/// Removes every table.
pub(super) fn clear(conn: &Connection) -> rusqlite::Result<()> {
    let tables = |kind: &str| -> rusqlite::Result<Vec<String>> {
        let sql = format!(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql {kind} 'CREATE VIRTUAL%'"
        );
        conn.prepare(&sql)?.query_map([], |row| row.get(0))?.collect()
    };
    // A full-text index takes its own tables along, so it goes first.
    for kind in ["LIKE", "NOT LIKE"] {
        for table in tables(kind)? {
            conn.execute_batch(&format!("DROP TABLE IF EXISTS \"{table}\""))?;
        }
    }
    Ok(())
}

/// Makes what is missing of the tables.
pub(super) fn create(conn: &Connection, metadata: &Metadata) -> Result<(), tables::Error> {
    conn.execute_batch(OWN)?;
    for schema in schemas(metadata).iter() {
        let mut schema = schema.clone();
        if schema.module == "users" {
            schema.fields.push(Field::plain("$rest", FieldKind::Unknown));
        }
        if schema.field("Related_To").is_some() || schema.field("Parent_Id").is_some() {
            schema.fields.push(Field::plain(PARENT_MODULE, FieldKind::Text));
        }
        tables::migrate(conn, &schema)?;
    }
    crate::sandbox::blobs::create(conn)?;
    crate::sandbox::routes::mail::create(conn)?;
    crate::sandbox::jobs::create(conn)?;
    let deals = metadata.module("Pipelines");
    for layout in deals.map_or(&[][..], |deals| &deals.layouts) {
        conn.execute(
            "INSERT OR IGNORE INTO layouts (\"$row\", id, name) VALUES (?1, ?2, ?3)",
            params![layout.id, layout.id.to_string(), layout.name],
        )?;
    }
    Ok(())
}

/// Makes the indexes; quicker after the rows than before them.
pub(super) fn index(conn: &Connection, metadata: &Metadata) -> Result<(), tables::Error> {
    for (module, columns) in INDEXED {
        let Some(module) = metadata.module(module) else { continue };
        let schema = module.schema();
        for column in columns {
            tables::ensure_index(conn, &schema, &[column])?;
        }
    }
    Ok(())
}
